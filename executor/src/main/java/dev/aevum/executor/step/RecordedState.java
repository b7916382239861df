package dev.aevum.executor.step;

import dev.aevum.model.step.ObjectId;
import dev.aevum.storage.state.DirtySink;
import dev.aevum.storage.state.HashState;
import dev.aevum.storage.state.JournalState;
import dev.aevum.storage.state.MultiState;
import dev.aevum.storage.state.OrderedState;
import dev.aevum.storage.state.SlicedState;
import dev.aevum.storage.state.StateBackend;
import java.util.ArrayList;
import java.util.List;

/// A worker's backend as one operator sees it: remembers which objects it opened, so that they can
/// be measured, released or dropped with it.
final class RecordedState implements StateBackend {
  private final StateBackend backend;
  private final List<ObjectId> opened = new ArrayList<>();

  RecordedState(StateBackend backend) {
    this.backend = backend;
  }

  private ObjectId note(ObjectId id) {
    opened.add(id);
    return id;
  }

  @Override
  public HashState hash(ObjectId id, int valueWidth) {
    return backend.hash(note(id), valueWidth);
  }

  @Override
  public SlicedState sliced(ObjectId id, int valueWidth) {
    return backend.sliced(note(id), valueWidth);
  }

  @Override
  public MultiState multi(ObjectId id) {
    return backend.multi(note(id));
  }

  @Override
  public MultiState multiByTime(ObjectId id) {
    return backend.multiByTime(note(id));
  }

  @Override
  public OrderedState ordered(ObjectId id) {
    return backend.ordered(note(id));
  }

  @Override
  public JournalState journal(ObjectId id) {
    return backend.journal(note(id));
  }

  @Override
  public void drop(ObjectId id) {
    backend.drop(id);
  }

  @Override
  public void release(ObjectId id) {
    backend.release(id);
  }

  @Override
  public void drainDirty(DirtySink sink) {
    throw new IllegalStateException("state is drained for a whole worker");
  }

  @Override
  public long sizeBytes() {
    long size = 0;
    for (ObjectId id : opened) {
      size += backend.sizeBytes(id);
    }
    return size;
  }

  @Override
  public long sizeBytes(ObjectId id) {
    return backend.sizeBytes(id);
  }

  /// Closes the tables; storage keeps what it has.
  void releaseAll() {
    opened.forEach(backend::release);
    opened.clear();
  }

  /// Forgets the tables for good.
  void dropAll() {
    opened.forEach(backend::drop);
    opened.clear();
  }

  /// The same as [#releaseAll]: the backend itself is its owner's.
  @Override
  public void close() {
    releaseAll();
  }
}
