package dev.aevum.executor.pattern;

import dev.aevum.executor.function.FunctionRegistry;
import dev.aevum.executor.kernel.EvaluationContext;
import dev.aevum.executor.kernel.Gather;
import dev.aevum.executor.kernel.RowError;
import dev.aevum.executor.kernel.Selection;
import dev.aevum.executor.waiting.RowStore;
import dev.aevum.model.batch.DeltaBatch;
import dev.aevum.model.error.SqlException;
import dev.aevum.planner.plan.Expr;
import dev.aevum.planner.plan.PlanNode.MatchNode;
import java.util.Arrays;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.UnaryOperator;

/// MATCH_RECOGNIZE over all rows at once: partitions are given one after the other, in order.
///
/// Errors: the first one fails the statement.
public final class BatchMatcher implements AutoCloseable {
  private static final int BATCH = 4096;

  private final MatchPlan plan;
  private final EvaluationContext context;
  private final RowStore store;
  private final PatternRun run;
  private final PartitionMatch[] partition = new PartitionMatch[1];

  /// Fails with the first error. `output` is given the batches.
  public BatchMatcher(
      MatchNode node,
      FunctionRegistry registry,
      UnaryOperator<Expr> bound,
      EvaluationContext context,
      Consumer<DeltaBatch> output) {
    this(
        new MatchPlan(node, registry, bound),
        context,
        store -> new Failing(),
        store -> new Handing(output));
  }

  BatchMatcher(
      MatchPlan plan,
      EvaluationContext context,
      Function<RowStore, PatternRun.Problems> problems,
      Function<RowStore, MeasureEvaluation.Target> target) {
    this.plan = plan;
    this.context = context;
    this.store = new RowStore(context.allocator(), plan.inputTypes);
    this.run = new PatternRun(plan, store, problems.apply(store), target.apply(store));
  }

  private static final class Failing implements PatternRun.Problems {
    @Override
    public void failMatch(SqlException error, int row) {
      throw error;
    }

    @Override
    public void report(RowError error, int rowId) {
      throw error.toException();
    }
  }

  private record Handing(Consumer<DeltaBatch> output) implements MeasureEvaluation.Target {
    @Override
    public void emit(DeltaBatch rows, int[] frames) {
      output.accept(rows);
    }

    @Override
    public void fail(RowError error, int rowId, int frame) {
      throw error.toException();
    }
  }

  /// Rows `order[from]` to `order[to - 1]` of `rows` are the next partition.
  public void partition(DeltaBatch rows, int[] order, int from, int to) {
    PartitionMatch p = new PartitionMatch(new byte[0], 0);
    for (int at = from; at < to; at += BATCH) {
      int count = Math.min(BATCH, to - at);
      int[] chosen = Arrays.copyOfRange(order, at, at + count);
      DeltaBatch part = Gather.gather(context.allocator(), rows, Selection.of(chosen, count));
      int chunk = store.add(part);
      for (int i = 0; i < count; i++) {
        p.addRow(RowStore.id(chunk, i), plan.rules.isTimed(), time(p, part, i));
      }
    }
    run.label(p, true, context);
    run.finishLabels(context);
    partition[0] = p;
    run.run(partition, 1, true, context);
    run.finishRows(p);
    run.emit(context);
    for (int i = 0; i < p.size; i++) {
      store.release(p.rows[i]);
    }
  }

  private long time(PartitionMatch p, DeltaBatch rows, int i) {
    if (!plan.rules.isTimed()) {
      return 0;
    }
    return plan.isByRows ? p.dropped + p.size : MatchPlan.timeOf(rows.column(plan.timeColumn), i);
  }

  @Override
  public void close() {
    store.close();
  }
}
