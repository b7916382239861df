package dev.aevum.model.type;

import java.math.BigInteger;

/// An interval as PostgreSQL keeps it: three independent parts. Equality is of the parts; SQL
/// equality, by which a month is 30 days and a day 24 hours, is that of [#spanMicros].
public record IntervalValue(int months, int days, long micros) {
  public static final long MICROS_PER_DAY = 86_400_000_000L;

  /// Days of 24 hours and microseconds: the length of an interval without months, which callers
  /// have refused. Errors: ArithmeticException beyond 64 bits.
  public long fixedMicros() {
    return Math.addExact(Math.multiplyExact(days, MICROS_PER_DAY), micros);
  }

  /// The length by which SQL orders intervals.
  public BigInteger spanMicros() {
    return BigInteger.valueOf(months * 30L + days)
        .multiply(BigInteger.valueOf(MICROS_PER_DAY))
        .add(BigInteger.valueOf(micros));
  }
}
