package dev.aevum.executor.operator;

import static dev.aevum.model.batch.Memory.INT;
import static dev.aevum.model.batch.Memory.LONG;
import static dev.aevum.model.batch.Memory.SHORT;

import dev.aevum.model.batch.Column;
import dev.aevum.model.batch.Memory;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;

/// Compares columns row by row, bit for bit (so that a numeric's display scale counts).
final class RowDifference {
  private RowDifference() {}

  /// Sets `different[i]` where row i of `a` and `b`, columns of one type and length, differ.
  static void mark(Column a, Column b, boolean[] different) {
    int n = a.rows();
    if (a.mayHaveNulls() || b.mayHaveNulls()) {
      for (int i = 0; i < n; i++) {
        boolean isNull = a.isNull(i);
        different[i] |= isNull != b.isNull(i) || !isNull && !same(a, b, i);
      }
      return;
    }
    MemorySegment x = a.data();
    MemorySegment y = b.data();
    switch (a.physical()) {
      case INT32, FLOAT32 -> {
        for (int i = 0; i < n; i++) {
          different[i] |= x.get(INT, (long) i << 2) != y.get(INT, (long) i << 2);
        }
      }
      case INT64, FLOAT64 -> {
        for (int i = 0; i < n; i++) {
          different[i] |= x.get(LONG, (long) i << 3) != y.get(LONG, (long) i << 3);
        }
      }
      case BOOL, INT16, INT128, FIXED16, VARLEN -> {
        for (int i = 0; i < n; i++) {
          different[i] |= !same(a, b, i);
        }
      }
    }
  }

  private static boolean same(Column a, Column b, int i) {
    MemorySegment x = a.data();
    MemorySegment y = b.data();
    return switch (a.physical()) {
      case BOOL -> Memory.bit(x, i) == Memory.bit(y, i);
      case INT16 -> x.get(SHORT, (long) i << 1) == y.get(SHORT, (long) i << 1);
      case INT32, FLOAT32 -> x.get(INT, (long) i << 2) == y.get(INT, (long) i << 2);
      case INT64, FLOAT64 -> x.get(LONG, (long) i << 3) == y.get(LONG, (long) i << 3);
      case INT128, FIXED16 -> a.lowAt(i) == b.lowAt(i) && a.highAt(i) == b.highAt(i);
      case VARLEN -> sameBytes(a, b, i);
    };
  }

  private static boolean sameBytes(Column a, Column b, int i) {
    int length = a.lengthAt(i);
    return length == b.lengthAt(i)
        && MemorySegment.mismatch(
                a.segmentAt(i),
                a.offsetAt(i),
                a.offsetAt(i) + length,
                b.segmentAt(i),
                b.offsetAt(i),
                b.offsetAt(i) + length)
            < 0;
  }

  static boolean[] none(boolean[] reuse, int rows) {
    if (reuse.length < rows) {
      return new boolean[Math.max(rows, 2 * reuse.length)];
    }
    Arrays.fill(reuse, 0, rows, false);
    return reuse;
  }
}
