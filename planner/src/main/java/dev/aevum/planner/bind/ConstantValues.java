package dev.aevum.planner.bind;

import dev.aevum.model.type.SimpleType;
import dev.aevum.planner.rex.Rex;
import dev.aevum.planner.rex.Scalar;
import java.math.BigDecimal;
import org.apache.calcite.rex.RexCall;
import org.apache.calcite.rex.RexLiteral;
import org.apache.calcite.rex.RexNode;
import org.jspecify.annotations.Nullable;

/// Values of expressions that are plainly constant: literals, signs and number casts of them.
final class ConstantValues {
  private ConstantValues() {}

  /// Null: NULL, or not plainly constant.
  static @Nullable Object of(RexNode node) {
    if (node instanceof RexLiteral literal) {
      return literal.isNull() ? null : RexLiteral.booleanValue(literal);
    }
    if (!(node instanceof RexCall call)) {
      return null;
    }
    return switch (Rex.scalar(call)) {
      case Scalar.Constant c -> c.value();
      case Scalar.Cast c -> cast(of(call.getOperands().getFirst()), call);
      case Scalar.Function f
          when f.signature().name().equals("-") && call.getOperands().size() == 1 ->
          negated(of(call.getOperands().getFirst()));
      case null, default -> null;
    };
  }

  private static @Nullable Object cast(@Nullable Object value, RexNode node) {
    return value instanceof Number number && Rex.type(node) == SimpleType.DOUBLE
        ? (Object) number.doubleValue()
        : value;
  }

  private static @Nullable Object negated(@Nullable Object value) {
    return switch (value) {
      case Long l -> -l;
      case Double d -> -d;
      case BigDecimal d -> d.negate();
      case null, default -> null;
    };
  }
}
