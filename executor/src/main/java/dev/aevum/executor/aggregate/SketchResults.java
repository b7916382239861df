package dev.aevum.executor.aggregate;

import dev.aevum.executor.kernel.EvaluationContext;
import dev.aevum.executor.sketch.Sketch;
import dev.aevum.executor.sketch.Sketches;
import dev.aevum.model.batch.Column;
import dev.aevum.model.batch.ColumnWriter;
import dev.aevum.model.codec.ByteSink;
import dev.aevum.model.error.ErrorCode;
import dev.aevum.model.error.SqlException;
import dev.aevum.model.type.SimpleType;
import dev.aevum.model.type.SqlType;

/// Columns of results of sketches.
final class SketchResults {
  @FunctionalInterface
  interface Result {
    /// Appends one value. Errors: an [SqlException] thrown before anything was appended.
    void append(Sketch sketch, ColumnWriter out);
  }

  private SketchResults() {}

  static Column column(
      EvaluationContext context, SqlType type, Sketch[] groups, int count, Result result) {
    try (ColumnWriter out = new ColumnWriter(context.allocator(), type, count)) {
      for (int g = 0; g < count; g++) {
        try {
          result.append(groups[g], out);
        } catch (SqlException e) {
          context.errors().report(g, e);
          out.appendNull();
        }
      }
      return out.finish();
    }
  }

  /// The sketches themselves.
  static Column bytes(EvaluationContext context, Sketch[] groups, int count) {
    ByteSink sink = new ByteSink();
    return column(
        context,
        SimpleType.SKETCH,
        groups,
        count,
        (sketch, out) -> {
          sink.reset();
          Sketches.encode(sketch, sink);
          out.appendBytes(sink.array(), 0, sink.position());
        });
  }

  /// NULL for NaN. Errors: 22003 for what is too great.
  static void appendReal(double value, ColumnWriter out) {
    if (Double.isNaN(value)) {
      out.appendNull();
      return;
    }
    if (Double.isInfinite(value)) {
      throw new SqlException(ErrorCode.NUMERIC_VALUE_OUT_OF_RANGE, "value out of range: overflow");
    }
    out.appendDouble(value);
  }
}
