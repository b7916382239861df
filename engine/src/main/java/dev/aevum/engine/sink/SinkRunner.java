package dev.aevum.engine.sink;

import dev.aevum.connectors.spi.SinkWriter;
import dev.aevum.model.batch.DeltaBatch;
import dev.aevum.storage.contents.ContentsLayout;
import dev.aevum.storage.contents.ContentsVersion;
import dev.aevum.storage.contents.Run;
import dev.aevum.storage.durable.Storage;
import dev.aevum.storage.log.FrameContents;
import dev.aevum.storage.log.StepFrame;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.apache.arrow.memory.BufferAllocator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Writes one sink from the step log, step by step, on a thread of its own. Never holds the engine
/// back: what it has not written stays in the log, up to the log's bound, past which the sink is
/// FAILED.
final class SinkRunner implements AutoCloseable {
  /// Steps without rows of the sink after which its target is told the step all the same: until
  /// then the log keeps them.
  private static final int SILENT_STEPS = 256;

  /// A sink that is behind writes several steps at once, up to about so many bytes of rows: a
  /// transaction of Kafka takes longer than a small step does.
  private static final long MOST_BYTES = 4L << 20;

  private static final long RETRY_NANOS = 1_000_000_000L;
  private static final Logger LOG = LoggerFactory.getLogger(SinkRunner.class);

  private final int id;
  private final String name;
  private final ContentsLayout source;
  private final long startStep;
  private final Supplier<SinkWriter> open;
  private final Storage storage;
  private final BufferAllocator allocator;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final Thread thread;
  private boolean stopping;
  private long target;
  private volatile long committed;

  /// The last step that the target knows of; the sink's own thread.
  private long known;

  /// Rows that are read and not written, with the step that they reach to; the sink's own thread.
  private final List<DeltaBatch> read = new ArrayList<>();

  private long readBytes;
  private long readStep;

  private final AtomicLong rows = new AtomicLong();
  private volatile String state = "RUNNING";
  private volatile @Nullable String reason;
  private volatile @Nullable SinkWriter current;
  private volatile @Nullable String frameLoss;

  /// @param source layout of the relation whose changes it writes
  /// @param startStep the step at which the sink was made: it writes what comes after
  SinkRunner(
      int id,
      String name,
      ContentsLayout source,
      long startStep,
      Supplier<SinkWriter> open,
      Storage storage,
      BufferAllocator allocator) {
    this.id = id;
    this.name = name;
    this.source = source;
    this.startStep = startStep;
    this.open = open;
    this.storage = storage;
    this.allocator = allocator;
    this.committed = startStep;
    this.known = startStep;
    this.target = startStep;
    this.thread = Thread.ofPlatform().name("aevum-sink-" + name).daemon(true).unstarted(this::loop);
  }

  void start() {
    storage.hold(id, startStep);
    thread.start();
  }

  /// What it has not written is not kept any more: FAILED from now on, whatever its writer waits
  /// for. Any thread.
  void lost() {
    LOG.error("event=sink_frames_lost sink={} step={}", name, committed);
    frameLoss =
        "changes after step "
            + committed
            + " are no longer kept: the sink was too far behind; drop it and create it again";
  }

  void published(long step) {
    lock.lock();
    try {
      target = step;
      changed.signal();
    } finally {
      lock.unlock();
    }
  }

  long committed() {
    return committed;
  }

  long rows() {
    return rows.get();
  }

  /// RUNNING, RETRYING or FAILED; a writer that waits for its target is RETRYING too.
  String state() {
    if (frameLoss != null) {
      return "FAILED";
    }
    return state.equals("RUNNING") && waitingFor() != null ? "RETRYING" : state;
  }

  @Nullable String reason() {
    String loss = frameLoss;
    if (loss != null) {
      return loss;
    }
    return state.equals("RUNNING") ? waitingFor() : reason;
  }

  private @Nullable String waitingFor() {
    SinkWriter writer = current;
    return writer == null ? null : writer.retrying();
  }

  private void loop() {
    while (true) {
      try (SinkWriter writer = open.get()) {
        current = writer;
        known = Math.max(startStep, writer.committedStep());
        committed = known;
        state = "RUNNING";
        reason = null;
        follow(writer);
        return;
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return;
      } catch (RuntimeException e) {
        LOG.warn("event=sink_failed sink={} step={}", name, committed, e);
        reason = e.getMessage();
        if (e instanceof dev.aevum.model.error.SqlException sql
            && sql.code() == dev.aevum.model.error.ErrorCode.OBJECT_NOT_IN_PREREQUISITE_STATE) {
          state = "FAILED";
          storage.release(id);
          return;
        }
        state = "RETRYING";
        if (!sleep()) {
          return;
        }
      } catch (Error e) {
        LOG.error("event=sink_failed sink={} step={}", name, committed, e);
        reason = e.toString();
        state = "FAILED";
        storage.release(id);
        return;
      } finally {
        current = null;
      }
    }
  }

  @SuppressWarnings("WaitNotInLoop") // the caller loops; waking early only retries early
  private boolean sleep() {
    lock.lock();
    try {
      if (!stopping) {
        changed.awaitNanos(RETRY_NANOS);
      }
      return !stopping;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    } finally {
      lock.unlock();
    }
  }

  private void follow(SinkWriter writer) throws InterruptedException {
    while (true) {
      long upTo = awaitSteps();
      if (upTo < 0) {
        return;
      }
      try {
        storage.frames(committed, upTo, frame -> read(writer, frame));
        write(writer);
      } finally {
        forget();
      }
      committed = Math.max(committed, upTo);
      if (committed - known >= SILENT_STEPS) {
        writer.write(committed, List.of());
        known = committed;
      }
      if (frameLoss == null) {
        storage.hold(id, known);
      }
    }
  }

  /// The last step to write up to, or -1 to stop. What is published already is still written before
  /// stopping.
  private long awaitSteps() throws InterruptedException {
    lock.lockInterruptibly();
    try {
      while (target <= committed && !stopping) {
        changed.await();
      }
      return target > committed ? target : -1;
    } finally {
      lock.unlock();
    }
  }

  private void read(SinkWriter writer, StepFrame frame) {
    Run[] found = new Run[1];
    FrameContents.read(
        frame.contents(),
        new FrameContents.Visitor() {
          @Override
          public void drop(int relation) {}

          @Override
          public void changes(int relation, Run run) {
            if (relation == source.relation()) {
              found[0] = run;
            }
          }
        });
    Run run = found[0];
    if (run != null && run.entries() > 0) {
      DeltaBatch batch = ContentsVersion.decode(source, run, allocator);
      read.add(batch);
      readBytes += batch.sizeBytes();
      readStep = frame.step();
      if (readBytes >= MOST_BYTES) {
        write(writer);
      }
    } else if (read.isEmpty()) {
      committed = frame.step();
    }
  }

  private void write(SinkWriter writer) {
    if (!read.isEmpty()) {
      writer.write(readStep, read);
      known = readStep;
      committed = readStep;
      rows.addAndGet(read.stream().mapToLong(DeltaBatch::rows).sum());
      forget();
    }
  }

  private void forget() {
    read.forEach(DeltaBatch::close);
    read.clear();
    readBytes = 0;
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
      thread.join(10_000);
      if (thread.isAlive()) {
        thread.interrupt();
        thread.join();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
