package dev.aevum.connectors.format;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/// How separated values are written. `nullText`: the unquoted field that means NULL.
public record CsvDialect(byte delimiter, byte quote, String nullText) {
  /// Comma, double quote, and nothing for NULL: PostgreSQL's CSV.
  public static final CsvDialect DEFAULT = new CsvDialect((byte) ',', (byte) '"', "");

  /// The fields of a record as text, for header lines. A quote that is not closed ends with the
  /// record.
  public List<String> fields(byte[] bytes, int offset, int length) {
    String text = new String(bytes, offset, length, StandardCharsets.UTF_8);
    List<String> found = new ArrayList<>();
    StringBuilder field = new StringBuilder();
    boolean open = false;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == quote) {
        boolean doubled = open && i + 1 < text.length() && text.charAt(i + 1) == quote;
        if (doubled) {
          field.append(c);
          i++;
        } else {
          open = !open;
        }
      } else if (c == delimiter && !open) {
        found.add(field.toString());
        field.setLength(0);
      } else {
        field.append(c);
      }
    }
    found.add(field.toString());
    return found;
  }
}
