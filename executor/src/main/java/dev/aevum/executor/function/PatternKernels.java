package dev.aevum.executor.function;

import static dev.aevum.model.batch.Memory.LONG;

import dev.aevum.executor.kernel.EvaluationContext;
import dev.aevum.executor.kernel.Kernel;
import dev.aevum.executor.kernel.Nulls;
import dev.aevum.executor.kernel.Selection;
import dev.aevum.model.batch.Column;
import dev.aevum.model.batch.FixedColumn;
import dev.aevum.model.batch.Memory;
import dev.aevum.model.error.SqlException;
import dev.aevum.model.type.SimpleType;
import java.util.Arrays;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// LIKE and ILIKE. The compiled pattern is kept from row to row and batch to batch while the
/// pattern's bytes stay the same.
final class PatternKernels {
  private PatternKernels() {}

  static Kernel like(boolean ignoreCase, boolean negated) {
    return new Like(ignoreCase, negated);
  }

  private static final class Like implements Kernel {
    private final boolean ignoreCase;
    private final boolean negated;
    private byte @Nullable [] bytes;
    private @Nullable LikePattern pattern;
    private boolean asciiPattern;

    Like(boolean ignoreCase, boolean negated) {
      this.ignoreCase = ignoreCase;
      this.negated = negated;
    }

    @Override
    public Column evaluate(EvaluationContext context, Column[] arguments, Selection rows) {
      Column texts = arguments[0];
      Column patterns = arguments[1];
      try (FixedColumn out =
          new FixedColumn(context.allocator(), SimpleType.BOOLEAN, rows.size())) {
        out.data().fill((byte) 0);
        Nulls.propagate(out, arguments);
        for (int i = 0; i < rows.size(); i++) {
          if (Nulls.at(arguments, i)) {
            continue;
          }
          try {
            if (matches(texts, i, pattern(patterns, i)) != negated) {
              Memory.setBit(out.data(), i);
            }
          } catch (SqlException e) {
            context.errors().report(rows.row(i), e);
            Memory.clearBit(out.validity(), i);
          }
        }
        return out.finish();
      }
    }

    private boolean matches(Column texts, int row, LikePattern compiled) {
      if (ignoreCase && !(asciiPattern && isAscii(texts, row))) {
        byte[] lower = lower(texts.textAt(row));
        return compiled.matches(java.lang.foreign.MemorySegment.ofArray(lower), 0, lower.length);
      }
      return compiled.matches(texts.segmentAt(row), texts.offsetAt(row), texts.lengthAt(row));
    }

    /// The compiled pattern of a row. Two rows with the same view have the same pattern.
    private LikePattern pattern(Column patterns, int row) {
      long view = (long) row << 4;
      var data = patterns.data();
      LikePattern last = pattern;
      if (last != null
          && row > 0
          && data.get(LONG, view) == data.get(LONG, view - 16)
          && data.get(LONG, view + 8) == data.get(LONG, view - 8)
          && !patterns.isNull(row - 1)) {
        return last;
      }
      byte[] current = patterns.bytesAt(row);
      if (last == null || !Arrays.equals(current, bytes)) {
        byte[] folded = ignoreCase ? lower(TextKernels.utf8(current)) : current;
        pattern = null;
        last = new LikePattern(folded, ignoreCase);
        pattern = last;
        bytes = current;
        asciiPattern = ascii(current);
      }
      return last;
    }

    private static byte[] lower(String text) {
      return text.toLowerCase(Locale.ROOT).getBytes(java.nio.charset.StandardCharsets.UTF_8);
    }

    private static boolean ascii(byte[] text) {
      int all = 0;
      for (byte b : text) {
        all |= b;
      }
      return all >= 0;
    }

    private static boolean isAscii(Column texts, int row) {
      var segment = texts.segmentAt(row);
      long offset = texts.offsetAt(row);
      int all = 0;
      for (int i = 0; i < texts.lengthAt(row); i++) {
        all |= segment.get(Memory.BYTE, offset + i);
      }
      return all >= 0;
    }
  }
}
