package dev.aevum.storage.rocksdb;

import org.jspecify.annotations.Nullable;

/// Counts what still reads the store, so that its memory is not freed under a reader. Thread-safe.
final class Cursors {
  private int open;
  private @Nullable Runnable atEnd;
  private boolean closed;

  synchronized void enter() {
    if (closed) {
      throw new IllegalStateException("the state store is closed");
    }
    open++;
  }

  void leave() {
    Runnable end = null;
    synchronized (this) {
      open--;
      if (open == 0 && closed) {
        end = atEnd;
        atEnd = null;
      }
    }
    if (end != null) {
      end.run();
    }
  }

  /// Refuses new readers; runs `end` now or when the last one has left.
  void close(Runnable end) {
    boolean now;
    synchronized (this) {
      if (closed) {
        return;
      }
      closed = true;
      now = open == 0;
      if (!now) {
        atEnd = end;
      }
    }
    if (now) {
      end.run();
    }
  }

  /// Whether it is too late to free things of the store by hand.
  synchronized boolean isClosed() {
    return closed;
  }
}
