package dev.aevum.executor.operator;

import dev.aevum.model.batch.Column;
import dev.aevum.model.batch.ColumnWriter;
import dev.aevum.model.batch.Memory;
import dev.aevum.model.codec.ByteSink;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.List;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.memory.BufferAllocator;
import org.jspecify.annotations.Nullable;

/// The groups touched in a step, in order of first touch, each with its key and how it was before:
/// the undo image from which the old output is made. Reused from step to step.
final class TouchedGroups implements AutoCloseable {
  private final BufferAllocator allocator;
  private final int width;
  private final ByteSink keys = new ByteSink();
  private final ColumnWriter[] bestBefore;
  private final MultisetRows[] before;
  private int count;
  private int[] keyEnds = new int[64];
  private long[] hashes = new long[64];
  private long[] times = new long[64];
  private boolean[] created = new boolean[64];
  private @Nullable ArrowBuf imageBuffer;
  private MemorySegment images = Memory.EMPTY;

  TouchedGroups(BufferAllocator allocator, AggregateLayout layout, AggregateState state) {
    this.allocator = allocator;
    this.width = layout.width;
    this.bestBefore = new ColumnWriter[layout.extremes.size()];
    for (int i = 0; i < bestBefore.length; i++) {
      bestBefore[i] = new ColumnWriter(allocator, layout.extremes.get(i).type(), 64);
    }
    this.before = state.collectors(allocator, layout);
  }

  int count() {
    return count;
  }

  /// Takes in a group before the change that touches it; returns its place.
  int add(MemorySegment key, long offset, int length, long hash, long time, boolean isNew) {
    if (count == hashes.length) {
      int larger = count * 2;
      keyEnds = Arrays.copyOf(keyEnds, larger);
      hashes = Arrays.copyOf(hashes, larger);
      times = Arrays.copyOf(times, larger);
      created = Arrays.copyOf(created, larger);
    }
    keys.appendBytes(key, offset, length);
    keyEnds[count] = keys.position();
    hashes[count] = hash;
    times[count] = time;
    created[count] = isNew;
    return count++;
  }

  void keepImage(int group, MemorySegment values, long valueOffset) {
    long need = (long) (group + 1) * width;
    if (images.byteSize() < need) {
      grow(need);
    }
    MemorySegment.copy(values, valueOffset, images, (long) group * width, width);
  }

  private void grow(long need) {
    ArrowBuf larger = allocator.buffer(Math.max(need * 2, 64L * width));
    MemorySegment to = Memory.segment(larger);
    MemorySegment.copy(images, 0, to, 0, images.byteSize());
    if (imageBuffer != null) {
      imageBuffer.close();
    }
    imageBuffer = larger;
    images = to;
  }

  /// The values before the step, one after the other.
  MemorySegment images() {
    return images;
  }

  /// Where the extreme's value before the step is appended, once for each group.
  ColumnWriter bestBefore(int extreme) {
    return bestBefore[extreme];
  }

  /// Where the rows of the multiset calls before the step are appended, group by group.
  MultisetRows[] before() {
    return before;
  }

  Column finishBestBefore(int extreme) {
    return bestBefore[extreme].finish();
  }

  MemorySegment keys() {
    return keys.segment();
  }

  int keyOffset(int group) {
    return group == 0 ? 0 : keyEnds[group - 1];
  }

  int keyLength(int group) {
    return keyEnds[group] - keyOffset(group);
  }

  long hash(int group) {
    return hashes[group];
  }

  long time(int group) {
    return times[group];
  }

  /// The group did not exist before the step.
  boolean isNew(int group) {
    return created[group];
  }

  void clear() {
    count = 0;
    keys.reset();
  }

  static Column[] none(List<?> like) {
    return new Column[like.size()];
  }

  @Override
  public void close() {
    clear();
    if (imageBuffer != null) {
      imageBuffer.close();
      imageBuffer = null;
      images = Memory.EMPTY;
    }
    for (ColumnWriter w : bestBefore) {
      w.close();
    }
    for (MultisetRows rows : before) {
      rows.close();
    }
  }
}
