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
import dev.aevum.storage.state.memory.StateLoader;
import dev.aevum.testing.random.HistoryGenerator.Change;
import dev.aevum.testing.random.HistoryGenerator.Step;
import dev.aevum.testing.random.Relation;
import dev.aevum.testing.reference.Contents;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;

/// One view over the step engine with some number of workers and some size of input batches, and
/// what it has emitted so far.
final class StepRun implements AutoCloseable {
  private static final int VIEW = 20_000;

  private final BufferAllocator allocator = new RootAllocator();
  private final StepEngine engine;
  private final List<Relation> relations;
  private final int batchRows;
  private final Contents contents;
  private final Map<String, Long> errors = new TreeMap<>();
  private final boolean appendOnly;
  private long step;

  StepRun(
      PlanNode plan,
      List<Relation> relations,
      FunctionRegistry functions,
      int workers,
      int batchRows) {
    this.relations = relations;
    this.batchRows = batchRows;
    this.appendOnly = plan.traits().appendOnly();
    this.contents = new Contents(plan.schema().types());
    List<StateBackend> backends = new ArrayList<>();
    for (int w = 0; w < workers; w++) {
      ShardRange shards = ShardRange.of(w, workers);
      backends.add(new MemoryStateBackend(allocator, shards.from(), shards.to(), StateLoader.NONE));
    }
    engine = new StepEngine(allocator, backends, functions, new LawEnvironment(), () -> 0L);
    try {
      engine.deploy(VIEW, new ViewPlan(plan, List.of(), List.of()));
    } catch (RuntimeException e) {
      close();
      throw e;
    }
  }

  /// The same changes in two steps: the watermarks move after both, so that no row is late in one
  /// cut only.
  void runInTwo(Step changes) {
    Map<Integer, List<Change>> first = new HashMap<>();
    Map<Integer, List<Change>> second = new HashMap<>();
    changes
        .changes()
        .forEach((relation, rows) -> {
          first.put(relation, rows.subList(0, rows.size() / 2));
          second.put(relation, rows.subList(rows.size() / 2, rows.size()));
        });
    run(new Step(first, Map.of()));
    run(new Step(second, changes.watermarks()));
  }

  void run(Step changes) {
    List<RelationChange> input = new ArrayList<>();
    for (Relation relation : relations) {
      List<Change> rows = changes.changes().getOrDefault(relation.id(), List.of());
      for (int from = 0; from < rows.size(); from += batchRows) {
        List<Change> piece = rows.subList(from, Math.min(rows.size(), from + batchRows));
        input.add(
            new RelationChange(
                relation.id(), 0, batch(allocator, relation, piece, !relation.isStream())));
      }
    }
    step++;
    StepOutput output = engine.run(new StepInput(step, step * 1000, input, changes.watermarks()));
    input.forEach(c -> c.batch().close());
    take(output);
  }

  static DeltaBatch batch(
      BufferAllocator allocator, Relation relation, List<Change> rows, boolean weighted) {
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
    return new HashMap<>(errors);
  }

  @Override
  public void close() {
    engine.close();
    allocator.close();
  }
}
