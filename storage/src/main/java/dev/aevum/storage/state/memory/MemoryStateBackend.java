package dev.aevum.storage.state.memory;

import dev.aevum.model.step.ObjectId;
import dev.aevum.storage.state.DirtySink;
import dev.aevum.storage.state.HashState;
import dev.aevum.storage.state.JournalState;
import dev.aevum.storage.state.MultiState;
import dev.aevum.storage.state.OrderedState;
import dev.aevum.storage.state.SlicedState;
import dev.aevum.storage.state.StateBackend;
import dev.aevum.storage.state.StateTable;
import java.lang.foreign.MemorySegment;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.function.IntFunction;
import org.apache.arrow.memory.BufferAllocator;

/// Hot tables for the shards of one worker; an opened table is filled by a [StateLoader]. Where
/// changes go is the business of whoever drains.
///
/// An object that is dropped reaches storage as one range delete of all its keys with the next
/// drain, before the entries of tables opened since under the same id.
public final class MemoryStateBackend implements StateBackend {
  private final IntFunction<BufferAllocator> allocators;
  private final int fromShard;
  private final int toShard;
  private final StateLoader loader;
  private final boolean discarding;
  private final Map<ObjectId, StateTable> tables = new LinkedHashMap<>();
  private final Set<ObjectId> dropped = new LinkedHashSet<>();

  /// @param allocator borrowed; all tables' memory is its
  /// @param fromShard first shard of this worker
  /// @param toShard behind its last
  public MemoryStateBackend(
      BufferAllocator allocator, int fromShard, int toShard, StateLoader loader) {
    this(relation -> allocator, fromShard, toShard, loader, false);
  }

  /// Tables that no storage takes up: drains hand over nothing.
  public MemoryStateBackend(BufferAllocator allocator, int fromShard, int toShard) {
    this(relation -> allocator, fromShard, toShard, StateLoader.NONE, true);
  }

  /// @param allocators that of a relation's tables; borrowed
  /// @param discarding whether drains hand over nothing
  public MemoryStateBackend(
      IntFunction<BufferAllocator> allocators,
      int fromShard,
      int toShard,
      StateLoader loader,
      boolean discarding) {
    SlicedTable.checkShards(fromShard, toShard);
    this.allocators = allocators;
    this.fromShard = fromShard;
    this.toShard = toShard;
    this.loader = loader;
    this.discarding = discarding;
  }

  @Override
  public HashState hash(ObjectId id, int valueWidth) {
    return open(new HashTable(allocators.apply(id.relation()), id, valueWidth));
  }

  @Override
  public SlicedState sliced(ObjectId id, int valueWidth) {
    return open(
        new SlicedTable(allocators.apply(id.relation()), id, valueWidth, fromShard, toShard));
  }

  @Override
  public MultiState multi(ObjectId id) {
    return open(new MultiTable(allocators.apply(id.relation()), id, 0, fromShard, toShard));
  }

  @Override
  public MultiState multiByTime(ObjectId id) {
    return open(
        new MultiTable(allocators.apply(id.relation()), id, Long.BYTES, fromShard, toShard));
  }

  @Override
  public OrderedState ordered(ObjectId id) {
    return open(new OrderedTable(allocators.apply(id.relation()), id, true, fromShard, toShard));
  }

  @Override
  public JournalState journal(ObjectId id) {
    return open(new JournalTable(id, !discarding));
  }

  private <T extends StateTable> T open(T table) {
    if (tables.containsKey(table.id())) {
      table.close();
      throw new IllegalStateException("state of " + table.id() + " is open already");
    }
    try {
      if (!dropped.contains(table.id())) {
        loader.load(table, fromShard, toShard);
      }
    } catch (RuntimeException e) {
      table.close();
      throw e;
    }
    tables.put(table.id(), table);
    return table;
  }

  /// Closes the object's table; it can be opened again, and holds then what storage has.
  @Override
  public void release(ObjectId id) {
    StateTable table = tables.remove(id);
    if (table != null) {
      table.close();
    }
  }

  @Override
  public void drop(ObjectId id) {
    release(id);
    dropped.add(id);
  }

  @Override
  public void drainDirty(DirtySink taker) {
    DirtySink sink = discarding ? Discard.SINK : taker;
    for (ObjectId id : dropped) {
      sink.deleteRange(id, fromShard, toShard, new byte[0], new byte[0]);
    }
    dropped.clear();
    for (StateTable table : tables.values()) {
      table.drainDirty(sink);
    }
  }

  @Override
  public long sizeBytes() {
    long size = 0;
    for (StateTable table : tables.values()) {
      size += table.sizeBytes();
    }
    return size;
  }

  @Override
  public long sizeBytes(ObjectId id) {
    StateTable table = tables.get(id);
    return table == null ? 0 : table.sizeBytes();
  }

  @Override
  public void close() {
    tables.values().forEach(StateTable::close);
    tables.clear();
  }

  private enum Discard implements DirtySink {
    SINK;

    @Override
    public void put(
        ObjectId object,
        int shard,
        MemorySegment key,
        long keyOffset,
        int keyLength,
        MemorySegment value,
        long valueOffset,
        int valueLength) {}

    @Override
    public void delete(
        ObjectId object, int shard, MemorySegment key, long keyOffset, int keyLength) {}

    @Override
    public void deleteRange(ObjectId object, int fromShard, int toShard, byte[] from, byte[] to) {}
  }
}
