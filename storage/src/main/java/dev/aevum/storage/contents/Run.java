package dev.aevum.storage.contents;

import dev.aevum.model.codec.ByteSink;
import dev.aevum.model.error.ErrorCode;
import dev.aevum.model.error.SqlException;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// Entries sorted by their bytes (key, then row), each once, with a weight other than 0. Immutable,
/// on the heap: its life is the garbage collector's, so that readers hold it without counting.
public final class Run {
  static final Run EMPTY = new Run(new byte[0], new int[1], new int[0], new long[0], 0);

  private static final int FORMAT = 1;

  private final byte[] bytes;
  private final int[] ends;
  private final int[] keyLengths;
  private final long[] weights;
  private final long totalWeight;
  private final MemorySegment segment;

  /// Made by the first lookup; several threads may make the same one.
  private volatile @Nullable KeyFilter filter;

  /// `ends[i]` is where entry `i - 1` ends and entry `i` begins.
  Run(byte[] bytes, int[] ends, int[] keyLengths, long[] weights, long totalWeight) {
    this.bytes = bytes;
    this.ends = ends;
    this.keyLengths = keyLengths;
    this.weights = weights;
    this.totalWeight = totalWeight;
    this.segment = MemorySegment.ofArray(bytes);
  }

  public int entries() {
    return weights.length;
  }

  /// Sum of all weights: what the run changes of the row count.
  public long totalWeight() {
    return totalWeight;
  }

  public long sizeBytes() {
    return bytes.length + 16L * weights.length;
  }

  byte[] bytes() {
    return bytes;
  }

  MemorySegment segment() {
    return segment;
  }

  int start(int entry) {
    return ends[entry];
  }

  int end(int entry) {
    return ends[entry + 1];
  }

  int keyLength(int entry) {
    return keyLengths[entry];
  }

  int rowStart(int entry) {
    return ends[entry] + keyLengths[entry];
  }

  long weight(int entry) {
    return weights[entry];
  }

  KeyFilter filter() {
    KeyFilter made = filter;
    if (made == null) {
      made = new KeyFilter(weights.length);
      for (int i = 0; i < weights.length; i++) {
        made.add(KeyFilter.hash(bytes, ends[i], keyLengths[i]));
      }
      filter = made;
    }
    return made;
  }

  /// First entry whose bytes are not below `wanted`.
  int lowerBound(byte[] wanted, int length) {
    int low = 0;
    int high = weights.length;
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (Arrays.compareUnsigned(bytes, ends[middle], ends[middle + 1], wanted, 0, length) < 0) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  }

  boolean startsWith(int entry, byte[] prefix, int length) {
    return end(entry) - start(entry) >= length
        && Arrays.equals(bytes, start(entry), start(entry) + length, prefix, 0, length);
  }

  /// Both changes as one.
  public Run plus(Run other) {
    return ContentsStore.merge(this, other);
  }

  /// The entries of a cursor with their weights turned round.
  static Run negated(EntryCursor cursor) {
    dev.aevum.model.codec.ByteSink bytes = new dev.aevum.model.codec.ByteSink();
    int[] ends = new int[65];
    int[] keyLengths = new int[64];
    long[] weights = new long[64];
    int made = 0;
    long total = 0;
    while (cursor.next()) {
      if (made == weights.length) {
        ends = Arrays.copyOf(ends, made * 2 + 1);
        keyLengths = Arrays.copyOf(keyLengths, made * 2);
        weights = Arrays.copyOf(weights, made * 2);
      }
      bytes.appendBytes(cursor.bytes(), cursor.start(), cursor.end() - cursor.start());
      keyLengths[made] = cursor.rowStart() - cursor.start();
      weights[made] = -cursor.weight();
      total -= cursor.weight();
      ends[++made] = bytes.position();
    }
    return new Run(
        bytes.toBytes(),
        Arrays.copyOf(ends, made + 1),
        Arrays.copyOf(keyLengths, made),
        Arrays.copyOf(weights, made),
        total);
  }

  /// `[format u8][entries i32]`, then an entry each: `[varint length][varint key length][bytes][i64
  /// weight]`.
  public void writeTo(ByteSink out) {
    out.appendByte(FORMAT);
    out.appendInt(weights.length);
    for (int i = 0; i < weights.length; i++) {
      int length = ends[i + 1] - ends[i];
      out.appendVarint(length);
      out.appendVarint(keyLengths[i]);
      out.appendBytes(bytes, ends[i], length);
      out.appendLong(weights[i]);
    }
  }

  /// How many bytes [#writeTo] writes.
  public int writtenBytes() {
    int size = 1 + 4 + bytes.length;
    for (int i = 0; i < weights.length; i++) {
      size += ByteSink.varintBytes(ends[i + 1] - ends[i]) + ByteSink.varintBytes(keyLengths[i]) + 8;
    }
    return size;
  }

  /// Reads what [#writeTo] wrote, from `offset`; `after[0]` becomes the offset after it.
  public static Run readFrom(byte[] from, int offset, int[] after) {
    if (from[offset] != FORMAT) {
      throw new SqlException(ErrorCode.DATA_CORRUPTED, "run of format " + from[offset]);
    }
    java.nio.ByteBuffer in =
        java.nio.ByteBuffer.wrap(from).order(java.nio.ByteOrder.LITTLE_ENDIAN).position(offset + 1);
    int entries = in.getInt();
    int[] ends = new int[entries + 1];
    int[] keyLengths = new int[entries];
    long[] weights = new long[entries];
    byte[] bytes = new byte[Math.max(0, in.remaining())];
    long total = 0;
    for (int i = 0; i < entries; i++) {
      int length = (int) varint(in);
      keyLengths[i] = (int) varint(in);
      in.get(bytes, ends[i], length);
      ends[i + 1] = ends[i] + length;
      weights[i] = in.getLong();
      total += weights[i];
    }
    after[0] = in.position();
    return new Run(Arrays.copyOf(bytes, ends[entries]), ends, keyLengths, weights, total);
  }

  private static long varint(java.nio.ByteBuffer in) {
    long value = 0;
    for (int shift = 0; ; shift += 7) {
      byte b = in.get();
      value |= (b & 0x7fL) << shift;
      if (b >= 0) {
        return value;
      }
    }
  }
}
