package dev.aevum.executor.step;

import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/// A bounded queue between one producing and one consuming thread, without locks.
final class SpscRing<T> {
  private final AtomicReferenceArray<@Nullable T> slots;
  private final int mask;
  private final AtomicLong head = new AtomicLong();
  private final AtomicLong tail = new AtomicLong();

  /// `capacity`: a power of two.
  SpscRing(int capacity) {
    if (Integer.bitCount(capacity) != 1) {
      throw new IllegalArgumentException("capacity " + capacity);
    }
    slots = new AtomicReferenceArray<>(capacity);
    mask = capacity - 1;
  }

  /// False when it is full.
  boolean offer(T item) {
    long at = tail.getPlain();
    if (at - head.getAcquire() > mask) {
      return false;
    }
    slots.setPlain((int) at & mask, item);
    tail.setRelease(at + 1);
    return true;
  }

  /// Null when it is empty.
  @Nullable T poll() {
    long at = head.getPlain();
    if (at == tail.getAcquire()) {
      return null;
    }
    T item = slots.getPlain((int) at & mask);
    slots.setPlain((int) at & mask, null);
    head.setRelease(at + 1);
    return item;
  }
}
