package dev.aevum.executor.aggregate;

import dev.aevum.executor.kernel.EvaluationContext;
import dev.aevum.model.batch.Column;
import dev.aevum.model.batch.ColumnWriter;
import dev.aevum.model.codec.ByteSink;
import dev.aevum.model.type.SqlType;

/// `string_agg(value, separator)` of text or bytea: non-NULL values, each but the first after its
/// own row's separator.
public final class StringAggregate implements CollectingAggregate {
  private final SqlType type;

  public StringAggregate(SqlType type) {
    this.type = type;
  }

  @Override
  public SqlType resultType() {
    return type;
  }

  @Override
  public Column evaluate(
      EvaluationContext context, Column[] arguments, int[] rows, int[] starts, int groups) {
    ByteSink sink = new ByteSink();
    try (ColumnWriter out = new ColumnWriter(context.allocator(), type, groups)) {
      for (int g = 0; g < groups; g++) {
        sink.reset();
        boolean any = false;
        for (int r = starts[g]; r < starts[g + 1]; r++) {
          if (arguments[0].isNull(rows[r])) {
            continue;
          }
          if (any && !arguments[1].isNull(rows[r])) {
            append(arguments[1], rows[r], sink);
          }
          append(arguments[0], rows[r], sink);
          any = true;
        }
        if (any) {
          out.appendBytes(sink.array(), 0, sink.position());
        } else {
          out.appendNull();
        }
      }
      return out.finish();
    }
  }

  private static void append(Column column, int row, ByteSink sink) {
    sink.appendBytes(column.segmentAt(row), column.offsetAt(row), column.lengthAt(row));
  }
}
