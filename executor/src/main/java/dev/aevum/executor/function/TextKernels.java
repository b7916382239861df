package dev.aevum.executor.function;

import static dev.aevum.model.batch.Memory.BYTE;
import static dev.aevum.model.batch.Memory.INT;

import dev.aevum.executor.kernel.Kernel;
import dev.aevum.executor.kernel.Nulls;
import dev.aevum.model.batch.Column;
import dev.aevum.model.batch.ColumnWriter;
import dev.aevum.model.batch.FixedColumn;
import dev.aevum.model.error.SqlException;
import dev.aevum.model.type.CharType;
import dev.aevum.model.type.SimpleType;
import dev.aevum.model.type.SqlType;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/// Loops over texts that are often hot: lengths, pieces, replacement, concatenation, case.
final class TextKernels {
  private TextKernels() {}

  /// Which bytes of a row's text to keep: `start << 32 | length`, or -1 for NULL. May throw for the
  /// row.
  @FunctionalInterface
  interface Piece {
    long of(MemorySegment text, long offset, int length, Column[] arguments, int row);
  }

  static long piece(int start, int length) {
    return (long) start << 32 | length;
  }

  /// Pieces of the first argument, without copying them.
  static Kernel pieces(Piece piece) {
    return (context, arguments, rows) -> {
      Column source = arguments[0];
      boolean nulls = Nulls.any(arguments);
      try (ViewWriter out = new ViewWriter(context.allocator(), SimpleType.TEXT, source)) {
        for (int i = 0; i < rows.size(); i++) {
          if (nulls && Nulls.at(arguments, i)) {
            out.setNull(i);
            continue;
          }
          try {
            long part =
                piece.of(source.segmentAt(i), source.offsetAt(i), source.lengthAt(i), arguments, i);
            if (part < 0) {
              out.setNull(i);
            } else {
              out.set(i, (int) (part >>> 32), (int) part);
            }
          } catch (SqlException e) {
            context.errors().report(rows.row(i), e);
            out.setNull(i);
          }
        }
        return out.finish();
      }
    };
  }

  /// `octet_length`.
  static Kernel bytes() {
    return (context, arguments, rows) -> {
      try (FixedColumn out =
          new FixedColumn(context.allocator(), SimpleType.INTEGER, rows.size())) {
        MemorySegment views = arguments[0].data();
        for (int i = 0; i < rows.size(); i++) {
          out.data().set(INT, (long) i << 2, views.get(INT, (long) i << 4));
        }
        Nulls.propagate(out, arguments);
        return out.finish();
      }
    };
  }

  /// `length`, in characters; char(n) without its trailing blanks.
  static Kernel characters(SqlType type) {
    boolean trims = type instanceof CharType;
    return (context, arguments, rows) -> {
      Column source = arguments[0];
      try (FixedColumn out =
          new FixedColumn(context.allocator(), SimpleType.INTEGER, rows.size())) {
        for (int i = 0; i < rows.size(); i++) {
          MemorySegment text = source.segmentAt(i);
          long offset = source.offsetAt(i);
          int length = source.lengthAt(i);
          int kept = trims ? Texts.trimmedLength(text, offset, length) : length;
          out.data().set(INT, (long) i << 2, Texts.characters(text, offset, kept));
        }
        Nulls.propagate(out, arguments);
        return out.finish();
      }
    };
  }

  /// `position`: the character, from 1, where the second text begins in the first; 0 when it does
  /// not occur.
  static Kernel position() {
    return (context, arguments, rows) -> {
      Column source = arguments[0];
      Column part = arguments[1];
      try (FixedColumn out =
          new FixedColumn(context.allocator(), SimpleType.INTEGER, rows.size())) {
        for (int i = 0; i < rows.size(); i++) {
          MemorySegment text = source.segmentAt(i);
          long offset = source.offsetAt(i);
          int at =
              Texts.indexOf(
                  text,
                  offset,
                  source.lengthAt(i),
                  0,
                  part.segmentAt(i),
                  part.offsetAt(i),
                  part.lengthAt(i));
          out.data().set(INT, (long) i << 2, at < 0 ? 0 : Texts.characters(text, offset, at) + 1);
        }
        Nulls.propagate(out, arguments);
        return out.finish();
      }
    };
  }

  /// `replace(text, from, to)`, over bytes.
  static Kernel replace() {
    return (context, arguments, rows) -> {
      Column source = arguments[0];
      Column from = arguments[1];
      Column to = arguments[2];
      byte[] scratch = new byte[256];
      try (ColumnWriter out = new ColumnWriter(context.allocator(), SimpleType.TEXT, rows.size())) {
        for (int i = 0; i < rows.size(); i++) {
          if (Nulls.at(arguments, i)) {
            out.appendNull();
            continue;
          }
          int length = source.lengthAt(i);
          int worst = worstLength(length, from.lengthAt(i), to.lengthAt(i));
          if (worst > scratch.length) {
            scratch = new byte[Math.max(worst, 2 * scratch.length)];
          }
          int made = replace(source, from, to, i, scratch);
          out.appendBytes(scratch, 0, made);
        }
        return out.finish();
      }
    };
  }

  private static int worstLength(int length, int from, int to) {
    return from == 0 || to <= from
        ? length
        : Math.toIntExact((long) length / from * to + length % from);
  }

  private static int replace(Column source, Column from, Column to, int row, byte[] into) {
    MemorySegment text = source.segmentAt(row);
    long offset = source.offsetAt(row);
    int length = source.lengthAt(row);
    int fromLength = from.lengthAt(row);
    if (fromLength == 1) {
      return replaceByte(
          text, offset, length, from.segmentAt(row).get(BYTE, from.offsetAt(row)), to, row, into);
    }
    MemorySegment pattern = from.segmentAt(row);
    long patternOffset = from.offsetAt(row);
    int toLength = to.lengthAt(row);
    int made = 0;
    int at = 0;
    while (fromLength > 0) {
      int next = Texts.indexOf(text, offset, length, at, pattern, patternOffset, fromLength);
      if (next < 0) {
        break;
      }
      MemorySegment.copy(text, BYTE, offset + at, into, made, next - at);
      made += next - at;
      MemorySegment.copy(to.segmentAt(row), BYTE, to.offsetAt(row), into, made, toLength);
      made += toLength;
      at = next + fromLength;
    }
    MemorySegment.copy(text, BYTE, offset + at, into, made, length - at);
    return made + length - at;
  }

  /// The common case: one byte by nothing or by some.
  private static int replaceByte(
      MemorySegment text, long offset, int length, byte from, Column to, int row, byte[] into) {
    int toLength = to.lengthAt(row);
    int made = 0;
    if (toLength == 0) {
      for (int i = 0; i < length; i++) {
        byte b = text.get(BYTE, offset + i);
        into[made] = b;
        made += b == from ? 0 : 1;
      }
      return made;
    }
    MemorySegment replacement = to.segmentAt(row);
    long replacementOffset = to.offsetAt(row);
    for (int i = 0; i < length; i++) {
      byte b = text.get(BYTE, offset + i);
      if (b != from) {
        into[made++] = b;
      } else {
        for (int j = 0; j < toLength; j++) {
          into[made++] = replacement.get(BYTE, replacementOffset + j);
        }
      }
    }
    return made;
  }

  /// `a || b`. A char(n) side counts without its trailing blanks.
  static Kernel concatenate(SqlType left, SqlType right) {
    boolean trimLeft = left instanceof CharType;
    boolean trimRight = right instanceof CharType;
    return (context, arguments, rows) -> {
      Column a = arguments[0];
      Column b = arguments[1];
      byte[] scratch = new byte[256];
      try (ColumnWriter out = new ColumnWriter(context.allocator(), SimpleType.TEXT, rows.size())) {
        for (int i = 0; i < rows.size(); i++) {
          if (Nulls.at(arguments, i)) {
            out.appendNull();
            continue;
          }
          int lengthA = length(a, i, trimLeft);
          int lengthB = length(b, i, trimRight);
          if (lengthA + lengthB > scratch.length) {
            scratch = new byte[2 * (lengthA + lengthB)];
          }
          MemorySegment.copy(a.segmentAt(i), BYTE, a.offsetAt(i), scratch, 0, lengthA);
          MemorySegment.copy(b.segmentAt(i), BYTE, b.offsetAt(i), scratch, lengthA, lengthB);
          out.appendBytes(scratch, 0, lengthA + lengthB);
        }
        return out.finish();
      }
    };
  }

  private static int length(Column column, int row, boolean trim) {
    int length = column.lengthAt(row);
    return trim ? Texts.trimmedLength(column.segmentAt(row), column.offsetAt(row), length) : length;
  }

  /// `lower` and `upper`: ASCII in place, other characters by Unicode's simple rules of no
  /// language.
  static Kernel changeCase(boolean upper) {
    return (context, arguments, rows) -> {
      Column source = arguments[0];
      byte[] scratch = new byte[256];
      try (ColumnWriter out = new ColumnWriter(context.allocator(), SimpleType.TEXT, rows.size())) {
        for (int i = 0; i < rows.size(); i++) {
          if (source.isNull(i)) {
            out.appendNull();
            continue;
          }
          int length = source.lengthAt(i);
          if (length > scratch.length) {
            scratch = new byte[2 * length];
          }
          MemorySegment.copy(source.segmentAt(i), BYTE, source.offsetAt(i), scratch, 0, length);
          if (changeAscii(scratch, length, upper)) {
            out.appendBytes(scratch, 0, length);
          } else {
            String text = source.textAt(i);
            out.appendText(upper ? text.toUpperCase(Locale.ROOT) : text.toLowerCase(Locale.ROOT));
          }
        }
        return out.finish();
      }
    };
  }

  /// False when there was a byte outside ASCII.
  private static boolean changeAscii(byte[] text, int length, boolean upper) {
    int all = 0;
    byte first = (byte) (upper ? 'a' : 'A');
    for (int i = 0; i < length; i++) {
      byte b = text[i];
      all |= b;
      text[i] = (byte) (b >= first && b <= first + 25 ? b ^ 0x20 : b);
    }
    return all >= 0;
  }

  static String utf8(byte[] bytes) {
    return new String(bytes, StandardCharsets.UTF_8);
  }
}
