package dev.aevum.storage.state;

import dev.aevum.model.step.ObjectId;

/// Opens the tables of one worker. What is behind (RocksDB, frames, nothing) does not show: an
/// opened table holds what the last published step left there for the shards of this worker.
public interface StateBackend extends AutoCloseable {
  HashState hash(ObjectId id, int valueWidth);

  SlicedState sliced(ObjectId id, int valueWidth);

  MultiState multi(ObjectId id);

  /// A table whose keys begin with an 8-byte time for [MultiState#dropBefore]; the time does not
  /// count for the hash, which is that of the rest of the key.
  MultiState multiByTime(ObjectId id);

  OrderedState ordered(ObjectId id);

  JournalState journal(ObjectId id);

  /// Forgets the object for good, here and in storage (with the next drained step).
  void drop(ObjectId id);

  /// Closes the object's table and forgets its touches. Opened again it holds what storage has: so
  /// a failed view's state is thrown away, or a stopped one's memory given back.
  void release(ObjectId id);

  /// Drains every open table ([StateTable#drainDirty]) in order of opening.
  void drainDirty(DirtySink sink);

  long sizeBytes();

  /// Memory of one object's table, 0 when it is not open.
  long sizeBytes(ObjectId id);

  @Override
  void close();
}
