package dev.aevum.engine.source;

import dev.aevum.connectors.spi.SourceReader;
import dev.aevum.connectors.spi.SourceReader.BadRow;
import dev.aevum.executor.kernel.EvaluationContext;
import dev.aevum.model.batch.DeltaBatch;
import dev.aevum.model.step.Budget;
import dev.aevum.model.step.Position;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Polls one reader on a thread of its own into a bounded queue. The queue's rows carry the
/// position after them, so that a step's positions are those of the rows it took.
final class SourceRunner implements AutoCloseable {
  private static final long MAX_QUEUED_ROWS = 524_288;
  private static final long PAUSED_NANOS = 20_000_000L;
  private static final Budget BUDGET = new Budget(DeltaBatch.MAX_ROWS, 4L << 20);
  private static final long IDLE_NANOS = 1_000_000L;
  private static final Logger LOG = LoggerFactory.getLogger(SourceRunner.class);

  /// A batch with what holds after it, and the rows that could not be read along with it.
  record Ready(
      int partition, DeltaBatch batch, List<BadRow> errors, Position after, long watermark) {}

  private final String name;
  private final SourceReader reader;
  private final @Nullable WatermarkTracker watermarks;
  private final Supplier<EvaluationContext> contexts;
  private final LongSupplier clockMicros;
  private final Runnable wake;
  private final BooleanSupplier paused;
  private final long maxQueuedBytes;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final Deque<Ready> ready = new ArrayDeque<>();
  private final AtomicLong rows;

  /// Of the polling thread.
  private long badRows;

  private long queuedRows;
  private long queuedBytes;
  private long offered;
  private long taken;

  /// How many batches hold what was there at the opening; negative while that is not known.
  private long present = -1;

  private boolean stopping;
  private boolean finished;

  /// A batch has been counted into the watermark but is not queued yet.
  private boolean offering;

  private volatile @Nullable Throwable failure;
  private final Thread thread;

  SourceRunner(
      String name,
      SourceReader reader,
      @Nullable WatermarkTracker watermarks,
      Supplier<EvaluationContext> contexts,
      @Nullable Position from,
      LongSupplier clockMicros,
      Runnable wake,
      BooleanSupplier paused,
      long maxQueuedBytes) {
    this.paused = paused;
    this.maxQueuedBytes = maxQueuedBytes;
    this.name = name;
    this.reader = reader;
    this.watermarks = watermarks;
    this.contexts = contexts;
    this.rows = new AtomicLong(from == null ? 0 : from.rows());
    this.badRows = from == null ? 0 : from.badRows();
    this.clockMicros = clockMicros;
    this.wake = wake;
    this.thread =
        Thread.ofPlatform().name("aevum-ingest-" + name).daemon(true).unstarted(this::loop);
  }

  void start() {
    thread.start();
  }

  private void loop() {
    EvaluationContext context = contexts.get();
    try {
      while (awaitRoom()) {
        SourceReader.Polled polled = reader.poll(BUDGET);
        if (polled == null) {
          markPresent();
          if (reader.finished()) {
            finish();
            return;
          }
          pause();
          continue;
        }
        offer(polled, context);
        markPresent();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (Throwable t) {
      LOG.warn("event=source_failed source={}", name, t);
      failure = t;
    }
  }

  private void markPresent() {
    if (reader.gavePresent()) {
      lock.lock();
      try {
        present = present < 0 ? offered : present;
      } finally {
        lock.unlock();
      }
    }
  }

  private boolean awaitRoom() throws InterruptedException {
    lock.lockInterruptibly();
    try {
      while (!stopping && (queuedRows >= MAX_QUEUED_ROWS || queuedBytes >= maxQueuedBytes)) {
        changed.await();
      }
      while (!stopping && paused.getAsBoolean()) {
        changed.awaitNanos(PAUSED_NANOS);
      }
      return !stopping;
    } finally {
      lock.unlock();
    }
  }

  @SuppressWarnings("WaitNotInLoop") // the caller loops; waking early only polls early
  private void pause() throws InterruptedException {
    lock.lockInterruptibly();
    try {
      if (!stopping) {
        changed.awaitNanos(IDLE_NANOS);
      }
    } finally {
      lock.unlock();
    }
  }

  private void finish() {
    lock.lock();
    try {
      finished = true;
    } finally {
      lock.unlock();
    }
    wake.run();
  }

  private void offer(SourceReader.Polled polled, EvaluationContext context) {
    DeltaBatch batch = polled.batch();
    badRows += polled.errors().size();
    Position after =
        new Position(reader.position().encoded(), rows.addAndGet(batch.rows()), badRows);
    long now = clockMicros.getAsLong();
    long watermark = dev.aevum.model.step.Watermarks.NONE;
    lock.lock();
    try {
      offering = true;
    } finally {
      lock.unlock();
    }
    if (watermarks != null) {
      watermarks.partitions(reader.partitions());
      watermarks.observe(context, polled.partition(), batch, now);
      if (polled.last()) {
        watermarks.end(polled.partition());
      }
      watermark = watermarks.watermark(now);
    }
    boolean first;
    lock.lock();
    try {
      first = ready.isEmpty();
      ready.add(new Ready(polled.partition(), batch, polled.errors(), after, watermark));
      offered++;
      queuedRows += batch.rows();
      queuedBytes += batch.sizeBytes();
      offering = false;
    } finally {
      lock.unlock();
    }
    if (first) {
      wake.run();
    }
  }

  boolean hasRows() {
    lock.lock();
    try {
      return !ready.isEmpty();
    } finally {
      lock.unlock();
    }
  }

  /// The oldest batch, or null; the caller owns it.
  @Nullable Ready take() {
    lock.lock();
    try {
      Ready next = ready.poll();
      if (next != null) {
        taken++;
        queuedRows -= next.batch().rows();
        queuedBytes -= next.batch().sizeBytes();
        changed.signal();
      }
      return next;
    } finally {
      lock.unlock();
    }
  }

  /// What was there when the reader was opened has been taken.
  boolean tookPresent() {
    lock.lock();
    try {
      return present >= 0 && taken >= present;
    } finally {
      lock.unlock();
    }
  }

  /// The reader has ended and all its rows were taken.
  boolean isDrained() {
    lock.lock();
    try {
      return finished && ready.isEmpty();
    } finally {
      lock.unlock();
    }
  }

  /// The watermark while no row waits; none while one does, or is about to: its own rows would be
  /// late.
  long idleWatermark() {
    lock.lock();
    try {
      return watermarks == null || offering || !ready.isEmpty()
          ? dev.aevum.model.step.Watermarks.NONE
          : watermarks.watermark(clockMicros.getAsLong());
    } finally {
      lock.unlock();
    }
  }

  /// Rows since the source was first read: what `from` counted, and those since.
  long rows() {
    return rows.get();
  }

  SourceReader.Status status() {
    Throwable broken = failure;
    SourceReader.Status status = reader.status();
    return broken == null
        ? status
        : new SourceReader.Status(
            SourceReader.Status.State.FAILED,
            broken.getMessage(),
            status.rows(),
            status.badRows(),
            status.lag());
  }

  @Override
  public void close() {
    lock.lock();
    try {
      stopping = true;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    reader.close();
    for (Ready r = ready.poll(); r != null; r = ready.poll()) {
      r.batch().close();
    }
  }
}
