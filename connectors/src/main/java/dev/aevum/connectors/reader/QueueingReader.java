package dev.aevum.connectors.reader;

import dev.aevum.connectors.spi.SourceReader;
import dev.aevum.model.batch.DeltaBatch;
import dev.aevum.model.error.SqlException;
import dev.aevum.model.step.Budget;
import java.util.ArrayDeque;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.apache.arrow.memory.BufferAllocator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// A reader that fetches and decodes on a thread of its own:
///
/// ```
/// fetch thread: run() --put(chunk)--> bounded queue --poll()--> engine's ingest thread
/// ```
///
/// The queue is bounded in rows and bytes; `put` waits while it is full or the reader is paused.
/// [#advanced] is told, on the engine's thread, how far what was handed over reaches. A subclass
/// whose [#run] returns has given everything; one that throws has failed for good.
public abstract class QueueingReader implements SourceReader {
  private static final Logger LOG = LoggerFactory.getLogger(QueueingReader.class);
  private static final int QUEUE_ROWS = 4 * DeltaBatch.MAX_ROWS;
  private static final long QUEUE_BYTES = 32L << 20;

  private final String name;
  private final BufferAllocator allocator;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final ArrayDeque<Chunk> queue = new ArrayDeque<>();
  private @Nullable Thread thread;
  private long queuedRows;
  private long queuedBytes;
  private int headRow;
  private boolean paused;
  private boolean closed;
  private boolean ended;
  private boolean caughtUp;
  private long chunksPut;
  private long chunksGiven;

  /// How many chunks hold what was there at the opening; negative while that is not known.
  private long presentChunks = -1;

  private @Nullable String failure;
  private @Nullable String retrying;
  private long rows;
  private long badRows;
  private volatile long lag;

  protected QueueingReader(String name, BufferAllocator allocator) {
    this.name = name;
    this.allocator = allocator;
  }

  /// To be called once, when the subclass is ready.
  protected final void start() {
    thread = Thread.ofPlatform().name("source-" + name).daemon(true).start(this::runAll);
  }

  /// Fetches, decodes and [#put]s until everything is given or [#isClosed]. On the fetch thread.
  protected abstract void run() throws Exception;

  /// Everything of `stream` up to `end` was handed over. On the engine's thread.
  protected abstract void advanced(int stream, long end);

  private void runAll() {
    String reason = null;
    try {
      run();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      reason = isClosed() ? null : "interrupted";
    } catch (SqlException e) {
      reason = e.text();
    } catch (Exception e) {
      LOG.error("source failed source={}", name, e);
      reason = String.valueOf(e.getMessage());
    }
    lock.lock();
    try {
      ended = true;
      failure = reason;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /// Hands a chunk over, waiting for room. Takes the chunk over in any case. False: closed.
  protected final boolean put(Chunk chunk) throws InterruptedException {
    lock.lock();
    try {
      while (!closed && (paused || queuedRows >= QUEUE_ROWS || queuedBytes >= QUEUE_BYTES)) {
        changed.await();
      }
      if (closed) {
        chunk.batch().close();
        return false;
      }
      queue.add(chunk);
      chunksPut++;
      queuedRows += chunk.batch().rows() + chunk.errors().size();
      queuedBytes += chunk.batch().sizeBytes();
      caughtUp = false;
      return true;
    } catch (InterruptedException e) {
      chunk.batch().close();
      throw e;
    } finally {
      lock.unlock();
    }
  }

  /// Waits up to `millis`, less if the reader is closed. False: closed.
  protected final boolean idle(long millis) throws InterruptedException {
    lock.lock();
    try {
      long left = TimeUnit.MILLISECONDS.toNanos(millis);
      while (!closed && left > 0) {
        left = changed.awaitNanos(left);
      }
      return !closed;
    } finally {
      lock.unlock();
    }
  }

  protected final boolean isClosed() {
    lock.lock();
    try {
      return closed;
    } finally {
      lock.unlock();
    }
  }

  protected final boolean isPaused() {
    lock.lock();
    try {
      return paused;
    } finally {
      lock.unlock();
    }
  }

  /// What was there at the opening has been [#put]. On the fetch thread; later calls change
  /// nothing.
  protected final void putPresent() {
    lock.lock();
    try {
      if (presentChunks < 0) {
        presentChunks = chunksPut;
      }
    } finally {
      lock.unlock();
    }
  }

  @Override
  public final boolean gavePresent() {
    lock.lock();
    try {
      return presentChunks >= 0 && chunksGiven >= presentChunks || ended && queue.isEmpty();
    } finally {
      lock.unlock();
    }
  }

  /// Whether there is nothing more to fetch at the moment: [Status.State#IDLE].
  protected final void caughtUp(boolean value) {
    lock.lock();
    try {
      caughtUp = value;
    } finally {
      lock.unlock();
    }
  }

  /// Why the neighbour cannot be read just now; null once it can.
  protected final void retrying(@Nullable String reason) {
    lock.lock();
    try {
      if (reason != null && !reason.equals(retrying)) {
        LOG.warn("source retries source={} reason={}", name, reason);
      } else if (reason == null && retrying != null) {
        LOG.info("source recovered source={}", name);
      }
      retrying = reason;
    } finally {
      lock.unlock();
    }
  }

  protected final void lag(long value) {
    lag = value;
  }

  @Override
  public final @Nullable Polled poll(Budget budget) {
    Chunk head;
    int from;
    int to;
    lock.lock();
    try {
      head = queue.peek();
      if (head == null) {
        return null;
      }
      from = headRow;
      to = Math.min(head.batch().rows(), from + Math.max(1, budget.rows()));
      boolean whole = to == head.batch().rows();
      headRow = whole ? 0 : to;
      if (whole) {
        queue.remove();
        chunksGiven++;
        queuedRows -= head.batch().rows() + head.errors().size();
        queuedBytes -= head.batch().sizeBytes();
        changed.signalAll();
      }
    } finally {
      lock.unlock();
    }
    Chunk.Piece piece = head.piece(allocator, from, to);
    if (to == head.batch().rows() && from > 0) {
      head.batch().close();
    }
    advanced(head.stream(), piece.end());
    rows += piece.polled().batch().rows();
    badRows += piece.polled().errors().size();
    return piece.polled();
  }

  @Override
  public final boolean finished() {
    lock.lock();
    try {
      return ended && failure == null && queue.isEmpty();
    } finally {
      lock.unlock();
    }
  }

  @Override
  public final void pause() {
    lock.lock();
    try {
      paused = true;
    } finally {
      lock.unlock();
    }
  }

  @Override
  public final void resume() {
    lock.lock();
    try {
      paused = false;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  @Override
  public final Status status() {
    lock.lock();
    try {
      Status.State state;
      String reason = null;
      if (failure != null) {
        state = Status.State.FAILED;
        reason = failure;
      } else if (ended && queue.isEmpty()) {
        state = Status.State.FINISHED;
      } else if (retrying != null) {
        state = Status.State.RETRYING;
        reason = retrying;
      } else {
        state = caughtUp && queue.isEmpty() ? Status.State.IDLE : Status.State.RUNNING;
      }
      return new Status(state, reason, rows, badRows, lag);
    } finally {
      lock.unlock();
    }
  }

  /// Wakes a [#run] that blocks in a foreign call; on the closing thread.
  protected void wakeFetch() {}

  /// Frees what the subclass holds; after the fetch thread has ended.
  protected abstract void release();

  @Override
  public final void close() {
    lock.lock();
    try {
      if (closed) {
        return;
      }
      closed = true;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
    wakeFetch();
    boolean interrupted = false;
    Thread running = thread;
    while (running != null) {
      try {
        running.join();
        break;
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    queue.forEach(chunk -> chunk.batch().close());
    queue.clear();
    release();
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
