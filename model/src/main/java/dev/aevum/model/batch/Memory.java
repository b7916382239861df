package dev.aevum.model.batch;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import org.apache.arrow.memory.ArrowBuf;

/// Layouts and views for kernels: all access to column memory goes through these static, unaligned,
/// little-endian layouts, taken once per batch. A segment is valid while its batch is referenced;
/// its bounds are checked, its life is not.
public final class Memory {
  public static final ValueLayout.OfByte BYTE = ValueLayout.JAVA_BYTE;
  public static final ValueLayout.OfShort SHORT =
      ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  public static final ValueLayout.OfInt INT =
      ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  public static final ValueLayout.OfLong LONG =
      ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  public static final ValueLayout.OfFloat FLOAT =
      ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  public static final ValueLayout.OfDouble DOUBLE =
      ValueLayout.JAVA_DOUBLE_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  /// A segment of no bytes, for absent buffers.
  public static final MemorySegment EMPTY = MemorySegment.NULL;

  private Memory() {}

  /// The bytes of `buffer` up to its capacity.
  public static MemorySegment segment(ArrowBuf buffer) {
    return MemorySegment.ofAddress(buffer.memoryAddress()).reinterpret(buffer.capacity());
  }

  /// Bytes of a bitmap of `rows` bits, rounded up to 8 so that loops may go by 64 rows.
  public static long bitmapBytes(int rows) {
    return ((rows + 63L) >>> 6) << 3;
  }

  public static boolean bit(MemorySegment bitmap, int row) {
    return (bitmap.get(BYTE, row >>> 3) >>> (row & 7) & 1) != 0;
  }

  public static void setBit(MemorySegment bitmap, int row) {
    int at = row >>> 3;
    bitmap.set(BYTE, at, (byte) (bitmap.get(BYTE, at) | (1 << (row & 7))));
  }

  public static void clearBit(MemorySegment bitmap, int row) {
    int at = row >>> 3;
    bitmap.set(BYTE, at, (byte) (bitmap.get(BYTE, at) & ~(1 << (row & 7))));
  }

  /// 64 bits of a bitmap: rows `64 * word` and on.
  public static long word(MemorySegment bitmap, int word) {
    return bitmap.get(LONG, (long) word << 3);
  }

  public static void setWord(MemorySegment bitmap, int word, long bits) {
    bitmap.set(LONG, (long) word << 3, bits);
  }
}
