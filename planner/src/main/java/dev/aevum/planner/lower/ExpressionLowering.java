package dev.aevum.planner.lower;

import dev.aevum.model.type.ArrayType;
import dev.aevum.model.type.CompositeType;
import dev.aevum.model.type.SimpleType;
import dev.aevum.model.type.SqlType;
import dev.aevum.planner.error.StatementErrors;
import dev.aevum.planner.plan.Expr;
import dev.aevum.planner.rex.Rex;
import dev.aevum.planner.rex.Scalar;
import dev.aevum.planner.rex.ScalarOperator;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.apache.calcite.rex.RexCall;
import org.apache.calcite.rex.RexInputRef;
import org.apache.calcite.rex.RexLiteral;
import org.apache.calcite.rex.RexNode;

/// Row expressions to [Expr].
final class ExpressionLowering {
  private final Map<Integer, List<Integer>> captures;

  /// `captures`: for each enclosing correlation, the left column of each capture.
  ExpressionLowering(Map<Integer, List<Integer>> captures) {
    this.captures = captures;
  }

  List<Expr> lowerAll(List<? extends RexNode> nodes) {
    List<Expr> lowered = new ArrayList<>(nodes.size());
    for (RexNode node : nodes) {
      lowered.add(lower(node));
    }
    return lowered;
  }

  Expr lower(RexNode node) {
    return switch (node) {
      case RexInputRef ref -> new Expr.ColumnRef(ref.getIndex(), Rex.type(ref), Rex.nullable(ref));
      case RexLiteral literal -> literal(literal);
      case RexCall call when call.getOperator() instanceof ScalarOperator operator ->
          scalar(operator.scalar(), call);
      case RexCall call -> standard(call);
      default -> throw new IllegalStateException("expression " + node.getClass().getSimpleName());
    };
  }

  private static Expr literal(RexLiteral literal) {
    if (literal.isNull()) {
      return new Expr.Literal(null, Rex.type(literal));
    }
    return new Expr.Literal(RexLiteral.booleanValue(literal), SimpleType.BOOLEAN);
  }

  private Expr standard(RexCall call) {
    List<Expr> operands = lowerAll(call.getOperands());
    return switch (call.getKind()) {
      case AND -> new Expr.And(operands, Rex.nullable(call));
      case OR -> new Expr.Or(operands, Rex.nullable(call));
      case NOT -> new Expr.Not(operands.getFirst());
      case IS_NULL -> new Expr.IsNull(operands.getFirst(), false);
      case IS_NOT_NULL -> new Expr.IsNull(operands.getFirst(), true);
      default -> throw new IllegalStateException("operator " + call.getOperator().getName());
    };
  }

  private Expr scalar(Scalar scalar, RexCall call) {
    SqlType type = Rex.type(call);
    boolean nullable = Rex.nullable(call);
    return switch (scalar) {
      case Scalar.Constant c -> new Expr.Literal(c.value(), type);
      case Scalar.Lowered l -> l.expression();
      case Scalar.Parameter p -> new Expr.Parameter(p.number(), type);
      case Scalar.OuterRef r -> outer(r, type, nullable);
      case Scalar.Function f ->
          new Expr.Call(f.signature(), lowerAll(call.getOperands()), type, nullable);
      case Scalar.Cast c ->
          new Expr.Cast(lower(call.getOperands().getFirst()), type, nullable, c.explicit());
      case Scalar.Coalesce c -> new Expr.Coalesce(lowerAll(call.getOperands()), type, nullable);
      case Scalar.Case c -> choice(call, type, nullable);
      case Scalar.IsBoolean b ->
          new Expr.IsBoolean(lower(call.getOperands().getFirst()), b.value(), b.negated());
      case Scalar.IsDistinct d ->
          new Expr.IsDistinct(
              lower(call.getOperands().get(0)), lower(call.getOperands().get(1)), d.negated());
      case Scalar.ArrayConstructor a ->
          new Expr.ArrayConstructor(lowerAll(call.getOperands()), (ArrayType) type);
      case Scalar.CompositeConstructor c ->
          new Expr.CompositeConstructor(lowerAll(call.getOperands()), (CompositeType) type);
      case Scalar.Attribute a ->
          new Expr.AttributeOf(lower(call.getOperands().getFirst()), a.index(), type, nullable)
              .simplified();
      case Scalar.Sequence s -> throw misplaced(s.signature().name());
      case Scalar.Predict p -> throw StatementErrors.unsupported("predict in this place", null);
      case Scalar.ArrayQuantified q ->
          new Expr.ArrayQuantified(
              lower(call.getOperands().get(0)),
              q.comparison(),
              lower(call.getOperands().get(1)),
              q.all(),
              nullable);
      case Scalar.Row r -> throw StatementErrors.unsupported("a row value here", null);
      case Scalar.Aggregate a -> throw misplaced(a.signature().name());
      case Scalar.InPattern p -> throw misplaced("row pattern in a window");
      case Scalar.Over o -> throw misplaced(o.signature().name());
      case Scalar.Subquery s -> throw StatementErrors.unsupported("a sub-query here", null);
    };
  }

  private static RuntimeException misplaced(String name) {
    return new IllegalStateException(name + " was not taken out of its expression");
  }

  private Expr outer(Scalar.OuterRef ref, SqlType type, boolean nullable) {
    List<Integer> columns =
        Objects.requireNonNull(captures.get(ref.correlation()), "capture outside its correlation");
    return new Expr.OuterRef(ref.correlation(), columns.get(ref.index()), type, nullable);
  }

  private Expr choice(RexCall call, SqlType type, boolean nullable) {
    List<Expr> operands = lowerAll(call.getOperands());
    List<Expr.When> branches = new ArrayList<>();
    for (int i = 0; i + 1 < operands.size(); i += 2) {
      branches.add(new Expr.When(operands.get(i), operands.get(i + 1)));
    }
    return new Expr.Case(branches, operands.getLast(), type, nullable);
  }
}
