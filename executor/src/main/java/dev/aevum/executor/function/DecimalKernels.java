package dev.aevum.executor.function;

import static dev.aevum.model.batch.Memory.INT;
import static dev.aevum.model.batch.Memory.LONG;
import static dev.aevum.model.batch.Memory.SHORT;

import dev.aevum.executor.kernel.Kernel;
import dev.aevum.executor.kernel.Nulls;
import dev.aevum.executor.numeric.Int128;
import dev.aevum.executor.numeric.PowersOfTen;
import dev.aevum.model.batch.Column;
import dev.aevum.model.batch.FixedColumn;
import dev.aevum.model.batch.Memory;
import dev.aevum.model.type.DecimalType;
import dev.aevum.model.type.PhysicalType;
import dev.aevum.model.type.SqlType;
import java.lang.foreign.MemorySegment;

/// Arithmetic and comparison of decimals of known scale. The result's type has room for every
/// result, so nothing can fail. Operands are brought to a common scale on the fly; 64 bits where
/// the types allow, else 128.
final class DecimalKernels {
  private DecimalKernels() {}

  enum Sum {
    ADD,
    SUBTRACT
  }

  static Kernel sum(Sum operator, DecimalType left, DecimalType right, DecimalType result) {
    int shiftLeft = result.scale() - left.scale();
    int shiftRight = result.scale() - right.scale();
    if (result.physical() == PhysicalType.INT64) {
      long sign = operator == Sum.ADD ? 1 : -1;
      long factorLeft = PowersOfTen.of(shiftLeft);
      long factorRight = sign * PowersOfTen.of(shiftRight);
      return (context, arguments, rows) -> {
        try (FixedColumn out = new FixedColumn(context.allocator(), result, rows.size())) {
          sumLongs(arguments, factorLeft, factorRight, out.data(), rows.size());
          Nulls.propagate(out, arguments);
          return out.finish();
        }
      };
    }
    return (context, arguments, rows) -> {
      try (FixedColumn out = new FixedColumn(context.allocator(), result, rows.size())) {
        sumWides(arguments, shiftLeft, shiftRight, operator, out.data(), rows.size());
        Nulls.propagate(out, arguments);
        return out.finish();
      }
    };
  }

  private static void sumLongs(
      Column[] arguments, long factorLeft, long factorRight, MemorySegment to, int rows) {
    MemorySegment a = arguments[0].data();
    MemorySegment b = arguments[1].data();
    for (int i = 0; i < rows; i++) {
      long at = (long) i << 3;
      to.set(LONG, at, a.get(LONG, at) * factorLeft + b.get(LONG, at) * factorRight);
    }
  }

  private static void sumWides(
      Column[] arguments, int shiftLeft, int shiftRight, Sum operator, MemorySegment to, int rows) {
    long leftLow = PowersOfTen.low(shiftLeft);
    long leftHigh = PowersOfTen.high(shiftLeft);
    long rightLow = PowersOfTen.low(shiftRight);
    long rightHigh = PowersOfTen.high(shiftRight);
    for (int i = 0; i < rows; i++) {
      long low = low(arguments[0], i);
      long high = high(arguments[0], i, low);
      high = Int128.multiplyHigh(low, high, leftLow, leftHigh);
      low *= leftLow;
      long otherLow = low(arguments[1], i);
      long otherHigh = high(arguments[1], i, otherLow);
      otherHigh = Int128.multiplyHigh(otherLow, otherHigh, rightLow, rightHigh);
      otherLow *= rightLow;
      long at = (long) i << 4;
      if (operator == Sum.ADD) {
        to.set(LONG, at, low + otherLow);
        to.set(LONG, at + 8, Int128.addHigh(low, high, otherLow, otherHigh));
      } else {
        to.set(LONG, at, low - otherLow);
        to.set(LONG, at + 8, Int128.subtractHigh(low, high, otherLow, otherHigh));
      }
    }
  }

  static Kernel product(DecimalType result) {
    boolean narrow = result.physical() == PhysicalType.INT64;
    return (context, arguments, rows) -> {
      try (FixedColumn out = new FixedColumn(context.allocator(), result, rows.size())) {
        if (narrow) {
          multiplyLongs(arguments, out.data(), rows.size());
        } else if (arguments[0].physical() == PhysicalType.INT64
            && arguments[1].physical() == PhysicalType.INT64) {
          multiplyLongsToWide(arguments, out.data(), rows.size());
        } else {
          multiplyWides(arguments, out.data(), rows.size());
        }
        Nulls.propagate(out, arguments);
        return out.finish();
      }
    };
  }

  private static void multiplyLongs(Column[] arguments, MemorySegment to, int rows) {
    MemorySegment a = arguments[0].data();
    MemorySegment b = arguments[1].data();
    for (int i = 0; i < rows; i++) {
      long at = (long) i << 3;
      to.set(LONG, at, a.get(LONG, at) * b.get(LONG, at));
    }
  }

  private static void multiplyLongsToWide(Column[] arguments, MemorySegment to, int rows) {
    MemorySegment a = arguments[0].data();
    MemorySegment b = arguments[1].data();
    for (int i = 0; i < rows; i++) {
      long x = a.get(LONG, (long) i << 3);
      long y = b.get(LONG, (long) i << 3);
      to.set(LONG, (long) i << 4, x * y);
      to.set(LONG, ((long) i << 4) + 8, Math.multiplyHigh(x, y));
    }
  }

  private static void multiplyWides(Column[] arguments, MemorySegment to, int rows) {
    for (int i = 0; i < rows; i++) {
      long low = low(arguments[0], i);
      long high = high(arguments[0], i, low);
      long otherLow = low(arguments[1], i);
      long otherHigh = high(arguments[1], i, otherLow);
      long at = (long) i << 4;
      to.set(LONG, at, low * otherLow);
      to.set(LONG, at + 8, Int128.multiplyHigh(low, high, otherLow, otherHigh));
    }
  }

  /// Low 64 bits of a decimal or integer row.
  static long low(Column column, int row) {
    return switch (column.physical()) {
      case INT16 -> column.data().get(SHORT, (long) row << 1);
      case INT32 -> column.data().get(INT, (long) row << 2);
      case INT64 -> column.data().get(LONG, (long) row << 3);
      case INT128 -> column.data().get(LONG, (long) row << 4);
      case BOOL, FLOAT32, FLOAT64, FIXED16, VARLEN -> throw new IllegalStateException();
    };
  }

  /// High 64 bits, given the low ones.
  static long high(Column column, int row, long low) {
    return column.physical() == PhysicalType.INT128
        ? column.data().get(LONG, ((long) row << 4) + 8)
        : low >> 63;
  }

  /// The loop that compares decimals of these types, or null when the common scale takes more than
  /// 38 digits.
  static ComparisonKernels.@org.jspecify.annotations.Nullable Loop comparison(
      DecimalType left, DecimalType right) {
    int scale = Math.max(left.scale(), right.scale());
    int shiftLeft = scale - left.scale();
    int shiftRight = scale - right.scale();
    int digits = Math.max(left.precision() + shiftLeft, right.precision() + shiftRight);
    if (digits > DecimalType.MAX_PRECISION) {
      return null;
    }
    boolean bothLong =
        left.physical() == PhysicalType.INT64 && right.physical() == PhysicalType.INT64;
    if (bothLong && shiftLeft == shiftRight) {
      return ComparisonKernels::longs;
    }
    if (bothLong && digits <= DecimalType.MAX_SHORT_PRECISION) {
      long factorLeft = PowersOfTen.of(shiftLeft);
      long factorRight = PowersOfTen.of(shiftRight);
      return (a, b, accepted, to) -> compareLongs(a, b, factorLeft, factorRight, accepted, to);
    }
    return (a, b, accepted, to) -> compareWides(a, b, shiftLeft, shiftRight, accepted, to);
  }

  private static void compareLongs(
      Column left,
      Column right,
      long factorLeft,
      long factorRight,
      int accepted,
      MemorySegment to) {
    MemorySegment a = left.data();
    MemorySegment b = right.data();
    int rows = left.rows();
    for (int base = 0; base < rows; base += 64) {
      int limit = Math.min(64, rows - base);
      long word = 0;
      for (int j = 0; j < limit; j++) {
        long at = (long) (base + j) << 3;
        int order = Long.compare(a.get(LONG, at) * factorLeft, b.get(LONG, at) * factorRight);
        word |= (accepted >>> (order + 1) & 1L) << j;
      }
      Memory.setWord(to, base >>> 6, word);
    }
  }

  private static void compareWides(
      Column left, Column right, int shiftLeft, int shiftRight, int accepted, MemorySegment to) {
    long leftLow = PowersOfTen.low(shiftLeft);
    long leftHigh = PowersOfTen.high(shiftLeft);
    long rightLow = PowersOfTen.low(shiftRight);
    long rightHigh = PowersOfTen.high(shiftRight);
    int rows = left.rows();
    for (int base = 0; base < rows; base += 64) {
      int limit = Math.min(64, rows - base);
      long word = 0;
      for (int j = 0; j < limit; j++) {
        long aLow = low(left, base + j);
        long aHigh = high(left, base + j, aLow);
        long bLow = low(right, base + j);
        long bHigh = high(right, base + j, bLow);
        int order =
            Int128.compare(
                aLow * leftLow,
                Int128.multiplyHigh(aLow, aHigh, leftLow, leftHigh),
                bLow * rightLow,
                Int128.multiplyHigh(bLow, bHigh, rightLow, rightHigh));
        word |= (accepted >>> (order + 1) & 1L) << j;
      }
      Memory.setWord(to, base >>> 6, word);
    }
  }

  // Result types.

  /// Type of a sum or difference; null when it takes more than 38 digits.
  static @org.jspecify.annotations.Nullable DecimalType sumType(
      DecimalType left, DecimalType right) {
    int scale = Math.max(left.scale(), right.scale());
    int digits =
        Math.max(left.precision() - left.scale(), right.precision() - right.scale()) + scale + 1;
    return digits > DecimalType.MAX_PRECISION ? null : new DecimalType(digits, scale);
  }

  static @org.jspecify.annotations.Nullable DecimalType productType(
      DecimalType left, DecimalType right) {
    int digits = left.precision() + right.precision();
    return digits > DecimalType.MAX_PRECISION
        ? null
        : new DecimalType(digits, left.scale() + right.scale());
  }

  static boolean isDecimal(SqlType type) {
    return type instanceof DecimalType;
  }
}
