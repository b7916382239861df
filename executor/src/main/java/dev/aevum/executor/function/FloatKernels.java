package dev.aevum.executor.function;

import static dev.aevum.model.batch.Memory.DOUBLE;
import static dev.aevum.model.batch.Memory.FLOAT;

import dev.aevum.executor.kernel.EvaluationContext;
import dev.aevum.executor.kernel.Kernel;
import dev.aevum.executor.kernel.Nulls;
import dev.aevum.executor.kernel.Selection;
import dev.aevum.model.batch.Column;
import dev.aevum.model.batch.FixedColumn;
import dev.aevum.model.batch.Memory;
import dev.aevum.model.error.ErrorCode;
import dev.aevum.model.type.PhysicalType;
import dev.aevum.model.type.SqlType;
import java.lang.foreign.MemorySegment;

/// Arithmetic of real and double precision, with PostgreSQL's overflow, underflow and division
/// errors. A result that is infinite or zero is looked at again, row by row, when the batch is
/// done.
final class FloatKernels {
  private FloatKernels() {}

  enum Operator {
    ADD,
    SUBTRACT,
    MULTIPLY,
    DIVIDE
  }

  @FunctionalInterface
  private interface Loop {
    boolean run(MemorySegment a, MemorySegment b, MemorySegment to, int rows);
  }

  static Kernel kernel(Operator operator, SqlType type) {
    boolean single = type.physical() == PhysicalType.FLOAT32;
    Loop loop =
        single
            ? (a, b, to, rows) -> floats(operator, a, b, to, rows)
            : switch (operator) {
              case ADD -> FloatKernels::add;
              case SUBTRACT -> FloatKernels::subtract;
              case MULTIPLY -> FloatKernels::multiply;
              case DIVIDE -> FloatKernels::divide;
            };
    return (context, arguments, rows) -> {
      try (FixedColumn out = new FixedColumn(context.allocator(), type, rows.size())) {
        boolean suspicious =
            loop.run(arguments[0].data(), arguments[1].data(), out.data(), rows.size());
        Nulls.propagate(out, arguments);
        if (suspicious) {
          report(operator, single, context, arguments, rows, out);
        }
        return out.finish();
      }
    };
  }

  private static void report(
      Operator operator,
      boolean single,
      EvaluationContext context,
      Column[] arguments,
      Selection rows,
      FixedColumn out) {
    for (int i = 0; i < rows.size(); i++) {
      if (Nulls.at(arguments, i)) {
        continue;
      }
      double a = Scalars.floatingAt(arguments[0], i);
      double b = Scalars.floatingAt(arguments[1], i);
      double result =
          single ? out.data().get(FLOAT, (long) i << 2) : out.data().get(DOUBLE, (long) i << 3);
      boolean zeroDivisor = operator == Operator.DIVIDE && b == 0 && !Double.isNaN(a);
      if (zeroDivisor) {
        context.errors().report(rows.row(i), ErrorCode.DIVISION_BY_ZERO, "division by zero");
      } else if (overflows(operator, a, b, result)) {
        context.errors().report(rows.row(i), ErrorCode.NUMERIC_VALUE_OUT_OF_RANGE, OVERFLOW);
      } else if (underflows(operator, a, b, result)) {
        context.errors().report(rows.row(i), ErrorCode.NUMERIC_VALUE_OUT_OF_RANGE, UNDERFLOW);
      } else {
        continue;
      }
      Memory.clearBit(out.validity(), i);
    }
  }

  static final String OVERFLOW = "value out of range: overflow";
  static final String UNDERFLOW = "value out of range: underflow";

  private static boolean overflows(Operator operator, double a, double b, double result) {
    return Double.isInfinite(result)
        && !Double.isInfinite(a)
        && (operator == Operator.DIVIDE || !Double.isInfinite(b));
  }

  private static boolean underflows(Operator operator, double a, double b, double result) {
    return switch (operator) {
      case ADD, SUBTRACT -> false;
      case MULTIPLY -> result == 0 && a != 0 && b != 0;
      case DIVIDE -> result == 0 && a != 0 && !Double.isInfinite(b);
    };
  }

  private static boolean floats(
      Operator operator, MemorySegment a, MemorySegment b, MemorySegment to, int rows) {
    boolean suspicious = false;
    for (int i = 0; i < rows; i++) {
      long at = (long) i << 2;
      float x = a.get(FLOAT, at);
      float y = b.get(FLOAT, at);
      float result =
          switch (operator) {
            case ADD -> x + y;
            case SUBTRACT -> x - y;
            case MULTIPLY -> x * y;
            case DIVIDE -> x / y;
          };
      to.set(FLOAT, at, result);
      suspicious |= !(Math.abs(result) < Float.POSITIVE_INFINITY) || result == 0 || y == 0;
    }
    return suspicious;
  }

  private static boolean add(MemorySegment a, MemorySegment b, MemorySegment to, int rows) {
    boolean suspicious = false;
    for (int i = 0; i < rows; i++) {
      long at = (long) i << 3;
      double result = a.get(DOUBLE, at) + b.get(DOUBLE, at);
      to.set(DOUBLE, at, result);
      suspicious |= Math.abs(result) == Double.POSITIVE_INFINITY;
    }
    return suspicious;
  }

  private static boolean subtract(MemorySegment a, MemorySegment b, MemorySegment to, int rows) {
    boolean suspicious = false;
    for (int i = 0; i < rows; i++) {
      long at = (long) i << 3;
      double result = a.get(DOUBLE, at) - b.get(DOUBLE, at);
      to.set(DOUBLE, at, result);
      suspicious |= Math.abs(result) == Double.POSITIVE_INFINITY;
    }
    return suspicious;
  }

  private static boolean multiply(MemorySegment a, MemorySegment b, MemorySegment to, int rows) {
    boolean suspicious = false;
    for (int i = 0; i < rows; i++) {
      long at = (long) i << 3;
      double x = a.get(DOUBLE, at);
      double y = b.get(DOUBLE, at);
      double result = x * y;
      to.set(DOUBLE, at, result);
      suspicious |=
          Math.abs(result) == Double.POSITIVE_INFINITY || (result == 0 && x != 0 && y != 0);
    }
    return suspicious;
  }

  private static boolean divide(MemorySegment a, MemorySegment b, MemorySegment to, int rows) {
    boolean suspicious = false;
    for (int i = 0; i < rows; i++) {
      long at = (long) i << 3;
      double x = a.get(DOUBLE, at);
      double y = b.get(DOUBLE, at);
      double result = x / y;
      to.set(DOUBLE, at, result);
      suspicious |=
          y == 0 || Math.abs(result) == Double.POSITIVE_INFINITY || (result == 0 && x != 0);
    }
    return suspicious;
  }
}
