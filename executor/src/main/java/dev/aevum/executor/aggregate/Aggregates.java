package dev.aevum.executor.aggregate;

import dev.aevum.model.error.ErrorCode;
import dev.aevum.model.error.SqlException;
import dev.aevum.model.type.SqlType;

/// Picks the implementation of an aggregate by its argument type.
public final class Aggregates {
  private Aggregates() {}

  public static AggregateFunction sum(SqlType argument, SqlType result) {
    return switch (argument.physical()) {
      case INT16, INT32, INT64, INT128 -> new IntegerSum(argument, result, false);
      case FLOAT32, FLOAT64 -> new DoubleAggregate(argument, result, false);
      case FIXED16 -> new IntervalAggregate(false);
      case VARLEN -> new NumericSum(false);
      case BOOL -> throw unsupported("sum", argument);
    };
  }

  public static AggregateFunction average(SqlType argument, SqlType result) {
    return switch (argument.physical()) {
      case INT16, INT32, INT64, INT128 -> new IntegerSum(argument, result, true);
      case FLOAT32, FLOAT64 -> new DoubleAggregate(argument, result, true);
      case FIXED16 -> new IntervalAggregate(true);
      case VARLEN -> new NumericSum(true);
      case BOOL -> throw unsupported("avg", argument);
    };
  }

  private static SqlException unsupported(String name, SqlType argument) {
    return new SqlException(
        ErrorCode.FEATURE_NOT_SUPPORTED,
        name + "(" + argument.displayName() + ") is not supported");
  }
}
