package dev.aevum.storage.state;

import dev.aevum.model.error.ErrorCode;
import dev.aevum.model.error.SqlException;
import dev.aevum.model.step.ObjectId;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;

/// Reads what [DirtyEncoder] wrote.
///
/// Errors: XX001 for bytes of another form.
public final class DirtyDecoder {
  private final byte[] bytes;
  private final MemorySegment segment;
  private int at;

  private DirtyDecoder(byte[] bytes) {
    this.bytes = bytes;
    this.segment = MemorySegment.ofArray(bytes);
  }

  /// Hands every change to `sink`, in order. Segments are of `section` itself.
  public static void decode(byte[] section, DirtySink sink) {
    new DirtyDecoder(section).run(sink);
  }

  private void run(DirtySink sink) {
    ObjectId id = new ObjectId(0, 0);
    while (at < bytes.length) {
      int kind = bytes[at++];
      switch (kind) {
        case DirtyEncoder.OBJECT -> id = new ObjectId((int) varint(), (int) varint());
        case DirtyEncoder.PUT -> put(id, sink);
        case DirtyEncoder.DELETE -> {
          int shard = (int) varint();
          int length = length();
          int key = skip(length);
          sink.delete(id, shard, segment, key, length);
        }
        case DirtyEncoder.DELETE_RANGE ->
            sink.deleteRange(id, (int) varint(), (int) varint(), copy(), copy());
        default -> throw corrupt("unknown change " + kind);
      }
    }
  }

  private void put(ObjectId id, DirtySink sink) {
    int shard = (int) varint();
    int keyLength = length();
    int key = skip(keyLength);
    int valueLength = length();
    int value = skip(valueLength);
    sink.put(id, shard, segment, key, keyLength, segment, value, valueLength);
  }

  private byte[] copy() {
    int length = length();
    int from = skip(length);
    return Arrays.copyOfRange(bytes, from, from + length);
  }

  private int skip(int length) {
    int from = at;
    at += length;
    return from;
  }

  private int length() {
    long length = varint();
    if (length < 0 || length > bytes.length - at) {
      throw corrupt("a length of " + length + " at " + at);
    }
    return (int) length;
  }

  private long varint() {
    long value = 0;
    for (int shift = 0; at < bytes.length && shift < 64; shift += 7) {
      byte b = bytes[at++];
      value |= (b & 0x7fL) << shift;
      if (b >= 0) {
        return value;
      }
    }
    throw corrupt("an endless number at " + at);
  }

  private static SqlException corrupt(String what) {
    return new SqlException(ErrorCode.DATA_CORRUPTED, "state section has " + what);
  }
}
