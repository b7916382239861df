package dev.aevum.planner.explain;

import dev.aevum.model.batch.Schema;
import dev.aevum.planner.plan.Expr;
import dev.aevum.planner.plan.MatchExpr;
import dev.aevum.planner.plan.MatchOperand;
import dev.aevum.planner.plan.MatchOperand.Anchor;
import dev.aevum.planner.plan.MatchSpec;
import dev.aevum.planner.plan.MatchSpec.AfterMatch;
import dev.aevum.planner.plan.Pattern;
import dev.aevum.planner.plan.PlanNode.MatchNode;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// MATCH_RECOGNIZE as EXPLAIN shows it.
final class MatchText {
  private final Schema input;
  private final MatchSpec match;

  MatchText(Schema input, MatchSpec match) {
    this.input = input;
    this.match = match;
  }

  /// Rows per match, what follows a match, limits of time.
  String summary() {
    String rows =
        switch (match.rows()) {
          case ONE_ROW -> "one row per match";
          case ALL_ROWS_SHOW_EMPTY -> "all rows per match";
          case ALL_ROWS_OMIT_EMPTY -> "all rows per match omit empty";
          case ALL_ROWS_WITH_UNMATCHED -> "all rows per match with unmatched";
          case EVERY_ROW -> "every row";
        };
    String skip =
        switch (match.afterMatch()) {
          case AfterMatch.PastLastRow s -> "past last row";
          case AfterMatch.ToNextRow s -> "to next row";
          case AfterMatch.ToVariable s ->
              "to " + (s.last() ? "last " : "first ") + variables(s.variables());
        };
    return rows
        + frame()
        + ", skip "
        + skip
        + (match.withinMicros() < 0 ? "" : ", within " + PlanPrinter.seconds(match.withinMicros()))
        + (match.timeouts() ? ", show timeouts" : "");
  }

  private String frame() {
    MatchSpec.@Nullable Frame frame = match.frame();
    if (frame == null) {
      return "";
    }
    String rows =
        frame.following() == MatchSpec.Frame.UNBOUNDED
            ? "to the end"
            : "with " + frame.following() + " following";
    return ", frame " + rows + (frame.seek() ? ", seek" : ", initial");
  }

  static String mode(MatchNode node) {
    return (node.revising() ? ", revising" : ", final")
        + (node.maxRowsPerPartition() < 0
            ? ""
            : ", at most " + node.maxRowsPerPartition() + " rows a partition");
  }

  /// The pattern, then each definition and measure.
  List<String> details(Schema output) {
    List<String> lines = new ArrayList<>();
    lines.add("pattern " + pattern(match.pattern(), 0));
    for (int i = 0; i < match.variables().size(); i++) {
      MatchExpr define = match.defines().get(i);
      lines.add(
          "define " + match.variables().get(i) + " " + (define == null ? "any row" : of(define)));
    }
    for (int i = 0; i < match.output().size(); i++) {
      if (match.output().get(i) instanceof MatchSpec.OutputColumn.Measure measure) {
        lines.add(
            "measure "
                + output.field(i).name()
                + " "
                + of(match.measures().get(measure.measure())));
      }
    }
    return lines;
  }

  private String variables(List<Integer> variables) {
    return variables.stream().map(match.variables()::get).collect(Collectors.joining("|"));
  }

  /// `level`: 0 takes anything, 1 no alternation, 2 only what a quantifier may follow.
  private String pattern(Pattern pattern, int level) {
    return switch (pattern) {
      case Pattern.Variable p -> match.variables().get(p.variable());
      case Pattern.Empty p -> "()";
      case Pattern.PartitionStart p -> "^";
      case Pattern.PartitionEnd p -> "$";
      case Pattern.Exclusion p -> "{- " + pattern(p.operand(), 0) + " -}";
      case Pattern.Permutation p -> "permute(" + all(p.parts(), ", ", 0) + ")";
      case Pattern.Concatenation p -> grouped(all(p.parts(), " ", 1), level > 1);
      case Pattern.Alternation p -> grouped(all(p.branches(), " | ", 1), level > 0);
      case Pattern.Quantified p -> grouped(pattern(p.operand(), 2) + quantifier(p), level > 1);
    };
  }

  private String all(List<Pattern> parts, String separator, int level) {
    return parts.stream().map(p -> pattern(p, level)).collect(Collectors.joining(separator));
  }

  private static String grouped(String text, boolean parentheses) {
    return parentheses ? "(" + text + ")" : text;
  }

  private static String quantifier(Pattern.Quantified p) {
    boolean unbounded = p.max() == Pattern.Quantified.UNBOUNDED;
    String bounds =
        unbounded && p.min() == 0
            ? "*"
            : unbounded && p.min() == 1
                ? "+"
                : p.min() == 0 && p.max() == 1
                    ? "?"
                    : p.min() == p.max()
                        ? "{" + p.min() + "}"
                        : "{" + p.min() + "," + (unbounded ? "" : p.max()) + "}";
    return bounds + (p.reluctant() ? "?" : "");
  }

  String of(MatchExpr expr) {
    return new ExprText(expr.operands().stream().map(this::operand).toList()).of(expr.expression());
  }

  String operand(MatchOperand operand) {
    return switch (operand) {
      case MatchOperand.RowValue o -> rowValue(o);
      case MatchOperand.Aggregate o -> aggregate(o);
      case MatchOperand.MatchNumber o -> "match_number()";
      case MatchOperand.MatchRowtime o -> "match_rowtime()";
      case MatchOperand.TimedOut o -> "match_timed_out()";
    };
  }

  /// The text of an expression over the rows of some variables.
  private String labelled(Expr value, List<Integer> variables) {
    boolean all = variables.size() == match.variables().size();
    String prefix = all ? "" : variables(variables) + ".";
    List<String> names = new ArrayList<>();
    input.fields().forEach(f -> names.add(prefix + f.name()));
    names.add(all ? "classifier()" : "classifier(" + variables(variables) + ")");
    names.add("match_number()");
    return new ExprText(names).of(value);
  }

  private String rowValue(MatchOperand.RowValue operand) {
    Anchor anchor = operand.anchor();
    String value = labelled(operand.value(), anchor.variables());
    boolean plain = !anchor.first() && anchor.skip() == 0 && anchor.running();
    if (!plain) {
      value =
          (anchor.running() ? "" : "final ")
              + (anchor.first() ? "first(" : "last(")
              + value
              + (anchor.skip() == 0 ? ")" : ", " + anchor.skip() + ")");
    }
    int distance = Math.abs(operand.offset());
    return distance == 0
        ? value
        : (operand.offset() < 0 ? "prev(" : "next(")
            + value
            + (distance == 1 ? ")" : ", " + distance + ")");
  }

  private String order(MatchOperand.Aggregate operand) {
    return operand.order().isEmpty()
        ? ""
        : operand.order().stream()
            .map(k ->
                labelled(k.value(), operand.variables())
                    + (k.descending() ? " desc" : "")
                    + (k.nullsFirst() == k.descending()
                        ? ""
                        : k.nullsFirst() ? " nulls first" : " nulls last"))
            .collect(Collectors.joining(", ", " order by ", ""));
  }

  private String aggregate(MatchOperand.Aggregate operand) {
    boolean all = operand.variables().size() == match.variables().size();
    String arguments =
        operand.arguments().isEmpty()
            ? all ? "*" : variables(operand.variables()) + ".*"
            : operand.arguments().stream()
                .map(a -> labelled(a, operand.variables()))
                .collect(Collectors.joining(", "));
    Expr filter = operand.filter();
    return (operand.running() ? "" : "final ")
        + operand.function().name()
        + (operand.distinct() ? "(distinct " : "(")
        + arguments
        + order(operand)
        + ")"
        + (filter == null ? "" : " filter " + labelled(filter, operand.variables()));
  }
}
