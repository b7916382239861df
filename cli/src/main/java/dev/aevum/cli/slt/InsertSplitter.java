package dev.aevum.cli.slt;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Cuts `INSERT INTO t ... VALUES (...), (...)` into one statement a row.
final class InsertSplitter {
  private static final Pattern HEAD =
      Pattern.compile(
          "(?is)\\A\\s*INSERT\\s+INTO\\s+[\\w.\"]+\\s*(?:\\([^()]*\\)\\s*)?VALUES\\s*(?=\\()");

  private InsertSplitter() {}

  /// The statements; just the given one when it is no plain insert of rows.
  static List<String> split(String sql) {
    Matcher head = HEAD.matcher(sql);
    if (!head.find()) {
      return List.of(sql);
    }
    List<String> statements = new ArrayList<>();
    int at = head.end();
    while (at < sql.length() && sql.charAt(at) == '(') {
      int end = rowEnd(sql, at);
      if (end < 0) {
        return List.of(sql);
      }
      statements.add(head.group() + sql.substring(at, end));
      at = skipBlanks(sql, end);
      if (at < sql.length() && sql.charAt(at) == ',') {
        at = skipBlanks(sql, at + 1);
      } else {
        break;
      }
    }
    boolean plain = at == sql.length() || sql.substring(at).strip().equals(";");
    return plain ? statements : List.of(sql);
  }

  private static int skipBlanks(String sql, int from) {
    int at = from;
    while (at < sql.length() && Character.isWhitespace(sql.charAt(at))) {
      at++;
    }
    return at;
  }

  /// Index after the parenthesis that closes the one at `open`; -1: none, or something that needs a
  /// real lexer.
  private static int rowEnd(String sql, int open) {
    int depth = 0;
    for (int at = open; at < sql.length(); at++) {
      switch (sql.charAt(at)) {
        case '(' -> depth++;
        case ')' -> {
          if (--depth == 0) {
            return at + 1;
          }
        }
        case '\'', '"' -> {
          boolean escapes = "eE".indexOf(sql.charAt(at - 1)) >= 0;
          int close = sql.indexOf(sql.charAt(at), at + 1);
          if (close < 0 || (escapes && sql.substring(at, close).contains("\\"))) {
            return -1;
          }
          at = close;
        }
        case '$', '-', '/' -> {
          if (sql.startsWith("$$", at) || sql.startsWith("--", at) || sql.startsWith("/*", at)) {
            return -1;
          }
        }
        default -> {}
      }
    }
    return -1;
  }
}
