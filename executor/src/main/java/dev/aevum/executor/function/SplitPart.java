package dev.aevum.executor.function;

import dev.aevum.model.batch.Column;
import dev.aevum.model.error.ErrorCode;
import dev.aevum.model.error.SqlException;
import java.lang.foreign.MemorySegment;

/// `split_part(text, separator, n)`.
final class SplitPart {
  private SplitPart() {}

  static long of(MemorySegment text, long offset, int length, Column[] arguments, int row) {
    int field = arguments[2].intAt(row);
    if (field == 0) {
      throw new SqlException(ErrorCode.INVALID_PARAMETER_VALUE, "field position must not be zero");
    }
    Column separator = arguments[1];
    int width = separator.lengthAt(row);
    if (width == 0) {
      return TextKernels.piece(0, field == 1 || field == -1 ? length : 0);
    }
    MemorySegment by = separator.segmentAt(row);
    long byOffset = separator.offsetAt(row);
    long wanted = field;
    if (field < 0) {
      int fields = 1;
      int at = Texts.indexOf(text, offset, length, 0, by, byOffset, width);
      while (at >= 0) {
        fields++;
        at = Texts.indexOf(text, offset, length, at + width, by, byOffset, width);
      }
      wanted = fields + 1L + field;
      if (wanted < 1) {
        return TextKernels.piece(0, 0);
      }
    }
    int start = 0;
    for (long n = 1; ; n++) {
      int end = Texts.indexOf(text, offset, length, start, by, byOffset, width);
      if (n == wanted) {
        return TextKernels.piece(start, (end < 0 ? length : end) - start);
      }
      if (end < 0) {
        return TextKernels.piece(0, 0);
      }
      start = end + width;
    }
  }
}
