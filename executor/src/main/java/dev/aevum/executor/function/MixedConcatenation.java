package dev.aevum.executor.function;

import dev.aevum.executor.kernel.EvaluationContext;
import dev.aevum.executor.kernel.Kernel;
import dev.aevum.model.batch.Column;
import dev.aevum.model.codec.ByteSink;
import dev.aevum.model.text.PgText;
import dev.aevum.model.type.CharType;
import dev.aevum.model.type.SimpleType;
import dev.aevum.model.type.SqlType;
import java.util.List;

/// `any || text`, concat and concat_ws: joins of the text forms of values.
final class MixedConcatenation {
  private MixedConcatenation() {}

  static Kernel kernel(List<SqlType> types) {
    Kernel left = Casts.kernel(types.get(0), SimpleType.TEXT, true);
    Kernel right = Casts.kernel(types.get(1), SimpleType.TEXT, true);
    Kernel join = TextKernels.concatenate(SimpleType.TEXT, SimpleType.TEXT);
    return (context, arguments, rows) -> {
      try (Column a = left.evaluate(context, new Column[] {arguments[0]}, rows);
          Column b = right.evaluate(context, new Column[] {arguments[1]}, rows)) {
        return join.evaluate(context, new Column[] {a, b}, rows);
      }
    };
  }

  static Kernel concat() {
    ByteSink sink = new ByteSink();
    return RowKernels.lenient(
        SimpleType.TEXT,
        (context, arguments, i, out) -> {
          sink.reset();
          for (Column argument : arguments) {
            if (!argument.isNull(i)) {
              append(context, argument, i, sink);
            }
          }
          out.appendBytes(sink.array(), 0, sink.position());
        });
  }

  static Kernel concatWithSeparator() {
    ByteSink sink = new ByteSink();
    return RowKernels.lenient(
        SimpleType.TEXT,
        (context, arguments, i, out) -> {
          if (arguments[0].isNull(i)) {
            out.appendNull();
            return;
          }
          sink.reset();
          boolean first = true;
          for (int a = 1; a < arguments.length; a++) {
            if (arguments[a].isNull(i)) {
              continue;
            }
            if (!first) {
              append(context, arguments[0], i, sink);
            }
            append(context, arguments[a], i, sink);
            first = false;
          }
          out.appendBytes(sink.array(), 0, sink.position());
        });
  }

  /// The text as the type's output function gives it (a boolean is t or f).
  static void append(EvaluationContext context, Column column, int row, ByteSink sink) {
    if (Casts.family(column.type()) == Casts.Family.TEXT && !(column.type() instanceof CharType)) {
      sink.appendBytes(column.segmentAt(row), column.offsetAt(row), column.lengthAt(row));
    } else {
      PgText.format(column, row, context.session().textStyle(), sink);
    }
  }
}
