package dev.aevum.model.codec;

import static dev.aevum.model.batch.Memory.INT;
import static dev.aevum.model.batch.Memory.LONG;
import static dev.aevum.model.batch.Memory.SHORT;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/// A growing scratch of bytes on the heap, filled at its end, reused by [#reset]. Not thread-safe;
/// nothing to close.
///
/// [#array] and [#segment] are valid until the next append (which may move the bytes); only the
/// first [#position] bytes count. `append...` is little endian, `append...Big` big endian.
public final class ByteSink {
  private static final ValueLayout.OfShort SHORT_BIG =
      ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);
  private static final ValueLayout.OfInt INT_BIG =
      ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);
  private static final ValueLayout.OfLong LONG_BIG =
      ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);

  private byte[] bytes;
  private MemorySegment segment;
  private int position;

  public ByteSink() {
    this(256);
  }

  public ByteSink(int capacity) {
    bytes = new byte[Math.max(16, capacity)];
    segment = MemorySegment.ofArray(bytes);
  }

  public void reset() {
    position = 0;
  }

  /// As [#reset]; an array of more than `most` bytes is given back.
  public void reset(int most) {
    position = 0;
    if (bytes.length > most) {
      bytes = new byte[most];
      segment = MemorySegment.ofArray(bytes);
    }
  }

  public int position() {
    return position;
  }

  /// Cuts back to, or (after [#ensure]) skips to, `newPosition`; skipped bytes keep what was there.
  public void position(int newPosition) {
    if (newPosition < 0 || newPosition > bytes.length) {
      throw new IndexOutOfBoundsException(newPosition);
    }
    position = newPosition;
  }

  public MemorySegment segment() {
    return segment;
  }

  public byte[] array() {
    return bytes;
  }

  public byte[] toBytes() {
    return Arrays.copyOf(bytes, position);
  }

  /// The bytes, without a copy where they fill the array: nothing may be written after it.
  public byte[] finish() {
    return position == bytes.length ? bytes : toBytes();
  }

  public byte[] toBytes(int from) {
    return Arrays.copyOfRange(bytes, from, position);
  }

  /// The bytes from `from` on as UTF-8.
  public String toText(int from) {
    return new String(bytes, from, position - from, StandardCharsets.UTF_8);
  }

  /// Makes room for `more` bytes after the position.
  public void ensure(int more) {
    if (bytes.length - position < more) {
      grow(more);
    }
  }

  private void grow(int more) {
    long wanted =
        Math.max((long) position + more, Math.min(bytes.length * 2L, Integer.MAX_VALUE - 8));
    bytes = Arrays.copyOf(bytes, Math.toIntExact(wanted));
    segment = MemorySegment.ofArray(bytes);
  }

  public void appendByte(int value) {
    ensure(1);
    bytes[position++] = (byte) value;
  }

  public void appendShort(int value) {
    ensure(2);
    segment.set(SHORT, position, (short) value);
    position += 2;
  }

  public void appendShortBig(int value) {
    ensure(2);
    segment.set(SHORT_BIG, position, (short) value);
    position += 2;
  }

  public void appendInt(int value) {
    ensure(4);
    segment.set(INT, position, value);
    position += 4;
  }

  public void appendIntBig(int value) {
    ensure(4);
    segment.set(INT_BIG, position, value);
    position += 4;
  }

  public void appendLong(long value) {
    ensure(8);
    segment.set(LONG, position, value);
    position += 8;
  }

  public void appendLongBig(long value) {
    ensure(8);
    segment.set(LONG_BIG, position, value);
    position += 8;
  }

  /// How many bytes [#appendVarint] takes.
  public static int varintBytes(long value) {
    return Math.max(1, (70 - Long.numberOfLeadingZeros(value)) / 7);
  }

  /// LEB128.
  public void appendVarint(long value) {
    long rest = value;
    while ((rest & ~0x7fL) != 0) {
      appendByte((int) ((rest & 0x7f) | 0x80));
      rest >>>= 7;
    }
    appendByte((int) rest);
  }

  public void appendZeros(int count) {
    ensure(count);
    Arrays.fill(bytes, position, position + count, (byte) 0);
    position += count;
  }

  public void appendBytes(byte[] source) {
    appendBytes(source, 0, source.length);
  }

  public void appendBytes(byte[] source, int offset, int length) {
    ensure(length);
    System.arraycopy(source, offset, bytes, position, length);
    position += length;
  }

  public void appendBytes(MemorySegment source, long offset, int length) {
    ensure(length);
    MemorySegment.copy(source, offset, segment, position, length);
    position += length;
  }

  public void appendText(CharSequence text) {
    int length = text.length();
    ensure(length);
    for (int i = 0; i < length; i++) {
      char c = text.charAt(i);
      if (c >= 0x80) {
        appendBytes(text.subSequence(i, length).toString().getBytes(StandardCharsets.UTF_8));
        return;
      }
      bytes[position++] = (byte) c;
    }
  }

  public void setInt(int at, int value) {
    segment.set(INT, at, value);
  }

  public void setIntBig(int at, int value) {
    segment.set(INT_BIG, at, value);
  }

  public void setLongBig(int at, long value) {
    segment.set(LONG_BIG, at, value);
  }
}
