package dev.aevum.storage.log;

import dev.aevum.storage.file.FileSystem;
import dev.aevum.storage.file.StorageErrors;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Set;
import java.util.TreeMap;

/// The durable list of catalogue changes: opaque records, numbered from 1 on by *version*.
///
/// One file, `catalog.log`, a [RecordFile] whose payloads are the version (i64, little endian) and
/// the record. Compaction writes the records that still count to a new file and puts it in the
/// place of the old one; versions stay. Thread-safe.
///
/// A crash in the middle of [#append] leaves the record there or not; [#append] that returned is
/// durable. After an append that failed every other one fails: the process has to stop.
public final class CatalogLog implements AutoCloseable {
  /// "AEVUMCAT".
  private static final long MAGIC = 0x5441434d55564541L;

  private static final int VERSION = 1;

  /// Takes entries in order.
  @FunctionalInterface
  public interface Visitor {
    void entry(long version, byte[] record);
  }

  private final FileSystem files;
  private final Path folder;
  private final Path path;
  private final NavigableMap<Long, byte[]> entries = new TreeMap<>();
  private RecordFile file;
  private long version;
  private boolean broken;

  public CatalogLog(FileSystem files, Path folder) {
    this.files = files;
    this.folder = folder;
    this.path = folder.resolve("catalog.log");
    try {
      this.file = open();
    } catch (IOException e) {
      throw StorageErrors.io("read the catalogue in \"" + folder + "\"", e);
    }
  }

  private RecordFile open() throws IOException {
    if (!files.exists(path)) {
      return RecordFile.create(files, path, MAGIC, VERSION);
    }
    long size =
        RecordFile.recover(
            files,
            path,
            MAGIC,
            VERSION,
            true,
            (bytes, offset, length) -> {
              long found = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).getLong(offset);
              if (found <= version) {
                throw StorageErrors.corrupt(path, "version " + found + " after " + version);
              }
              version = found;
              entries.put(found, Arrays.copyOfRange(bytes, offset + 8, offset + length));
            });
    if (size == 0) {
      files.delete(path);
      return RecordFile.create(files, path, MAGIC, VERSION);
    }
    if (size < files.size(path)) {
      files.truncate(path, size);
    }
    return RecordFile.open(files, path, size);
  }

  /// Makes the record durable; returns its version.
  public synchronized long append(byte[] record) {
    if (broken) {
      throw new IllegalStateException("the catalogue's file failed before");
    }
    try {
      broken = true;
      file.append(payload(version + 1, record));
      file.sync();
      version++;
      entries.put(version, record.clone());
      broken = false;
      return version;
    } catch (IOException e) {
      throw StorageErrors.io("write the catalogue in \"" + folder + "\"", e);
    }
  }

  private static byte[] payload(long version, byte[] record) {
    return ByteBuffer.allocate(8 + record.length)
        .order(ByteOrder.LITTLE_ENDIAN)
        .putLong(version)
        .put(record)
        .array();
  }

  /// The version of the last record, 0 when there was none.
  public synchronized long version() {
    return version;
  }

  public synchronized int size() {
    return entries.size();
  }

  /// Hands every record with a version >= `from` to `visitor`.
  public void replay(long from, Visitor visitor) {
    NavigableMap<Long, byte[]> wanted;
    synchronized (this) {
      wanted = new TreeMap<>(entries.tailMap(from, true));
    }
    wanted.forEach(visitor::entry);
  }

  /// Keeps only the entries of these versions. The last one is always kept: it carries the count.
  public synchronized void compact(Set<Long> versions) {
    Path fresh = folder.resolve("catalog.new");
    NavigableMap<Long, byte[]> kept = new TreeMap<>(entries);
    kept.keySet().removeIf(v -> v != version && !versions.contains(v));
    try {
      if (files.exists(fresh)) {
        files.delete(fresh);
      }
      RecordFile next = RecordFile.create(files, fresh, MAGIC, VERSION);
      for (Map.Entry<Long, byte[]> entry : kept.entrySet()) {
        next.append(payload(entry.getKey(), entry.getValue()));
      }
      next.sync();
      broken = true;
      files.rename(fresh, path);
      files.syncDirectory(folder);
      file.close();
      file = next;
      entries.keySet().retainAll(kept.keySet());
      broken = false;
    } catch (IOException e) {
      throw StorageErrors.io("write the catalogue in \"" + folder + "\"", e);
    }
  }

  @Override
  public synchronized void close() {
    try {
      file.close();
    } catch (IOException e) {
      throw StorageErrors.io("close the catalogue in \"" + folder + "\"", e);
    }
  }
}
