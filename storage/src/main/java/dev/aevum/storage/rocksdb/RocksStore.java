package dev.aevum.storage.rocksdb;

import dev.aevum.model.step.ObjectId;
import dev.aevum.storage.contents.BaseView;
import dev.aevum.storage.contents.ContentsVersion;
import dev.aevum.storage.contents.EntryCursor;
import dev.aevum.storage.file.StorageErrors;
import dev.aevum.storage.state.StateTable;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.rocksdb.BlockBasedTableConfig;
import org.rocksdb.BloomFilter;
import org.rocksdb.Cache;
import org.rocksdb.ColumnFamilyDescriptor;
import org.rocksdb.ColumnFamilyHandle;
import org.rocksdb.ColumnFamilyOptions;
import org.rocksdb.CompressionType;
import org.rocksdb.DBOptions;
import org.rocksdb.FlushOptions;
import org.rocksdb.InfoLogLevel;
import org.rocksdb.LRUCache;
import org.rocksdb.ReadOptions;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;
import org.rocksdb.RocksIterator;
import org.rocksdb.Slice;
import org.rocksdb.WriteBatch;
import org.rocksdb.WriteBufferManager;
import org.rocksdb.WriteOptions;

/// Operator state and contents on disk, both as of one step.
///
/// Every [#apply] is one write of all column families together with its step and manifest. RocksDB
/// writes no log of its own: what was applied is on the device after [#flush] only, and after a
/// crash the store opens as of some earlier apply, all families alike; the step log has the rest.
///
/// `view`: relation (u32, big endian) and an entry's bytes, to the length of its key (i32) and its
/// weight (i64), big endian. `meta`: `step` (i64), `manifest` (bytes), `rows` and relation (i64).
///
/// One thread applies and flushes; [#load], [#view] and its cursors are for any thread.
public final class RocksStore implements AutoCloseable {
  /// @param cacheBytes block cache and memtables together
  /// @param writeBufferBytes memtables within it
  public record Options(long cacheBytes, long writeBufferBytes) {
    public static final Options DEFAULT = new Options(256L << 20, 128L << 20);
  }

  private static final byte[] STEP = "step".getBytes(StandardCharsets.UTF_8);
  private static final byte[] MANIFEST = "manifest".getBytes(StandardCharsets.UTF_8);

  static {
    RocksDB.loadLibrary();
  }

  private final List<AutoCloseable> owned = new ArrayList<>();
  private final RocksDB db;
  private final ColumnFamilyHandle state;
  private final ColumnFamilyHandle view;
  private final ColumnFamilyHandle meta;
  private final WriteOptions writeOptions = new WriteOptions().setDisableWAL(true);
  private final Cursors cursors = new Cursors();
  private volatile long appliedStep;
  private volatile long flushedStep;
  private volatile byte[] manifest;

  public RocksStore(Path folder, Options options) {
    try {
      Files.createDirectories(folder);
      List<ColumnFamilyHandle> handles = new ArrayList<>();
      db = open(folder, options, handles);
      state = handles.get(1);
      view = handles.get(2);
      meta = handles.get(3);
      byte[] step = db.get(meta, STEP);
      appliedStep = step == null ? 0 : ByteBuffer.wrap(step).getLong();
      flushedStep = appliedStep;
      byte[] stored = db.get(meta, MANIFEST);
      manifest = stored == null ? new byte[0] : stored;
    } catch (RocksDBException e) {
      closeOwned();
      throw StoreErrors.of("open the state store in \"" + folder + "\"", e);
    } catch (IOException e) {
      throw StorageErrors.io("make folder \"" + folder + "\"", e);
    }
  }

  private <T extends AutoCloseable> T own(T object) {
    owned.add(object);
    return object;
  }

  private RocksDB open(Path folder, Options options, List<ColumnFamilyHandle> handles)
      throws RocksDBException {
    Cache cache = own(new LRUCache(options.cacheBytes()));
    WriteBufferManager buffers = own(new WriteBufferManager(options.writeBufferBytes(), cache));
    DBOptions dbOptions =
        own(new DBOptions())
            .setCreateIfMissing(true)
            .setCreateMissingColumnFamilies(true)
            .setAtomicFlush(true)
            .setWriteBufferManager(buffers)
            .setAvoidFlushDuringShutdown(true)
            .setMaxBackgroundJobs(2)
            .setInfoLogLevel(InfoLogLevel.WARN_LEVEL)
            .setKeepLogFileNum(2);
    ColumnFamilyOptions families =
        own(new ColumnFamilyOptions())
            .setWriteBufferSize(options.writeBufferBytes() / 4)
            .setMemtablePrefixBloomSizeRatio(0.05)
            .setMemtableWholeKeyFiltering(true)
            .setCompressionType(CompressionType.LZ4_COMPRESSION)
            .setBottommostCompressionType(CompressionType.ZSTD_COMPRESSION)
            .setTableFormatConfig(
                new BlockBasedTableConfig()
                    .setBlockCache(cache)
                    .setCacheIndexAndFilterBlocks(true)
                    .setFormatVersion(5)
                    .setFilterPolicy(own(new BloomFilter(10, false))));
    List<ColumnFamilyDescriptor> descriptors = new ArrayList<>();
    for (String name : List.of("default", "state", "view", "meta")) {
      byte[] bytes = name.getBytes(StandardCharsets.UTF_8);
      descriptors.add(new ColumnFamilyDescriptor(bytes, families));
    }
    RocksDB opened = own(RocksDB.open(dbOptions, folder.toString(), descriptors, handles));
    handles.forEach(this::own);
    return opened;
  }

  /// The step that state and contents are at, 0 before the first.
  public long appliedStep() {
    return appliedStep;
  }

  /// The step that is safely on the device.
  public long flushedStep() {
    return flushedStep;
  }

  /// What was given with the applied step; empty before the first.
  public byte[] manifest() {
    return manifest.clone();
  }

  /// Writes state changes and the runs of `contents` (as of `contents.step()`), after deleting the
  /// contents of `drops`.
  ///
  /// Errors: XX001 when a row's count would become negative.
  public void apply(
      PendingState changes, Collection<Integer> drops, ContentsVersion contents, byte[] manifest) {
    try (WriteBatch batch = new WriteBatch()) {
      applyState(changes, batch);
      for (int relation : drops) {
        batch.deleteRange(view, relationKey(relation), relationKey(relation + 1));
        batch.delete(meta, rowsKey(relation));
      }
      for (int relation : contents.relations()) {
        applyContents(relation, contents, batch);
      }
      batch.put(meta, STEP, longBytes(contents.step()));
      batch.put(meta, MANIFEST, manifest);
      db.write(writeOptions, batch);
      this.manifest = manifest.clone();
      appliedStep = contents.step();
    } catch (RocksDBException e) {
      throw StoreErrors.of("write the state store", e);
    }
  }

  private static byte[] longBytes(long value) {
    return ByteBuffer.allocate(Long.BYTES).putLong(value).array();
  }

  private static byte[] relationKey(int relation) {
    return ByteBuffer.allocate(Integer.BYTES).putInt(relation).array();
  }

  private static byte[] rowsKey(int relation) {
    return ByteBuffer.allocate(8).put(new byte[] {'r', 'o', 'w', 's'}).putInt(relation).array();
  }

  /// RocksDB's checked errors out of a visit.
  private static final class Failure extends RuntimeException {
    private static final long serialVersionUID = 1L;
    final RocksDBException error;

    Failure(RocksDBException error) {
      super(error);
      this.error = error;
    }
  }

  private void applyState(PendingState changes, WriteBatch batch) throws RocksDBException {
    try {
      changes.visit(
          new PendingState.Visitor() {
            @Override
            public void deleteRange(byte[] from, byte[] to) {
              try {
                if (holdsAny(from, to)) {
                  batch.deleteRange(state, from, to);
                }
              } catch (RocksDBException e) {
                throw new Failure(e);
              }
            }

            @Override
            public void put(byte[] key, byte[] value) {
              try {
                batch.put(state, key, value);
              } catch (RocksDBException e) {
                throw new Failure(e);
              }
            }

            @Override
            public void delete(byte[] key) {
              try {
                batch.delete(state, key);
              } catch (RocksDBException e) {
                throw new Failure(e);
              }
            }
          });
    } catch (Failure e) {
      throw e.error;
    }
  }

  /// Most windows end before any of their state came here: then there is nothing to delete, and no
  /// trace of a range that later reads would have to skip.
  private boolean holdsAny(byte[] from, byte[] to) throws RocksDBException {
    try (Slice end = new Slice(to);
        ReadOptions read = new ReadOptions().setIterateUpperBound(end);
        RocksIterator iterator = db.newIterator(state, read)) {
      iterator.seek(from);
      iterator.status();
      return iterator.isValid();
    }
  }

  private void applyContents(int relation, ContentsVersion contents, WriteBatch batch)
      throws RocksDBException {
    byte[] key = relationKey(relation);
    boolean any = false;
    try (EntryCursor cursor = contents.changes(relation)) {
      while (cursor.next()) {
        any = true;
        int length = cursor.end() - cursor.start();
        key = Arrays.copyOf(key, 4 + length);
        System.arraycopy(cursor.bytes(), cursor.start(), key, 4, length);
        byte[] old = db.get(view, key);
        long weight = old == null ? 0 : ByteBuffer.wrap(old).getLong(4);
        weight = Math.addExact(weight, cursor.weight());
        if (weight < 0) {
          throw StoreErrors.corrupt(
              "a row of relation " + relation + " has a negative count", null);
        }
        if (weight == 0) {
          batch.delete(view, key);
        } else {
          int keyLength = cursor.rowStart() - cursor.start();
          ByteBuffer value = ByteBuffer.allocate(12).putInt(keyLength).putLong(weight);
          batch.put(view, key, value.array());
        }
      }
    }
    if (any) {
      batch.put(meta, rowsKey(relation), longBytes(contents.rows(relation)));
    }
  }

  /// Puts everything applied so far on the device.
  public void flush() {
    long step = appliedStep;
    try (FlushOptions options = new FlushOptions().setWaitForFlush(true)) {
      db.flush(options, List.of(state, view, meta));
      flushedStep = step;
    } catch (RocksDBException e) {
      throw StoreErrors.of("flush the state store", e);
    }
  }

  /// Rows of a relation as of the applied step.
  public long rows(int relation) {
    try {
      byte[] rows = db.get(meta, rowsKey(relation));
      return rows == null ? 0 : ByteBuffer.wrap(rows).getLong();
    } catch (RocksDBException e) {
      throw StoreErrors.of("read the state store", e);
    }
  }

  /// Restores the entries of the table's object in the shards [`fromShard`, `toShard`).
  public void load(StateTable table, int fromShard, int toShard) {
    try (Slice end = new Slice(PendingState.head(table.id(), toShard));
        ReadOptions read =
            new ReadOptions()
                .setIterateUpperBound(end)
                .setFillCache(false)
                .setReadaheadSize(1 << 20);
        RocksIterator iterator = db.newIterator(state, read)) {
      iterator.seek(PendingState.head(table.id(), fromShard));
      for (; iterator.isValid(); iterator.next()) {
        byte[] key = iterator.key();
        byte[] value = iterator.value();
        int shard = ByteBuffer.wrap(key).getShort(8);
        table.restore(
            shard,
            MemorySegment.ofArray(key),
            PendingState.HEAD,
            key.length - PendingState.HEAD,
            MemorySegment.ofArray(value),
            0,
            value.length);
      }
      iterator.status();
    } catch (RocksDBException e) {
      throw StoreErrors.of("read the state store", e);
    }
  }

  /// The objects of a relation that have entries.
  public List<ObjectId> stateObjects(int relation) {
    List<ObjectId> found = new ArrayList<>();
    try (Slice end = new Slice(relationKey(relation + 1));
        ReadOptions read = new ReadOptions().setIterateUpperBound(end);
        RocksIterator iterator = db.newIterator(state, read)) {
      iterator.seek(relationKey(relation));
      while (iterator.isValid()) {
        ObjectId id = new ObjectId(relation, ByteBuffer.wrap(iterator.key()).getInt(4));
        found.add(id);
        iterator.seek(PendingState.head(new ObjectId(relation, id.operator() + 1), 0));
      }
      iterator.status();
      return found;
    } catch (RocksDBException e) {
      throw StoreErrors.of("read the state store", e);
    }
  }

  /// The contents as of the applied step, whatever is applied later. Its hold on old versions of
  /// entries ends when nobody refers to it any more.
  public BaseView view() {
    return new RocksView(db, view, cursors);
  }

  public long sizeBytes() {
    long size = 0;
    for (@Nullable ColumnFamilyHandle family : List.of(state, view)) {
      try {
        size += db.getLongProperty(family, "rocksdb.live-sst-files-size");
      } catch (RocksDBException e) {
        throw StoreErrors.of("read the state store", e);
      }
    }
    return size;
  }

  /// Bytes of memory in caches and memtables.
  public long memoryBytes() {
    try {
      return db.getAggregatedLongProperty("rocksdb.cur-size-all-mem-tables")
          + db.getLongProperty("rocksdb.block-cache-usage");
    } catch (RocksDBException e) {
      throw StoreErrors.of("read the state store", e);
    }
  }

  private void closeOwned() {
    for (AutoCloseable object : owned.reversed()) {
      try {
        object.close();
      } catch (Exception e) {
        throw new IllegalStateException(e);
      }
    }
    owned.clear();
  }

  /// Closes without a flush. Cursors that are still open keep the store open until the last of them
  /// is closed.
  @Override
  public void close() {
    cursors.close(() -> {
      writeOptions.close();
      closeOwned();
    });
  }
}
