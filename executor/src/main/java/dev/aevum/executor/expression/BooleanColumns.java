package dev.aevum.executor.expression;

import dev.aevum.executor.kernel.EvaluationContext;
import dev.aevum.executor.kernel.Nulls;
import dev.aevum.model.batch.Column;
import dev.aevum.model.batch.FixedColumn;
import dev.aevum.model.batch.Memory;
import dev.aevum.model.type.SimpleType;
import java.lang.foreign.MemorySegment;

/// Three-valued logic over bitmaps, 64 rows at a time. Arguments are borrowed, results given away.
final class BooleanColumns {
  private BooleanColumns() {}

  /// Positions where the column is TRUE, ascending; returns their number.
  static int positionsOfTrue(Column column, int[] into) {
    MemorySegment data = column.data();
    MemorySegment validity = column.validity();
    int count = 0;
    int words = Nulls.words(column.rows());
    for (int w = 0; w < words; w++) {
      long bits = Memory.word(data, w) & Nulls.word(validity, w) & Nulls.existing(column.rows(), w);
      count = positions(bits, w << 6, into, count);
    }
    return count;
  }

  /// Positions where the column is FALSE or NULL (with `orNull`), ascending.
  static int positionsOfFalse(Column column, boolean orNull, int[] into) {
    MemorySegment data = column.data();
    MemorySegment validity = column.validity();
    int count = 0;
    int words = Nulls.words(column.rows());
    for (int w = 0; w < words; w++) {
      long valid = Nulls.word(validity, w);
      long bits = (~Memory.word(data, w) & valid) | (orNull ? ~valid : 0);
      count = positions(bits & Nulls.existing(column.rows(), w), w << 6, into, count);
    }
    return count;
  }

  /// Positions that are TRUE or NULL, ascending.
  static int positionsOfTrueOrNull(Column column, int[] into) {
    MemorySegment data = column.data();
    MemorySegment validity = column.validity();
    int count = 0;
    int words = Nulls.words(column.rows());
    for (int w = 0; w < words; w++) {
      long bits = Memory.word(data, w) | ~Nulls.word(validity, w);
      count = positions(bits & Nulls.existing(column.rows(), w), w << 6, into, count);
    }
    return count;
  }

  /// Positions that are NULL, or that are not, ascending.
  static int positionsOfNull(Column column, boolean isNull, int[] into) {
    MemorySegment validity = column.validity();
    int count = 0;
    int words = Nulls.words(column.rows());
    for (int w = 0; w < words; w++) {
      long valid = Nulls.word(validity, w);
      long bits = isNull ? ~valid : valid;
      count = positions(bits & Nulls.existing(column.rows(), w), w << 6, into, count);
    }
    return count;
  }

  private static int positions(long bits, int base, int[] into, int from) {
    int count = from;
    if (Long.bitCount(bits) >= 32) {
      for (int j = 0; j < 64 && base + j < into.length; j++) {
        into[count] = base + j;
        count += (int) (bits >>> j & 1);
      }
      return count;
    }
    long left = bits;
    while (left != 0) {
      into[count++] = base + Long.numberOfTrailingZeros(left);
      left &= left - 1;
    }
    return count;
  }

  /// AND (`conjunction`) or OR of two columns of the same rows.
  static Column combine(EvaluationContext context, Column a, Column b, boolean conjunction) {
    int rows = a.rows();
    try (FixedColumn out = new FixedColumn(context.allocator(), SimpleType.BOOLEAN, rows)) {
      MemorySegment to = out.data();
      MemorySegment left = a.data();
      MemorySegment right = b.data();
      boolean nulls = a.mayHaveNulls() || b.mayHaveNulls();
      int words = Nulls.words(rows);
      for (int w = 0; w < words; w++) {
        long x = Memory.word(left, w);
        long y = Memory.word(right, w);
        if (!nulls) {
          Memory.setWord(to, w, conjunction ? x & y : x | y);
          continue;
        }
        long validX = Nulls.word(a.validity(), w);
        long validY = Nulls.word(b.validity(), w);
        // A FALSE decides a conjunction, a TRUE a disjunction, whatever the other side is.
        long decided = conjunction ? (validX & ~x) | (validY & ~y) : (validX & x) | (validY & y);
        Memory.setWord(to, w, conjunction ? x & y & ~decided : decided);
        Memory.setWord(out.validity(), w, (validX & validY) | decided);
      }
      return out.finish();
    }
  }

  static Column not(EvaluationContext context, Column a) {
    try (FixedColumn out = new FixedColumn(context.allocator(), SimpleType.BOOLEAN, a.rows())) {
      int words = Nulls.words(a.rows());
      for (int w = 0; w < words; w++) {
        Memory.setWord(out.data(), w, ~Memory.word(a.data(), w));
      }
      out.copyValidity(a.validity());
      return out.finish();
    }
  }

  /// IS [NOT] NULL.
  static Column isNull(EvaluationContext context, Column a, boolean negated) {
    try (FixedColumn out = new FixedColumn(context.allocator(), SimpleType.BOOLEAN, a.rows())) {
      int words = Nulls.words(a.rows());
      for (int w = 0; w < words; w++) {
        long valid = Nulls.word(a.validity(), w);
        Memory.setWord(out.data(), w, negated ? valid : ~valid);
      }
      return out.finish();
    }
  }

  /// IS [NOT] TRUE or FALSE.
  static Column is(EvaluationContext context, Column a, boolean value, boolean negated) {
    try (FixedColumn out = new FixedColumn(context.allocator(), SimpleType.BOOLEAN, a.rows())) {
      int words = Nulls.words(a.rows());
      for (int w = 0; w < words; w++) {
        long bits = Memory.word(a.data(), w);
        long same = Nulls.word(a.validity(), w) & (value ? bits : ~bits);
        Memory.setWord(out.data(), w, negated ? ~same : same);
      }
      return out.finish();
    }
  }

  /// IS [NOT] DISTINCT FROM, given the values' equality.
  static Column distinct(
      EvaluationContext context, Column a, Column b, Column equal, boolean negated) {
    try (FixedColumn out = new FixedColumn(context.allocator(), SimpleType.BOOLEAN, a.rows())) {
      int words = Nulls.words(a.rows());
      for (int w = 0; w < words; w++) {
        long validA = Nulls.word(a.validity(), w);
        long validB = Nulls.word(b.validity(), w);
        long same = (validA & validB & Memory.word(equal.data(), w)) | (~validA & ~validB);
        Memory.setWord(out.data(), w, negated ? same : ~same);
      }
      return out.finish();
    }
  }
}
