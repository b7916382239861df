package dev.aevum.executor.kernel;

import dev.aevum.model.batch.Column;
import dev.aevum.model.batch.FixedColumn;
import dev.aevum.model.batch.Memory;
import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;

/// Validity of results, 64 rows at a time.
public final class Nulls {
  private Nulls() {}

  public static boolean any(Column[] columns) {
    for (Column c : columns) {
      if (c.mayHaveNulls()) {
        return true;
      }
    }
    return false;
  }

  /// Makes the result NULL wherever an argument is.
  public static void propagate(FixedColumn out, Column... arguments) {
    boolean first = true;
    for (Column argument : arguments) {
      MemorySegment from = argument.validity();
      if (from == null) {
        continue;
      }
      if (first) {
        out.copyValidity(from);
        first = false;
      } else {
        and(out.validity(), from, out.rows());
      }
    }
  }

  /// `into &= other`.
  public static void and(MemorySegment into, MemorySegment other, int rows) {
    int words = words(rows);
    for (int w = 0; w < words; w++) {
      Memory.setWord(into, w, Memory.word(into, w) & Memory.word(other, w));
    }
  }

  public static int words(int rows) {
    return (rows + 63) >>> 6;
  }

  /// Word `word` of a bitmap, all ones when there is none.
  public static long word(@Nullable MemorySegment bitmap, int word) {
    return bitmap == null ? -1L : Memory.word(bitmap, word);
  }

  /// Bits of the rows that exist in word `word`.
  public static long existing(int rows, int word) {
    int left = rows - (word << 6);
    return left >= 64 ? -1L : (1L << left) - 1;
  }

  /// True when any of the arguments is NULL at `position`.
  public static boolean at(Column[] arguments, int position) {
    for (Column c : arguments) {
      if (c.isNull(position)) {
        return true;
      }
    }
    return false;
  }
}
