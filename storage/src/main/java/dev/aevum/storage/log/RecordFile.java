package dev.aevum.storage.log;

import dev.aevum.model.codec.ByteSink;
import dev.aevum.storage.file.FileSystem;
import dev.aevum.storage.file.StorageErrors;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.zip.CRC32C;

/// A file of records that is only appended to.
///
/// Format, little endian: magic (8 bytes), format version (u32), crc32c of these 12 bytes (u32);
/// then per record its length (u32), crc32c of the rest (u32), `synced` (u64), payload. `synced` is
/// the size up to which the file was known to be on the device when the record was written: what
/// follows it may be lost or torn in a crash, in any part; damage before it is corruption.
///
/// One thread writes; readers use [#scan] up to a size they were given.
final class RecordFile implements AutoCloseable {
  static final int HEADER = 16;
  static final int RECORD_HEADER = 16;

  /// Takes the payloads of a scan in order.
  interface Visitor {
    void record(byte[] file, int offset, int length);
  }

  private final FileSystem.AppendFile file;
  private final ByteSink record = new ByteSink(4096);
  private long size;
  private long synced;

  private RecordFile(FileSystem.AppendFile file, long size) {
    this.file = file;
    this.size = size;
    this.synced = size;
  }

  /// A new file with its header, durable under its name.
  static RecordFile create(FileSystem files, Path path, long magic, int version)
      throws IOException {
    FileSystem.AppendFile file = files.create(path);
    try {
      byte[] header = header(magic, version);
      file.append(header, 0, header.length);
      file.sync();
      Path directory = path.getParent();
      if (directory != null) {
        files.syncDirectory(directory);
      }
      return new RecordFile(file, HEADER);
    } catch (IOException e) {
      file.close();
      throw e;
    }
  }

  /// Opens a recovered file whose good size is `size`, and syncs it: what was read may so far be in
  /// the machine's memory only.
  static RecordFile open(FileSystem files, Path path, long size) throws IOException {
    FileSystem.AppendFile file = files.open(path);
    try {
      file.sync();
      return new RecordFile(file, size);
    } catch (IOException e) {
      file.close();
      throw e;
    }
  }

  private static byte[] header(long magic, int version) {
    ByteBuffer header = ByteBuffer.allocate(HEADER).order(ByteOrder.LITTLE_ENDIAN);
    header.putLong(magic).putInt(version);
    return header.putInt(crc(header.array(), 0, 12)).array();
  }

  private static int crc(byte[] bytes, int offset, int length) {
    CRC32C crc = new CRC32C();
    crc.update(bytes, offset, length);
    return (int) crc.getValue();
  }

  void append(byte[] payload) throws IOException {
    record.reset();
    record.appendInt(payload.length);
    record.appendInt(0);
    record.appendLong(synced);
    record.appendBytes(payload);
    record.setInt(4, crc(record.array(), 8, 8 + payload.length));
    file.append(record.array(), 0, record.position());
    size += record.position();
  }

  void sync() throws IOException {
    file.sync();
    synced = size;
  }

  long size() {
    return size;
  }

  @Override
  public void close() throws IOException {
    file.close();
  }

  /// Reads a file after a crash: hands every good record to `visitor`, then returns the size of the
  /// good part; the caller truncates. 0: not even the header is there.
  ///
  /// @param last whether a torn tail is possible; other files were synced as a whole
  ///
  ///   Errors: XX001 for damage that a crash can't explain, and for other versions.
  static long recover(
      FileSystem files, Path path, long magic, int version, boolean last, Visitor visitor)
      throws IOException {
    byte[] bytes = files.read(path);
    if (last && neverHeld(bytes)) {
      return 0;
    }
    checkHeader(bytes, path, magic, version);
    int good = HEADER;
    while (good < bytes.length) {
      int length = recordLength(bytes, good);
      if (length < 0) {
        checkTorn(bytes, good, path, last);
        break;
      }
      visitor.record(bytes, good + RECORD_HEADER, length);
      good += RECORD_HEADER + length;
    }
    return good;
  }

  /// Reads the records between `from` (a record's start) and `to` (a record's end).
  static void scan(FileSystem files, Path path, long from, long to, Visitor visitor)
      throws IOException {
    byte[] bytes = files.read(path, from, Math.toIntExact(to - from));
    int at = 0;
    while (at < bytes.length) {
      int length = recordLength(bytes, at);
      if (length < 0) {
        throw StorageErrors.corrupt(path, "bad record at byte " + (from + at));
      }
      visitor.record(bytes, at + RECORD_HEADER, length);
      at += RECORD_HEADER + length;
    }
  }

  /// The file was being made: it ends with its header, which is not whole.
  private static boolean neverHeld(byte[] bytes) {
    if (bytes.length != HEADER) {
      return bytes.length < HEADER;
    }
    int crc = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).getInt(12);
    return crc != crc(bytes, 0, 12);
  }

  private static void checkHeader(byte[] bytes, Path path, long magic, int version) {
    if (bytes.length < HEADER) {
      throw StorageErrors.corrupt(path, "it has no header");
    }
    ByteBuffer header = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    if (header.getLong(0) != magic || header.getInt(12) != crc(bytes, 0, 12)) {
      throw StorageErrors.corrupt(path, "its header is not one of ours");
    }
    if (header.getInt(8) != version) {
      throw StorageErrors.corrupt(
          path, "it has format " + header.getInt(8) + ", this server reads " + version);
    }
  }

  /// Payload length of the good record at `at`, or -1.
  private static int recordLength(byte[] bytes, int at) {
    if (bytes.length - at < RECORD_HEADER) {
      return -1;
    }
    ByteBuffer buffer = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    int length = buffer.getInt(at);
    if (length < 0 || length > bytes.length - at - RECORD_HEADER) {
      return -1;
    }
    return buffer.getInt(at + 4) == crc(bytes, at + 8, length + 8) ? length : -1;
  }

  /// Refuses damage at `bad` when the file was whole there: because it is not the last file, or
  /// because a good record behind says so.
  private static void checkTorn(byte[] bytes, int bad, Path path, boolean last) {
    if (!last) {
      throw StorageErrors.corrupt(path, "bad record at byte " + bad);
    }
    ByteBuffer buffer = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    for (int at = bad + 1; at <= bytes.length - RECORD_HEADER; at++) {
      long synced = buffer.getLong(at + 8);
      if (synced > bad && synced <= at && recordLength(bytes, at) >= 0) {
        throw StorageErrors.corrupt(
            path, "bad record at byte " + bad + " before a good one at byte " + at);
      }
    }
  }
}
