package dev.aevum.engine.runtime;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.IntFunction;
import java.util.function.Supplier;
import org.apache.arrow.memory.BufferAllocator;
import org.jspecify.annotations.Nullable;

/// An allocator for the state of each view, within the engine's: so that views are measured without
/// asking their workers, and bounded one by one. Thread-safe.
final class ViewMemory implements IntFunction<BufferAllocator>, AutoCloseable {
  private final BufferAllocator parent;
  private final Map<Integer, BufferAllocator> allocators = new ConcurrentHashMap<>();
  private final Map<Integer, Long> limits = new ConcurrentHashMap<>();

  ViewMemory(BufferAllocator parent) {
    this.parent = parent;
  }

  @Override
  public BufferAllocator apply(int view) {
    return allocators.computeIfAbsent(
        view,
        v -> parent.newChildAllocator("state-" + v, 0, limits.getOrDefault(v, Long.MAX_VALUE)));
  }

  /// Bounds a view's state, from before its first table is opened.
  void limit(int view, long bytes) {
    limits.put(view, bytes);
  }

  /// Runs `task` with the view's state bounded by `bytes` too.
  <T> T within(int view, long bytes, Supplier<T> task) {
    BufferAllocator allocator = apply(view);
    long usual = allocator.getLimit();
    allocator.setLimit(Math.min(usual, bytes));
    try {
      return task.get();
    } finally {
      allocator.setLimit(usual);
    }
  }

  /// The bound of a view, or null.
  @Nullable Long limit(int view) {
    return limits.get(view);
  }

  long bytes(int view) {
    BufferAllocator allocator = allocators.get(view);
    return allocator == null ? 0 : allocator.getAllocatedMemory();
  }

  /// The most that a view has held.
  long peakBytes(int view) {
    BufferAllocator allocator = allocators.get(view);
    return allocator == null ? 0 : allocator.getPeakMemoryAllocation();
  }

  /// The view is gone, its tables are closed.
  void release(int view) {
    limits.remove(view);
    BufferAllocator allocator = allocators.remove(view);
    if (allocator != null) {
      allocator.close();
    }
  }

  @Override
  public void close() {
    allocators.values().forEach(BufferAllocator::close);
    allocators.clear();
  }
}
