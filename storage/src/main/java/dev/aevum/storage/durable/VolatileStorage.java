package dev.aevum.storage.durable;

import dev.aevum.model.codec.ByteSink;
import dev.aevum.model.error.ErrorCode;
import dev.aevum.model.error.SqlException;
import dev.aevum.model.step.ObjectId;
import dev.aevum.model.step.Shards;
import dev.aevum.storage.contents.ContentsLayout;
import dev.aevum.storage.contents.ContentsStore;
import dev.aevum.storage.log.CatalogLog;
import dev.aevum.storage.log.FrameContents;
import dev.aevum.storage.log.StepFrame;
import dev.aevum.storage.state.StateBackend;
import dev.aevum.storage.state.memory.MemoryStateBackend;
import dev.aevum.storage.state.memory.StateLoader;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.IntConsumer;
import java.util.function.IntFunction;
import org.apache.arrow.memory.BufferAllocator;

/// Storage that ends with the process. State of a released table is lost: [ObjectId]s are not
/// opened again with their contents.
public final class VolatileStorage implements Storage {
  private final Records catalogue = new Records();

  /// Bytes of frames that slow sinks may hold in memory.
  private static final long MAX_HELD_BYTES = 256L << 20;

  private final ContentsStore contents = new ContentsStore(0);
  private final Deque<StepFrame> kept = new ArrayDeque<>();
  private final Map<Integer, Long> holds = new HashMap<>();
  private final long maxHeldBytes;
  private final IntConsumer lostHold;
  private long heldBytes;
  private long lastStep;

  /// @param lostHold told the sink whose frames had to go; called while a step is committed
  public VolatileStorage(IntConsumer lostHold) {
    this(MAX_HELD_BYTES, lostHold);
  }

  /// @param maxHeldBytes bytes of frames that slow sinks may hold
  public VolatileStorage(long maxHeldBytes, IntConsumer lostHold) {
    this.maxHeldBytes = maxHeldBytes;
    this.lostHold = lostHold;
  }

  /// Tables of all shards for one query, to be closed by the caller.
  public static StateBackend scratch(BufferAllocator allocator) {
    return new MemoryStateBackend(allocator, 0, Shards.COUNT);
  }

  @Override
  public CatalogRecords catalogue() {
    return catalogue;
  }

  @Override
  public Recovered recover(Collection<ContentsLayout> relations) {
    relations.forEach(layout -> contents.create(layout, null, 0));
    return new Recovered(0, new StepFrame.Manifest(Map.of(), Map.of(), Map.of(), 0, 0));
  }

  @Override
  public ContentsStore contents() {
    return contents;
  }

  @Override
  public StateBackend backend(IntFunction<BufferAllocator> allocators, int fromShard, int toShard) {
    return new MemoryStateBackend(allocators, fromShard, toShard, StateLoader.NONE, true);
  }

  @Override
  public void relieve() {
    // There is nowhere to go.
  }

  @Override
  public List<ObjectId> stateObjects(int relation) {
    return List.of();
  }

  @Override
  public void commit(StepChanges changes, Runnable published) {
    keep(changes);
    changes.drops().forEach(contents::drop);
    contents.publish(changes.step(), changes.contents());
    published.run();
  }

  @Override
  public void awaitPublished() {
    // Steps are visible when commit returns.
  }

  @Override
  public void frames(long after, long upTo, Consumer<StepFrame> frames) {
    List<StepFrame> found = new ArrayList<>();
    synchronized (kept) {
      if (after < lastStep && (kept.isEmpty() || kept.getFirst().step() > after + 1)) {
        throw new SqlException(
            ErrorCode.OBJECT_NOT_IN_PREREQUISITE_STATE,
            "steps after " + after + " are no longer kept");
      }
      for (StepFrame frame : kept) {
        if (frame.step() > after && frame.step() <= upTo) {
          found.add(frame);
        }
      }
    }
    found.forEach(frames);
  }

  /// Frames are made for sinks only, which hold them.
  private void keep(StepChanges changes) {
    synchronized (kept) {
      lastStep = changes.step();
      if (holds.isEmpty()) {
        return;
      }
      ByteSink out = new ByteSink();
      new TreeMap<>(changes.contents()).forEach((r, run) -> FrameContents.changes(out, r, run));
      kept.add(new StepFrame(changes.step(), changes.manifest(), List.of(), out.toBytes()));
      heldBytes += out.position();
      trim();
    }
  }

  private void trim() {
    long oldest = holds.values().stream().mapToLong(Long::longValue).min().orElse(Long.MAX_VALUE);
    while (!kept.isEmpty() && (kept.getFirst().step() <= oldest || heldBytes > maxHeldBytes)) {
      StepFrame gone = kept.removeFirst();
      heldBytes -= gone.contents().length;
      List<Integer> lost = new ArrayList<>();
      holds.forEach((sink, step) -> {
        if (step < gone.step()) {
          lost.add(sink);
        }
      });
      for (int sink : lost) {
        holds.remove(sink);
        lostHold.accept(sink);
      }
      oldest = holds.values().stream().mapToLong(Long::longValue).min().orElse(Long.MAX_VALUE);
    }
  }

  @Override
  public void hold(int sink, long step) {
    synchronized (kept) {
      holds.put(sink, step);
      trim();
    }
  }

  @Override
  public void release(int sink) {
    synchronized (kept) {
      holds.remove(sink);
      trim();
    }
  }

  @Override
  public Usage usage() {
    long step = contents.current().step();
    return new Usage(contents.sizeBytes(), 0, 0, 0, 0, step, step);
  }

  @Override
  public void close() {
    contents.close();
  }

  private static final class Records implements CatalogRecords {
    private final NavigableMap<Long, byte[]> records = new TreeMap<>();
    private long version;

    @Override
    public synchronized long append(byte[] record) {
      version++;
      records.put(version, record.clone());
      return version;
    }

    @Override
    public synchronized long version() {
      return version;
    }

    @Override
    public synchronized int size() {
      return records.size();
    }

    @Override
    public void replay(long from, CatalogLog.Visitor visitor) {
      NavigableMap<Long, byte[]> wanted;
      synchronized (this) {
        wanted = new TreeMap<>(records.tailMap(from, true));
      }
      wanted.forEach(visitor::entry);
    }

    @Override
    public synchronized void compact(Set<Long> versions) {
      records.keySet().removeIf(v -> v != version && !versions.contains(v));
    }
  }
}
