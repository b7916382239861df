package dev.aevum.executor.aggregate;

import dev.aevum.executor.kernel.EvaluationContext;
import dev.aevum.executor.kernel.Selection;
import dev.aevum.executor.sketch.Sketch;
import dev.aevum.executor.sketch.TopValues;
import dev.aevum.model.batch.Column;
import dev.aevum.model.codec.ByteSink;
import dev.aevum.model.text.PgText;
import dev.aevum.model.text.TextStyle;
import dev.aevum.model.type.DecimalType;
import dev.aevum.model.type.SimpleType;
import dev.aevum.model.type.SqlType;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// `approx_top_k` and `topk_sketch`. A value is counted by its text form, behind a byte that says
/// how JSON shows it.
public final class TopSketch implements SketchAggregate {
  private static final byte STRING = 's';
  private static final byte PLAIN = 'n';

  private final byte form;
  private final int wanted;
  private final int room;
  private final boolean shows;
  private final ByteSink sink = new ByteSink();

  /// `shows`: the result is the values and not the sketch. `exact`: no bound of counters.
  public TopSketch(SqlType argument, int wanted, boolean shows, boolean exact) {
    this.form = isPlain(argument) ? PLAIN : STRING;
    this.wanted = wanted;
    this.room = exact ? TopValues.UNBOUNDED : TopValues.COUNTERS * wanted;
    this.shows = shows;
  }

  private static boolean isPlain(SqlType type) {
    return type instanceof DecimalType
        || type == SimpleType.SMALLINT
        || type == SimpleType.INTEGER
        || type == SimpleType.BIGINT
        || type == SimpleType.NUMERIC
        || type == SimpleType.REAL
        || type == SimpleType.DOUBLE
        || type == SimpleType.BOOLEAN;
  }

  /// The same with exact counts, for rows that change.
  TopSketch exact() {
    return new TopSketch(this);
  }

  private TopSketch(TopSketch other) {
    this.form = other.form;
    this.wanted = other.wanted;
    this.room = TopValues.UNBOUNDED;
    this.shows = other.shows;
  }

  @Override
  public SqlType resultType() {
    return shows ? SimpleType.JSONB : SimpleType.SKETCH;
  }

  @Override
  public boolean isLinear() {
    return false;
  }

  @Override
  public Sketch create() {
    return new TopValues(wanted, room);
  }

  @Override
  public void add(
      Sketch[] groups,
      int[] places,
      Column[] arguments,
      Selection rows,
      @Nullable MemorySegment weights) {
    Column values = arguments[0];
    for (int k = 0; k < rows.size(); k++) {
      int row = rows.row(k);
      if (values.isNull(row)) {
        continue;
      }
      sink.reset();
      sink.appendByte(form);
      if (values.type() == SimpleType.BOOLEAN) {
        sink.appendText(values.booleanAt(row) ? "true" : "false");
      } else {
        PgText.format(values, row, TextStyle.DEFAULT, sink);
      }
      ((TopValues) groups[places[k]])
          .add(sink.array(), sink.position(), LinearLoop.weight(weights, row, 1));
    }
  }

  @Override
  public Column emit(EvaluationContext context, Sketch[] groups, int count) {
    return shows
        ? SketchResults.column(
            context,
            SimpleType.JSONB,
            groups,
            count,
            (sketch, out) -> out.appendText(json(((TopValues) sketch).top())))
        : SketchResults.bytes(context, groups, count);
  }

  /// As jsonb shows it: keys by length, then bytes.
  public static String json(List<TopValues.Top> values) {
    StringBuilder out = new StringBuilder("[");
    for (TopValues.Top top : values) {
      out.append(out.length() > 1 ? ", " : "")
          .append("{\"count\": ")
          .append(top.count())
          .append(", \"value\": ");
      appendValue(top.value(), out);
      out.append(", \"excess\": ").append(top.excess()).append('}');
    }
    return out.append(']').toString();
  }

  private static void appendValue(byte[] value, StringBuilder out) {
    int length = Math.max(0, value.length - 1);
    String text = new String(value, value.length - length, length, StandardCharsets.UTF_8);
    boolean plain =
        value.length > 0 && value[0] == PLAIN && text.matches("true|false|-?[0-9]+(\\.[0-9]+)?");
    if (plain) {
      out.append(text);
      return;
    }
    out.append('"');
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '"' || c == '\\') {
        out.append('\\').append(c);
      } else if (c < ' ') {
        out.append("\\u%04x".formatted((int) c));
      } else {
        out.append(c);
      }
    }
    out.append('"');
  }
}
