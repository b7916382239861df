package dev.aevum.planner.rex;

import dev.aevum.planner.plan.Expr;
import dev.aevum.planner.plan.function.FunctionSignature;
import dev.aevum.planner.plan.function.FunctionSignature.Volatility;
import org.apache.calcite.sql.SqlKind;
import org.apache.calcite.sql.SqlOperator;
import org.apache.calcite.sql.SqlSyntax;
import org.apache.calcite.util.Litmus;
import org.jspecify.annotations.Nullable;

/// Calcite's operator around a [Scalar]; Calcite never infers a type from it.
public final class ScalarOperator extends SqlOperator {
  private final Scalar scalar;

  public ScalarOperator(Scalar scalar) {
    super(name(scalar), SqlKind.OTHER_FUNCTION, 0, 0, null, null, null);
    this.scalar = scalar;
  }

  public Scalar scalar() {
    return scalar;
  }

  private static String name(Scalar scalar) {
    return switch (scalar) {
      case Scalar.Function f -> f.signature().name();
      case Scalar.Aggregate a -> a.signature().name();
      case Scalar.Constant c -> "constant " + c.value();
      default -> scalar.getClass().getSimpleName();
    };
  }

  @Override
  public SqlSyntax getSyntax() {
    return SqlSyntax.FUNCTION;
  }

  @Override
  public boolean validRexOperands(int count, Litmus litmus) {
    return true;
  }

  @Override
  public boolean isDeterministic() {
    return switch (scalar) {
      case Scalar.Function f -> isSteady(f.signature());
      case Scalar.ArrayQuantified q -> isSteady(q.comparison());
      case Scalar.Lowered lowered -> lowered.expression() instanceof Expr.Literal;
      default -> true;
    };
  }

  private static boolean isSteady(FunctionSignature signature) {
    return signature.volatility() != Volatility.VOLATILE
        && signature.kind() == FunctionSignature.Kind.SCALAR;
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof ScalarOperator o && o.scalar.equals(scalar);
  }

  @Override
  public int hashCode() {
    return scalar.hashCode();
  }
}
