package dev.aevum.engine.session;

import dev.aevum.model.codec.ByteSink;
import dev.aevum.model.text.JsonbText;
import java.nio.charset.StandardCharsets;
import java.util.List;

/// The lines of a printed plan as the document of `EXPLAIN (FORMAT json)`: an array of one object
/// with `Plan`, whose members are named as PostgreSQL names them: `Node Type` and, for the inputs,
/// `Plans`. `Details` is the rest of the line.
final class PlanJson {
  private static final String INDENT = "  ";

  private final List<String> lines;
  private final StringBuilder out = new StringBuilder();
  private int at;

  private PlanJson(List<String> lines) {
    this.lines = lines;
  }

  /// @param plan lines of which inputs are indented by two more spaces than what reads them
  /// @param activity what a run did, line by line; empty when there was none
  static String document(List<String> plan, List<String> activity) {
    PlanJson json = new PlanJson(plan);
    json.out
        .append("[\n")
        .append(INDENT)
        .append("{\n")
        .append(INDENT.repeat(2))
        .append("\"Plan\": ");
    json.node(2);
    if (!activity.isEmpty()) {
      json.out.append(",\n").append(INDENT.repeat(2)).append("\"Activity\": [");
      for (int i = 0; i < activity.size(); i++) {
        json.out.append(i == 0 ? "\n" : ",\n").append(INDENT.repeat(3));
        json.string(activity.get(i).strip());
      }
      json.out.append('\n').append(INDENT.repeat(2)).append(']');
    }
    return json.out.append('\n').append(INDENT).append("}\n]").toString();
  }

  private void node(int depth) {
    String line = lines.get(at++);
    int level = level(line);
    String text = line.strip();
    int space = text.indexOf(' ');
    out.append("{\n");
    member(depth + 1, "Node Type", space < 0 ? text : text.substring(0, space));
    if (space >= 0) {
      out.append(",\n");
      member(depth + 1, "Details", text.substring(space + 1));
    }
    boolean any = false;
    while (at < lines.size() && level(lines.get(at)) > level) {
      out.append(any ? ",\n" : ",\n" + INDENT.repeat(depth + 1) + "\"Plans\": [\n");
      out.append(INDENT.repeat(depth + 2));
      any = true;
      node(depth + 2);
    }
    if (any) {
      out.append('\n').append(INDENT.repeat(depth + 1)).append(']');
    }
    out.append('\n').append(INDENT.repeat(depth)).append('}');
  }

  private static int level(String line) {
    int spaces = 0;
    while (spaces < line.length() && line.charAt(spaces) == ' ') {
      spaces++;
    }
    return spaces;
  }

  private void member(int depth, String name, String value) {
    out.append(INDENT.repeat(depth)).append('"').append(name).append("\": ");
    string(value);
  }

  private void string(String text) {
    ByteSink bytes = new ByteSink();
    JsonbText.appendString(text.getBytes(StandardCharsets.UTF_8), bytes);
    out.append(new String(bytes.toBytes(), StandardCharsets.UTF_8));
  }
}
