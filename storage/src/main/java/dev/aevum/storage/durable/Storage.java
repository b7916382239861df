package dev.aevum.storage.durable;

import dev.aevum.model.step.ObjectId;
import dev.aevum.storage.contents.ContentsLayout;
import dev.aevum.storage.contents.ContentsStore;
import dev.aevum.storage.log.StepFrame;
import dev.aevum.storage.state.StateBackend;
import java.util.Collection;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.IntFunction;
import org.apache.arrow.memory.BufferAllocator;

/// What the engine stores in. Life: [#catalogue] is read first; then [#recover] with the relations
/// it names; then backends are opened and steps committed; then [#close].
///
/// The step thread commits; contents are read by any thread; other methods say who may call.
public interface Storage extends AutoCloseable {
  /// Durable catalogue changes; thread-safe.
  CatalogRecords catalogue();

  /// Makes the contents of `relations` what the last committed step left and returns where the
  /// engine stands. Called once. Changes of relations that are not named are skipped.
  Recovered recover(Collection<ContentsLayout> relations);

  /// @param step the last committed step, 0 when there was none
  /// @param manifest of that step; empty for step 0
  record Recovered(long step, StepFrame.Manifest manifest) {}

  /// What readers see. The step thread adds relations by [ContentsStore#create] (with a null base)
  /// before the first step that changes them; dropping goes by [StepChanges#drops].
  ContentsStore contents();

  /// The tables of the worker that owns the shards [`fromShard`, `toShard`). Tables are opened only
  /// while no step is under way ([#awaitPublished]).
  default StateBackend backend(BufferAllocator allocator, int fromShard, int toShard) {
    return backend(relation -> allocator, fromShard, toShard);
  }

  /// The same with an allocator for each relation's tables, so that they can be measured and
  /// bounded one by one.
  StateBackend backend(IntFunction<BufferAllocator> allocators, int fromShard, int toShard);

  /// Memory is short: whatever can leave it, does so soon. Any thread.
  void relieve();

  /// The state objects of a relation that storage holds, as of the last committed step: what has to
  /// be dropped before state of another plan is opened under the same ids.
  List<ObjectId> stateObjects(int relation);

  /// Makes the step durable, then visible, then runs `published` (on another thread, steps in
  /// order). Returns early: a few steps may be under way; then it waits, as it does when the disk
  /// can't keep up.
  ///
  /// Errors: 58030 after a failure; then the process has to stop.
  void commit(StepChanges changes, Runnable published);

  /// Returns when every committed step is visible.
  void awaitPublished();

  /// Hands the frames of the steps in (`after`, `upTo`] that are durable to `frames`, in order. Any
  /// thread.
  ///
  /// Errors: 55000 when they are no longer kept.
  void frames(long after, long upTo, Consumer<StepFrame> frames);

  /// Keeps frames after `step` for a sink, replacing its hold; bounded: see
  /// [dev.aevum.storage.log.StepLog]. Any thread.
  void hold(int sink, long step);

  void release(int sink);

  /// Where memory and disk go.
  Usage usage();

  /// @param contentsBytes runs in memory
  /// @param pendingBytes changes that wait for RocksDB
  /// @param cacheBytes RocksDB's caches and memtables
  /// @param logBytes step log on disk
  /// @param storeBytes RocksDB on disk
  /// @param appliedStep the step that RocksDB is at
  /// @param flushedStep the step that RocksDB has on the device
  record Usage(
      long contentsBytes,
      long pendingBytes,
      long cacheBytes,
      long logBytes,
      long storeBytes,
      long appliedStep,
      long flushedStep) {
    /// All memory.
    public long memoryBytes() {
      return contentsBytes + pendingBytes + cacheBytes;
    }
  }

  /// Puts what is committed where the next start finds it fast. Backends are closed before.
  @Override
  void close();
}
