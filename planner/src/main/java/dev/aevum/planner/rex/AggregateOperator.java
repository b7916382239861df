package dev.aevum.planner.rex;

import dev.aevum.planner.plan.function.FunctionSignature;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.sql.SqlAggFunction;
import org.apache.calcite.sql.SqlFunctionCategory;
import org.apache.calcite.sql.SqlKind;
import org.apache.calcite.util.Optionality;
import org.jspecify.annotations.Nullable;

/// Calcite's aggregate around a signature whose result type the binder has found.
public final class AggregateOperator extends SqlAggFunction {
  private final FunctionSignature signature;
  private final RelDataType type;

  public AggregateOperator(FunctionSignature signature, RelDataType type) {
    super(
        signature.name(),
        null,
        SqlKind.OTHER_FUNCTION,
        binding -> type,
        null,
        null,
        SqlFunctionCategory.USER_DEFINED_FUNCTION,
        false,
        false,
        Optionality.OPTIONAL);
    this.signature = signature;
    this.type = type;
  }

  public FunctionSignature signature() {
    return signature;
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof AggregateOperator o
        && o.signature.equals(signature)
        && o.type.equals(type);
  }

  @Override
  public int hashCode() {
    return signature.hashCode();
  }
}
