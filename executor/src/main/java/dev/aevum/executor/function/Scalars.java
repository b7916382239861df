package dev.aevum.executor.function;

import dev.aevum.executor.numeric.Int128;
import dev.aevum.model.batch.Column;
import dev.aevum.model.error.ErrorCode;
import dev.aevum.model.error.SqlException;
import dev.aevum.model.type.SqlType;

/// Single values, for cold code and row kernels.
final class Scalars {
  private Scalars() {}

  /// A value of INT16, INT32 or INT64 as a long.
  static long integerAt(Column column, int row) {
    return switch (column.physical()) {
      case INT16 -> column.shortAt(row);
      case INT32 -> column.intAt(row);
      case INT64 -> column.longAt(row);
      case BOOL, INT128, FLOAT32, FLOAT64, FIXED16, VARLEN ->
          throw new IllegalStateException(column.physical().name());
    };
  }

  static double floatingAt(Column column, int row) {
    return switch (column.physical()) {
      case FLOAT32 -> column.floatAt(row);
      case FLOAT64 -> column.doubleAt(row);
      case BOOL, INT16, INT32, INT64, INT128, FIXED16, VARLEN ->
          throw new IllegalStateException(column.physical().name());
    };
  }

  static java.math.BigInteger bigAt(Column column, int row) {
    return switch (column.physical()) {
      case INT128 -> Int128.toBigInteger(column.lowAt(row), column.highAt(row));
      case INT16, INT32, INT64 -> java.math.BigInteger.valueOf(integerAt(column, row));
      case BOOL, FLOAT32, FLOAT64, FIXED16, VARLEN ->
          throw new IllegalStateException(column.physical().name());
    };
  }

  static SqlException outOfRange(SqlType type) {
    return new SqlException(
        ErrorCode.NUMERIC_VALUE_OUT_OF_RANGE, type.displayName() + " out of range");
  }
}
