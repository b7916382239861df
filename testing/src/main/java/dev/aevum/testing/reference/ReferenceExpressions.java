package dev.aevum.testing.reference;

import dev.aevum.model.text.TextStyle;
import dev.aevum.model.type.ArrayType;
import dev.aevum.model.type.IntervalValue;
import dev.aevum.model.type.SimpleType;
import dev.aevum.model.type.SqlType;
import dev.aevum.planner.plan.Expr;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The value of an expression for one row, by walking the tree. Errors are
/// [dev.aevum.model.error.SqlException]s.
public final class ReferenceExpressions {
  private final TextStyle style;

  public ReferenceExpressions(TextStyle style) {
    this.style = style;
  }

  /// What names refer to: the row, and the current left rows of the enclosing correlations.
  public record Scope(List<@Nullable Object> row, Map<Integer, List<@Nullable Object>> outer) {}

  public @Nullable Object value(Expr expression, Scope scope) {
    return switch (expression) {
      case Expr.ColumnRef c -> scope.row().get(c.index());
      case Expr.OuterRef o ->
          java.util.Objects.requireNonNull(scope.outer().get(o.correlation())).get(o.index());
      case Expr.Literal l -> l.value();
      case Expr.Parameter p -> throw ReferenceErrors.unknown("parameter $" + p.index());
      case Expr.Call c -> call(c, scope);
      case Expr.Cast c -> {
        Object operand = value(c.operand(), scope);
        yield operand == null
            ? null
            : ReferenceCasts.cast(c.operand().type(), c.type(), operand, c.explicit(), style);
      }
      case Expr.And a -> connective(a.operands(), false, scope);
      case Expr.Or o -> connective(o.operands(), true, scope);
      case Expr.Not n -> {
        Object operand = value(n.operand(), scope);
        yield operand == null ? null : !(Boolean) operand;
      }
      case Expr.IsNull n -> (value(n.operand(), scope) == null) != n.negated();
      case Expr.IsBoolean b ->
          Boolean.valueOf(b.value()).equals(value(b.operand(), scope)) != b.negated();
      case Expr.IsDistinct d -> {
        boolean same =
            ReferenceValues.same(d.left().type(), value(d.left(), scope), value(d.right(), scope));
        yield same == d.negated();
      }
      case Expr.Case c -> {
        for (Expr.When when : c.branches()) {
          if (Boolean.TRUE.equals(value(when.condition(), scope))) {
            yield value(when.result(), scope);
          }
        }
        yield value(c.otherwise(), scope);
      }
      case Expr.Coalesce c -> {
        for (Expr operand : c.operands()) {
          Object found = value(operand, scope);
          if (found != null) {
            yield found;
          }
        }
        yield null;
      }
      case Expr.ArrayConstructor a -> {
        List<@Nullable Object> elements = new ArrayList<>();
        for (Expr element : a.elements()) {
          elements.add(value(element, scope));
        }
        yield elements;
      }
      case Expr.CompositeConstructor c -> throw ReferenceErrors.unknown("composite values");
      case Expr.AttributeOf a -> throw ReferenceErrors.unknown("composite values");
      case Expr.ArrayQuantified q -> quantified(q, scope);
    };
  }

  /// Whether a condition lets a row pass: its conjuncts in order, up to the first that is not true
  /// (NULL too ends it, as in PostgreSQL).
  boolean holds(Expr condition, Scope scope) {
    if (condition instanceof Expr.And and) {
      for (Expr operand : and.operands()) {
        if (!holds(operand, scope)) {
          return false;
        }
      }
      return true;
    }
    return Boolean.TRUE.equals(value(condition, scope));
  }

  /// AND (`decides` false) and OR (`decides` true): the first operand that decides ends it.
  private @Nullable Object connective(List<Expr> operands, boolean decides, Scope scope) {
    boolean unknown = false;
    for (Expr operand : operands) {
      Object value = value(operand, scope);
      if (value == null) {
        unknown = true;
      } else if ((Boolean) value == decides) {
        return decides;
      }
    }
    return unknown ? null : !decides;
  }

  private @Nullable Object quantified(Expr.ArrayQuantified q, Scope scope) {
    Object left = value(q.left(), scope);
    Object array = value(q.array(), scope);
    if (array == null) {
      return null;
    }
    boolean unknown = false;
    SqlType element = ((ArrayType) q.array().type()).element();
    for (Object each : (List<?>) array) {
      Object outcome =
          left == null || each == null
              ? null
              : comparison(q.comparison().name(), q.left().type(), left, element, each);
      if (outcome == null) {
        unknown = true;
      } else if ((Boolean) outcome != q.all()) {
        return !q.all();
      }
    }
    return unknown ? null : q.all();
  }

  private @Nullable Object call(Expr.Call call, Scope scope) {
    List<@Nullable Object> values = new ArrayList<>();
    for (Expr argument : call.arguments()) {
      values.add(value(argument, scope));
    }
    if (call.function().strict() && values.contains(null)) {
      return null;
    }
    List<SqlType> types = call.arguments().stream().map(Expr::type).toList();
    return apply(call.function().name(), call.type(), types, values);
  }

  /// A function of values that are not NULL (unless it takes NULLs).
  @Nullable Object apply(
      String name, SqlType result, List<SqlType> types, List<@Nullable Object> values) {
    switch (name) {
      case "=", "<>", "!=", "<", "<=", ">", ">=" -> {
        return comparison(name, types.get(0), present(values, 0), types.get(1), present(values, 1));
      }
      case "nullif" -> {
        Object first = values.get(0);
        return first != null
                && values.get(1) != null
                && ReferenceValues.compare(types.get(0), first, present(values, 1)) == 0
            ? null
            : first;
      }
      case "greatest", "least" -> {
        return extreme(name.equals("greatest"), types.get(0), values);
      }
      case "concat" -> {
        return concat(types, values);
      }
      case "||" -> {
        if (ReferenceArrays.takes(types)) {
          return ReferenceArrays.call(name, types, values, style);
        }
        return ReferenceCasts.textOf(types.get(0), present(values, 0), style)
            + ReferenceCasts.textOf(types.get(1), present(values, 1), style);
      }
      default -> {
        if (types.getFirst() instanceof ArrayType) {
          return ReferenceArrays.call(name, types, values, style);
        }
        List<Object> arguments = new ArrayList<>();
        for (int i = 0; i < values.size(); i++) {
          Object value = present(values, i);
          arguments.add(value instanceof String ? ReferenceText.text(types.get(i), value) : value);
        }
        return types.getFirst() == SimpleType.JSONB
            ? ReferenceJson.call(name, arguments)
            : strict(name, result, types, arguments);
      }
    }
  }

  private static Object present(List<@Nullable Object> values, int index) {
    return java.util.Objects.requireNonNull(values.get(index));
  }

  private static Object comparison(
      String operator, SqlType leftType, Object left, SqlType rightType, Object right) {
    SqlType type = leftType.getClass() == rightType.getClass() ? leftType : SimpleType.TEXT;
    Object a = left instanceof Long l && right instanceof BigDecimal ? BigDecimal.valueOf(l) : left;
    Object b =
        right instanceof Long r && left instanceof BigDecimal ? BigDecimal.valueOf(r) : right;
    int order = ReferenceValues.compare(left instanceof String ? type : leftType, a, b);
    return switch (operator) {
      case "=" -> order == 0;
      case "<>", "!=" -> order != 0;
      case "<" -> order < 0;
      case "<=" -> order <= 0;
      case ">" -> order > 0;
      case ">=" -> order >= 0;
      default -> throw ReferenceErrors.unknown(operator);
    };
  }

  private static @Nullable Object extreme(
      boolean greatest, SqlType type, List<@Nullable Object> values) {
    Object best = null;
    for (Object value : values) {
      if (value != null) {
        int order = best == null ? 1 : ReferenceValues.compare(type, value, best);
        best = best == null || (greatest ? order > 0 : order < 0) ? value : best;
      }
    }
    return best;
  }

  /// PostgreSQL's concat takes the output text: booleans are t and f.
  private String concat(List<SqlType> types, List<@Nullable Object> values) {
    StringBuilder out = new StringBuilder();
    for (int i = 0; i < values.size(); i++) {
      Object value = values.get(i);
      if (value instanceof Boolean b) {
        out.append(b ? 't' : 'f');
      } else if (value != null) {
        out.append(ReferenceCasts.textOf(types.get(i), value, style));
      }
    }
    return out.toString();
  }

  private @Nullable Object strict(
      String name, SqlType result, List<SqlType> types, List<Object> a) {
    Object text = a.isEmpty() ? null : ReferenceText.call(name, a);
    if (text != null) {
      return text;
    }
    switch (name) {
      case "+", "-", "*", "/", "%", "mod" -> {
        return a.size() == 1
            ? (name.equals("-") ? negative(result, a.getFirst()) : a.getFirst())
            : arithmetic(name, result, types, a.get(0), a.get(1));
      }
      case "abs" -> {
        return ReferenceNumbers.absolute(result, (Number) a.getFirst());
      }
      case "round", "trunc", "ceil", "ceiling", "floor" -> {
        int digits = a.size() == 2 ? Math.toIntExact((Long) a.get(1)) : 0;
        return ReferenceNumbers.rounded(name, (Number) a.getFirst(), digits);
      }
      case "date_trunc" -> {
        return ReferenceTime.truncate(
            (String) a.get(0), types.get(1), (Long) a.get(1), style.timeZone());
      }
      case "extract", "date_part" -> {
        return ReferenceTime.extract((String) a.get(0), types.get(1), a.get(1), style.timeZone());
      }
      default -> throw ReferenceErrors.unknown("function " + name + types);
    }
  }

  private static Object negative(SqlType result, Object value) {
    return value instanceof IntervalValue i
        ? ReferenceTime.sum(new IntervalValue(0, 0, 0), i, -1)
        : ReferenceNumbers.negate(result, (Number) value);
  }

  private Object arithmetic(String name, SqlType result, List<SqlType> types, Object a, Object b) {
    SqlType left = types.get(0);
    SqlType right = types.get(1);
    int sign = name.equals("-") ? -1 : 1;
    if (ReferenceTime.isTimestamp(left) && b instanceof IntervalValue i) {
      return ReferenceTime.plus(left, (Long) a, i, style.timeZone(), sign);
    }
    if (ReferenceTime.isTimestamp(right) && a instanceof IntervalValue i) {
      return ReferenceTime.plus(right, (Long) b, i, style.timeZone(), 1);
    }
    if (ReferenceTime.isTimestamp(left)) {
      return ReferenceTime.between((Long) a, (Long) b);
    }
    if (left == SimpleType.DATE && right == SimpleType.DATE) {
      return ReferenceTime.dateMinus((Long) a, (Long) b);
    }
    if (left == SimpleType.DATE && b instanceof IntervalValue i) {
      long timestamp = ReferenceTime.dateToTimestamp((Long) a);
      return ReferenceTime.plus(SimpleType.TIMESTAMP, timestamp, i, style.timeZone(), sign);
    }
    if (left == SimpleType.DATE) {
      return ReferenceTime.datePlus((Long) a, sign * (Long) b);
    }
    if (a instanceof IntervalValue x && b instanceof IntervalValue y) {
      return ReferenceTime.sum(x, y, sign);
    }
    return ReferenceNumbers.arithmetic(name, result, (Number) a, (Number) b);
  }
}
