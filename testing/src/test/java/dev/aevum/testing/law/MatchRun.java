package dev.aevum.testing.law;

import dev.aevum.executor.function.FunctionRegistry;
import dev.aevum.executor.operator.ShardRange;
import dev.aevum.executor.spi.StepInput;
import dev.aevum.executor.spi.StepInput.RelationChange;
import dev.aevum.executor.spi.StepOutput;
import dev.aevum.executor.step.StepEngine;
import dev.aevum.model.batch.BatchWriter;
import dev.aevum.model.batch.DeltaBatch;
import dev.aevum.model.text.JavaValues;
import dev.aevum.planner.plan.PlanNode;
import dev.aevum.planner.plan.ViewPlan;
import dev.aevum.storage.state.StateBackend;
import dev.aevum.storage.state.memory.MemoryStateBackend;
import dev.aevum.testing.random.HistoryGenerator.Change;
import dev.aevum.testing.random.Relation;
import dev.aevum.testing.reference.Contents;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.jspecify.annotations.Nullable;

/// One view over one relation in the step engine, that can start again, with other workers; and the
/// same plan ad hoc.
final class MatchRun implements AutoCloseable {
  private static final int VIEW = 20_000;

  private final BufferAllocator allocator = new RootAllocator();
  private final PlanNode plan;
  private final Relation relation;
  private final FunctionRegistry functions;
  private final int batchRows;
  private final Contents contents;
  private final Map<String, Long> errors = new TreeMap<>();
  private final KeptState state = new KeptState();
  private StepEngine engine;
  private long step;
  private @Nullable Long watermark;

  MatchRun(
      PlanNode plan, Relation relation, FunctionRegistry functions, int workers, int batchRows) {
    this.plan = plan;
    this.relation = relation;
    this.functions = functions;
    this.batchRows = batchRows;
    this.contents = new Contents(plan.schema().types());
    this.engine = start(workers);
  }

  private StepEngine start(int workers) {
    List<StateBackend> backends = new ArrayList<>();
    for (int w = 0; w < workers; w++) {
      ShardRange shards = ShardRange.of(w, workers);
      backends.add(new MemoryStateBackend(allocator, shards.from(), shards.to(), state));
    }
    StepEngine started =
        new StepEngine(allocator, backends, functions, new LawEnvironment(), () -> 0L);
    try {
      started.deploy(VIEW, new ViewPlan(plan, List.of(), List.of()));
      return started;
    } catch (RuntimeException e) {
      started.close();
      allocator.close();
      throw e;
    }
  }

  /// Stops and starts from what the steps so far left in storage.
  void restart(int workers) {
    engine.close();
    engine = start(workers);
    if (watermark != null) {
      engine.restoreWatermarks(Map.of(relation.id(), watermark));
    }
  }

  void step(List<Change> changes, @Nullable Long newWatermark) {
    List<RelationChange> input = new ArrayList<>();
    for (int from = 0; from < changes.size(); from += batchRows) {
      List<Change> piece = changes.subList(from, Math.min(changes.size(), from + batchRows));
      input.add(new RelationChange(relation.id(), 0, batch(allocator, relation, piece)));
    }
    step++;
    if (newWatermark != null) {
      watermark = newWatermark;
    }
    Map<Integer, Long> watermarks =
        newWatermark == null ? Map.of() : Map.of(relation.id(), newWatermark);
    StepOutput output = engine.run(new StepInput(step, step * 1000, input, watermarks));
    input.forEach(c -> c.batch().close());
    take(output);
  }

  private static DeltaBatch batch(BufferAllocator allocator, Relation relation, List<Change> rows) {
    boolean weighted = !relation.isStream();
    try (BatchWriter writer = new BatchWriter(allocator, relation.types(), weighted, rows.size())) {
      for (Change change : rows) {
        for (int i = 0; i < relation.schema().size(); i++) {
          JavaValues.append(change.row().get(i), writer.column(i));
        }
        writer.endRow(change.weight());
      }
      return writer.finish();
    }
  }

  private void take(StepOutput output) {
    boolean appendOnly = plan.traits().appendOnly();
    for (StepOutput.OutputChange change : output.changes()) {
      try (DeltaBatch batch = change.batch()) {
        for (int row = 0; appendOnly && row < batch.rows(); row++) {
          if (batch.weightAt(row) < 0) {
            throw new AssertionError("a retraction in an append-only output");
          }
        }
        contents.add(batch);
      }
    }
    output.late().forEach(l -> l.batch().close());
    output.dirty().forEach(state::apply);
    for (StepOutput.RowError error : output.errors()) {
      errors.merge(error.sqlState(), error.weight(), Long::sum);
      errors.values().removeIf(w -> w == 0);
    }
    if (!output.failures().isEmpty()) {
      StepOutput.ViewFailure failure = output.failures().getFirst();
      throw new AssertionError(
          "the view failed in " + failure.operatorName() + ": " + failure.reason(),
          failure.cause());
    }
  }

  Contents contents() {
    return contents;
  }

  /// Open errors by SQLSTATE.
  Map<String, Long> errors() {
    return new TreeMap<>(errors);
  }

  /// Of keys and values.
  long stateBytes() {
    return state.bytes();
  }

  int stateEntries() {
    return state.size();
  }

  @Override
  public void close() {
    engine.close();
    allocator.close();
  }

  /// The rows of a plan over these rows of its relation, as an ad-hoc query gives them.
  static Contents query(
      PlanNode plan,
      Relation relation,
      FunctionRegistry functions,
      List<List<@Nullable Object>> rows,
      int batchRows) {
    return QueryRun.contents(
        plan, List.of(relation), Map.of(relation.id(), rows), functions, batchRows);
  }
}
