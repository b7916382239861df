package dev.aevum.executor.function;

import static dev.aevum.model.batch.Memory.INT;
import static dev.aevum.model.batch.Memory.LONG;
import static dev.aevum.model.batch.Memory.SHORT;

import dev.aevum.executor.kernel.EvaluationContext;
import dev.aevum.executor.kernel.Kernel;
import dev.aevum.executor.kernel.Nulls;
import dev.aevum.executor.kernel.Selection;
import dev.aevum.model.batch.Column;
import dev.aevum.model.batch.FixedColumn;
import dev.aevum.model.batch.Memory;
import dev.aevum.model.error.ErrorCode;
import dev.aevum.model.type.SqlType;
import java.lang.foreign.MemorySegment;

/// Loops of integer arithmetic. Every row is computed, NULL or not; overflow and zero divisors are
/// gathered in a word that is looked at once a batch, and only then the failing rows are found one
/// by one.
final class IntegerKernels {
  private IntegerKernels() {}

  /// Writes `rows` results; non-zero when some row, NULL ones included, may have failed.
  @FunctionalInterface
  private interface Loop {
    long run(MemorySegment a, MemorySegment b, MemorySegment to, int rows);
  }

  static Kernel kernel(IntegerOperator operator, SqlType type) {
    Loop loop =
        switch (type.physical()) {
          case INT16 -> (a, b, to, rows) -> shorts(operator, a, b, to, rows);
          case INT32 ->
              switch (operator) {
                case ADD -> IntegerKernels::addInts;
                case SUBTRACT -> IntegerKernels::subtractInts;
                case MULTIPLY -> IntegerKernels::multiplyInts;
                case DIVIDE -> IntegerKernels::divideInts;
                case MODULO -> IntegerKernels::moduloInts;
              };
          case INT64 ->
              switch (operator) {
                case ADD -> IntegerKernels::addLongs;
                case SUBTRACT -> IntegerKernels::subtractLongs;
                case MULTIPLY -> IntegerKernels::multiplyLongs;
                case DIVIDE -> IntegerKernels::divideLongs;
                case MODULO -> IntegerKernels::moduloLongs;
              };
          case BOOL, INT128, FLOAT32, FLOAT64, FIXED16, VARLEN ->
              throw new IllegalArgumentException(type.displayName());
        };
    return (context, arguments, rows) -> {
      try (FixedColumn out = new FixedColumn(context.allocator(), type, rows.size())) {
        long suspicious =
            loop.run(arguments[0].data(), arguments[1].data(), out.data(), rows.size());
        Nulls.propagate(out, arguments);
        if (suspicious != 0) {
          report(operator, type, context, arguments, rows, out);
        }
        return out.finish();
      }
    };
  }

  private static void report(
      IntegerOperator operator,
      SqlType type,
      EvaluationContext context,
      Column[] arguments,
      Selection rows,
      FixedColumn out) {
    for (int i = 0; i < rows.size(); i++) {
      if (Nulls.at(arguments, i)) {
        continue;
      }
      long a = Scalars.integerAt(arguments[0], i);
      long b = Scalars.integerAt(arguments[1], i);
      ErrorCode failure = operator.failure(a, b, type.physical());
      if (failure != null) {
        String message =
            failure == ErrorCode.DIVISION_BY_ZERO
                ? "division by zero"
                : type.displayName() + " out of range";
        context.errors().report(rows.row(i), failure, message);
        Memory.clearBit(out.validity(), i);
      }
    }
  }

  private static long shorts(
      IntegerOperator operator, MemorySegment a, MemorySegment b, MemorySegment to, int rows) {
    long suspicious = 0;
    for (int i = 0; i < rows; i++) {
      long at = (long) i << 1;
      long divisor = b.get(SHORT, at);
      long result = operator.apply(a.get(SHORT, at), divisor);
      to.set(SHORT, at, (short) result);
      suspicious |= (result ^ (short) result) | (divisor == 0 ? 1 : 0);
    }
    return suspicious;
  }

  private static long addInts(MemorySegment a, MemorySegment b, MemorySegment to, int rows) {
    long suspicious = 0;
    for (int i = 0; i < rows; i++) {
      long at = (long) i << 2;
      long result = (long) a.get(INT, at) + b.get(INT, at);
      to.set(INT, at, (int) result);
      suspicious |= result ^ (int) result;
    }
    return suspicious;
  }

  private static long subtractInts(MemorySegment a, MemorySegment b, MemorySegment to, int rows) {
    long suspicious = 0;
    for (int i = 0; i < rows; i++) {
      long at = (long) i << 2;
      long result = (long) a.get(INT, at) - b.get(INT, at);
      to.set(INT, at, (int) result);
      suspicious |= result ^ (int) result;
    }
    return suspicious;
  }

  private static long multiplyInts(MemorySegment a, MemorySegment b, MemorySegment to, int rows) {
    long suspicious = 0;
    for (int i = 0; i < rows; i++) {
      long at = (long) i << 2;
      long result = (long) a.get(INT, at) * b.get(INT, at);
      to.set(INT, at, (int) result);
      suspicious |= result ^ (int) result;
    }
    return suspicious;
  }

  private static long divideInts(MemorySegment a, MemorySegment b, MemorySegment to, int rows) {
    long suspicious = 0;
    for (int i = 0; i < rows; i++) {
      long at = (long) i << 2;
      long divisor = b.get(INT, at);
      long result = a.get(INT, at) / (divisor == 0 ? 1 : divisor);
      to.set(INT, at, (int) result);
      suspicious |= (result ^ (int) result) | (divisor == 0 ? 1 : 0);
    }
    return suspicious;
  }

  private static long moduloInts(MemorySegment a, MemorySegment b, MemorySegment to, int rows) {
    long suspicious = 0;
    for (int i = 0; i < rows; i++) {
      long at = (long) i << 2;
      long divisor = b.get(INT, at);
      long result = a.get(INT, at) % (divisor == 0 ? 1 : divisor);
      to.set(INT, at, (int) result);
      suspicious |= divisor == 0 ? 1 : 0;
    }
    return suspicious;
  }

  private static long addLongs(MemorySegment a, MemorySegment b, MemorySegment to, int rows) {
    long suspicious = 0;
    for (int i = 0; i < rows; i++) {
      long at = (long) i << 3;
      long x = a.get(LONG, at);
      long y = b.get(LONG, at);
      long result = x + y;
      to.set(LONG, at, result);
      suspicious |= (x ^ result) & (y ^ result);
    }
    return suspicious >>> 63;
  }

  private static long subtractLongs(MemorySegment a, MemorySegment b, MemorySegment to, int rows) {
    long suspicious = 0;
    for (int i = 0; i < rows; i++) {
      long at = (long) i << 3;
      long x = a.get(LONG, at);
      long y = b.get(LONG, at);
      long result = x - y;
      to.set(LONG, at, result);
      suspicious |= (x ^ y) & (x ^ result);
    }
    return suspicious >>> 63;
  }

  private static long multiplyLongs(MemorySegment a, MemorySegment b, MemorySegment to, int rows) {
    long suspicious = 0;
    for (int i = 0; i < rows; i++) {
      long at = (long) i << 3;
      long x = a.get(LONG, at);
      long y = b.get(LONG, at);
      long result = x * y;
      to.set(LONG, at, result);
      suspicious |= Math.multiplyHigh(x, y) ^ (result >> 63);
    }
    return suspicious;
  }

  private static long divideLongs(MemorySegment a, MemorySegment b, MemorySegment to, int rows) {
    long suspicious = 0;
    for (int i = 0; i < rows; i++) {
      long at = (long) i << 3;
      long x = a.get(LONG, at);
      long divisor = b.get(LONG, at);
      to.set(LONG, at, x / (divisor == 0 ? 1 : divisor));
      suspicious |= divisor == 0 || (divisor == -1 && x == Long.MIN_VALUE) ? 1 : 0;
    }
    return suspicious;
  }

  private static long moduloLongs(MemorySegment a, MemorySegment b, MemorySegment to, int rows) {
    long suspicious = 0;
    for (int i = 0; i < rows; i++) {
      long at = (long) i << 3;
      long divisor = b.get(LONG, at);
      to.set(LONG, at, a.get(LONG, at) % (divisor == 0 ? 1 : divisor));
      suspicious |= divisor == 0 ? 1 : 0;
    }
    return suspicious;
  }
}
