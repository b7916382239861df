package dev.aevum.storage.state.memory;

import static dev.aevum.model.batch.Memory.INT;

import dev.aevum.model.codec.ByteSink;
import dev.aevum.model.step.ObjectId;
import dev.aevum.model.step.Shards;
import dev.aevum.storage.state.DirtySink;
import dev.aevum.storage.state.JournalState;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;

/// A [JournalState]: the changes of the step behind each other, as they will be drained.
final class JournalTable implements JournalState {
  private static final int KEEP_BYTES = 1 << 20;

  private final ObjectId id;
  private final boolean kept;
  private ByteSink changes = new ByteSink();

  /// Per change: shard (negative - 1: a removal), key length, value length.
  private int[] heads = new int[48];

  private int count;
  private ByteSink restored = new ByteSink(16);
  private long entries;
  private long sizeBytes;

  /// `kept`: someone drains.
  JournalTable(ObjectId id, boolean kept) {
    this.id = id;
    this.kept = kept;
  }

  @Override
  public ObjectId id() {
    return id;
  }

  @Override
  public void put(
      MemorySegment key,
      long keyOffset,
      int keyLength,
      long hash,
      MemorySegment value,
      long valueOffset,
      int valueLength) {
    if (kept) {
      head(Shards.ofHash(hash), keyLength, valueLength);
      changes.appendBytes(key, keyOffset, keyLength);
      changes.appendBytes(value, valueOffset, valueLength);
    }
  }

  @Override
  public void remove(MemorySegment key, long keyOffset, int keyLength, long hash) {
    if (kept) {
      head(-1 - Shards.ofHash(hash), keyLength, 0);
      changes.appendBytes(key, keyOffset, keyLength);
    }
  }

  private void head(int shard, int keyLength, int valueLength) {
    int at = count++ * 3;
    if (at == heads.length) {
      heads = Arrays.copyOf(heads, at * 2);
    }
    heads[at] = shard;
    heads[at + 1] = keyLength;
    heads[at + 2] = valueLength;
  }

  @Override
  public void drainDirty(DirtySink sink) {
    MemorySegment bytes = changes.segment();
    long at = 0;
    for (int i = 0; i < count; i++) {
      int shard = heads[i * 3];
      int keyLength = heads[i * 3 + 1];
      int valueLength = heads[i * 3 + 2];
      if (shard < 0) {
        sink.delete(id, -1 - shard, bytes, at, keyLength);
      } else {
        sink.put(id, shard, bytes, at, keyLength, bytes, at + keyLength, valueLength);
      }
      at += keyLength + (long) valueLength;
    }
    count = 0;
    changes.reset();
    if (changes.array().length > KEEP_BYTES) {
      changes = new ByteSink();
      heads = new int[48];
    }
  }

  @Override
  public void restore(
      int shard,
      MemorySegment key,
      long keyOffset,
      int keyLength,
      MemorySegment value,
      long valueOffset,
      int valueLength) {
    restored.appendInt(keyLength);
    restored.appendInt(valueLength);
    restored.appendBytes(key, keyOffset, keyLength);
    restored.appendBytes(value, valueOffset, valueLength);
  }

  @Override
  public void takeRestored(Restored taker) {
    MemorySegment bytes = restored.segment();
    for (int at = 0; at < restored.position(); ) {
      int keyLength = bytes.get(INT, at);
      int valueLength = bytes.get(INT, at + 4L);
      at += 8;
      taker.take(bytes, at, keyLength, bytes, (long) at + keyLength, valueLength);
      at += keyLength + valueLength;
    }
    restored = new ByteSink(16);
  }

  @Override
  public void holds(long heldEntries, long heldBytes) {
    entries = heldEntries;
    sizeBytes = heldBytes;
  }

  @Override
  public long entries() {
    return entries;
  }

  @Override
  public long sizeBytes() {
    return sizeBytes;
  }

  @Override
  public void close() {
    count = 0;
    changes = new ByteSink(16);
    restored = new ByteSink(16);
  }
}
