package dev.aevum.storage.rocksdb;

import dev.aevum.storage.contents.BaseView;
import dev.aevum.storage.contents.EntryCursor;
import java.lang.ref.Cleaner;
import java.nio.ByteBuffer;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.rocksdb.ColumnFamilyHandle;
import org.rocksdb.ReadOptions;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;
import org.rocksdb.RocksIterator;
import org.rocksdb.Slice;
import org.rocksdb.Snapshot;

/// A snapshot of the column family `view`. Given back when the view is no longer reachable: readers
/// hold it through their [dev.aevum.storage.contents.ContentsVersion], without counting.
final class RocksView implements BaseView {
  private static final Cleaner CLEANER = Cleaner.create();
  private static final int HEAD = Integer.BYTES;

  private final RocksDB db;
  private final ColumnFamilyHandle family;
  private final Cursors cursors;
  private final Snapshot snapshot;

  RocksView(RocksDB db, ColumnFamilyHandle family, Cursors cursors) {
    this.db = db;
    this.family = family;
    this.cursors = cursors;
    this.snapshot = db.getSnapshot();
    CLEANER.register(this, new Release(db, snapshot, cursors));
  }

  /// Refers to all but the view itself.
  private record Release(RocksDB db, Snapshot snapshot, Cursors cursors) implements Runnable {
    @Override
    public void run() {
      synchronized (cursors) {
        if (!cursors.isClosed()) {
          db.releaseSnapshot(snapshot);
        }
      }
    }
  }

  @Override
  public EntryCursor entries(int relation, byte[] prefix) {
    byte[] from = ByteBuffer.allocate(HEAD + prefix.length).putInt(relation).put(prefix).array();
    cursors.enter();
    try {
      return new Cursor(this, from);
    } catch (RuntimeException | Error e) {
      cursors.leave();
      throw e;
    }
  }

  /// The smallest key above all that start with `prefix`. Relations are not negative, so the first
  /// byte is never 0xff.
  static byte[] after(byte[] prefix) {
    int last = prefix.length - 1;
    while (prefix[last] == (byte) 0xff) {
      last--;
    }
    byte[] after = Arrays.copyOf(prefix, last + 1);
    after[last]++;
    return after;
  }

  private static final class Cursor implements EntryCursor {
    /// Keeps the snapshot alive.
    private final RocksView view;

    private final Slice end;
    private final ReadOptions read;
    private final RocksIterator iterator;
    private byte @Nullable [] from;
    private byte[] key = new byte[0];
    private byte[] value = new byte[0];
    private boolean ended;
    private boolean closed;

    Cursor(RocksView view, byte[] from) {
      this.view = view;
      this.from = from;
      this.end = new Slice(after(from));
      this.read = new ReadOptions().setSnapshot(view.snapshot).setIterateUpperBound(end);
      this.iterator = view.db.newIterator(view.family, read);
    }

    @Override
    public boolean next() {
      if (ended) {
        return false;
      }
      byte[] start = from;
      if (start == null) {
        iterator.next();
      } else {
        iterator.seek(start);
        from = null;
      }
      if (iterator.isValid()) {
        key = iterator.key();
        value = iterator.value();
        return true;
      }
      ended = true;
      try {
        iterator.status();
      } catch (RocksDBException e) {
        throw StoreErrors.of("read the state store", e);
      }
      return false;
    }

    @Override
    public byte[] bytes() {
      return key;
    }

    @Override
    public int start() {
      return HEAD;
    }

    @Override
    public int end() {
      return key.length;
    }

    @Override
    public int rowStart() {
      return HEAD + ByteBuffer.wrap(value).getInt();
    }

    @Override
    public long weight() {
      return ByteBuffer.wrap(value).getLong(4);
    }

    @Override
    public void close() {
      if (!closed) {
        closed = true;
        iterator.close();
        read.close();
        end.close();
        view.cursors.leave();
      }
    }
  }
}
