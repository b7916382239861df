package dev.aevum.executor.expression;

import dev.aevum.executor.function.FunctionRegistry;
import dev.aevum.executor.kernel.EvaluationContext;
import dev.aevum.executor.kernel.Gather;
import dev.aevum.executor.kernel.RowError;
import dev.aevum.executor.kernel.RowErrors;
import dev.aevum.executor.kernel.Selection;
import dev.aevum.model.batch.Column;
import dev.aevum.model.batch.DeltaBatch;
import dev.aevum.model.type.SqlType;
import dev.aevum.planner.plan.Expr;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/// Filter, then project. Where the filter leaves few rows, each column that projections need is
/// gathered once, and the projections run over the dense rest. One thread.
public final class CalcEvaluator {
  private final @Nullable Filter filter;
  private final VectorExpression[] projections;

  /// The input columns that projections refer to, in the order of their compacted indices.
  private final int[] needed;

  /// The projections over the needed columns alone.
  private final VectorExpression[] compacted;

  private CalcEvaluator(
      @Nullable Filter filter,
      VectorExpression[] projections,
      int[] needed,
      VectorExpression[] compacted) {
    this.filter = filter;
    this.projections = projections;
    this.needed = needed;
    this.compacted = compacted;
  }

  static CalcEvaluator of(
      @Nullable Expr predicate,
      List<Expr> projections,
      List<SqlType> inputTypes,
      FunctionRegistry registry) {
    Filter filter =
        predicate == null ? null : ExpressionCompiler.filter(predicate, inputTypes, registry);
    Set<Integer> columns = new TreeSet<>();
    projections.forEach(p -> ExpressionInspection.collectColumns(p, columns));
    List<Integer> order = List.copyOf(columns);
    List<SqlType> neededTypes = order.stream().map(inputTypes::get).toList();
    List<VectorExpression> direct = new ArrayList<>();
    List<VectorExpression> compacted = new ArrayList<>();
    for (Expr projection : projections) {
      direct.add(ExpressionCompiler.compile(projection, inputTypes, registry));
      Expr moved = ExpressionInspection.remap(projection, order::indexOf);
      compacted.add(ExpressionCompiler.compile(moved, neededTypes, registry));
    }
    return new CalcEvaluator(
        filter,
        direct.toArray(VectorExpression[]::new),
        order.stream().mapToInt(Integer::intValue).toArray(),
        compacted.toArray(VectorExpression[]::new));
  }

  /// What comes out: dense columns, and for each output position the input row it came from (for
  /// weights and keys). Rows that failed are not among them. Closing drops the columns that were
  /// not taken.
  @SuppressWarnings("ArrayRecordComponent") // Handed over, not compared.
  public record Result(Column[] columns, Selection rows) implements AutoCloseable {
    @Override
    public void close() {
      for (Column c : columns) {
        c.close();
      }
    }
  }

  /// Evaluates all rows of a batch (borrowed). Rows that failed stand in `context.errors()` under
  /// their input row.
  public Result evaluate(EvaluationContext context, DeltaBatch batch) {
    return evaluate(context, batch, Selection.all(batch.rows()));
  }

  public Result evaluate(EvaluationContext context, DeltaBatch batch, Selection rows) {
    Selection selected = filter == null ? rows : filter.select(context, batch, rows);
    Column[] columns =
        selected.isAll() && selected.size() == batch.rows()
            ? project(projections, context, batch, selected)
            : projectDense(context, batch, selected);
    if (context.errors().isEmpty()) {
      return new Result(columns, selected);
    }
    return withoutFailed(context, new Result(columns, selected));
  }

  private Column[] projectDense(EvaluationContext context, DeltaBatch batch, Selection selected) {
    Column[] inputs = new Column[needed.length];
    int made = 0;
    try {
      for (; made < inputs.length; made++) {
        inputs[made] = Gather.gather(context.allocator(), batch.column(needed[made]), selected);
      }
    } catch (RuntimeException e) {
      closeFirst(inputs, made);
      throw e;
    }
    RowErrors outer = context.exchangeErrors(new RowErrors());
    try (DeltaBatch dense = new DeltaBatch(selected.size(), inputs, null)) {
      return project(compacted, context, dense, Selection.all(selected.size()));
    } finally {
      for (RowError error : context.exchangeErrors(outer).all()) {
        outer.report(selected.row(error.row()), error.toException());
      }
    }
  }

  private static Column[] project(
      VectorExpression[] expressions, EvaluationContext context, DeltaBatch batch, Selection rows) {
    Column[] columns = new Column[expressions.length];
    int made = 0;
    try {
      for (; made < columns.length; made++) {
        columns[made] = expressions[made].evaluate(context, batch, rows);
      }
      return columns;
    } catch (RuntimeException e) {
      closeFirst(columns, made);
      throw e;
    }
  }

  private static void closeFirst(Column[] columns, int count) {
    for (int i = 0; i < count; i++) {
      columns[i].close();
    }
  }

  private static Result withoutFailed(EvaluationContext context, Result all) {
    int[] kept = new int[all.rows.size()];
    int count = 0;
    for (int i = 0; i < kept.length; i++) {
      if (!context.errors().has(all.rows.row(i))) {
        kept[count++] = i;
      }
    }
    if (count == kept.length) {
      return all;
    }
    try (all) {
      Column[] columns = new Column[all.columns.length];
      for (int c = 0; c < columns.length; c++) {
        columns[c] = Gather.gather(context.allocator(), all.columns[c], kept, count);
      }
      return new Result(columns, all.rows.narrow(kept, count));
    }
  }
}
