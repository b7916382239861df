package dev.aevum.storage.state;

import dev.aevum.model.step.ObjectId;

/// What all tables share. A table belongs to one worker: no method is thread-safe, none blocks.
/// Keys are encoded by `KeyCodec`; `hash` is always `KeyCodec.hash` of the part of the key that
/// decides the shard (the whole key, unless said otherwise).
public interface StateTable extends AutoCloseable {
  ObjectId id();

  /// Live entries.
  long entries();

  /// Memory held, allocator bytes.
  long sizeBytes();

  /// Hands every entry touched since the last call to `sink` in its present form, once, and forgets
  /// the touches. Called at a step's seal. Segments are valid during the call.
  void drainDirty(DirtySink sink);

  /// Puts an entry from storage back, not dirty. Only before the first step.
  void restore(
      int shard,
      java.lang.foreign.MemorySegment key,
      long keyOffset,
      int keyLength,
      java.lang.foreign.MemorySegment value,
      long valueOffset,
      int valueLength);

  /// Frees the memory; contents in storage stay.
  @Override
  void close();
}
