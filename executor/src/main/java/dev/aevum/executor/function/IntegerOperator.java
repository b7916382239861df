package dev.aevum.executor.function;

import dev.aevum.model.error.ErrorCode;
import dev.aevum.model.type.PhysicalType;
import org.jspecify.annotations.Nullable;

/// Arithmetic of smallint, integer and bigint, value by value: what the loops of [IntegerKernels]
/// must equal, and how a failing row is told.
enum IntegerOperator {
  ADD,
  SUBTRACT,
  MULTIPLY,
  DIVIDE,
  MODULO;

  /// The low bits of the result; for a divisor of 0 the dividend.
  long apply(long a, long b) {
    return switch (this) {
      case ADD -> a + b;
      case SUBTRACT -> a - b;
      case MULTIPLY -> a * b;
      case DIVIDE -> b == 0 ? a : a / b;
      case MODULO -> b == 0 || b == -1 ? 0 : a % b;
    };
  }

  /// Why `a op b` fails in `physical`; null when it does not.
  @Nullable ErrorCode failure(long a, long b, PhysicalType physical) {
    if (b == 0 && (this == DIVIDE || this == MODULO)) {
      return ErrorCode.DIVISION_BY_ZERO;
    }
    boolean overflows64 =
        switch (this) {
          case ADD -> ((a ^ (a + b)) & (b ^ (a + b))) < 0;
          case SUBTRACT -> ((a ^ b) & (a ^ (a - b))) < 0;
          case MULTIPLY -> Math.multiplyHigh(a, b) != (a * b) >> 63;
          case DIVIDE -> a == Long.MIN_VALUE && b == -1;
          case MODULO -> false;
        };
    long result = apply(a, b);
    boolean fits =
        !overflows64
            && switch (physical) {
              case INT16 -> result == (short) result;
              case INT32 -> result == (int) result;
              case INT64 -> true;
              case BOOL, INT128, FLOAT32, FLOAT64, FIXED16, VARLEN ->
                  throw new IllegalStateException(physical.name());
            };
    return fits ? null : ErrorCode.NUMERIC_VALUE_OUT_OF_RANGE;
  }
}
