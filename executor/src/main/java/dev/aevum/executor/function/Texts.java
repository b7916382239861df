package dev.aevum.executor.function;

import static dev.aevum.model.batch.Memory.BYTE;

import java.lang.foreign.MemorySegment;

/// UTF-8 bytes in place.
final class Texts {
  private Texts() {}

  /// memcmp, then the shorter first; -1, 0 or 1.
  static int compare(
      MemorySegment a, long aOffset, int aLength, MemorySegment b, long bOffset, int bLength) {
    long difference =
        MemorySegment.mismatch(a, aOffset, aOffset + aLength, b, bOffset, bOffset + bLength);
    if (difference < 0) {
      return 0;
    }
    if (difference >= aLength || difference >= bLength) {
      return aLength < bLength ? -1 : 1;
    }
    int x = a.get(BYTE, aOffset + difference) & 0xff;
    int y = b.get(BYTE, bOffset + difference) & 0xff;
    return x < y ? -1 : 1;
  }

  /// Length without trailing blanks.
  static int trimmedLength(MemorySegment text, long offset, int length) {
    int end = length;
    while (end > 0 && text.get(BYTE, offset + end - 1) == ' ') {
      end--;
    }
    return end;
  }

  /// Characters (code points) in valid UTF-8: bytes that are no continuation bytes.
  static int characters(MemorySegment text, long offset, int length) {
    int count = 0;
    for (int i = 0; i < length; i++) {
      count += (text.get(BYTE, offset + i) & 0xC0) != 0x80 ? 1 : 0;
    }
    return count;
  }

  /// Byte index where character `index` (0-based) begins, `length` when there are fewer.
  static int byteIndex(MemorySegment text, long offset, int length, int index) {
    if (index <= 0) {
      return 0;
    }
    int left = index;
    for (int i = 0; i < length; i++) {
      if ((text.get(BYTE, offset + i) & 0xC0) != 0x80 && left-- == 0) {
        return i;
      }
    }
    return length;
  }

  /// First byte index at or after `from` where `part` occurs in `text`, or -1. An empty part occurs
  /// at `from`.
  static int indexOf(
      MemorySegment text,
      long offset,
      int length,
      int from,
      MemorySegment part,
      long partOffset,
      int partLength) {
    if (partLength == 0) {
      return from <= length ? from : -1;
    }
    byte first = part.get(BYTE, partOffset);
    int last = length - partLength;
    for (int i = from; i <= last; i++) {
      if (text.get(BYTE, offset + i) == first
          && matches(text, offset + i, part, partOffset, partLength)) {
        return i;
      }
    }
    return -1;
  }

  private static boolean matches(
      MemorySegment text, long at, MemorySegment part, long partOffset, int partLength) {
    for (int j = 1; j < partLength; j++) {
      if (text.get(BYTE, at + j) != part.get(BYTE, partOffset + j)) {
        return false;
      }
    }
    return true;
  }
}
