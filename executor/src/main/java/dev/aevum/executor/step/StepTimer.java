package dev.aevum.executor.step;

import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/// Charges a worker's time to the operator that runs, without that of the operators it calls, and
/// tells other threads which one runs since when.
final class StepTimer {
  private final LongSupplier nanoClock;
  private volatile @Nullable CircuitNode current;
  private volatile long since;
  private volatile long enteredNanos;
  private boolean flushing;

  StepTimer(LongSupplier nanoClock) {
    this.nanoClock = nanoClock;
  }

  /// The node runs from now on; returns the one that ran, for [#leave]. `inFlush` counts its time,
  /// and that of the nodes it calls, as flush time.
  @Nullable CircuitNode enter(CircuitNode node, boolean inFlush) {
    CircuitNode before = current;
    charge();
    if (before == null) {
      flushing = inFlush;
    }
    enteredNanos = since;
    current = node;
    return before;
  }

  void leave(@Nullable CircuitNode before) {
    charge();
    enteredNanos = since;
    current = before;
  }

  private void charge() {
    long now = nanoClock.getAsLong();
    CircuitNode node = current;
    if (node != null) {
      if (flushing) {
        node.flushNanos += now - since;
      } else {
        node.pushNanos += now - since;
      }
    }
    since = now;
  }

  /// Nothing runs (after a failure the stack of entries is gone).
  void reset() {
    charge();
    current = null;
  }

  @Nullable CircuitNode current() {
    return current;
  }

  /// When the current node was entered, by the clock given.
  long enteredNanos() {
    return enteredNanos;
  }
}
