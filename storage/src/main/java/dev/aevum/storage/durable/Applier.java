package dev.aevum.storage.durable;

import dev.aevum.model.error.ErrorCode;
import dev.aevum.model.error.SqlException;
import dev.aevum.storage.contents.ContentsStore;
import dev.aevum.storage.contents.ContentsVersion;
import dev.aevum.storage.log.ManifestBytes;
import dev.aevum.storage.log.StepFrame;
import dev.aevum.storage.log.StepLog;
import dev.aevum.storage.rocksdb.PendingState;
import dev.aevum.storage.rocksdb.RocksStore;
import dev.aevum.storage.state.DirtyDecoder;
import java.util.ArrayDeque;
import java.util.HashSet;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Moves durable steps to RocksDB in the background: many steps in one write, coalesced, so that a
/// key changed in each of them is written once.
///
/// Frames wait in a queue until the step they belong to is published; an apply freezes the contents
/// at some published step and takes the frames up to it.
public final class Applier {
  /// @param intervalMillis longest time between applies
  /// @param applyBytes of waiting frames that start an apply at once
  /// @param maxPendingBytes of waiting frames at which commits wait
  /// @param appliesPerFlush applies between flushes
  /// @param flushBytes of applied frames that start a flush at once
  public record Options(
      long intervalMillis,
      long applyBytes,
      long maxPendingBytes,
      int appliesPerFlush,
      long flushBytes) {
    public static final Options DEFAULT = new Options(2000, 64L << 20, 256L << 20, 15, 256L << 20);
  }

  private record Waiting(StepFrame frame, Set<Integer> drops) {
    long sizeBytes() {
      return frame.sizeBytes() + 64L;
    }
  }

  private final RocksStore store;
  private final ContentsStore contents;
  private final StepLog log;
  private final Options options;
  private final Consumer<Throwable> fatal;

  /// Held while RocksDB is written.
  private final ReentrantLock applying = new ReentrantLock();

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final Queue<Waiting> queue = new ArrayDeque<>();
  private long pendingBytes;
  private boolean stopping;
  private boolean hurrying;
  private @Nullable Thread thread;

  /// Both under `applying`.
  private int appliesSinceFlush;

  private long bytesSinceFlush;

  Applier(
      RocksStore store,
      ContentsStore contents,
      StepLog log,
      Options options,
      Consumer<Throwable> fatal) {
    this.store = store;
    this.contents = contents;
    this.log = log;
    this.options = options;
    this.fatal = fatal;
  }

  /// Steps are refused since `cause` happened.
  static SqlException stopped(Throwable cause) {
    return new SqlException(
        ErrorCode.IO_ERROR,
        "storage has failed and takes no more steps: " + cause.getMessage(),
        null,
        null,
        null,
        cause);
  }

  void start() {
    thread = Thread.ofPlatform().name("aevum-apply").daemon(true).start(this::run);
  }

  /// A durable frame, before it is published.
  void add(StepFrame frame, Set<Integer> drops) {
    Waiting waiting = new Waiting(frame, drops);
    lock.lock();
    try {
      queue.add(waiting);
      pendingBytes += waiting.sizeBytes();
      if (pendingBytes >= options.applyBytes()) {
        changed.signalAll();
      }
    } finally {
      lock.unlock();
    }
  }

  long pendingBytes() {
    lock.lock();
    try {
      return pendingBytes;
    } finally {
      lock.unlock();
    }
  }

  /// Waits while too much is pending.
  void awaitRoom(Supplier<@Nullable Throwable> failed) {
    lock.lock();
    try {
      while (pendingBytes > options.maxPendingBytes()) {
        Throwable cause = failed.get();
        if (cause != null) {
          throw stopped(cause);
        }
        changed.await(100, TimeUnit.MILLISECONDS);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while a step was to be committed", e);
    } finally {
      lock.unlock();
    }
  }

  private void run() {
    try {
      while (awaitWork()) {
        applyNow();
        flushIfDue();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (RuntimeException | Error e) {
      fatal.accept(e);
    }
  }

  /// Applies now instead of at the next turn.
  void hurry() {
    lock.lock();
    try {
      hurrying = true;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /// False when there will be no more.
  private boolean awaitWork() throws InterruptedException {
    lock.lock();
    try {
      long left = TimeUnit.MILLISECONDS.toNanos(options.intervalMillis());
      while (!stopping && !hurrying && pendingBytes < options.applyBytes() && left > 0) {
        left = changed.awaitNanos(left);
      }
      hurrying = false;
      return !stopping;
    } finally {
      lock.unlock();
    }
  }

  void applyIfLarge() {
    if (pendingBytes() >= options.applyBytes()) {
      applyNow();
    }
  }

  /// Brings RocksDB to the last published step. Any thread.
  void applyNow() {
    applying.lock();
    try {
      if (contents.current().step() > store.appliedStep()) {
        apply();
      }
    } finally {
      applying.unlock();
    }
  }

  private void apply() {
    ContentsVersion version = contents.freeze();
    boolean done = false;
    try {
      PendingState state = new PendingState();
      Set<Integer> drops = new HashSet<>();
      byte[] manifest = store.manifest();
      long taken = 0;
      for (Waiting w = poll(version.step()); w != null; w = poll(version.step())) {
        w.frame().state().forEach(section -> DirtyDecoder.decode(section, state));
        drops.addAll(w.drops());
        manifest = ManifestBytes.write(w.frame().manifest());
        taken += w.sizeBytes();
      }
      store.apply(state, drops, version, manifest);
      bytesSinceFlush += taken;
      appliesSinceFlush++;
      done = true;
      given(taken);
    } finally {
      contents.applied(version, done ? store.view() : null);
    }
  }

  private @Nullable Waiting poll(long upTo) {
    lock.lock();
    try {
      Waiting head = queue.peek();
      return head == null || head.frame().step() > upTo ? null : queue.poll();
    } finally {
      lock.unlock();
    }
  }

  private void given(long bytes) {
    lock.lock();
    try {
      pendingBytes -= bytes;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  private void flushIfDue() {
    applying.lock();
    try {
      boolean due =
          appliesSinceFlush >= options.appliesPerFlush() || bytesSinceFlush >= options.flushBytes();
      if (due) {
        flush();
      }
    } finally {
      applying.unlock();
    }
  }

  /// Puts what RocksDB has on the device and lets the log forget it. Any thread.
  void flushNow() {
    applying.lock();
    try {
      flush();
    } finally {
      applying.unlock();
    }
  }

  private void flush() {
    store.flush();
    appliesSinceFlush = 0;
    bytesSinceFlush = 0;
    log.flushed(store.flushedStep());
  }

  /// Stops the thread; with `keep` everything published is put on the device first.
  void close(boolean keep) {
    lock.lock();
    try {
      stopping = true;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
    Thread running = thread;
    if (running != null) {
      try {
        running.join();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return;
      }
      if (keep) {
        applyNow();
        store.flush();
      }
    }
  }
}
