package dev.aevum.engine.session;

import dev.aevum.model.codec.ByteSink;
import dev.aevum.model.text.JsonbText;
import dev.aevum.planner.explain.ExplainedNode;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.function.Consumer;

/// The document of `EXPLAIN (FORMAT json)`: an array of one object with `Plan`, whose members are
/// named as PostgreSQL names them: `Node Type` and, for the inputs, `Plans`. `Details` is the rest
/// of the node's line, `Properties` what stands on lines of its own.
final class PlanJson {
  private static final String INDENT = "  ";

  private final StringBuilder out = new StringBuilder();

  private PlanJson() {}

  /// @param activity what a run did, line by line; empty when there was none
  static String document(ExplainedNode plan, List<String> activity) {
    PlanJson json = new PlanJson();
    json.out.append("[\n").append(INDENT).append("{\n");
    json.name(2, "Plan");
    json.node(plan, 2);
    json.strings(2, "Activity", activity);
    return json.out.append('\n').append(INDENT).append("}\n]").toString();
  }

  private void node(ExplainedNode node, int depth) {
    out.append("{\n");
    name(depth + 1, "Node Type");
    string(node.operator());
    if (!node.details().isEmpty()) {
      out.append(",\n");
      name(depth + 1, "Details");
      string(node.details());
    }
    strings(depth + 1, "Properties", node.properties());
    array(depth + 1, "Plans", node.inputs(), input -> node(input, depth + 2));
    out.append('\n').append(INDENT.repeat(depth)).append('}');
  }

  private void strings(int depth, String name, List<String> values) {
    array(depth, name, values, value -> string(value.strip()));
  }

  /// A further member; nothing where there are no values.
  private <T> void array(int depth, String name, List<T> values, Consumer<T> write) {
    if (values.isEmpty()) {
      return;
    }
    out.append(",\n");
    name(depth, name);
    String before = "[\n";
    for (T value : values) {
      out.append(before).append(INDENT.repeat(depth + 1));
      write.accept(value);
      before = ",\n";
    }
    out.append('\n').append(INDENT.repeat(depth)).append(']');
  }

  private void name(int depth, String name) {
    out.append(INDENT.repeat(depth)).append('"').append(name).append("\": ");
  }

  private void string(String text) {
    ByteSink bytes = new ByteSink();
    JsonbText.appendString(text.getBytes(StandardCharsets.UTF_8), bytes);
    out.append(new String(bytes.toBytes(), StandardCharsets.UTF_8));
  }
}
