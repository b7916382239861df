package dev.aevum.planner.explain;

import dev.aevum.model.batch.Schema;
import dev.aevum.model.type.CompositeType;
import dev.aevum.model.type.IntervalValue;
import dev.aevum.model.type.SimpleType;
import dev.aevum.planner.plan.Expr;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Collectors;

/// Expressions as EXPLAIN shows them: with the names of the columns they refer to.
final class ExprText {
  private final List<String> columns;

  ExprText(Schema schema) {
    this(schema.fields().stream().map(f -> f.name()).toList());
  }

  ExprText(List<String> columns) {
    this.columns = columns;
  }

  private String list(List<? extends Expr> exprs, String separator) {
    return exprs.stream().map(this::of).collect(Collectors.joining(separator));
  }

  String of(Expr expr) {
    return switch (expr) {
      case Expr.ColumnRef e -> columns.get(e.index());
      case Expr.Literal e -> literal(e);
      case Expr.Parameter e -> "$" + e.index();
      case Expr.OuterRef e -> "outer" + e.correlation() + "." + e.index();
      case Expr.Call e -> call(e);
      case Expr.Cast e -> of(e.operand()) + "::" + e.type().displayName();
      case Expr.And e -> "(" + list(e.operands(), " AND ") + ")";
      case Expr.Or e -> "(" + list(e.operands(), " OR ") + ")";
      case Expr.Not e -> "NOT " + of(e.operand());
      case Expr.IsNull e -> of(e.operand()) + (e.negated() ? " IS NOT NULL" : " IS NULL");
      case Expr.IsBoolean e ->
          of(e.operand()) + " IS " + (e.negated() ? "NOT " : "") + (e.value() ? "TRUE" : "FALSE");
      case Expr.IsDistinct e ->
          of(e.left()) + " IS " + (e.negated() ? "NOT " : "") + "DISTINCT FROM " + of(e.right());
      case Expr.Case e ->
          "CASE"
              + e.branches().stream()
                  .map(w -> " WHEN " + of(w.condition()) + " THEN " + of(w.result()))
                  .collect(Collectors.joining())
              + " ELSE "
              + of(e.otherwise())
              + " END";
      case Expr.Coalesce e -> "coalesce(" + list(e.operands(), ", ") + ")";
      case Expr.ArrayConstructor e -> "ARRAY[" + list(e.elements(), ", ") + "]";
      case Expr.CompositeConstructor e -> "ROW(" + list(e.elements(), ", ") + ")";
      case Expr.AttributeOf e ->
          "("
              + of(e.operand())
              + ")."
              + ((CompositeType) e.operand().type()).attributes().get(e.index()).name();
      case Expr.ArrayQuantified e ->
          of(e.left())
              + " "
              + e.comparison().name()
              + (e.all() ? " ALL (" : " ANY (")
              + of(e.array())
              + ")";
    };
  }

  private String literal(Expr.Literal literal) {
    Object value = literal.value();
    if (value == null) {
      return "NULL::" + literal.type().displayName();
    }
    if (literal.type() == SimpleType.INTEGER || literal.type() == SimpleType.BOOLEAN) {
      return value.toString();
    }
    if (literal.type() == SimpleType.TEXT) {
      return "'" + value.toString().replace("'", "''") + "'";
    }
    String text =
        switch (value) {
          case byte[] bytes -> HexFormat.of().formatHex(bytes);
          case IntervalValue interval -> interval(interval);
          default -> value.toString();
        };
    return text + "::" + literal.type().displayName();
  }

  private static String interval(IntervalValue value) {
    List<String> parts = new ArrayList<>();
    if (value.months() != 0) {
      parts.add(value.months() + "mon");
    }
    if (value.days() != 0) {
      parts.add(value.days() + "d");
    }
    if (value.micros() != 0 || parts.isEmpty()) {
      parts.add(PlanPrinter.seconds(value.micros()));
    }
    return String.join(" ", parts);
  }

  private String call(Expr.Call call) {
    String name = call.function().name();
    boolean symbol = !Character.isLetter(name.charAt(0)) && name.charAt(0) != '_';
    if (!symbol) {
      return name + "(" + list(call.arguments(), ", ") + ")";
    }
    return call.arguments().size() == 1
        ? name + of(call.arguments().getFirst())
        : "(" + list(call.arguments(), " " + name + " ") + ")";
  }
}
