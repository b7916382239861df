package dev.aevum.connectors.datagen;

import static dev.aevum.connectors.datagen.nexmark.Draws.below;
import static dev.aevum.model.batch.Memory.DOUBLE;
import static dev.aevum.model.batch.Memory.INT;
import static dev.aevum.model.batch.Memory.LONG;

import dev.aevum.connectors.datagen.nexmark.Draws;
import dev.aevum.model.batch.FixedColumn;
import dev.aevum.model.type.DecimalType;
import dev.aevum.model.type.SimpleType;
import dev.aevum.model.type.SqlType;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.util.List;

/// Column generators of the small data sets. Each is a pure function of seed and row number.
final class Generators {
  static final DecimalType MONEY = new DecimalType(12, 2);
  private static final int MAX_WORD = 12;

  private Generators() {}

  /// Makes one column.
  interface Generator {
    SqlType type();

    void fill(FixedColumn out, long firstRow, Times times);
  }

  /// The random numbers and times of a stream.
  record Times(long seed, long rate, long baseMicros, double lateShare, long disorderMicros) {
    private static final long LATE_MICROS = 60_000_000L;

    long draw(long salt, long row) {
      return Draws.mix(Draws.mix(seed + salt * 0x9E3779B97F4A7C15L) + row);
    }

    /// The row's event time: in order, but up to `disorderMicros` earlier, and a share of rows a
    /// minute earlier still.
    long micros(long row) {
      long at = baseMicros + row / rate * 1_000_000 + row % rate * 1_000_000 / rate;
      if (disorderMicros > 0) {
        at -= (draw(101, row) >>> 1) % disorderMicros;
      }
      if (lateShare > 0 && (draw(102, row) >>> 11) * 0x1p-53 < lateShare) {
        at -= LATE_MICROS + disorderMicros;
      }
      return at;
    }
  }

  /// A 64-bit number of a row.
  interface LongOf {
    long get(Times times, long row);
  }

  /// Integers, or numbers in units of the type's scale.
  record Longs(SqlType type, LongOf value) implements Generator {
    @Override
    public void fill(FixedColumn out, long firstRow, Times times) {
      MemorySegment data = out.data();
      for (int row = 0; row < out.rows(); row++) {
        data.set(LONG, (long) row << 3, value.get(times, firstRow + row));
      }
    }
  }

  /// The same divided by `divisor`.
  record Doubles(double divisor, LongOf value) implements Generator {
    @Override
    public SqlType type() {
      return SimpleType.DOUBLE;
    }

    @Override
    public void fill(FixedColumn out, long firstRow, Times times) {
      MemorySegment data = out.data();
      for (int row = 0; row < out.rows(); row++) {
        data.set(DOUBLE, (long) row << 3, value.get(times, firstRow + row) / divisor);
      }
    }
  }

  /// A word of a list by number; words of at most 12 characters lie in the view itself.
  record Words(List<byte[]> words, LongOf index) implements Generator {
    static Words of(String list, LongOf index) {
      List<byte[]> words =
          List.of(list.split(",")).stream()
              .map(word -> word.getBytes(StandardCharsets.US_ASCII))
              .toList();
      for (byte[] word : words) {
        if (word.length > MAX_WORD) {
          throw new IllegalArgumentException("word of " + word.length + " characters");
        }
      }
      return new Words(words, index);
    }

    /// A word drawn evenly.
    static Words drawn(String list, long salt) {
      int count = list.split(",").length;
      return of(list, (times, row) -> below(times.draw(salt, row), count));
    }

    @Override
    public SqlType type() {
      return SimpleType.TEXT;
    }

    @Override
    public void fill(FixedColumn out, long firstRow, Times times) {
      MemorySegment data = out.data();
      for (int row = 0; row < out.rows(); row++) {
        byte[] word = words.get((int) index.get(times, firstRow + row));
        long view = (long) row << 4;
        data.set(LONG, view, 0);
        data.set(LONG, view + 8, 0);
        data.set(INT, view, word.length);
        MemorySegment.copy(MemorySegment.ofArray(word), 0, data, view + 4, word.length);
      }
    }
  }

  static Longs integer(LongOf value) {
    return new Longs(SimpleType.BIGINT, value);
  }

  static Longs money(LongOf cents) {
    return new Longs(MONEY, cents);
  }

  static Longs time() {
    return new Longs(SimpleType.TIMESTAMPTZ, Times::micros);
  }

  /// An even draw from `from` to `from + count - 1`.
  static LongOf drawn(long salt, long from, long count) {
    return (times, row) -> from + below(times.draw(salt, row), count);
  }

  /// Mostly small numbers: `count` values of which the first tenth takes most draws.
  static LongOf skewed(long salt, long from, long count) {
    return (times, row) -> {
      long draw = times.draw(salt, row);
      long bound = below(Draws.mix(draw), 10) < 7 ? Math.max(1, count / 10) : count;
      return from + below(draw, bound);
    };
  }
}
