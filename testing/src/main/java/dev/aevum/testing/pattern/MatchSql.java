package dev.aevum.testing.pattern;

import dev.aevum.model.batch.Schema;
import dev.aevum.model.type.SimpleType;
import dev.aevum.planner.plan.Expr;
import dev.aevum.planner.plan.MatchExpr;
import dev.aevum.planner.plan.MatchOperand;
import dev.aevum.planner.plan.MatchSpec;
import dev.aevum.planner.plan.MatchSpec.AfterMatch;
import dev.aevum.planner.plan.MatchSpec.OutputColumn;
import dev.aevum.planner.plan.MatchSpec.RowsPerMatch;
import dev.aevum.planner.plan.PlanNode.MatchNode;
import dev.aevum.planner.plan.SortKey;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// A [MatchNode] as the SQL that means it: for laws that begin at the parser, and for reading.
public final class MatchSql {
  private final MatchSpec match;
  private final Schema input;
  private final Map<List<Integer>, String> unions = new LinkedHashMap<>();
  private boolean inMeasures;

  private MatchSql(MatchNode node) {
    this.match = node.match();
    this.input = node.input().schema();
  }

  /// A SELECT of all columns of the matches in `table`.
  public static String query(MatchNode node, String table) {
    return new MatchSql(node).sql(node, table);
  }

  private String sql(MatchNode node, String table) {
    List<String> lines = new ArrayList<>();
    if (!node.partitionBy().isEmpty()) {
      lines.add("PARTITION BY " + columns(node.partitionBy()));
    }
    if (!node.orderBy().isEmpty()) {
      lines.add("ORDER BY " + columns(node.orderBy().stream().map(SortKey::column).toList()));
    }
    inMeasures = true;
    List<String> measures = new ArrayList<>();
    for (int i = 0; i < node.schema().size(); i++) {
      if (match.output().get(i) instanceof OutputColumn.Measure(int measure)) {
        measures.add(text(match.measures().get(measure)) + " AS " + node.schema().field(i).name());
      }
    }
    if (!measures.isEmpty()) {
      lines.add("MEASURES " + String.join(",\n    ", measures));
    }
    if (match.frame() == null) {
      lines.add(rows());
    }
    lines.add("AFTER MATCH SKIP " + afterMatch());
    MatchSpec.@Nullable Frame frame = match.frame();
    if (frame != null) {
      lines.add(
          lines.size() - 1,
          "ROWS BETWEEN CURRENT ROW AND "
              + (frame.following() < 0 ? "UNBOUNDED" : frame.following())
              + " FOLLOWING");
      lines.add(frame.seek() ? "SEEK" : "INITIAL");
    }
    String pattern = PatternText.of(match.pattern(), match.variables());
    lines.add(
        "PATTERN ("
            + pattern
            + ")"
            + (match.withinMicros() < 0
                ? ""
                : " WITHIN INTERVAL '" + match.withinMicros() / 1_000_000 + " seconds'")
            + (match.timeouts() ? " SHOW TIMEOUT MATCHES" : ""));
    inMeasures = false;
    List<String> defines = new ArrayList<>();
    for (int v = 0; v < match.variables().size(); v++) {
      MatchExpr condition = match.defines().get(v);
      if (condition != null) {
        defines.add(match.variables().get(v) + " AS " + text(condition));
      }
    }
    if (!unions.isEmpty()) {
      lines.add(
          "SUBSET "
              + unions.entrySet().stream()
                  .map(e ->
                      e.getValue()
                          + " = ("
                          + e.getKey().stream()
                              .map(match.variables()::get)
                              .collect(Collectors.joining(", "))
                          + ")")
                  .collect(Collectors.joining(", ")));
    }
    if (!defines.isEmpty()) {
      lines.add("DEFINE " + String.join(",\n    ", defines));
    }
    if (frame != null) {
      return "SELECT "
          + select(node)
          + " FROM "
          + table
          + " WINDOW w AS (\n  "
          + String.join("\n  ", lines)
          + "\n)";
    }
    return "SELECT * FROM " + table + " MATCH_RECOGNIZE (\n  " + String.join("\n  ", lines) + "\n)";
  }

  /// The columns of the result of a query with a pattern in its window.
  private String select(MatchNode node) {
    List<String> items = new ArrayList<>();
    for (int i = 0; i < node.schema().size(); i++) {
      String name = node.schema().field(i).name();
      items.add(match.output().get(i) instanceof OutputColumn.Measure ? name + " OVER w" : name);
    }
    return String.join(", ", items);
  }

  private String columns(List<Integer> columns) {
    return columns.stream().map(c -> input.field(c).name()).collect(Collectors.joining(", "));
  }

  private String rows() {
    return switch (match.rows()) {
      case RowsPerMatch.ONE_ROW -> "ONE ROW PER MATCH";
      case RowsPerMatch.ALL_ROWS_SHOW_EMPTY -> "ALL ROWS PER MATCH SHOW EMPTY MATCHES";
      case RowsPerMatch.ALL_ROWS_OMIT_EMPTY -> "ALL ROWS PER MATCH OMIT EMPTY MATCHES";
      case RowsPerMatch.ALL_ROWS_WITH_UNMATCHED -> "ALL ROWS PER MATCH WITH UNMATCHED ROWS";
      case RowsPerMatch.EVERY_ROW -> "";
    };
  }

  private String afterMatch() {
    return switch (match.afterMatch()) {
      case AfterMatch.PastLastRow p -> "PAST LAST ROW";
      case AfterMatch.ToNextRow n -> "TO NEXT ROW";
      case AfterMatch.ToVariable to ->
          (to.last() ? "TO LAST " : "TO FIRST ") + variable(to.variables());
    };
  }

  /// Name of a variable, or of the union of several.
  private String variable(List<Integer> variables) {
    if (variables.size() == 1) {
      return match.variables().get(variables.getFirst());
    }
    return unions.computeIfAbsent(variables, v -> "u" + unions.size());
  }

  private boolean isAll(List<Integer> variables) {
    return variables.size() == match.variables().size();
  }

  private String text(MatchExpr expression) {
    return text(expression.expression(), expression.operands());
  }

  private String text(Expr expression, List<MatchOperand> operands) {
    return switch (expression) {
      case Expr.ColumnRef c -> operand(operands.get(c.index()));
      case Expr.Literal l -> literal(l);
      case Expr.Call c ->
          "("
              + text(c.arguments().get(0), operands)
              + " "
              + c.function().name()
              + " "
              + text(c.arguments().get(1), operands)
              + ")";
      case Expr.And a -> joined(a.operands(), " AND ", operands);
      case Expr.Or o -> joined(o.operands(), " OR ", operands);
      case Expr.Not n -> "NOT (" + text(n.operand(), operands) + ")";
      case Expr.IsNull n ->
          "(" + text(n.operand(), operands) + (n.negated() ? " IS NOT NULL)" : " IS NULL)");
      default -> throw new IllegalArgumentException("no text for " + expression);
    };
  }

  private String joined(List<Expr> parts, String operator, List<MatchOperand> operands) {
    return parts.stream()
        .map(p -> text(p, operands))
        .collect(Collectors.joining(operator, "(", ")"));
  }

  private static String literal(Expr.Literal literal) {
    if (literal.type() == SimpleType.TEXT) {
      return "'" + literal.value() + "'";
    }
    return literal.type() == SimpleType.BIGINT
        ? "CAST(" + literal.value() + " AS bigint)"
        : "(" + literal.value() + ")";
  }

  private String operand(MatchOperand operand) {
    return switch (operand) {
      case MatchOperand.RowValue r -> rowValue(r);
      case MatchOperand.Aggregate a -> aggregate(a);
      case MatchOperand.MatchNumber n -> "MATCH_NUMBER()";
      case MatchOperand.MatchRowtime t -> "MATCH_ROWTIME()";
      case MatchOperand.TimedOut t -> "MATCH_TIMED_OUT()";
    };
  }

  private String rowValue(MatchOperand.RowValue operand) {
    MatchOperand.Anchor anchor = operand.anchor();
    String text =
        kind(anchor.running())
            + (anchor.first() ? "FIRST(" : "LAST(")
            + value(operand.value(), anchor.variables())
            + (anchor.skip() > 0 ? ", " + anchor.skip() : "")
            + ")";
    if (operand.offset() == 0) {
      return text;
    }
    return operand.offset() < 0
        ? "PREV(" + text + ", " + -operand.offset() + ")"
        : "NEXT(" + text + ", " + operand.offset() + ")";
  }

  private String kind(boolean running) {
    return !inMeasures ? "" : running ? "RUNNING " : "FINAL ";
  }

  /// A column of the labelled row, of the rows mapped to these variables.
  private String value(Expr value, List<Integer> variables) {
    return switch (value) {
      case Expr.Literal l -> literal(l);
      case Expr.ColumnRef c when c.index() == input.size() ->
          "CLASSIFIER(" + (isAll(variables) ? "" : variable(variables)) + ")";
      case Expr.ColumnRef c when c.index() < input.size() ->
          (isAll(variables) ? "" : variable(variables) + ".") + input.field(c.index()).name();
      default -> throw new IllegalArgumentException("no text for " + value);
    };
  }

  private String order(MatchOperand.Aggregate operand) {
    return operand.order().isEmpty()
        ? ""
        : operand.order().stream()
            .map(k ->
                value(k.value(), operand.variables())
                    + (k.descending() ? " DESC" : " ASC")
                    + (k.nullsFirst() ? " NULLS FIRST" : " NULLS LAST"))
            .collect(Collectors.joining(", ", " ORDER BY ", ""));
  }

  private String aggregate(MatchOperand.Aggregate operand) {
    List<Integer> variables = operand.variables();
    String arguments =
        operand.arguments().isEmpty()
            ? isAll(variables) ? "*" : variable(variables) + ".*"
            : operand.arguments().stream()
                .map(a -> value(a, variables))
                .collect(Collectors.joining(", "));
    @Nullable Expr filter = operand.filter();
    return kind(operand.running())
        + operand.function().name().toUpperCase(Locale.ROOT)
        + "("
        + (operand.distinct() ? "DISTINCT " : "")
        + arguments
        + order(operand)
        + ")"
        + (filter == null ? "" : " FILTER (WHERE " + value(filter, variables) + ")");
  }
}
