package dev.aevum.executor.step;

import dev.aevum.executor.function.FunctionRegistry;
import dev.aevum.executor.kernel.SessionEnvironment;
import dev.aevum.executor.operator.OutputOperator;
import dev.aevum.executor.spi.ControlsModel;
import dev.aevum.executor.spi.StepInput;
import dev.aevum.executor.spi.StepInput.RelationChange;
import dev.aevum.executor.spi.StepOutput;
import dev.aevum.executor.spi.StepOutput.LateRows;
import dev.aevum.executor.spi.StepOutput.OutputChange;
import dev.aevum.executor.spi.StepOutput.RowError;
import dev.aevum.executor.spi.StepOutput.ViewFailure;
import dev.aevum.model.batch.DeltaBatch;
import dev.aevum.model.error.ErrorCode;
import dev.aevum.model.error.SqlException;
import dev.aevum.model.step.ObjectId;
import dev.aevum.planner.plan.PlanNode;
import dev.aevum.planner.plan.ViewPlan;
import dev.aevum.storage.state.StateBackend;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.OutOfMemoryException;
import org.jspecify.annotations.Nullable;

/// Runs the steps of a lane over all deployed views and sinks.
///
/// One thread at a time calls the methods (the step thread), between steps; [#running] may be
/// called by any thread at any time. Results depend only on state and step inputs, not on batch
/// boundaries, timing or the number of workers (changes are equal as multisets).
public final class StepEngine implements AutoCloseable {
  private static final String OUT_OF_MEMORY =
      ErrorCode.OUT_OF_MEMORY.sqlState()
          + ": out of memory; give the server more with --memory, or drop views whose state grows";

  /// The operator of a [ViewFailure] when a view that it reads failed.
  public static final String INPUT = "input";

  private final List<StateBackend> backends;
  private final InProcessExchange exchange;
  private final List<StepWorker> workers = new ArrayList<>();
  private final List<ExecutorService> threads = new ArrayList<>();
  private final Map<Integer, ViewPlan> plans = new LinkedHashMap<>();
  private final Map<Integer, Long> watermarks = new HashMap<>();
  private final long maxOutputBytes;
  private int nextEdge;

  /// @param allocator parent of the workers' allocators; borrowed
  /// @param backends one a worker, in order, each for the shards of that worker; owned from now on
  /// @param session what functions in views see
  /// @param nanoClock for operators' times only
  public StepEngine(
      BufferAllocator allocator,
      List<StateBackend> backends,
      FunctionRegistry functions,
      SessionEnvironment session,
      LongSupplier nanoClock) {
    this(allocator, backends, functions, session, nanoClock, true, Long.MAX_VALUE);
  }

  /// With `encodesState` false [StepOutput#dirty] holds empty blobs: for a database that keeps
  /// nothing.
  ///
  /// @param maxOutputBytes a view that makes more of rows in one step fails with 53200
  public StepEngine(
      BufferAllocator allocator,
      List<StateBackend> backends,
      FunctionRegistry functions,
      SessionEnvironment session,
      LongSupplier nanoClock,
      boolean encodesState,
      long maxOutputBytes) {
    this.maxOutputBytes = maxOutputBytes;
    this.backends = List.copyOf(backends);
    int count = backends.size();
    this.exchange = new InProcessExchange(count);
    for (int i = 0; i < count; i++) {
      String name = "aevum-worker-" + i;
      threads.add(
          Executors.newSingleThreadExecutor(Thread.ofPlatform().name(name).daemon(true).factory()));
      workers.add(
          new StepWorker(
              i,
              count,
              allocator.newChildAllocator(name, 0, Long.MAX_VALUE),
              this.backends.get(i),
              exchange,
              functions,
              session,
              new StepTimer(nanoClock),
              encodesState,
              maxOutputBytes));
    }
  }

  public int workerCount() {
    return workers.size();
  }

  /// Adds a view or sink, from the next step on. Views that it reads are deployed before it. State
  /// left in the backends for the same plan is taken up.
  ///
  /// Errors: 0A000 for plans without an incremental form; then nothing has changed.
  public void deploy(int view, ViewPlan plan) {
    if (plans.containsKey(view) || plans.values().stream().anyMatch(p -> reads(p.root(), view))) {
      throw new IllegalStateException("view " + view + " is deployed, or read, already");
    }
    int firstEdge = nextEdge;
    nextEdge += CircuitBuilder.size(plan.root());
    try {
      onAll(w -> {
        w.deploy(view, plan, firstEdge);
        return view;
      });
    } catch (RuntimeException | Error e) {
      onAll(w -> {
        w.undeploy(view, false);
        return view;
      });
      throw e;
    }
    plans.put(view, plan);
  }

  /// Takes a view out, with its state when `dropState` (the next step's output carries that), else
  /// storage keeps it. No deployed view reads it.
  public void undeploy(int view, boolean dropState) {
    plans.remove(view);
    if (plans.values().stream().anyMatch(p -> reads(p.root(), view))) {
      throw new IllegalStateException("view " + view + " is read by another");
    }
    onAll(w -> {
      w.undeploy(view, dropState);
      return view;
    });
  }

  /// Forgets state that storage may hold of a view that is not deployed: the next step's output
  /// carries that, and tables opened under these ids are empty.
  public void forgetState(List<ObjectId> objects) {
    onAll(w -> {
      w.forget(objects);
      return w;
    });
  }

  /// Tells the models of a deployed view something, on each worker. What it changes shows with the
  /// next step.
  public void control(int view, Consumer<ControlsModel> action) {
    onAll(w -> {
      w.control(view, action);
      return w;
    });
  }

  /// Makes the next step fail a deployed view, and those that read it, for `cause`.
  ///
  /// @param where named as the operator that failed
  public void condemn(int view, String where, Throwable cause) {
    onAll(w -> {
      w.condemn(view, where, cause);
      return w;
    });
  }

  private static boolean reads(PlanNode node, int relation) {
    return node instanceof PlanNode.ScanNode scan && scan.relation() == relation
        || node.inputs().stream().anyMatch(i -> reads(i, relation));
  }

  /// Sets the streams' watermarks, as of the last step: after a restart.
  public void restoreWatermarks(Map<Integer, Long> ofStreams) {
    watermarks.putAll(ofStreams);
  }

  /// One step of all deployed views. The output is the caller's.
  public StepOutput run(StepInput input) {
    Map<Integer, Long> before = Map.copyOf(watermarks);
    input.watermarks().forEach((stream, w) -> watermarks.merge(stream, w, Math::max));
    Iterator<RelationChange> changes = input.changes().iterator();
    return run(
        new StepWorker.Task(
            input.step(),
            input.nowMicros(),
            shared(changes, false),
            before,
            Map.copyOf(watermarks),
            null));
  }

  /// A step in which only `view`, newly deployed, takes part: it is fed the present contents of the
  /// relations it reads and then the present watermarks. No row is late here. The batches are the
  /// engine's as the iterators give them; iterators are called by one thread at a time.
  public StepOutput backfill(
      long step, long nowMicros, int view, Map<Integer, Iterator<DeltaBatch>> contents) {
    List<Iterator<RelationChange>> all = new ArrayList<>();
    contents.forEach((relation, batches) ->
        all.add(
            new Iterator<>() {
              @Override
              public boolean hasNext() {
                return batches.hasNext();
              }

              @Override
              public RelationChange next() {
                return new RelationChange(relation, 0, batches.next());
              }
            }));
    Map<Integer, Long> now = Map.copyOf(watermarks);
    return run(new StepWorker.Task(step, nowMicros, shared(chain(all), true), Map.of(), now, view));
  }

  private static Iterator<RelationChange> chain(List<Iterator<RelationChange>> all) {
    Iterator<Iterator<RelationChange>> outer = all.iterator();
    return new Iterator<>() {
      private @Nullable Iterator<RelationChange> inner;

      @Override
      public boolean hasNext() {
        while (inner == null || !inner.hasNext()) {
          if (!outer.hasNext()) {
            return false;
          }
          inner = outer.next();
        }
        return true;
      }

      @Override
      public RelationChange next() {
        if (!hasNext()) {
          throw new java.util.NoSuchElementException();
        }
        return Objects.requireNonNull(inner).next();
      }
    };
  }

  /// The input as workers take it: one batch at a time, each worker the next free one. With `owned`
  /// a worker's batch is closed when it asks for the next.
  @SuppressWarnings("ThreadLocalUsage") // one step's; the workers' threads end with the engine
  private static Supplier<@Nullable RelationChange> shared(
      Iterator<RelationChange> changes, boolean owned) {
    Object lock = new Object();
    ThreadLocal<@Nullable DeltaBatch> last = new ThreadLocal<>();
    return () -> {
      if (owned) {
        DeltaBatch done = last.get();
        if (done != null) {
          done.close();
          last.remove();
        }
      }
      synchronized (lock) {
        RelationChange next = changes.hasNext() ? changes.next() : null;
        if (owned && next != null) {
          last.set(next.batch());
        }
        return next;
      }
    };
  }

  private StepOutput run(StepWorker.Task task) {
    onAll(w -> {
      try {
        w.run(task);
      } catch (RuntimeException | Error e) {
        exchange.stop();
        throw e;
      }
      return task;
    });
    boundOutput();
    List<ViewFailure> failures = failures();
    Set<Integer> failed = new HashSet<>();
    failures.forEach(f -> failed.add(f.view()));
    failed.forEach(plans::remove);
    List<OutputChange> changes = new ArrayList<>();
    List<LateRows> late = new ArrayList<>();
    List<RowError> errors = new ArrayList<>();
    for (StepWorker w : workers) {
      for (ViewCircuit v : w.views()) {
        if (!failed.contains(v.view)) {
          v.root.take().forEach(b -> changes.add(new OutputChange(v.view, b)));
          late.addAll(v.late);
          v.late.clear();
          errors.addAll(v.errors);
          v.errors.clear();
        }
      }
    }
    List<byte[]> dirty = onAll(w -> w.seal(failed)).stream().flatMap(List::stream).toList();
    return new StepOutput(task.step(), changes, late, errors, dirty, failures);
  }

  /// Fails views whose workers together made too many rows; a worker stops at the bound itself.
  private void boundOutput() {
    for (StepWorker w : workers) {
      for (ViewCircuit v : w.views()) {
        if (v.root.collectedBytes() > maxOutputBytes / workers.size()
            && outputBytes(v.view) > maxOutputBytes) {
          condemn(v.view, "Output", OutputOperator.tooMany(maxOutputBytes));
        }
      }
    }
  }

  private long outputBytes(int view) {
    return workers.stream()
        .flatMap(w -> w.views().stream())
        .filter(v -> v.view == view)
        .mapToLong(v -> v.root.collectedBytes())
        .sum();
  }

  /// The views that failed on some worker, and those that read them.
  private List<ViewFailure> failures() {
    Map<Integer, ViewFailure> found = new LinkedHashMap<>();
    for (StepWorker w : workers) {
      for (ViewCircuit v : w.views()) {
        ViewCircuit.Failure f = v.failure();
        if (f != null) {
          found.putIfAbsent(
              v.view, new ViewFailure(v.view, f.operatorName(), reason(f.cause()), f.cause()));
        }
      }
    }
    plans.forEach((view, plan) -> {
      for (ViewFailure cause : List.copyOf(found.values())) {
        if (!found.containsKey(view) && reads(plan.root(), cause.view())) {
          found.put(
              view, new ViewFailure(view, INPUT, "a view that it reads failed", cause.cause()));
        }
      }
    });
    return List.copyOf(found.values());
  }

  private static String reason(Throwable cause) {
    return switch (cause) {
      case OutOfMemoryException e -> OUT_OF_MEMORY;
      case OutOfMemoryError e -> OUT_OF_MEMORY;
      case SqlException e -> e.sqlState() + ": " + e.text();
      default -> cause.getClass().getSimpleName() + ": " + cause.getMessage();
    };
  }

  /// Counters of all operators. Waits for a step under way.
  public List<OperatorStatus> operators() {
    return onAll(StepWorker::status).stream().flatMap(List::stream).toList();
  }

  /// The models of all keys in running views. Waits for a step under way.
  public List<ModelState> models() {
    return onAll(StepWorker::models).stream().flatMap(List::stream).toList();
  }

  /// The latest matches of a view's last row pattern, by worker. Waits for a step under way.
  public List<KeptMatches> matches(int view) {
    List<KeptMatches> all = onAll(w -> w.matches(view)).stream().flatMap(List::stream).toList();
    int last = all.stream().mapToInt(KeptMatches::ordinal).max().orElse(0);
    return all.stream().filter(k -> k.ordinal() == last).toList();
  }

  /// The rows that a view's last row pattern keeps of its input, by worker; none of a worker that
  /// keeps more than `most`. Waits for a step under way.
  public List<KeptInput> inputs(int view, long most) {
    List<KeptInput> all = onAll(w -> w.inputs(view, most)).stream().flatMap(List::stream).toList();
    int last = all.stream().mapToInt(KeptInput::ordinal).max().orElse(0);
    return all.stream().filter(k -> k.ordinal() == last).toList();
  }

  /// Lets the models of a view begin anew for keys that have these values, by partition column;
  /// takes effect with the next step. Errors: 42809, 42703.
  public void resetModels(int view, Map<String, String> condition) {
    if (onAll(w -> w.resetModels(view, condition)).stream().allMatch(n -> n == 0)) {
      throw new SqlException(
          ErrorCode.WRONG_OBJECT_TYPE, "the view has no models", null, null, null, null);
    }
  }

  /// What each busy worker is at; any thread, at any time.
  public List<RunningOperator> running() {
    return workers.stream().map(StepWorker::running).filter(Objects::nonNull).toList();
  }

  /// A deployed view's watermark after the last step: the least of its sources'. Waits for a step
  /// under way.
  public long watermark(int view) {
    return onAll(w -> w.watermarkOf(view)).getFirst();
  }

  @FunctionalInterface
  private interface WorkerCall<T> {
    T call(StepWorker worker);
  }

  private <T> List<T> onAll(WorkerCall<T> call) {
    List<Future<T>> futures = new ArrayList<>();
    for (int i = 0; i < workers.size(); i++) {
      StepWorker worker = workers.get(i);
      Callable<T> task = () -> call.call(worker);
      futures.add(threads.get(i).submit(task));
    }
    List<T> results = new ArrayList<>();
    Throwable failure = null;
    for (Future<T> f : futures) {
      try {
        results.add(f.get());
      } catch (ExecutionException e) {
        failure = failure == null ? e.getCause() : failure;
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new IllegalStateException("interrupted in a step", e);
      }
    }
    if (failure instanceof RuntimeException e) {
      throw e;
    }
    if (failure instanceof Error e) {
      throw e;
    }
    return results;
  }

  /// Stops the threads and frees all memory; storage keeps the state.
  @Override
  public void close() {
    onAll(w -> {
      w.close();
      return w;
    });
    for (ExecutorService t : threads) {
      t.shutdown();
    }
    for (ExecutorService t : threads) {
      try {
        t.awaitTermination(10, TimeUnit.SECONDS);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
    exchange.close();
    backends.forEach(StateBackend::close);
    workers.forEach(w -> w.allocator().close());
  }
}
