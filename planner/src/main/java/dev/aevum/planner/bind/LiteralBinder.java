package dev.aevum.planner.bind;

import dev.aevum.model.type.DecimalType;
import dev.aevum.model.type.SimpleType;
import dev.aevum.model.type.SqlType;
import dev.aevum.parser.tree.IntervalLiteralNode;
import dev.aevum.parser.tree.TypedLiteralNode;
import dev.aevum.planner.error.StatementErrors;
import java.math.BigDecimal;
import org.apache.calcite.rex.RexNode;
import org.apache.calcite.sql.SqlCharStringLiteral;
import org.apache.calcite.sql.SqlLiteral;
import org.apache.calcite.sql.SqlNumericLiteral;
import org.apache.calcite.sql.type.SqlTypeName;

/// Constants: integers take the narrowest of integer, bigint, numeric; other numbers are exact
/// numerics; strings are unknown.
final class LiteralBinder {
  private final ExpressionBinder expressions;

  LiteralBinder(ExpressionBinder expressions) {
    this.expressions = expressions;
  }

  RexNode literal(SqlLiteral literal) {
    return switch (literal) {
      case SqlNumericLiteral number -> number(number, false);
      case SqlCharStringLiteral text -> {
        RexNode constant =
            expressions.rex().constant(text.getValueAs(String.class), SimpleType.UNKNOWN);
        expressions.context().note(constant, "", ExpressionBinder.span(text));
        yield constant;
      }
      default -> {
        if (literal.getValue() == null) {
          yield expressions.rex().nullOf(SimpleType.UNKNOWN);
        }
        if (literal.getTypeName() == SqlTypeName.BOOLEAN) {
          yield expressions.rex().bool(literal.booleanValue());
        }
        throw StatementErrors.unsupported("this literal", ExpressionBinder.span(literal));
      }
    };
  }

  RexNode number(SqlNumericLiteral literal, boolean negate) {
    BigDecimal value = literal.bigDecimalValue();
    if (value == null) {
      throw new IllegalStateException("number literal without value");
    }
    return number(negate ? value.negate() : value, literal.isInteger());
  }

  RexNode number(BigDecimal given, boolean integer) {
    if (integer && given.toBigInteger().bitLength() <= 63) {
      long value = given.longValueExact();
      SqlType type = value == (int) value ? SimpleType.INTEGER : SimpleType.BIGINT;
      return expressions.rex().constant(value, type);
    }
    BigDecimal value = given.scale() < 0 ? given.setScale(0) : given;
    int precision = Math.max(value.precision(), value.scale());
    SqlType type =
        precision > DecimalType.MAX_PRECISION
            ? SimpleType.NUMERIC
            : new DecimalType(precision, value.scale());
    return expressions.rex().constant(value, type);
  }

  RexNode typed(TypedLiteralNode node) {
    SqlType type = new TypeNames(expressions.context().catalog()).resolve(node.type());
    RexNode text = expressions.rex().constant(node.text(), SimpleType.UNKNOWN);
    return expressions.coercion().explicit(text, type, node.span());
  }

  RexNode interval(IntervalLiteralNode node) {
    String fields = node.fields();
    String text = node.text();
    if (fields != null && isPlainNumber(text)) {
      // INTERVAL '10' SECOND: the number counts the last field.
      String[] words = fields.split(" ");
      text = text + " " + words[words.length - 1];
    }
    RexNode literal = expressions.rex().constant(text, SimpleType.UNKNOWN);
    return expressions.coercion().explicit(literal, SimpleType.INTERVAL, node.span());
  }

  private static boolean isPlainNumber(String text) {
    return text.strip().matches("[+-]?[0-9]*\\.?[0-9]+");
  }
}
