package dev.aevum.executor.function;

import dev.aevum.executor.kernel.Kernel;
import dev.aevum.executor.numeric.NumericColumns;
import dev.aevum.executor.numeric.PgNumeric;
import dev.aevum.model.batch.Column;
import dev.aevum.model.batch.Memory;
import java.lang.foreign.MemorySegment;

/// The slow path of numerics: precisions over 38 digits, scales that depend on values, NaN and
/// infinities. Objects per row.
final class NumericKernels {
  private NumericKernels() {}

  @FunctionalInterface
  interface Binary {
    PgNumeric apply(PgNumeric a, PgNumeric b);
  }

  @FunctionalInterface
  interface Unary {
    PgNumeric apply(PgNumeric a);
  }

  static Kernel binary(Binary function) {
    return RowKernels.numerics((context, arguments, i) ->
        function.apply(NumericColumns.read(arguments[0], i), NumericColumns.read(arguments[1], i)));
  }

  static Kernel unary(Unary function) {
    return RowKernels.numerics(
        (context, arguments, i) -> function.apply(NumericColumns.read(arguments[0], i)));
  }

  static void compare(Column left, Column right, int accepted, MemorySegment to) {
    for (int base = 0; base < left.rows(); base += 64) {
      int limit = Math.min(64, left.rows() - base);
      long word = 0;
      for (int j = 0; j < limit; j++) {
        int row = base + j;
        if (!left.isNull(row) && !right.isNull(row)) {
          int order = NumericColumns.read(left, row).compareTo(NumericColumns.read(right, row));
          word |= (accepted >>> (Integer.signum(order) + 1) & 1L) << j;
        }
      }
      Memory.setWord(to, base >>> 6, word);
    }
  }
}
