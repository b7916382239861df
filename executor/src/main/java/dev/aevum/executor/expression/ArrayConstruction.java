package dev.aevum.executor.expression;

import dev.aevum.executor.kernel.Kernel;
import dev.aevum.model.batch.Column;
import dev.aevum.model.batch.ColumnWriter;
import dev.aevum.model.codec.ArrayBytes;
import dev.aevum.model.codec.ByteSink;
import dev.aevum.model.type.ArrayType;

/// `ARRAY[...]`.
final class ArrayConstruction {
  private ArrayConstruction() {}

  static Kernel kernel(ArrayType type) {
    ArrayBytes.Builder builder = new ArrayBytes.Builder(type.element());
    ByteSink sink = new ByteSink();
    return (context, arguments, rows) -> {
      try (ColumnWriter out = new ColumnWriter(context.allocator(), type, rows.size())) {
        for (int i = 0; i < rows.size(); i++) {
          builder.start();
          for (Column argument : arguments) {
            builder.append(argument, i);
          }
          sink.reset();
          builder.finish(sink);
          out.appendBytes(sink.array(), 0, sink.position());
        }
        return out.finish();
      }
    };
  }
}
