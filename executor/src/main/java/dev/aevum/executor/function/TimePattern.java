package dev.aevum.executor.function;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/// The pieces of a date and time format: key words with their modifiers, and the text between them.
final class TimePattern {
  /// Longer words first, so that HH24 is not taken for HH.
  private static final String[] WORDS = {
    "SSSSS", "Y,YYY", "MONTH", "HH24", "HH12", "SSSS", "YYYY", "IYYY", "A.M.", "P.M.", "B.C.",
    "A.D.", "IDDD", "YYY", "IYY", "MON", "DAY", "DDD", "TZH", "TZM", "FF1", "FF2", "FF3", "FF4",
    "FF5", "FF6", "HH", "MI", "SS", "MS", "US", "AM", "PM", "YY", "IY", "BC", "AD", "MM", "DY",
    "DD", "ID", "WW", "IW", "CC", "RM", "TZ", "OF", "Y", "I", "D", "W", "J", "Q"
  };

  /// `word`: upper case, empty for literal text; `text`: as it stands in the format; `fill`: pad to
  /// full width (no FM).
  record Piece(String word, String text, boolean fill, String ordinal) {}

  private TimePattern() {}

  static List<Piece> parse(String format) {
    List<Piece> pieces = new ArrayList<>();
    boolean fill = true;
    int at = 0;
    while (at < format.length()) {
      char c = format.charAt(at);
      if (c == '"') {
        int end = format.indexOf('"', at + 1);
        end = end < 0 ? format.length() : end;
        pieces.add(literal(format.substring(at + 1, end)));
        at = end + 1;
        continue;
      }
      if (c == '\\' && at + 1 < format.length()) {
        pieces.add(literal(format.substring(at + 1, at + 2)));
        at += 2;
        continue;
      }
      if (format.regionMatches(true, at, "FM", 0, 2)) {
        fill = false;
        at += 2;
        continue;
      }
      if (format.regionMatches(true, at, "FX", 0, 2)) {
        at += 2;
        continue;
      }
      String word = wordAt(format, at);
      if (word.isEmpty()) {
        pieces.add(literal(Character.toString(c)));
        at++;
        continue;
      }
      String text = format.substring(at, at + word.length());
      at += word.length();
      String ordinal = "";
      if (format.regionMatches(true, at, "TH", 0, 2)) {
        ordinal = format.substring(at, at + 2);
        at += 2;
      }
      pieces.add(new Piece(word, text, fill, ordinal));
      fill = true;
    }
    return pieces;
  }

  private static Piece literal(String text) {
    return new Piece("", text, true, "");
  }

  private static String wordAt(String format, int at) {
    for (String word : WORDS) {
      if (format.regionMatches(true, at, word, 0, word.length())) {
        return word.toUpperCase(Locale.ROOT);
      }
    }
    return "";
  }
}
