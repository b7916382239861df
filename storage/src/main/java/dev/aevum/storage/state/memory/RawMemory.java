package dev.aevum.storage.state.memory;

import static dev.aevum.model.batch.Memory.BYTE;
import static dev.aevum.model.batch.Memory.LONG;

import java.lang.foreign.MemorySegment;

/// Byte loops between callers' segments and addresses. [#ALL] has every address as its offset, so
/// that entries of many chunks are reached through one constant; its bounds protect nothing, hence
/// only addresses that an [Arena] gave are used with it.
final class RawMemory {
  static final MemorySegment ALL = MemorySegment.NULL.reinterpret(Long.MAX_VALUE);

  private RawMemory() {}

  static boolean equal(MemorySegment segment, long offset, long address, int length) {
    int i = 0;
    for (; i + 8 <= length; i += 8) {
      if (segment.get(LONG, offset + i) != ALL.get(LONG, address + i)) {
        return false;
      }
    }
    for (; i < length; i++) {
      if (segment.get(BYTE, offset + i) != ALL.get(BYTE, address + i)) {
        return false;
      }
    }
    return true;
  }

  /// Memcmp order.
  static int compare(
      MemorySegment segment, long offset, int length, long address, int otherLength) {
    int common = Math.min(length, otherLength);
    int i = 0;
    for (; i + 8 <= common; i += 8) {
      long a = segment.get(LONG, offset + i);
      long b = ALL.get(LONG, address + i);
      if (a != b) {
        return Long.compareUnsigned(Long.reverseBytes(a), Long.reverseBytes(b));
      }
    }
    for (; i < common; i++) {
      int a = segment.get(BYTE, offset + i) & 0xff;
      int b = ALL.get(BYTE, address + i) & 0xff;
      if (a != b) {
        return a - b;
      }
    }
    return length - otherLength;
  }

  static void copyIn(MemorySegment segment, long offset, long address, int length) {
    MemorySegment.copy(segment, offset, ALL, address, length);
  }

  static void zero(long address, long length) {
    ALL.asSlice(address, length).fill((byte) 0);
  }

  static int align8(int length) {
    return (length + 7) & ~7;
  }
}
