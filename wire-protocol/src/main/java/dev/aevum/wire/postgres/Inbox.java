package dev.aevum.wire.postgres;

import dev.aevum.wire.postgres.message.Inbound;
import java.util.ArrayDeque;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// Messages between the event loop, which never waits, and the connection's thread, which does.
/// When more than [#PAUSE_BYTES] or [#PAUSE_MESSAGES] wait, the socket is no longer read until half
/// are taken; what was cut from bytes already read still comes in, so the bound is soft by one
/// read.
final class Inbox {
  static final int PAUSE_BYTES = 1 << 20;
  static final int PAUSE_MESSAGES = 1024;

  /// Starts and stops reading the socket.
  interface Reading {
    void set(boolean on);
  }

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final ArrayDeque<Inbound> waiting = new ArrayDeque<>();
  private final Reading reading;
  private long bytes;
  private boolean paused;
  private boolean closed;

  Inbox(Reading reading) {
    this.reading = reading;
  }

  void put(Inbound message) {
    lock.lock();
    try {
      if (closed) {
        return;
      }
      waiting.add(message);
      bytes += size(message);
      if (!paused && (bytes > PAUSE_BYTES || waiting.size() > PAUSE_MESSAGES)) {
        paused = true;
        reading.set(false);
      }
      changed.signal();
    } finally {
      lock.unlock();
    }
  }

  /// Waits for the next message; null once [#close] was called, whatever still waits.
  ///
  /// @param check is asked while waiting, again after each [#wake], and may throw to give up
  @Nullable Inbound take(Runnable check) {
    lock.lock();
    try {
      while (waiting.isEmpty() && !closed) {
        check.run();
        changed.awaitUninterruptibly();
      }
      return next();
    } finally {
      lock.unlock();
    }
  }

  /// Waits at most so long for a message; false when none came.
  boolean await(long millis) {
    lock.lock();
    try {
      long left = TimeUnit.MILLISECONDS.toNanos(millis);
      while (waiting.isEmpty() && !closed && left > 0) {
        left = changed.awaitNanos(left);
      }
      return !waiting.isEmpty() || closed;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return true;
    } finally {
      lock.unlock();
    }
  }

  private @Nullable Inbound next() {
    if (closed) {
      return null;
    }
    Inbound message = waiting.remove();
    bytes -= size(message);
    if (paused && bytes <= PAUSE_BYTES / 2 && waiting.size() <= PAUSE_MESSAGES / 2) {
      paused = false;
      reading.set(true);
    }
    return message;
  }

  void wake() {
    lock.lock();
    try {
      changed.signal();
    } finally {
      lock.unlock();
    }
  }

  /// Ends the connection's work: nothing more is given.
  void close() {
    lock.lock();
    try {
      closed = true;
      waiting.clear();
      bytes = 0;
      changed.signal();
    } finally {
      lock.unlock();
    }
  }

  private static long size(Inbound message) {
    return message instanceof Inbound.Frame frame ? frame.body().length + 32L : 32L;
  }
}
