package dev.aevum.executor.function;

import static dev.aevum.model.batch.Memory.DOUBLE;
import static dev.aevum.model.batch.Memory.FLOAT;
import static dev.aevum.model.batch.Memory.INT;
import static dev.aevum.model.batch.Memory.LONG;
import static dev.aevum.model.batch.Memory.SHORT;

import dev.aevum.executor.kernel.Intervals;
import dev.aevum.executor.kernel.Kernel;
import dev.aevum.executor.kernel.Nulls;
import dev.aevum.model.batch.Column;
import dev.aevum.model.batch.FixedColumn;
import dev.aevum.model.batch.Memory;
import dev.aevum.model.type.SimpleType;
import java.lang.foreign.MemorySegment;

/// Comparison loops, one a layout: each computes -1, 0 or 1 a row and looks it up in the operator's
/// three accepted outcomes, so that six operators share a loop without a branch. NULL rows are
/// computed too (their memory is readable) and masked.
final class ComparisonKernels {
  private ComparisonKernels() {}

  /// Fills `to` with one bit a row.
  @FunctionalInterface
  interface Loop {
    void run(Column left, Column right, int accepted, MemorySegment to);
  }

  /// `accepted`: bit 0 for less, bit 1 for equal, bit 2 for greater.
  static Kernel kernel(Loop loop, int accepted) {
    return (context, arguments, rows) -> {
      try (FixedColumn out =
          new FixedColumn(context.allocator(), SimpleType.BOOLEAN, rows.size())) {
        loop.run(arguments[0], arguments[1], accepted, out.data());
        Nulls.propagate(out, arguments);
        return out.finish();
      }
    };
  }

  private static long outcome(int order, int accepted) {
    return accepted >>> (order + 1) & 1L;
  }

  static void booleans(Column left, Column right, int accepted, MemorySegment to) {
    long less = -(accepted & 1L);
    long equal = -(accepted >>> 1 & 1L);
    long greater = -(accepted >>> 2 & 1L);
    for (int w = 0; w < Nulls.words(left.rows()); w++) {
      long x = Memory.word(left.data(), w);
      long y = Memory.word(right.data(), w);
      Memory.setWord(to, w, (~x & y & less) | (~(x ^ y) & equal) | (x & ~y & greater));
    }
  }

  static void shorts(Column left, Column right, int accepted, MemorySegment to) {
    MemorySegment a = left.data();
    MemorySegment b = right.data();
    int rows = left.rows();
    for (int base = 0; base < rows; base += 64) {
      int limit = Math.min(64, rows - base);
      long word = 0;
      for (int j = 0; j < limit; j++) {
        long at = (long) (base + j) << 1;
        word |= outcome(Integer.compare(a.get(SHORT, at), b.get(SHORT, at)), accepted) << j;
      }
      Memory.setWord(to, base >>> 6, word);
    }
  }

  static void ints(Column left, Column right, int accepted, MemorySegment to) {
    MemorySegment a = left.data();
    MemorySegment b = right.data();
    int rows = left.rows();
    for (int base = 0; base < rows; base += 64) {
      int limit = Math.min(64, rows - base);
      long word = 0;
      for (int j = 0; j < limit; j++) {
        long at = (long) (base + j) << 2;
        word |= outcome(Integer.compare(a.get(INT, at), b.get(INT, at)), accepted) << j;
      }
      Memory.setWord(to, base >>> 6, word);
    }
  }

  static void longs(Column left, Column right, int accepted, MemorySegment to) {
    MemorySegment a = left.data();
    MemorySegment b = right.data();
    int rows = left.rows();
    for (int base = 0; base < rows; base += 64) {
      int limit = Math.min(64, rows - base);
      long word = 0;
      for (int j = 0; j < limit; j++) {
        long at = (long) (base + j) << 3;
        word |= outcome(Long.compare(a.get(LONG, at), b.get(LONG, at)), accepted) << j;
      }
      Memory.setWord(to, base >>> 6, word);
    }
  }

  static void floats(Column left, Column right, int accepted, MemorySegment to) {
    MemorySegment a = left.data();
    MemorySegment b = right.data();
    int rows = left.rows();
    for (int base = 0; base < rows; base += 64) {
      int limit = Math.min(64, rows - base);
      long word = 0;
      for (int j = 0; j < limit; j++) {
        long at = (long) (base + j) << 2;
        word |= outcome(compare(a.get(FLOAT, at), b.get(FLOAT, at)), accepted) << j;
      }
      Memory.setWord(to, base >>> 6, word);
    }
  }

  static void doubles(Column left, Column right, int accepted, MemorySegment to) {
    MemorySegment a = left.data();
    MemorySegment b = right.data();
    int rows = left.rows();
    for (int base = 0; base < rows; base += 64) {
      int limit = Math.min(64, rows - base);
      long word = 0;
      for (int j = 0; j < limit; j++) {
        long at = (long) (base + j) << 3;
        word |= outcome(compare(a.get(DOUBLE, at), b.get(DOUBLE, at)), accepted) << j;
      }
      Memory.setWord(to, base >>> 6, word);
    }
  }

  /// PostgreSQL's order: NaN equals NaN and is above all numbers; -0 equals 0.
  static int compare(double a, double b) {
    if (a < b) {
      return -1;
    }
    if (a > b) {
      return 1;
    }
    return a == b ? 0 : Boolean.compare(Double.isNaN(a), Double.isNaN(b));
  }

  static void wides(Column left, Column right, int accepted, MemorySegment to) {
    MemorySegment a = left.data();
    MemorySegment b = right.data();
    int rows = left.rows();
    for (int base = 0; base < rows; base += 64) {
      int limit = Math.min(64, rows - base);
      long word = 0;
      for (int j = 0; j < limit; j++) {
        long at = (long) (base + j) << 4;
        int high = Long.compare(a.get(LONG, at + 8), b.get(LONG, at + 8));
        int order = high != 0 ? high : Long.compareUnsigned(a.get(LONG, at), b.get(LONG, at));
        word |= outcome(order, accepted) << j;
      }
      Memory.setWord(to, base >>> 6, word);
    }
  }

  static void intervals(Column left, Column right, int accepted, MemorySegment to) {
    MemorySegment a = left.data();
    MemorySegment b = right.data();
    int rows = left.rows();
    for (int base = 0; base < rows; base += 64) {
      int limit = Math.min(64, rows - base);
      long word = 0;
      for (int j = 0; j < limit; j++) {
        long at = (long) (base + j) << 4;
        int order =
            Intervals.compare(
                a.get(LONG, at), a.get(LONG, at + 8), b.get(LONG, at), b.get(LONG, at + 8));
        word |= outcome(order, accepted) << j;
      }
      Memory.setWord(to, base >>> 6, word);
    }
  }

  /// 16 bytes in their order in memory.
  static void uuids(Column left, Column right, int accepted, MemorySegment to) {
    MemorySegment a = left.data();
    MemorySegment b = right.data();
    int rows = left.rows();
    for (int base = 0; base < rows; base += 64) {
      int limit = Math.min(64, rows - base);
      long word = 0;
      for (int j = 0; j < limit; j++) {
        long at = (long) (base + j) << 4;
        int first = compareBytes(a.get(LONG, at), b.get(LONG, at));
        int order = first != 0 ? first : compareBytes(a.get(LONG, at + 8), b.get(LONG, at + 8));
        word |= outcome(order, accepted) << j;
      }
      Memory.setWord(to, base >>> 6, word);
    }
  }

  private static int compareBytes(long a, long b) {
    return Long.compareUnsigned(Long.reverseBytes(a), Long.reverseBytes(b));
  }

  /// Equality of byte strings (accepted is equal or not equal): most pairs end in the first 8
  /// bytes, length and prefix.
  static void bytesEqual(Column left, Column right, int accepted, MemorySegment to) {
    int rows = left.rows();
    long flip = (accepted & 2) != 0 ? 0 : -1L;
    for (int base = 0; base < rows; base += 64) {
      int limit = Math.min(64, rows - base);
      long word = 0;
      for (int j = 0; j < limit; j++) {
        word |= (equal(left, right, base + j) ? 1L : 0L) << j;
      }
      Memory.setWord(to, base >>> 6, word ^ flip);
    }
  }

  private static boolean equal(Column left, Column right, int row) {
    long view = (long) row << 4;
    MemorySegment a = left.data();
    MemorySegment b = right.data();
    if (a.get(LONG, view) != b.get(LONG, view)) {
      return false;
    }
    int length = a.get(INT, view);
    if (length <= 12) {
      return a.get(LONG, view + 8) == b.get(LONG, view + 8);
    }
    return Texts.compare(
            left.segmentAt(row),
            left.offsetAt(row),
            length,
            right.segmentAt(row),
            right.offsetAt(row),
            length)
        == 0;
  }

  /// Byte strings in memcmp order.
  static void bytes(Column left, Column right, int accepted, MemorySegment to) {
    int rows = left.rows();
    for (int base = 0; base < rows; base += 64) {
      int limit = Math.min(64, rows - base);
      long word = 0;
      for (int j = 0; j < limit; j++) {
        word |= outcome(compareBytes(left, right, base + j), accepted) << j;
      }
      Memory.setWord(to, base >>> 6, word);
    }
  }

  private static int compareBytes(Column left, Column right, int row) {
    long prefix = ((long) row << 4) + 4;
    int byPrefix =
        Integer.compareUnsigned(
            Integer.reverseBytes(left.data().get(INT, prefix)),
            Integer.reverseBytes(right.data().get(INT, prefix)));
    return byPrefix != 0
        ? byPrefix
        : Texts.compare(
            left.segmentAt(row),
            left.offsetAt(row),
            left.lengthAt(row),
            right.segmentAt(row),
            right.offsetAt(row),
            right.lengthAt(row));
  }

  /// Byte strings, without the trailing blanks of a side that is char(n).
  static Loop trimmed(boolean trimLeft, boolean trimRight) {
    return (left, right, accepted, to) -> trimmed(left, right, trimLeft, trimRight, accepted, to);
  }

  private static void trimmed(
      Column left,
      Column right,
      boolean trimLeft,
      boolean trimRight,
      int accepted,
      MemorySegment to) {
    int rows = left.rows();
    for (int base = 0; base < rows; base += 64) {
      int limit = Math.min(64, rows - base);
      long word = 0;
      for (int j = 0; j < limit; j++) {
        int order =
            Texts.compare(
                left.segmentAt(base + j),
                left.offsetAt(base + j),
                length(left, base + j, trimLeft),
                right.segmentAt(base + j),
                right.offsetAt(base + j),
                length(right, base + j, trimRight));
        word |= outcome(order, accepted) << j;
      }
      Memory.setWord(to, base >>> 6, word);
    }
  }

  private static int length(Column column, int row, boolean trim) {
    int length = column.lengthAt(row);
    return trim ? Texts.trimmedLength(column.segmentAt(row), column.offsetAt(row), length) : length;
  }
}
