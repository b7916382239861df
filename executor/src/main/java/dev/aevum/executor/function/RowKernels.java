package dev.aevum.executor.function;

import dev.aevum.executor.kernel.EvaluationContext;
import dev.aevum.executor.kernel.Kernel;
import dev.aevum.executor.kernel.Nulls;
import dev.aevum.executor.numeric.NumericColumns;
import dev.aevum.executor.numeric.PgNumeric;
import dev.aevum.model.batch.Column;
import dev.aevum.model.batch.ColumnWriter;
import dev.aevum.model.codec.ByteSink;
import dev.aevum.model.error.SqlException;
import dev.aevum.model.type.SimpleType;
import dev.aevum.model.type.SqlType;
import org.jspecify.annotations.Nullable;

/// Kernels of functions that are rarely hot: a call, and often objects, per row. An [SqlException]
/// thrown for a row becomes that row's error. Functions must throw before they append.
final class RowKernels {
  private RowKernels() {}

  /// Appends exactly one value for `position`.
  @FunctionalInterface
  interface RowFunction {
    void append(EvaluationContext context, Column[] arguments, int position, ColumnWriter out);
  }

  @FunctionalInterface
  interface TextFunction {
    @Nullable String apply(EvaluationContext context, Column[] arguments, int position);
  }

  @FunctionalInterface
  interface LongFunction {
    long apply(EvaluationContext context, Column[] arguments, int position);
  }

  @FunctionalInterface
  interface DoubleFunction {
    double apply(EvaluationContext context, Column[] arguments, int position);
  }

  @FunctionalInterface
  interface BooleanFunction {
    boolean apply(EvaluationContext context, Column[] arguments, int position);
  }

  @FunctionalInterface
  interface NumericFunction {
    @Nullable PgNumeric apply(EvaluationContext context, Column[] arguments, int position);
  }

  /// NULL where an argument is NULL.
  static Kernel strict(SqlType result, RowFunction function) {
    return (context, arguments, rows) -> {
      boolean nulls = Nulls.any(arguments);
      try (ColumnWriter out = new ColumnWriter(context.allocator(), result, rows.size())) {
        for (int i = 0; i < rows.size(); i++) {
          if (nulls && Nulls.at(arguments, i)) {
            out.appendNull();
            continue;
          }
          try {
            function.append(context, arguments, i, out);
          } catch (SqlException e) {
            context.errors().report(rows.row(i), e);
            out.appendNull();
          }
        }
        return out.finish();
      }
    };
  }

  /// The function sees NULLs.
  static Kernel lenient(SqlType result, RowFunction function) {
    return (context, arguments, rows) -> {
      try (ColumnWriter out = new ColumnWriter(context.allocator(), result, rows.size())) {
        for (int i = 0; i < rows.size(); i++) {
          try {
            function.append(context, arguments, i, out);
          } catch (SqlException e) {
            context.errors().report(rows.row(i), e);
            out.appendNull();
          }
        }
        return out.finish();
      }
    };
  }

  static Kernel text(TextFunction function) {
    return text(SimpleType.TEXT, function);
  }

  static Kernel text(SqlType result, TextFunction function) {
    return strict(result, text(function, true));
  }

  static Kernel lenientText(TextFunction function) {
    return lenient(SimpleType.TEXT, text(function, true));
  }

  private static RowFunction text(TextFunction function, boolean nullable) {
    return (context, arguments, i, out) -> {
      String value = function.apply(context, arguments, i);
      if (value == null && nullable) {
        out.appendNull();
      } else {
        out.appendText(java.util.Objects.requireNonNull(value));
      }
    };
  }

  static Kernel ints(LongFunction function) {
    return strict(
        SimpleType.INTEGER,
        (context, arguments, i, out) -> out.appendInt((int) function.apply(context, arguments, i)));
  }

  static Kernel longs(SqlType result, LongFunction function) {
    return strict(
        result,
        (context, arguments, i, out) -> out.appendLong(function.apply(context, arguments, i)));
  }

  static Kernel doubles(DoubleFunction function) {
    return strict(
        SimpleType.DOUBLE,
        (context, arguments, i, out) -> out.appendDouble(function.apply(context, arguments, i)));
  }

  static Kernel booleans(BooleanFunction function) {
    return strict(
        SimpleType.BOOLEAN,
        (context, arguments, i, out) -> out.appendBoolean(function.apply(context, arguments, i)));
  }

  /// Safe for several threads: the scratch is made for each batch.
  static Kernel numerics(NumericFunction function) {
    return (context, arguments, rows) ->
        numerics(function, new ByteSink()).evaluate(context, arguments, rows);
  }

  private static Kernel numerics(NumericFunction function, ByteSink sink) {
    return strict(
        SimpleType.NUMERIC,
        (context, arguments, i, out) -> {
          PgNumeric value = function.apply(context, arguments, i);
          if (value == null) {
            out.appendNull();
          } else {
            NumericColumns.append(value, out, sink);
          }
        });
  }
}
