package dev.aevum.executor.aggregate;

import dev.aevum.executor.kernel.EvaluationContext;
import dev.aevum.model.batch.Column;
import dev.aevum.model.batch.ColumnWriter;
import dev.aevum.model.codec.ArrayBytes;
import dev.aevum.model.codec.ByteSink;
import dev.aevum.model.type.ArrayType;
import dev.aevum.model.type.SqlType;

/// `array_agg`: the values of a group as an array, NULLs included; NULL for a group without rows.
public final class ArrayAggregate implements CollectingAggregate {
  private final ArrayType type;

  public ArrayAggregate(SqlType element) {
    this.type = new ArrayType(element);
  }

  @Override
  public SqlType resultType() {
    return type;
  }

  @Override
  public Column evaluate(
      EvaluationContext context, Column[] arguments, int[] rows, int[] starts, int groups) {
    ArrayBytes.Builder builder = new ArrayBytes.Builder(type.element());
    ByteSink sink = new ByteSink();
    try (ColumnWriter out = new ColumnWriter(context.allocator(), type, groups)) {
      for (int g = 0; g < groups; g++) {
        if (starts[g] == starts[g + 1]) {
          out.appendNull();
          continue;
        }
        builder.start();
        for (int r = starts[g]; r < starts[g + 1]; r++) {
          builder.append(arguments[0], rows[r]);
        }
        sink.reset();
        builder.finish(sink);
        out.appendBytes(sink.array(), 0, sink.position());
      }
      return out.finish();
    }
  }
}
