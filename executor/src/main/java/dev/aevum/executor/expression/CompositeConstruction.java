package dev.aevum.executor.expression;

import dev.aevum.executor.kernel.Kernel;
import dev.aevum.model.batch.Column;
import dev.aevum.model.batch.ColumnWriter;
import dev.aevum.model.codec.ByteSink;
import dev.aevum.model.text.PgText;
import dev.aevum.model.text.RecordText;
import dev.aevum.model.text.TextStyle;
import dev.aevum.model.text.Utf8;
import dev.aevum.model.type.CompositeType;
import dev.aevum.model.type.SqlType;

/// Composite values, in their text form, and their attributes. The planner avoids both where it
/// can: here clarity wins.
final class CompositeConstruction {
  private CompositeConstruction() {}

  static Kernel kernel(CompositeType type) {
    ByteSink sink = new ByteSink();
    ByteSink scratch = new ByteSink();
    return (context, arguments, rows) -> {
      try (ColumnWriter out = new ColumnWriter(context.allocator(), type, rows.size())) {
        for (int i = 0; i < rows.size(); i++) {
          sink.reset();
          RecordText.format(arguments, i, scratch, sink);
          out.appendBytes(sink.array(), 0, sink.position());
        }
        return out.finish();
      }
    };
  }

  static Kernel attribute(int index, SqlType type) {
    return (context, arguments, rows) -> {
      Column values = arguments[0];
      try (ColumnWriter out = new ColumnWriter(context.allocator(), type, rows.size())) {
        for (int i = 0; i < rows.size(); i++) {
          String text =
              values.isNull(i)
                  ? null
                  : RecordText.split(
                          Utf8.string(values.segmentAt(i), values.offsetAt(i), values.lengthAt(i)))
                      .get(index);
          if (text == null) {
            out.appendNull();
          } else {
            PgText.parse(text, TextStyle.DEFAULT, out);
          }
        }
        return out.finish();
      }
    };
  }
}
