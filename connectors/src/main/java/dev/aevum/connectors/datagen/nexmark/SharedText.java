package dev.aevum.connectors.datagen.nexmark;

import static dev.aevum.model.batch.Memory.INT;
import static dev.aevum.model.batch.Memory.LONG;

import dev.aevum.model.batch.FixedColumn;
import dev.aevum.model.batch.Memory;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.memory.BufferAllocator;

/// Text that many columns refer to without copying it: one buffer, and for word lists a ready view
/// of 16 bytes a word. Columns made from it hold references of the buffer, so it may be closed
/// before they are.
final class SharedText implements AutoCloseable {
  /// Bytes past the text that may be read with it.
  private static final int PADDING = 16;

  private static final int INLINE = 12;

  private final ArrowBuf buffer;
  private final MemorySegment text;
  private final long[] views;

  private SharedText(BufferAllocator allocator, byte[] bytes, long[] views) {
    buffer = allocator.buffer(bytes.length + PADDING);
    text = Memory.segment(buffer);
    text.fill((byte) 0);
    MemorySegment.copy(MemorySegment.ofArray(bytes), 0, text, 0, bytes.length);
    this.views = views;
  }

  /// A pool to cut slices from.
  static SharedText pool(BufferAllocator allocator, byte[] bytes) {
    return new SharedText(allocator, bytes, new long[0]);
  }

  /// A word list.
  static SharedText words(BufferAllocator allocator, List<String> words) {
    byte[] all = String.join("", words).getBytes(StandardCharsets.US_ASCII);
    long[] views = new long[2 * words.size()];
    SharedText made = new SharedText(allocator, all, views);
    int offset = 0;
    for (int w = 0; w < words.size(); w++) {
      int length = words.get(w).length();
      views[2 * w] = made.low(offset, length);
      views[2 * w + 1] = made.high(offset, length);
      offset += length;
    }
    return made;
  }

  /// Adds a reference of the buffer to `column`, as its long buffer 0: before any view is written.
  void share(FixedColumn column) {
    buffer.getReferenceManager().retain();
    column.addLongBuffer(buffer);
  }

  MemorySegment text() {
    return text;
  }

  /// Writes word `word` as row `row` of a column's data.
  void putWord(MemorySegment data, int row, int word) {
    data.set(LONG, (long) row << 4, views[2 * word]);
    data.set(LONG, ((long) row << 4) + 8, views[2 * word + 1]);
  }

  int wordLength(int word) {
    return (int) views[2 * word];
  }

  /// Writes the slice as row `row` of a column's data.
  void putSlice(MemorySegment data, int row, int offset, int length) {
    data.set(LONG, (long) row << 4, low(offset, length));
    data.set(LONG, ((long) row << 4) + 8, high(offset, length));
  }

  /// Length and the first four bytes.
  private long low(int offset, int length) {
    long prefix = text.get(INT, offset) & (length >= 4 ? 0xffffffffL : (1L << (8 * length)) - 1);
    return prefix << 32 | length;
  }

  /// The next eight bytes of a short value; buffer 0 and the offset of a long one.
  private long high(int offset, int length) {
    if (length > INLINE) {
      return (long) offset << 32;
    }
    int left = length - 4;
    if (left <= 0) {
      return 0;
    }
    return left == 8
        ? text.get(LONG, offset + 4L)
        : text.get(LONG, offset + 4L) & ((1L << (8 * left)) - 1);
  }

  @Override
  public void close() {
    buffer.close();
  }
}
