package dev.aevum.model.text;

import static dev.aevum.model.batch.Memory.BYTE;
import static dev.aevum.model.batch.Memory.LONG;

import dev.aevum.model.error.ErrorCode;
import dev.aevum.model.error.SqlException;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;

/// UTF-8 in segments, without String objects.
public final class Utf8 {
  private Utf8() {}

  public static String string(MemorySegment segment, long offset, int length) {
    byte[] bytes = new byte[length];
    MemorySegment.copy(segment, BYTE, offset, bytes, 0, length);
    return new String(bytes, StandardCharsets.UTF_8);
  }

  /// The same of whole bytes.
  public static void check(byte[] bytes) {
    check(MemorySegment.ofArray(bytes), 0, bytes.length);
  }

  /// Errors: 22021 for a NUL byte or anything that is not UTF-8.
  public static void check(MemorySegment segment, long offset, int length) {
    long at = offset;
    long end = offset + length;
    while (at + 8 <= end) {
      long word = segment.get(LONG, at);
      if ((word & 0x8080808080808080L) != 0
          || (word - 0x0101010101010101L & 0x8080808080808080L) != 0) {
        break;
      }
      at += 8;
    }
    while (at < end) {
      byte b = segment.get(BYTE, at);
      at = b > 0 ? at + 1 : checkSequence(segment, at, end, b & 0xff);
    }
  }

  private static long checkSequence(MemorySegment segment, long at, long end, int lead) {
    int more = lead >= 0xf0 ? 3 : lead >= 0xe0 ? 2 : 1;
    boolean valid = lead >= 0xc2 && lead <= 0xf4 && at + more < end;
    for (int i = 1; valid && i <= more; i++) {
      int next = segment.get(BYTE, at + i) & 0xff;
      int low = i > 1 ? 0x80 : lead == 0xe0 ? 0xa0 : lead == 0xf0 ? 0x90 : 0x80;
      int high = i > 1 ? 0xbf : lead == 0xed ? 0x9f : lead == 0xf4 ? 0x8f : 0xbf;
      valid = next >= low && next <= high;
    }
    if (!valid) {
      throw invalid(segment, at, (int) Math.min(end - at, lead == 0 ? 1 : more + 1));
    }
    return at + more + 1;
  }

  private static SqlException invalid(MemorySegment segment, long at, int length) {
    StringBuilder text = new StringBuilder("invalid byte sequence for encoding \"UTF8\":");
    for (int i = 0; i < length; i++) {
      text.append(
          String.format(java.util.Locale.ROOT, " 0x%02x", segment.get(BYTE, at + i) & 0xff));
    }
    return new SqlException(ErrorCode.CHARACTER_NOT_IN_REPERTOIRE, text.toString());
  }

  /// Code points in valid UTF-8.
  public static int codePoints(MemorySegment segment, long offset, int length) {
    int count = 0;
    int i = 0;
    for (; i + 8 <= length; i += 8) {
      long word = segment.get(LONG, offset + i);
      long continuation = word & ~word << 1 & 0x8080808080808080L;
      count += 8 - Long.bitCount(continuation);
    }
    for (; i < length; i++) {
      count += (segment.get(BYTE, offset + i) & 0xc0) != 0x80 ? 1 : 0;
    }
    return count;
  }

  /// Bytes that the first `codePoints` code points take (all when there are fewer).
  public static int prefix(MemorySegment segment, long offset, int length, int codePoints) {
    int left = codePoints;
    for (int i = 0; i < length; i++) {
      if ((segment.get(BYTE, offset + i) & 0xc0) != 0x80 && left-- == 0) {
        return i;
      }
    }
    return length;
  }
}
