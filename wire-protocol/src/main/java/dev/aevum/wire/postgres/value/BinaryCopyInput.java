package dev.aevum.wire.postgres.value;

import dev.aevum.engine.api.Portal.CopyIn;
import dev.aevum.model.batch.BatchWriter;
import dev.aevum.model.batch.DeltaBatch;
import dev.aevum.model.error.ErrorCode;
import dev.aevum.model.error.SqlException;
import dev.aevum.model.type.SqlType;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import org.apache.arrow.memory.BufferAllocator;

/// Takes the binary COPY format apart: a signature, flags, an extension, then rows of counted
/// fields up to a count of -1. Data comes cut anywhere. One thread; the owner closes it.
///
/// Errors: 22P04 for another form, and those of the values.
public final class BinaryCopyInput implements AutoCloseable {
  private static final byte[] SIGNATURE =
      "PGCOPY\n\u00ff\r\n\0".getBytes(StandardCharsets.ISO_8859_1);
  private static final int MAX_ROW_BYTES = 1 << 30;

  private final CopyIn copy;
  private final List<SqlType> types;
  private final BufferAllocator allocator;
  private final BatchWriter writer;
  private byte[] bytes = new byte[1 << 14];
  private int start;
  private int end;
  private boolean begun;
  private boolean ended;

  public BinaryCopyInput(CopyIn copy, BufferAllocator allocator) {
    this.copy = copy;
    this.types = copy.binaryTypes();
    this.allocator = allocator;
    this.writer = new BatchWriter(allocator, types, false, 1024);
  }

  /// More data; rows that are complete go on.
  public void data(byte[] more) {
    if (bytes.length - end < more.length) {
      int held = end - start;
      byte[] room =
          bytes.length >= held + more.length
              ? bytes
              : new byte[Math.max(bytes.length * 2, held + more.length)];
      System.arraycopy(bytes, start, room, 0, held);
      bytes = room;
      start = 0;
      end = held;
    }
    System.arraycopy(more, 0, bytes, end, more.length);
    end += more.length;
    if (!begun) {
      begun = header();
    }
    while (begun && !ended && row()) {
      if (writer.rows() == DeltaBatch.TARGET_ROWS) {
        give();
      }
    }
    if (end - start > MAX_ROW_BYTES) {
      throw new SqlException(ErrorCode.PROGRAM_LIMIT_EXCEEDED, "a COPY row is longer than 1 GiB");
    }
  }

  /// The client has given all; the command tag.
  public String done() {
    if (!ended) {
      throw malformed(begun ? "unexpected EOF in COPY data" : "COPY file signature not recognized");
    }
    give();
    return copy.done();
  }

  private void give() {
    if (writer.rows() > 0) {
      try (DeltaBatch batch = writer.finish()) {
        copy.rows(batch);
      }
    }
  }

  private int left() {
    return end - start;
  }

  private int intAt(int at) {
    return ByteBuffer.wrap(bytes).getInt(at);
  }

  private boolean header() {
    int known = Math.min(left(), SIGNATURE.length);
    if (!Arrays.equals(bytes, start, start + known, SIGNATURE, 0, known)) {
      throw malformed("COPY file signature not recognized");
    }
    int fixed = SIGNATURE.length + 8;
    if (left() < fixed) {
      return false;
    }
    int flags = intAt(start + SIGNATURE.length);
    if ((flags & 0xffff0000) != 0) {
      throw malformed(
          (flags & 1 << 16) != 0
              ? "invalid COPY file header (WITH OIDS)"
              : "unrecognized critical flags in COPY file header");
    }
    int extension = intAt(start + SIGNATURE.length + 4);
    if (extension < 0) {
      throw malformed("invalid COPY file header (missing length)");
    }
    if (left() - fixed < extension) {
      return false;
    }
    start += fixed + extension;
    return true;
  }

  /// Takes one row; false when it is not complete yet.
  private boolean row() {
    if (left() < 2) {
      return false;
    }
    int count = ByteBuffer.wrap(bytes).getShort(start);
    if (count == -1) {
      start += 2;
      ended = true;
      return true;
    }
    if (count != types.size()) {
      throw malformed("row field count is " + count + ", expected " + types.size());
    }
    int after = start + 2;
    for (int i = 0; i < count; i++) {
      if (end - after < 4) {
        return false;
      }
      int length = intAt(after);
      if (length < -1) {
        throw malformed("invalid field size");
      }
      after += 4;
      if (end - after < length) {
        return false;
      }
      after += Math.max(0, length);
    }
    values();
    start = after;
    return true;
  }

  private void values() {
    int at = start + 2;
    for (int i = 0; i < types.size(); i++) {
      int length = intAt(at);
      at += 4;
      if (length < 0) {
        writer.column(i).appendNull();
      } else {
        BinaryInput.parse(bytes, at, length, allocator, writer.column(i));
        at += length;
      }
    }
    writer.endRow();
  }

  private static SqlException malformed(String message) {
    return new SqlException(ErrorCode.BAD_COPY_FILE_FORMAT, message);
  }

  @Override
  public void close() {
    writer.close();
  }
}
