package dev.aevum.planner.explain;

import java.util.ArrayList;
import java.util.List;

/// A node of a plan as EXPLAIN shows it.
///
/// @param line its kind and, behind a space, what it does
/// @param properties lines of its own below it, of a row pattern its parts
/// @param inputs what it reads; none where a shared part is only named
public record ExplainedNode(String line, List<String> properties, List<ExplainedNode> inputs) {
  private static final String INDENT = "  ";

  public ExplainedNode {
    properties = List.copyOf(properties);
    inputs = List.copyOf(inputs);
  }

  /// The kind of the operator.
  public String operator() {
    int space = line.indexOf(' ');
    return space < 0 ? line : line.substring(0, space);
  }

  /// The rest of the line; may be empty.
  public String details() {
    return line.substring(operator().length()).strip();
  }

  /// The tree as lines, the root first, each input indented below its node.
  public List<String> lines() {
    List<String> lines = new ArrayList<>();
    add(0, lines);
    return lines;
  }

  private void add(int depth, List<String> lines) {
    lines.add(INDENT.repeat(depth) + line);
    properties.forEach(property -> lines.add(INDENT.repeat(depth + 2) + property));
    inputs.forEach(input -> input.add(depth + 1, lines));
  }
}
