package dev.aevum.model.text;

import dev.aevum.model.batch.Column;
import dev.aevum.model.codec.ByteSink;
import dev.aevum.model.error.ErrorCode;
import dev.aevum.model.error.SqlException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The text form of composite values: `(1,,"a b")`. NULL is nothing between commas; values that are
/// empty or hold parentheses, commas, quotes, backslashes or blanks stand in quotes, with quotes
/// and backslashes doubled.
///
/// Source: PostgreSQL, "Composite Type Input and Output Syntax".
public final class RecordText {
  private RecordText() {}

  /// Appends the record of one row of `fields`.
  public static void format(Column[] fields, int row, ByteSink scratch, ByteSink out) {
    out.appendByte('(');
    for (int i = 0; i < fields.length; i++) {
      if (i > 0) {
        out.appendByte(',');
      }
      if (!fields[i].isNull(row)) {
        scratch.reset();
        PgText.format(fields[i], row, TextStyle.DEFAULT, scratch);
        append(scratch, out);
      }
    }
    out.appendByte(')');
  }

  private static void append(ByteSink value, ByteSink out) {
    byte[] bytes = value.array();
    int length = value.position();
    boolean quoted = length == 0;
    for (int i = 0; i < length && !quoted; i++) {
      quoted = isSpecial(bytes[i]);
    }
    if (!quoted) {
      out.appendBytes(bytes, 0, length);
      return;
    }
    out.appendByte('"');
    for (int i = 0; i < length; i++) {
      if (bytes[i] == '"' || bytes[i] == '\\') {
        out.appendByte(bytes[i]);
      }
      out.appendByte(bytes[i]);
    }
    out.appendByte('"');
  }

  private static boolean isSpecial(byte b) {
    return switch (b) {
      case '(', ')', ',', '"', '\\', ' ', '\t', '\n', '\r', '\f', 0x0b -> true;
      default -> false;
    };
  }

  /// The fields' texts; null is NULL. Errors: 22P02.
  public static List<@Nullable String> split(String text) {
    String trimmed = text.strip();
    if (trimmed.length() < 2 || !trimmed.startsWith("(") || !trimmed.endsWith(")")) {
      throw malformed(text);
    }
    List<@Nullable String> fields = new ArrayList<>();
    StringBuilder field = new StringBuilder();
    boolean present = false;
    boolean quoted = false;
    int end = trimmed.length() - 1;
    for (int i = 1; i < end; i++) {
      char c = trimmed.charAt(i);
      if (c == '\\') {
        if (++i == end) {
          throw malformed(text);
        }
        field.append(trimmed.charAt(i));
        present = true;
      } else if (c == '"' && quoted && trimmed.charAt(i + 1) == '"') {
        field.append('"');
        i++;
      } else if (c == '"') {
        quoted = !quoted;
        present = true;
      } else if (c == ',' && !quoted) {
        fields.add(present ? field.toString() : null);
        field.setLength(0);
        present = false;
      } else {
        field.append(c);
        present = true;
      }
    }
    if (quoted) {
      throw malformed(text);
    }
    fields.add(present ? field.toString() : null);
    return fields;
  }

  private static SqlException malformed(String text) {
    return new SqlException(
        ErrorCode.INVALID_TEXT_REPRESENTATION, "malformed record literal: \"" + text + "\"");
  }
}
