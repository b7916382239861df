package dev.aevum.executor.step;

import dev.aevum.executor.kernel.CatalogLookup;
import dev.aevum.executor.kernel.SessionEnvironment;
import dev.aevum.executor.operator.ShardRange;
import dev.aevum.executor.spi.StepInput;
import dev.aevum.executor.spi.StepInput.RelationChange;
import dev.aevum.executor.spi.StepOutput;
import dev.aevum.model.batch.DeltaBatch;
import dev.aevum.model.text.TextStyle;
import dev.aevum.model.type.SqlType;
import dev.aevum.planner.plan.ViewPlan;
import dev.aevum.storage.state.StateBackend;
import dev.aevum.storage.state.memory.MemoryStateBackend;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.jspecify.annotations.Nullable;

/// A step engine with its memory, and what its views have emitted so far.
final class Lane implements AutoCloseable {
  final BufferAllocator allocator = new RootAllocator();
  final StepEngine engine;
  final Map<Integer, Bag> views = new HashMap<>();
  final List<StepOutput.RowError> errors = new ArrayList<>();
  final Bag errorBag = new Bag();
  final Map<Integer, Bag> late = new HashMap<>();
  final List<StepOutput.ViewFailure> failures = new ArrayList<>();
  List<byte[]> dirty = List.of();

  final StateStore stored;

  /// Bytes of rows of all steps so far.
  long outputBytes;

  private long step;

  Lane(int workers) {
    this(workers, new StateStore());
  }

  /// Views may make `maxOutputBytes` of rows in a step.
  static Lane bounded(int workers, long maxOutputBytes) {
    return new Lane(workers, new StateStore(), maxOutputBytes);
  }

  /// Goes on from what `stored` has.
  Lane(int workers, StateStore stored) {
    this(workers, stored, Long.MAX_VALUE);
  }

  private Lane(int workers, StateStore stored, long maxOutputBytes) {
    this.stored = stored;
    List<StateBackend> backends = new ArrayList<>();
    for (int w = 0; w < workers; w++) {
      ShardRange shards = ShardRange.of(w, workers);
      backends.add(new MemoryStateBackend(allocator, shards.from(), shards.to(), stored));
    }
    engine =
        new StepEngine(
            allocator,
            backends,
            Plans.FUNCTIONS,
            new TestSession(),
            System::nanoTime,
            true,
            maxOutputBytes);
  }

  Lane deploy(int view, ViewPlan plan) {
    engine.deploy(view, plan);
    views.put(view, new Bag());
    return this;
  }

  void step(List<Change> changes, Map<Integer, Long> watermarks) {
    List<RelationChange> input = new ArrayList<>();
    for (Change c : changes) {
      input.add(new RelationChange(c.relation(), 0, Bag.batch(allocator, c.types(), c.rows())));
    }
    take(engine.run(new StepInput(++step, step * 1000, input, watermarks)));
    input.forEach(c -> c.batch().close());
  }

  void take(StepOutput output) {
    for (StepOutput.OutputChange c : output.changes()) {
      try (DeltaBatch batch = c.batch()) {
        outputBytes += batch.sizeBytes();
        views.computeIfAbsent(c.relation(), r -> new Bag()).add(batch);
      }
    }
    for (StepOutput.LateRows l : output.late()) {
      try (DeltaBatch batch = l.batch()) {
        late.computeIfAbsent(l.view(), r -> new Bag()).add(batch);
      }
    }
    for (StepOutput.RowError e : output.errors()) {
      errors.add(e);
      errorBag.add(List.of(e.relation(), e.sqlState(), e.message(), e.rowText()), e.weight());
    }
    failures.addAll(output.failures());
    dirty = output.dirty();
    dirty.forEach(stored::apply);
  }

  /// Entries of all state that the steps so far have put and not deleted.
  long entries() {
    return stored.size();
  }

  /// Rows of one batch of a relation.
  record Change(int relation, List<SqlType> types, List<Bag.Row> rows) {}

  @Override
  public void close() {
    engine.close();
    allocator.close();
  }

  /// A session in which nothing is set.
  static final class TestSession implements SessionEnvironment {
    @Override
    public TextStyle textStyle() {
      return TextStyle.DEFAULT;
    }

    @Override
    public String user() {
      return "aevum";
    }

    @Override
    public String database() {
      return "aevum";
    }

    @Override
    public List<String> searchPath(boolean implicit) {
      return List.of("public");
    }

    @Override
    public int backendProcessId() {
      return 1;
    }

    @Override
    public String version() {
      return "test";
    }

    @Override
    public @Nullable String setting(String name) {
      return null;
    }

    @Override
    public String setSetting(String name, String value, boolean local) {
      return value;
    }

    @Override
    public long clockMicros() {
      return 0;
    }

    @Override
    public long randomBits() {
      return 4;
    }

    @Override
    public CatalogLookup catalog() {
      throw new IllegalStateException("no catalogue here");
    }
  }
}
