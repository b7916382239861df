package dev.aevum.executor.function;

import static dev.aevum.model.batch.Memory.BYTE;

import dev.aevum.model.batch.Column;
import java.lang.foreign.MemorySegment;

/// Which part of a text is left when characters are taken off its ends.
final class Trim {
  private Trim() {}

  static long blanks(MemorySegment text, long offset, int length, boolean start, boolean end) {
    int from = 0;
    int to = length;
    while (end && to > 0 && text.get(BYTE, offset + to - 1) == ' ') {
      to--;
    }
    while (start && from < to && text.get(BYTE, offset + from) == ' ') {
      from++;
    }
    return TextKernels.piece(from, to - from);
  }

  /// Takes off characters that occur in row `row` of `set`.
  static long characters(
      MemorySegment text,
      long offset,
      int length,
      Column set,
      int row,
      boolean start,
      boolean end) {
    int from = 0;
    int to = length;
    while (end && from < to) {
      int begin = to - 1;
      while (begin > from && (text.get(BYTE, offset + begin) & 0xC0) == 0x80) {
        begin--;
      }
      if (!contains(set, row, text, offset + begin, to - begin)) {
        break;
      }
      to = begin;
    }
    while (start && from < to) {
      int next = from + 1;
      while (next < to && (text.get(BYTE, offset + next) & 0xC0) == 0x80) {
        next++;
      }
      if (!contains(set, row, text, offset + from, next - from)) {
        break;
      }
      from = next;
    }
    return TextKernels.piece(from, to - from);
  }

  private static boolean contains(
      Column set, int row, MemorySegment text, long offset, int length) {
    return Texts.indexOf(
            set.segmentAt(row), set.offsetAt(row), set.lengthAt(row), 0, text, offset, length)
        >= 0;
  }
}
