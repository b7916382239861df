package dev.aevum.executor.pattern;

import static dev.aevum.model.batch.Memory.INT;

import dev.aevum.model.batch.BatchWriter;
import dev.aevum.model.codec.RowCodec;
import dev.aevum.storage.state.OrderedState;
import java.lang.foreign.MemorySegment;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import org.jspecify.annotations.Nullable;

/// Reads a partition of a [RevisingMatchOperator] in order, as its state has it, with weights of
/// some rows changed. A row key ends in the row and its length.
final class PartitionScan {
  private final OrderedState rows;
  private final MemorySegment partition;
  private final RowCodec codec;

  /// What to add to weights, by row key.
  private final NavigableMap<byte[], Long> changed;

  private byte[] bound;
  private boolean isPast;
  private long copies;
  private boolean isAtEnd;

  /// `from`: the first row key, or the partition's prefix.
  PartitionScan(
      OrderedState rows,
      byte[] partition,
      RowCodec codec,
      NavigableMap<byte[], Long> changed,
      byte[] from) {
    this.rows = rows;
    this.partition = MemorySegment.ofArray(partition);
    this.codec = codec;
    this.changed = changed;
    this.bound = from;
  }

  boolean isAtEnd() {
    return isAtEnd;
  }

  /// Up to `most` rows before the first one that [#read] gives, of which none is changed; their
  /// keys go to `keys`. To be called first.
  void readBefore(int most, BatchWriter out, List<byte[]> keys) {
    Deque<byte[]> found = new ArrayDeque<>();
    boolean there = rows.seekBelow(MemorySegment.ofArray(bound), 0, bound.length);
    for (; there && found.size() < most && isOfPartition(); there = rows.previous()) {
      byte[] key = currentKey();
      for (long n = rows.valueLong(); n > 0 && found.size() < most; n--) {
        found.addFirst(key);
      }
    }
    for (byte[] key : found) {
      add(key, out, keys);
    }
  }

  /// Reads up to `most` rows; fewer at the end.
  void read(int most, BatchWriter out, List<byte[]> keys) {
    int left = most;
    while (left > 0 && copies > 0) {
      add(bound, out, keys);
      copies--;
      left--;
    }
    boolean there = left > 0 && seek();
    while (left > 0) {
      byte @Nullable [] stored = there && isOfPartition() ? currentKey() : null;
      Map.Entry<byte[], Long> change =
          isPast ? changed.higherEntry(bound) : changed.ceilingEntry(bound);
      if (stored == null && change == null) {
        isAtEnd = true;
        return;
      }
      int order =
          stored == null
              ? 1
              : change == null ? -1 : java.util.Arrays.compareUnsigned(stored, change.getKey());
      long weight = 0;
      if (stored != null && order <= 0) {
        weight += rows.valueLong();
        bound = stored;
        there = rows.next();
      }
      if (change != null && order >= 0) {
        weight += change.getValue();
        bound = change.getKey();
      }
      isPast = true;
      for (; weight > 0 && left > 0; weight--, left--) {
        add(bound, out, keys);
      }
      copies = weight;
    }
  }

  private boolean seek() {
    MemorySegment key = MemorySegment.ofArray(bound);
    boolean there = rows.seekAtLeast(key, 0, bound.length);
    if (there && isPast && rows.keyLength() == bound.length && isPrefixed(key)) {
      return rows.next();
    }
    return there;
  }

  private boolean isOfPartition() {
    return isPrefixed(partition);
  }

  private boolean isPrefixed(MemorySegment prefix) {
    long length = prefix.byteSize();
    return rows.keyLength() >= length
        && MemorySegment.mismatch(
                rows.keySegment(), rows.keyOffset(), rows.keyOffset() + length, prefix, 0, length)
            < 0;
  }

  private byte[] currentKey() {
    byte[] key = new byte[rows.keyLength()];
    MemorySegment.copy(
        rows.keySegment(), rows.keyOffset(), MemorySegment.ofArray(key), 0, key.length);
    return key;
  }

  private void add(byte[] key, BatchWriter out, List<byte[]> keys) {
    MemorySegment segment = MemorySegment.ofArray(key);
    int end = key.length - 4;
    int length = segment.get(INT, end);
    codec.decode(segment, end - length, length, out, 0);
    out.endRow();
    keys.add(key);
  }
}
