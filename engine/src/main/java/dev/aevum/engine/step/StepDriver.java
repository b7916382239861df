package dev.aevum.engine.step;

import dev.aevum.engine.catalog.Catalog;
import dev.aevum.engine.step.Admission.KeyTaken;
import dev.aevum.engine.write.TableChange;
import dev.aevum.executor.spi.StepInput;
import dev.aevum.executor.spi.StepInput.RelationChange;
import dev.aevum.executor.spi.StepOutput;
import dev.aevum.executor.step.StepEngine;
import dev.aevum.model.error.ErrorCode;
import dev.aevum.model.error.SqlException;
import dev.aevum.model.step.Position;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongConsumer;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.apache.arrow.memory.BufferAllocator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The step thread. It takes, in this order: exclusive tasks (definitions of objects, between
/// steps, alone), then writes and source rows, of which it makes one step. While a step becomes
/// durable the next writes queue up and go into one step together (group commit).
public final class StepDriver implements AutoCloseable {
  /// What a step takes of writes at most, but for the last one.
  private static final long MAX_ROWS = 262_144;

  private static final int MAX_QUEUED_WRITES = 10_000;
  private static final long IDLE_NANOS = 50_000_000L;
  private static final Logger LOG = LoggerFactory.getLogger(StepDriver.class);

  /// Rows that sources hold ready, for the step thread to take.
  public interface SourceFeed {
    /// Takes about `maxRows` rows or `maxBytes` of them, what comes first; empty when there are
    /// none. The driver owns the batches.
    Taken take(long maxRows, long maxBytes);

    /// Whether [#take] would give something.
    boolean hasRows();

    /// Moves idle watermarks on; called when nothing else is to do.
    Map<Integer, Long> idleWatermarks();

    /// Source rows of one step with the positions and watermarks that hold after them.
    record Taken(
        List<RelationChange> changes,
        Map<Integer, Position> positions,
        Map<Integer, Long> watermarks) {
      public static final Taken NONE = new Taken(List.of(), Map.of(), Map.of());
    }
  }

  private record Exclusive<T>(Callable<T> task, CompletableFuture<T> done) {
    /// What `before` throws is told to who waits, and ends the step thread.
    void run(Runnable before) {
      try {
        before.run();
      } catch (Throwable t) {
        done.completeExceptionally(t);
        throw t;
      }
      try {
        done.complete(task.call());
      } catch (Throwable t) {
        done.completeExceptionally(t);
        // What a step had half written when the heap ended must not go into the next one.
        if (t instanceof OutOfMemoryError end) {
          throw end;
        }
      }
    }
  }

  private final StepEngine engine;
  private final StepCommitter committer;
  private final Supplier<Catalog> catalog;
  private final SourceFeed sources;
  private final LongSupplier clockMicros;
  private final BufferAllocator allocator;
  private final MemoryPressure memory;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition work = lock.newCondition();
  private final Condition room = lock.newCondition();
  private final Queue<WriteRequest> writes = new ArrayDeque<>();
  private final Queue<Exclusive<?>> exclusives = new ArrayDeque<>();

  /// Writes whose step is on its way to the disk.
  private final Set<CompletableFuture<Long>> pending = ConcurrentHashMap.newKeySet();

  private final Thread thread;
  private LongConsumer turn = nowMicros -> {};
  private boolean closing;
  private volatile @Nullable Throwable failure;
  private long lastMicros;

  public StepDriver(
      StepEngine engine,
      StepCommitter committer,
      Supplier<Catalog> catalog,
      SourceFeed sources,
      LongSupplier clockMicros,
      BufferAllocator allocator,
      MemoryPressure memory) {
    this.memory = memory;
    this.engine = engine;
    this.committer = committer;
    this.catalog = catalog;
    this.sources = sources;
    this.clockMicros = clockMicros;
    this.allocator = allocator;
    this.thread = Thread.ofPlatform().name("aevum-step").unstarted(this::loop);
  }

  /// Is called with the step time before each turn of the step thread, between steps; before
  /// [#start].
  public void onTurn(LongConsumer action) {
    turn = action;
  }

  public void start() {
    thread.start();
  }

  /// Hands a transaction's writes over; takes the batches in every case. The future completes with
  /// the step's number when it is published, or fails with what PostgreSQL would say.
  public CompletableFuture<Long> submit(List<TableChange> changes) {
    long rows = changes.stream().mapToLong(c -> c.batch().rows()).sum();
    WriteRequest request = new WriteRequest(changes, rows, new CompletableFuture<>());
    lock.lock();
    try {
      while (writes.size() >= MAX_QUEUED_WRITES && !closing) {
        room.awaitUninterruptibly();
      }
      if (closing || failure != null) {
        request.close();
        request.done().completeExceptionally(stopped());
      } else if (memory.full() && adds(changes)) {
        request.close();
        request.done().completeExceptionally(noMemory());
      } else {
        writes.add(request);
        work.signal();
      }
    } finally {
      lock.unlock();
    }
    return request.done();
  }

  private static boolean adds(List<TableChange> changes) {
    long weight = 0;
    for (TableChange change : changes) {
      for (int row = 0; row < change.batch().rows(); row++) {
        weight += change.batch().weightAt(row);
      }
    }
    return weight > 0;
  }

  private SqlException noMemory() {
    return new SqlException(ErrorCode.OUT_OF_MEMORY, "out of memory: " + memory.described())
        .withHint("Delete rows, drop tables or views, or give the server more with --memory.");
  }

  /// Runs a task on the step thread between steps and waits for it. Every step before it is
  /// visible.
  public <T> T exclusive(Callable<T> task) {
    if (Thread.currentThread() == thread) {
      throw new IllegalStateException("exclusive task inside another");
    }
    Exclusive<T> entry = new Exclusive<>(task, new CompletableFuture<>());
    lock.lock();
    try {
      if (closing || failure != null) {
        throw stopped();
      }
      exclusives.add(entry);
      work.signal();
    } finally {
      lock.unlock();
    }
    return await(entry.done());
  }

  /// The value of a future that the step thread completes; errors as they are.
  public static <T> T await(CompletableFuture<T> future) {
    try {
      return future.get();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new SqlException(ErrorCode.QUERY_CANCELED, "canceling statement due to user request");
    } catch (ExecutionException e) {
      if (e.getCause() instanceof RuntimeException r) {
        throw r;
      }
      if (e.getCause() instanceof Error r) {
        throw r;
      }
      throw new IllegalStateException(e.getCause());
    }
  }

  /// Sources call it when rows are ready.
  public void wake() {
    lock.lock();
    try {
      work.signal();
    } finally {
      lock.unlock();
    }
  }

  private SqlException stopped() {
    return new SqlException(ErrorCode.CANNOT_CONNECT_NOW, "the database system is shutting down");
  }

  private void loop() {
    try {
      while (true) {
        if (memory.check()) {
          run(List.of(), Map.of(), Map.of(), () -> {});
        }
        turn.accept(nowMicros());
        List<WriteRequest> requests = new ArrayList<>();
        Exclusive<?> task = next(requests);
        if (task != null) {
          task.run(committer::awaitPublished);
        } else if (!requests.isEmpty()) {
          answered(requests);
        } else if (isClosing()) {
          // What sources hold ready is read again from the position of the last step.
          return;
        } else if (sources.hasRows()) {
          step(requests);
        } else {
          idle();
        }
      }
    } catch (Throwable t) {
      LOG.error("event=step_thread_failed", t);
      failure = t;
      committer.fatal(t);
    } finally {
      refuseAll();
    }
  }

  private boolean isClosing() {
    lock.lock();
    try {
      return closing;
    } finally {
      lock.unlock();
    }
  }

  /// Waits for work; gives an exclusive task, or fills `requests`.
  @SuppressWarnings("WaitNotInLoop") // the caller loops; waking early finds nothing to do
  private @Nullable Exclusive<?> next(List<WriteRequest> requests) throws InterruptedException {
    lock.lock();
    try {
      if (exclusives.isEmpty() && writes.isEmpty() && !closing && !sources.hasRows()) {
        work.awaitNanos(IDLE_NANOS);
      }
      Exclusive<?> task = exclusives.poll();
      if (task != null) {
        return task;
      }
      long rows = 0;
      long bytes = 0;
      while (!writes.isEmpty() && rows < MAX_ROWS && bytes < memory.maxBytes()) {
        WriteRequest request = writes.remove();
        rows += request.rows();
        bytes += request.bytes();
        requests.add(request);
      }
      room.signalAll();
      return null;
    } finally {
      lock.unlock();
    }
  }

  private void refuseAll() {
    lock.lock();
    try {
      closing = true;
      for (WriteRequest request : writes) {
        request.close();
        request.done().completeExceptionally(stopped());
      }
      writes.clear();
      for (Exclusive<?> task : exclusives) {
        task.done().completeExceptionally(stopped());
      }
      exclusives.clear();
      room.signalAll();
    } finally {
      lock.unlock();
    }
  }

  private long nowMicros() {
    lastMicros = Math.max(lastMicros, clockMicros.getAsLong());
    return lastMicros;
  }

  private void idle() {
    Map<Integer, Long> watermarks = sources.idleWatermarks();
    if (!watermarks.isEmpty()) {
      run(List.of(), Map.of(), watermarks, () -> {});
    }
  }

  /// As [#step]; when it ends the step thread, who waits is told.
  private void answered(List<WriteRequest> requests) {
    try {
      step(requests);
    } catch (Throwable t) {
      requests.forEach(r -> r.done().completeExceptionally(t));
      throw t;
    }
  }

  private void step(List<WriteRequest> requests) {
    List<WriteRequest> admitted = new ArrayList<>();
    List<RelationChange> changes = new ArrayList<>();
    Map<Integer, Long> watermarks = new HashMap<>();
    if (!requests.isEmpty()) {
      admit(requests, admitted, changes);
      watermarks.putAll(committer.writeWatermarks(changes, nowMicros()));
    }
    SourceFeed.Taken taken = sources.take(memory.maxRows(), memory.maxBytes());
    changes.addAll(taken.changes());
    watermarks.putAll(taken.watermarks());
    if (changes.isEmpty() && watermarks.isEmpty() && taken.positions().isEmpty()) {
      admitted.forEach(r -> r.done().complete(committer.published()));
      return;
    }
    long step = committer.nextStep();
    admitted.forEach(r -> pending.add(r.done()));
    run(changes, taken.positions(), watermarks, () -> answer(admitted, step));
    if (failure != null) {
      refusePending();
    }
  }

  @SuppressWarnings("UndefinedEquals") // a request's own future: told apart by identity
  private void answer(List<WriteRequest> admitted, long step) {
    for (WriteRequest request : admitted) {
      pending.remove(request.done());
      request.done().complete(step);
    }
  }

  /// Steps do not become durable any more: whoever waits for one is told. From any thread.
  public void stop(Throwable cause) {
    failure = cause;
    refusePending();
    wake();
  }

  private void refusePending() {
    for (CompletableFuture<Long> done : pending) {
      done.completeExceptionally(stopped());
    }
    pending.clear();
  }

  private void admit(
      List<WriteRequest> requests, List<WriteRequest> admitted, List<RelationChange> changes) {
    Admission admission =
        new Admission(allocator, catalog.get(), committer.contents(), committer.sequences());
    for (WriteRequest request : requests) {
      try {
        admission.admit(request.changes());
        admitted.add(request);
      } catch (KeyTaken taken) {
        SqlException error = admission.violation(taken, request.changes());
        request.close();
        request.done().completeExceptionally(error);
      } catch (SqlException e) {
        request.close();
        request.done().completeExceptionally(e);
      }
    }
    changes.addAll(admission.changes());
  }

  /// Runs one step with this input; `visible` runs when it is published. Step thread only; takes
  /// the batches.
  private void run(
      List<RelationChange> changes,
      Map<Integer, Position> positions,
      Map<Integer, Long> watermarks,
      Runnable visible) {
    try {
      long now = nowMicros();
      StepOutput output = engine.run(new StepInput(committer.nextStep(), now, changes, watermarks));
      committer.commit(now, changes, output, positions, watermarks, visible);
    } finally {
      changes.forEach(c -> c.batch().close());
    }
  }

  /// The step time for a task on the step thread.
  public long taskMicros() {
    return nowMicros();
  }

  /// Finishes queued writes and stops.
  @Override
  public void close() {
    lock.lock();
    try {
      closing = true;
      work.signalAll();
      room.signalAll();
    } finally {
      lock.unlock();
    }
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
