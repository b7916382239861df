package dev.aevum.executor.function;

import static dev.aevum.model.batch.Memory.BYTE;

import dev.aevum.executor.kernel.Kernel;
import dev.aevum.model.batch.Column;
import dev.aevum.model.batch.ColumnWriter;
import dev.aevum.model.codec.ByteSink;
import dev.aevum.model.text.PgText;
import dev.aevum.model.text.TextErrors;
import dev.aevum.model.type.CharType;
import dev.aevum.model.type.SimpleType;
import dev.aevum.model.type.SqlType;
import dev.aevum.model.type.VarcharType;
import java.lang.foreign.MemorySegment;

/// Casts to and from text. Between texts without a length the column is shared; everything else
/// goes row by row through PostgreSQL's text forms.
final class TextCasts {
  private static final int NAME_BYTES = 63;

  private TextCasts() {}

  /// Text-like to anything else.
  static Kernel parse(SqlType to) {
    return RowKernels.strict(
        to,
        (context, arguments, i, out) -> {
          Column source = arguments[0];
          PgText.parse(
              source.segmentAt(i),
              source.offsetAt(i),
              source.lengthAt(i),
              context.session().textStyle(),
              out);
        });
  }

  /// Anything to text-like.
  static Kernel toText(SqlType from, SqlType to, boolean explicit) {
    boolean fromText = Casts.family(from) == Casts.Family.TEXT;
    if (fromText && isPlain(to) && !(from instanceof CharType)) {
      return (context, arguments, rows) -> arguments[0].as(to);
    }
    ByteSink sink = new ByteSink();
    return RowKernels.strict(
        to,
        (context, arguments, i, out) -> {
          Column source = arguments[0];
          if (fromText) {
            int length = source.lengthAt(i);
            MemorySegment text = source.segmentAt(i);
            long offset = source.offsetAt(i);
            int kept =
                from instanceof CharType ? Texts.trimmedLength(text, offset, length) : length;
            append(text, offset, kept, to, explicit, out);
            return;
          }
          sink.reset();
          if (from == SimpleType.BOOLEAN) {
            sink.appendText(source.booleanAt(i) ? "true" : "false");
          } else {
            PgText.format(source, i, context.session().textStyle(), sink);
          }
          append(sink.segment(), 0, sink.position(), to, explicit, out);
        });
  }

  private static boolean isPlain(SqlType to) {
    return to == SimpleType.TEXT
        || to == SimpleType.UNKNOWN
        || (to instanceof VarcharType v && v.maxLength() < 0);
  }

  /// Fits a text to the length of its type. Errors: 22001 for an implicit cast that would cut more
  /// than blanks.
  private static void append(
      MemorySegment text, long offset, int length, SqlType to, boolean explicit, ColumnWriter out) {
    switch (to) {
      case VarcharType v when v.maxLength() >= 0 ->
          out.appendBytes(text, offset, cut(text, offset, length, v.maxLength(), to, explicit));
      case CharType c -> {
        int kept = cut(text, offset, length, c.characters(), to, explicit);
        int blanks = c.characters() - Texts.characters(text, offset, kept);
        if (blanks <= 0) {
          out.appendBytes(text, offset, kept);
          return;
        }
        byte[] padded = new byte[kept + blanks];
        MemorySegment.copy(text, BYTE, offset, padded, 0, kept);
        java.util.Arrays.fill(padded, kept, padded.length, (byte) ' ');
        out.appendBytes(padded, 0, padded.length);
      }
      case SimpleType s when s == SimpleType.NAME ->
          out.appendBytes(text, offset, atCharacter(text, offset, length, NAME_BYTES));
      case SimpleType s when s == SimpleType.PG_CHAR ->
          out.appendBytes(text, offset, Math.min(length, 1));
      default -> out.appendBytes(text, offset, length);
    }
  }

  private static int cut(
      MemorySegment text, long offset, int length, int characters, SqlType to, boolean explicit) {
    int kept = Texts.byteIndex(text, offset, length, characters);
    if (!explicit && Texts.trimmedLength(text, offset, length) > kept) {
      throw TextErrors.tooLong(to);
    }
    return kept;
  }

  /// At most `bytes`, ending at the border of a character.
  private static int atCharacter(MemorySegment text, long offset, int length, int bytes) {
    if (length <= bytes) {
      return length;
    }
    int end = bytes;
    while (end > 0 && (text.get(BYTE, offset + end) & 0xC0) == 0x80) {
      end--;
    }
    return end;
  }
}
