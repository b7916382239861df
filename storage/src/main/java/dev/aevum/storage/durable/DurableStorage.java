package dev.aevum.storage.durable;

import dev.aevum.model.codec.ByteSink;
import dev.aevum.model.step.ObjectId;
import dev.aevum.storage.contents.BaseView;
import dev.aevum.storage.contents.ContentsLayout;
import dev.aevum.storage.contents.ContentsStore;
import dev.aevum.storage.contents.Run;
import dev.aevum.storage.file.DataFolder;
import dev.aevum.storage.file.FileSystem;
import dev.aevum.storage.log.CatalogLog;
import dev.aevum.storage.log.FrameContents;
import dev.aevum.storage.log.ManifestBytes;
import dev.aevum.storage.log.StepFrame;
import dev.aevum.storage.log.StepLog;
import dev.aevum.storage.rocksdb.RocksStore;
import dev.aevum.storage.state.StateBackend;
import dev.aevum.storage.state.memory.MemoryStateBackend;
import java.nio.file.Path;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.function.IntConsumer;
import java.util.function.IntFunction;
import org.apache.arrow.memory.BufferAllocator;
import org.jspecify.annotations.Nullable;

/// Storage in a data folder.
///
/// A step's life: its frame is synced to the step log; then its runs are published; RocksDB takes
/// state and contents of many steps at once in the background ([Applier]), flushes now and then,
/// and the log forgets what was flushed. Recovery opens RocksDB at its flushed step and takes up
/// the frames after it.
public final class DurableStorage implements Storage {
  /// @param log segments and holds
  /// @param store RocksDB's memory
  /// @param applier when changes go to RocksDB
  public record Options(StepLog.Options log, RocksStore.Options store, Applier.Options applier) {
    public static final Options DEFAULT =
        new Options(StepLog.Options.DEFAULT, RocksStore.Options.DEFAULT, Applier.Options.DEFAULT);

    /// As much of it as fits a process of so much memory: caches take a fifth; changes that wait,
    /// an eighth, also of the heap, which holds them twice. Neither more than by default.
    public static Options within(long memoryBytes, long heapBytes) {
      long cache = Math.clamp(memoryBytes / 5, 8L << 20, DEFAULT.store().cacheBytes());
      long least = Math.min(memoryBytes, heapBytes);
      Applier.Options usual = DEFAULT.applier();
      return new Options(
          DEFAULT.log(),
          new RocksStore.Options(cache, cache / 2),
          new Applier.Options(
              usual.intervalMillis(),
              Math.clamp(least / 32, 2L << 20, usual.applyBytes()),
              Math.clamp(least / 8, 8L << 20, usual.maxPendingBytes()),
              usual.appliesPerFlush(),
              usual.flushBytes()));
    }
  }

  private final DataFolder folder;
  private final CatalogLog catalogLog;
  private final StepLog log;
  private final RocksStore store;
  private final ContentsStore contents;
  private final Applier applier;
  private final AtomicReference<@Nullable Throwable> failed = new AtomicReference<>();
  private final Object publishing = new Object();
  private long committed;
  private long published;

  private DurableStorage(
      DataFolder folder,
      CatalogLog catalogLog,
      RocksStore store,
      Options options,
      Consumer<Throwable> fatal,
      IntConsumer lostHold) {
    this.folder = folder;
    this.catalogLog = catalogLog;
    this.store = store;
    Consumer<Throwable> once = cause -> fail(cause, fatal);
    this.log = new StepLog(folder.files(), folder.log(), options.log(), once, lostHold);
    this.contents = new ContentsStore(store.appliedStep());
    this.applier = new Applier(store, contents, log, options.applier(), once);
  }

  private void fail(Throwable cause, Consumer<Throwable> fatal) {
    if (failed.compareAndSet(null, cause)) {
      synchronized (publishing) {
        publishing.notifyAll();
      }
      fatal.accept(cause);
    }
  }

  /// Opens or makes the data folder.
  ///
  /// @param fatal told once when storage can't go on: the process has to stop with the message
  /// @param lostHold told the sink whose frames had to go
  ///
  ///   Errors: those of [DataFolder], [CatalogLog], [StepLog] and [RocksStore].
  public static DurableStorage open(
      FileSystem files,
      Path root,
      Options options,
      Consumer<Throwable> fatal,
      IntConsumer lostHold) {
    DataFolder folder = DataFolder.open(files, root);
    CatalogLog catalogue = null;
    RocksStore store = null;
    try {
      catalogue = new CatalogLog(files, folder.catalog());
      store = new RocksStore(folder.state(), options.store());
      return new DurableStorage(folder, catalogue, store, options, fatal, lostHold);
    } catch (RuntimeException | Error e) {
      close(store);
      close(catalogue);
      folder.close();
      throw e;
    }
  }

  private static void close(@Nullable AutoCloseable object) {
    if (object != null) {
      try {
        object.close();
      } catch (Exception e) {
        throw new IllegalStateException(e);
      }
    }
  }

  @Override
  public CatalogRecords catalogue() {
    return new CatalogRecords() {
      @Override
      public long append(byte[] record) {
        return catalogLog.append(record);
      }

      @Override
      public long version() {
        return catalogLog.version();
      }

      @Override
      public int size() {
        return catalogLog.size();
      }

      @Override
      public void replay(long from, CatalogLog.Visitor visitor) {
        catalogLog.replay(from, visitor);
      }

      @Override
      public void compact(Set<Long> versions) {
        catalogLog.compact(versions);
      }
    };
  }

  @Override
  public Recovered recover(Collection<ContentsLayout> relations) {
    BaseView base = store.view();
    for (ContentsLayout layout : relations) {
      contents.create(layout, base, store.rows(layout.relation()));
    }
    log.checkFollows(store.appliedStep());
    StepFrame.Manifest[] last = {ManifestBytes.read(store.manifest())};
    log.read(
        store.appliedStep(),
        Long.MAX_VALUE,
        frame -> {
          replay(frame);
          last[0] = frame.manifest();
        });
    committed = contents.current().step();
    published = committed;
    applier.start();
    return new Recovered(committed, last[0]);
  }

  private void replay(StepFrame frame) {
    Map<Integer, Run> runs = new HashMap<>();
    Set<Integer> drops = new HashSet<>();
    FrameContents.read(
        frame.contents(),
        new FrameContents.Visitor() {
          @Override
          public void drop(int relation) {
            drops.add(relation);
          }

          @Override
          public void changes(int relation, Run run) {
            runs.put(relation, run);
          }
        });
    drops.forEach(contents::drop);
    applier.add(frame, drops);
    contents.publish(frame.step(), runs);
    applier.applyIfLarge();
  }

  @Override
  public ContentsStore contents() {
    return contents;
  }

  @Override
  public void relieve() {
    applier.hurry();
  }

  @Override
  public StateBackend backend(IntFunction<BufferAllocator> allocators, int fromShard, int toShard) {
    return new MemoryStateBackend(
        allocators,
        fromShard,
        toShard,
        (table, from, to) -> {
          awaitPublished();
          applier.applyNow();
          store.load(table, from, to);
        },
        false);
  }

  @Override
  public List<ObjectId> stateObjects(int relation) {
    awaitPublished();
    applier.applyNow();
    return store.stateObjects(relation);
  }

  @Override
  public void commit(StepChanges changes, Runnable published) {
    applier.awaitRoom(failed::get);
    StepFrame frame =
        new StepFrame(changes.step(), changes.manifest(), changes.state(), section(changes));
    synchronized (publishing) {
      if (changes.step() != committed + 1) {
        throw new IllegalStateException("step " + changes.step() + " after step " + committed);
      }
      committed = changes.step();
    }
    log.append(frame, () -> publish(frame, changes, published));
  }

  private static byte[] section(StepChanges changes) {
    // Of its size at once: a section that grows stands in memory twice, and may be most of it.
    int size = changes.drops().size() * 6;
    for (Map.Entry<Integer, Run> e : changes.contents().entrySet()) {
      size = Math.addExact(size, FrameContents.changesBytes(e.getKey(), e.getValue()));
    }
    ByteSink out = new ByteSink(size);
    changes.drops().stream().sorted().forEach(r -> FrameContents.drop(out, r));
    new TreeMap<>(changes.contents()).forEach((r, run) -> FrameContents.changes(out, r, run));
    return out.finish();
  }

  private void publish(StepFrame frame, StepChanges changes, Runnable announce) {
    changes.drops().forEach(contents::drop);
    applier.add(frame, changes.drops());
    contents.publish(changes.step(), changes.contents());
    announce.run();
    synchronized (publishing) {
      published = changes.step();
      publishing.notifyAll();
    }
  }

  @Override
  public void awaitPublished() {
    synchronized (publishing) {
      while (published < committed && failed.get() == null) {
        try {
          publishing.wait();
        } catch (InterruptedException e) {
          Thread.currentThread().interrupt();
          throw new IllegalStateException("interrupted while steps were being committed", e);
        }
      }
    }
    Throwable cause = failed.get();
    if (cause != null) {
      throw Applier.stopped(cause);
    }
  }

  @Override
  public void frames(long after, long upTo, Consumer<StepFrame> frames) {
    log.read(after, upTo, frames);
  }

  @Override
  public void hold(int sink, long step) {
    log.hold(sink, step);
  }

  @Override
  public void release(int sink) {
    log.release(sink);
  }

  /// For tests, which say when it works.
  Applier applier() {
    return applier;
  }

  @Override
  public Usage usage() {
    return new Usage(
        contents.sizeBytes(),
        applier.pendingBytes(),
        store.memoryBytes(),
        log.sizeBytes(),
        store.sizeBytes(),
        store.appliedStep(),
        store.flushedStep());
  }

  /// After a failure nothing more is written.
  @Override
  public void close() {
    log.close();
    applier.close(failed.get() == null);
    contents.close();
    store.close();
    catalogLog.close();
    folder.close();
  }
}
