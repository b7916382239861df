package dev.aevum.executor.query;

import dev.aevum.executor.aggregate.AggregateFunction;
import dev.aevum.executor.expression.CalcEvaluator;
import dev.aevum.executor.expression.ExpressionCompiler;
import dev.aevum.executor.expression.Filter;
import dev.aevum.executor.expression.VectorExpression;
import dev.aevum.executor.function.FunctionRegistry;
import dev.aevum.executor.kernel.EvaluationContext;
import dev.aevum.model.error.ErrorCode;
import dev.aevum.model.error.SqlException;
import dev.aevum.model.type.SqlType;
import dev.aevum.planner.plan.AggregateCall;
import dev.aevum.planner.plan.Expr;
import dev.aevum.planner.plan.function.FunctionSignature;
import dev.aevum.storage.state.StateBackend;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.apache.arrow.memory.BufferAllocator;
import org.jspecify.annotations.Nullable;

/// What the sources of one execution share. One thread.
///
/// @param evaluation where expressions run; its errors fail the statement
/// @param parameters values of $1, $2, ...
/// @param scratch makes tables that last as long as the execution
/// @param canceled asked between batches: true fails the statement with 57014
public record QueryContext(
    EvaluationContext evaluation,
    FunctionRegistry registry,
    RelationReader relations,
    List<Expr.Literal> parameters,
    BooleanSupplier canceled,
    Supplier<StateBackend> scratch) {
  BufferAllocator allocator() {
    return evaluation.allocator();
  }

  VectorExpression compile(Expr expression, List<SqlType> inputTypes) {
    return ExpressionCompiler.compile(bound(expression), inputTypes, registry);
  }

  Filter filter(Expr predicate, List<SqlType> inputTypes) {
    return ExpressionCompiler.filter(bound(predicate), inputTypes, registry);
  }

  /// Filter (null: none) and projections over an input with these column types.
  public CalcEvaluator calc(
      @Nullable Expr filter, List<Expr> projections, List<SqlType> inputTypes) {
    return ExpressionCompiler.calc(
        filter == null ? null : bound(filter),
        projections.stream().map(this::bound).toList(),
        inputTypes,
        registry);
  }

  Expr bound(Expr expression) {
    return parameters.isEmpty() ? expression : ParameterValues.substitute(expression, parameters);
  }

  /// The aggregate of a call over an input with these column types; its constants may be
  /// parameters.
  AggregateFunction aggregate(AggregateCall call, List<SqlType> inputTypes) {
    FunctionSignature closed =
        call.function().closed(number -> ParameterValues.value(number, parameters).value());
    return registry.aggregate(
        new AggregateCall(
            closed,
            call.arguments(),
            call.distinct(),
            call.filter(),
            call.orderBy(),
            call.type(),
            call.nullable()),
        inputTypes);
  }

  /// Fails the statement with the first row error, if there is one, or when it was canceled.
  public void check() {
    if (!evaluation.errors().isEmpty()) {
      try {
        evaluation.errors().throwFirst();
      } finally {
        evaluation.errors().clear();
      }
    }
    if (canceled.getAsBoolean()) {
      throw new SqlException(ErrorCode.QUERY_CANCELED, "canceling statement due to user request");
    }
  }
}
