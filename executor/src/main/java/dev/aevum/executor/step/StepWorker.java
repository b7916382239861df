package dev.aevum.executor.step;

import dev.aevum.executor.function.FunctionRegistry;
import dev.aevum.executor.kernel.EvaluationContext;
import dev.aevum.executor.kernel.SessionEnvironment;
import dev.aevum.executor.operator.DropsRows;
import dev.aevum.executor.operator.KeepsInput;
import dev.aevum.executor.operator.KeepsMatches;
import dev.aevum.executor.operator.KeepsModels;
import dev.aevum.executor.operator.KeepsRows;
import dev.aevum.executor.operator.ScanOperator;
import dev.aevum.executor.operator.ShardRange;
import dev.aevum.executor.spi.ControlsModel;
import dev.aevum.executor.spi.Exchange;
import dev.aevum.executor.spi.StepInput.RelationChange;
import dev.aevum.model.batch.DeltaBatch;
import dev.aevum.model.step.ObjectId;
import dev.aevum.model.step.Watermarks;
import dev.aevum.planner.plan.ViewPlan;
import dev.aevum.storage.state.DirtyEncoder;
import dev.aevum.storage.state.DirtySink;
import dev.aevum.storage.state.StateBackend;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.apache.arrow.memory.BufferAllocator;
import org.jspecify.annotations.Nullable;

/// One worker's share of everything: its circuit, state and step under way. All methods run on the
/// worker's thread, save [#running].
final class StepWorker {
  /// What a step gives a worker.
  ///
  /// @param changes where to take input from, until it gives null; shared between workers
  /// @param only the one view that takes part (a backfill); null: all
  record Task(
      long step,
      long nowMicros,
      Supplier<@Nullable RelationChange> changes,
      Map<Integer, Long> watermarksBefore,
      Map<Integer, Long> watermarksAfter,
      @Nullable Integer only) {}

  private final int index;
  private final ShardRange shards;
  private final BufferAllocator allocator;
  private final StateBackend state;
  private final Exchange exchange;
  private final FunctionRegistry functions;
  private final SessionEnvironment session;
  private final StepTimer timer;
  private final boolean encodesState;
  private final List<ViewCircuit> views = new ArrayList<>();
  private final Map<Integer, List<Reader>> readers = new HashMap<>();
  private final long maxOutputBytes;
  private final DirtyEncoder dirty = new DirtyEncoder();
  private @Nullable EvaluationContext evaluation;
  private long step;

  /// A scan and the view it belongs to.
  private record Reader(ViewCircuit view, CircuitNode scan) {}

  StepWorker(
      int index,
      int workers,
      BufferAllocator allocator,
      StateBackend state,
      Exchange exchange,
      FunctionRegistry functions,
      SessionEnvironment session,
      StepTimer timer,
      boolean encodesState,
      long maxOutputBytes) {
    this.index = index;
    this.shards = ShardRange.of(index, workers);
    this.allocator = allocator;
    this.state = state;
    this.exchange = exchange;
    this.functions = functions;
    this.session = session;
    this.timer = timer;
    this.encodesState = encodesState;
    this.maxOutputBytes = maxOutputBytes;
  }

  /// Where changed state goes when nobody keeps it.
  private static final class NoDirt implements DirtySink {
    @Override
    public void put(
        ObjectId object,
        int shard,
        MemorySegment key,
        long keyOffset,
        int keyLength,
        MemorySegment value,
        long valueOffset,
        int valueLength) {
      // Nothing is kept.
    }

    @Override
    public void delete(
        ObjectId object, int shard, MemorySegment key, long keyOffset, int keyLength) {
      // Nothing is kept.
    }

    @Override
    public void deleteRange(ObjectId object, int fromShard, int toShard, byte[] from, byte[] to) {
      // Nothing is kept.
    }
  }

  /// Bytes of rows that a view may make in one step.
  long maxOutputBytes() {
    return maxOutputBytes;
  }

  int index() {
    return index;
  }

  ShardRange shards() {
    return shards;
  }

  BufferAllocator allocator() {
    return allocator;
  }

  Exchange exchange() {
    return exchange;
  }

  FunctionRegistry functions() {
    return functions;
  }

  StepTimer timer() {
    return timer;
  }

  long step() {
    return step;
  }

  EvaluationContext evaluation() {
    return Objects.requireNonNull(evaluation);
  }

  RecordedState recordedState() {
    return new RecordedState(state);
  }

  void deploy(int view, ViewPlan plan, int firstEdge) {
    ViewCircuit circuit = new CircuitBuilder(this, view, firstEdge).build(plan);
    views.add(circuit);
    for (CircuitNode node : circuit.nodes) {
      if (node.operator() instanceof ScanOperator scan) {
        readers
            .computeIfAbsent(scan.relation(), r -> new ArrayList<>())
            .add(new Reader(circuit, node));
      }
    }
  }

  /// Does nothing for a view that is not deployed here.
  void undeploy(int view, boolean dropState) {
    for (ViewCircuit circuit : List.copyOf(views)) {
      if (circuit.view == view) {
        views.remove(circuit);
        readers.values().forEach(list -> list.removeIf(r -> r.view() == circuit));
        circuit.close(dropState);
      }
    }
  }

  void forget(List<ObjectId> objects) {
    objects.forEach(state::drop);
  }

  /// Halts, resumes or clears the models of a view, where they are.
  void control(int view, Consumer<ControlsModel> action) {
    for (ViewCircuit circuit : views) {
      if (circuit.view == view) {
        for (CircuitNode node : circuit.nodes) {
          if (node.operator() instanceof ControlsModel models) {
            action.accept(models);
          }
        }
      }
    }
  }

  void condemn(int view, String where, Throwable cause) {
    for (ViewCircuit circuit : views) {
      if (circuit.view == view) {
        circuit.fail(where, cause);
      }
    }
  }

  List<ViewCircuit> views() {
    return views;
  }

  /// Push, flush and time of a step. What it produced stays with the view circuits.
  void run(Task task) {
    step = task.step();
    evaluation = new EvaluationContext(allocator, session, task.nowMicros());
    Map<Integer, Long> viewsBefore = new HashMap<>();
    for (ViewCircuit v : views) {
      viewsBefore.put(v.view, v.watermark());
    }
    judge(task, viewsBefore);
    takeInput(task);
    for (ViewCircuit view : views) {
      if (task.only() == null || task.only() == view.view) {
        view.complete(relation -> watermark(relation, task.watermarksAfter()));
        for (DeltaBatch batch : view.root.collected()) {
          push(task.only(), view.view, batch);
        }
      }
    }
  }

  /// A reader of contents that fails fails the view that is filled.
  private void takeInput(Task task) {
    try {
      for (RelationChange c = task.changes().get(); c != null; c = task.changes().get()) {
        push(task.only(), c.relation(), c.batch());
      }
    } catch (RuntimeException e) {
      if (task.only() == null) {
        throw e;
      }
      int filled = task.only();
      views.stream().filter(v -> v.view == filled).forEach(v -> v.fail(e));
    }
  }

  private void judge(Task task, Map<Integer, Long> viewsBefore) {
    readers.forEach((relation, list) -> {
      Long ofView = viewsBefore.get(relation);
      long before =
          task.only() != null
              ? Watermarks.NONE
              : ofView != null
                  ? ofView
                  : task.watermarksBefore().getOrDefault(relation, Watermarks.NONE);
      for (Reader r : list) {
        ((ScanOperator) r.scan().operator()).judgeBy(before);
      }
    });
  }

  private void push(@Nullable Integer only, int relation, DeltaBatch batch) {
    for (Reader r : readers.getOrDefault(relation, List.of())) {
      if (only == null || only == r.view().view) {
        r.view().push(r.scan(), batch);
      }
    }
  }

  private long watermark(int relation, Map<Integer, Long> ofStreams) {
    for (ViewCircuit v : views) {
      if (v.view == relation) {
        return v.watermark();
      }
    }
    return ofStreams.getOrDefault(relation, Watermarks.NONE);
  }

  /// Drops the views that failed (here or elsewhere) and encodes the changed state of the others.
  List<byte[]> seal(Set<Integer> failed) {
    for (int view : failed) {
      undeploy(view, true);
    }
    if (!encodesState) {
      state.drainDirty(new NoDirt());
      return List.of();
    }
    state.drainDirty(dirty);
    return dirty.take();
  }

  long watermarkOf(int view) {
    return watermark(view, Map.of());
  }

  List<OperatorStatus> status() {
    List<OperatorStatus> all = new ArrayList<>();
    for (ViewCircuit v : views) {
      for (CircuitNode n : v.nodes) {
        KeepsRows kept = n.operator() instanceof KeepsRows k ? k : null;
        all.add(
            new OperatorStatus(
                v.view,
                n.ordinal,
                n.name,
                index,
                n.rowsIn,
                n.rowsOut,
                n.pushNanos,
                n.flushNanos,
                n.state.sizeBytes(),
                kept == null ? -1 : kept.keptKeys(),
                kept == null ? -1 : kept.keptRows(),
                kept == null ? Watermarks.NONE : kept.oldestMicros(),
                n.watermark,
                n.operator() instanceof DropsRows d ? d.droppedRows() : 0));
      }
    }
    return all;
  }

  /// The models of all views.
  List<ModelState> models() {
    List<ModelState> all = new ArrayList<>();
    for (ViewCircuit v : views) {
      for (CircuitNode n : v.nodes) {
        if (v.failure() == null && n.operator() instanceof KeepsModels k) {
          ModelKeys keys = new ModelKeys(allocator, k);
          k.inspect((call, status) -> all.add(keys.state(v.view, n.ordinal, k, call, status)));
        }
      }
    }
    return all;
  }

  /// The latest matches that the view's operators keep.
  List<KeptMatches> matches(int view) {
    List<KeptMatches> all = new ArrayList<>();
    for (ViewCircuit v : views) {
      for (CircuitNode n : v.nodes) {
        if (v.view == view && v.failure() == null && n.operator() instanceof KeepsMatches k) {
          all.add(new KeptMatches(n.ordinal, k.matchNode().input().schema(), k.recentMatches()));
        }
      }
    }
    return all;
  }

  /// The rows that the view's row patterns keep of their inputs, where there are at most `most`.
  List<KeptInput> inputs(int view, long most) {
    List<KeptInput> all = new ArrayList<>();
    for (ViewCircuit v : views) {
      for (CircuitNode n : v.nodes) {
        if (v.view == view && v.failure() == null && n.operator() instanceof KeepsInput k) {
          long count = k.keptRows();
          List<byte[]> rows = count > most ? List.of() : k.inputRows();
          all.add(new KeptInput(n.ordinal, k.matchNode().input().schema(), count, rows));
        }
      }
    }
    return all;
  }

  /// Operators of the view that have models; those of keys with these values begin anew.
  int resetModels(int view, Map<String, String> condition) {
    int operators = 0;
    for (ViewCircuit v : views) {
      for (CircuitNode n : v.nodes) {
        if (v.view == view && n.operator() instanceof KeepsModels k) {
          ModelKeys keys = new ModelKeys(allocator, k);
          keys.check(condition);
          k.reset(key -> keys.matches(key, condition));
          operators++;
        }
      }
    }
    return operators;
  }

  @Nullable RunningOperator running() {
    CircuitNode node = timer.current();
    return node == null
        ? null
        : new RunningOperator(index, node.view, node.name, timer.enteredNanos());
  }

  void close() {
    views.forEach(v -> v.close(false));
    views.clear();
    readers.clear();
  }
}
