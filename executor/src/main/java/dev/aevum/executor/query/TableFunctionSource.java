package dev.aevum.executor.query;

import dev.aevum.executor.expression.VectorExpression;
import dev.aevum.executor.kernel.Selection;
import dev.aevum.executor.kernel.SetReturningKernel;
import dev.aevum.model.batch.Column;
import dev.aevum.model.batch.DeltaBatch;
import dev.aevum.model.batch.FixedColumn;
import dev.aevum.model.batch.Memory;
import dev.aevum.model.type.SimpleType;
import dev.aevum.model.type.SqlType;
import dev.aevum.planner.plan.Expr;
import dev.aevum.planner.plan.PlanNode.TableFunctionNode;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// Set-returning functions over each input row, several in step: the shorter ones are filled up
/// with NULLs.
final class TableFunctionSource extends BufferedSource {
  private final TableFunctionNode node;
  private final RowSource input;
  private final QueryContext context;
  private final List<Bound> functions = new ArrayList<>();

  private record Bound(SetReturningKernel kernel, List<VectorExpression> arguments) {}

  TableFunctionSource(TableFunctionNode node, RowSource input, QueryContext context) {
    this.node = node;
    this.input = input;
    this.context = context;
    List<SqlType> inputTypes = node.input().schema().types();
    for (Expr.Call call : node.functions()) {
      List<VectorExpression> arguments = new ArrayList<>();
      for (Expr argument : call.arguments()) {
        arguments.add(context.compile(argument, inputTypes));
      }
      functions.add(
          new Bound(
              context
                  .registry()
                  .setReturning(
                      call.function(),
                      call.arguments().stream().map(Expr::type).toList(),
                      call.type()),
              arguments));
    }
  }

  @Override
  boolean fill() {
    DeltaBatch next = input.next();
    if (next == null) {
      return false;
    }
    List<SetReturningKernel.Rows> results = new ArrayList<>();
    try (DeltaBatch in = Batches.expand(context.allocator(), next)) {
      for (Bound function : functions) {
        results.add(evaluate(function, in));
      }
      context.check();
      combine(in, results);
    } finally {
      results.forEach(SetReturningKernel.Rows::close);
    }
    return true;
  }

  private SetReturningKernel.Rows evaluate(Bound function, DeltaBatch in) {
    Column[] arguments = new Column[function.arguments().size()];
    int made = 0;
    try {
      for (; made < arguments.length; made++) {
        arguments[made] =
            function.arguments().get(made).evaluate(context.evaluation(), in, Batches.all(in));
      }
      context.check();
      return function.kernel().evaluate(context.evaluation(), arguments, Selection.all(in.rows()));
    } finally {
      Batches.close(arguments, made);
    }
  }

  private void combine(DeltaBatch in, List<SetReturningKernel.Rows> results) {
    int[] lengths = new int[in.rows()];
    int total = 0;
    for (int row = 0; row < in.rows(); row++) {
      for (SetReturningKernel.Rows r : results) {
        lengths[row] = Math.max(lengths[row], r.ends()[row] - (row == 0 ? 0 : r.ends()[row - 1]));
      }
      if (node.outer()) {
        lengths[row] = Math.max(1, lengths[row]);
      }
      total = Math.addExact(total, lengths[row]);
    }
    int[] owner = new int[total];
    int[] ordinal = new int[total];
    for (int row = 0, at = 0; row < in.rows(); row++) {
      for (int k = 0; k < lengths[row]; k++, at++) {
        owner[at] = row;
        ordinal[at] = k;
      }
    }
    List<Column> produced = new ArrayList<>();
    for (SetReturningKernel.Rows r : results) {
      int[] chosen = new int[total];
      for (int i = 0; i < total; i++) {
        int start = owner[i] == 0 ? 0 : r.ends()[owner[i] - 1];
        chosen[i] = start + ordinal[i] < r.ends()[owner[i]] ? start + ordinal[i] : -1;
      }
      try (DeltaBatch rows =
          new DeltaBatch(
              r.columns()[0].rows(),
              Arrays.stream(r.columns()).map(Column::retain).toArray(Column[]::new),
              null)) {
        produced.addAll(
            Arrays.asList(Batches.columnsOrNull(context.allocator(), rows, chosen, total)));
      }
    }
    if (node.ordinality()) {
      produced.add(ordinals(ordinal, total));
    }
    emit(
        Batches.join(
            total,
            Batches.columns(context.allocator(), in, owner, total),
            produced.toArray(Column[]::new)));
  }

  private Column ordinals(int[] ordinal, int total) {
    try (FixedColumn out = new FixedColumn(context.allocator(), SimpleType.BIGINT, total)) {
      for (int i = 0; i < total; i++) {
        out.data().set(Memory.LONG, (long) i << 3, ordinal[i] + 1L);
      }
      return out.finish();
    }
  }

  @Override
  public void close() {
    super.close();
    input.close();
  }
}
