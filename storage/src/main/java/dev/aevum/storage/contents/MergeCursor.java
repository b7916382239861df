package dev.aevum.storage.contents;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Merges sorted cursors into one: equal entries become one with the sum of their weights, zeros
/// vanish. A binary heap over the cursors.
final class MergeCursor implements EntryCursor {
  private final List<EntryCursor> all;
  private final EntryCursor[] heap;
  private int size;
  private byte[] current = new byte[256];
  private int length;
  private int keyLength;
  private long weight;

  MergeCursor(List<EntryCursor> cursors) {
    this.all = new ArrayList<>(cursors);
    this.heap = new EntryCursor[cursors.size()];
    for (EntryCursor c : cursors) {
      if (c.next()) {
        heap[size++] = c;
      }
    }
    for (int i = size / 2 - 1; i >= 0; i--) {
      sink(i);
    }
  }

  @Override
  public boolean next() {
    while (size > 0) {
      EntryCursor top = heap[0];
      length = top.end() - top.start();
      keyLength = top.rowStart() - top.start();
      if (length > current.length) {
        current = new byte[Math.max(length, current.length * 2)];
      }
      System.arraycopy(top.bytes(), top.start(), current, 0, length);
      weight = 0;
      while (size > 0 && isCurrent(heap[0])) {
        weight = Math.addExact(weight, heap[0].weight());
        advance();
      }
      if (weight != 0) {
        return true;
      }
    }
    return false;
  }

  private boolean isCurrent(@Nullable EntryCursor c) {
    return c != null && Arrays.equals(c.bytes(), c.start(), c.end(), current, 0, length);
  }

  private void advance() {
    if (!heap[0].next()) {
      heap[0] = heap[--size];
    }
    sink(0);
  }

  private void sink(int from) {
    int at = from;
    while (true) {
      int child = 2 * at + 1;
      if (child >= size) {
        return;
      }
      if (child + 1 < size && compare(heap[child + 1], heap[child]) < 0) {
        child++;
      }
      if (compare(heap[at], heap[child]) <= 0) {
        return;
      }
      EntryCursor swap = heap[at];
      heap[at] = heap[child];
      heap[child] = swap;
      at = child;
    }
  }

  private static int compare(EntryCursor a, EntryCursor b) {
    return Arrays.compareUnsigned(a.bytes(), a.start(), a.end(), b.bytes(), b.start(), b.end());
  }

  @Override
  public byte[] bytes() {
    return current;
  }

  @Override
  public int start() {
    return 0;
  }

  @Override
  public int end() {
    return length;
  }

  @Override
  public int rowStart() {
    return keyLength;
  }

  @Override
  public long weight() {
    return weight;
  }

  @Override
  public void close() {
    all.forEach(EntryCursor::close);
  }
}
