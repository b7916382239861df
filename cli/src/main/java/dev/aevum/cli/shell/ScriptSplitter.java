package dev.aevum.cli.shell;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/// Cuts text that comes line by line into statements: a semicolon ends one, except inside quotes
/// (`'…'`, `"…"`, `E'…\'…'`, `$tag$…$tag$`), comments (nested) and parentheses. A line that begins
/// with a backslash between statements is a command of the shell.
public final class ScriptSplitter {
  private final StringBuilder pending = new StringBuilder();

  /// Adds a line; returns the statements (without semicolon) and commands that are complete now.
  public List<String> add(String line) {
    List<String> complete = new ArrayList<>();
    if (isEmpty() && line.stripLeading().startsWith("\\")) {
      pending.setLength(0);
      complete.add(line.strip());
      return complete;
    }
    pending.append(line).append('\n');
    int end = statementEnd();
    while (end >= 0) {
      String statement = pending.substring(0, end).strip();
      pending.delete(0, end + 1);
      if (!statement.isEmpty()) {
        complete.add(statement);
      }
      end = statementEnd();
    }
    return complete;
  }

  /// What is left at the end of the input, without a semicolon: empty when that is blank or
  /// comments.
  public String rest() {
    String rest = pending.toString().strip();
    boolean empty = isEmpty();
    pending.setLength(0);
    return empty ? "" : rest;
  }

  /// Nothing but blanks and comments waits.
  public boolean isEmpty() {
    int i = 0;
    while (i < pending.length()) {
      int after = afterComment(i);
      if (after < 0 || (after == i && !Character.isWhitespace(pending.charAt(i)))) {
        return false;
      }
      i = Math.max(after, i + 1);
    }
    return true;
  }

  public void clear() {
    pending.setLength(0);
  }

  /// Index of the semicolon that ends the first statement, or -1.
  private int statementEnd() {
    int depth = 0;
    int i = 0;
    while (i >= 0 && i < pending.length()) {
      char c = pending.charAt(i);
      int after = afterComment(i);
      if (after != i) {
        i = after;
      } else if (c == '\'' || c == '"') {
        i = afterQuote(i, c, c == '\'' && isEscapeString(i));
      } else if (c == '$') {
        i = afterDollarQuote(i);
      } else if (c == ';' && depth <= 0) {
        return i;
      } else {
        depth += c == '(' ? 1 : c == ')' ? -1 : 0;
        i++;
      }
    }
    return -1;
  }

  /// The index after the comment that begins at `i`; `i` where none does; -1 where it does not end.
  private int afterComment(int i) {
    if (pending.indexOf("--", i) == i) {
      int end = pending.indexOf("\n", i);
      return end < 0 ? pending.length() : end + 1;
    }
    if (pending.indexOf("/*", i) != i) {
      return i;
    }
    int depth = 1;
    for (int k = i + 2; k < pending.length(); k++) {
      if (pending.indexOf("/*", k) == k) {
        depth++;
        k++;
      } else if (pending.indexOf("*/", k) == k) {
        k++;
        if (--depth == 0) {
          return k + 1;
        }
      }
    }
    return -1;
  }

  private boolean isEscapeString(int quote) {
    return quote > 0
        && Character.toUpperCase(pending.charAt(quote - 1)) == 'E'
        && (quote == 1 || !Character.isLetterOrDigit(pending.charAt(quote - 2)));
  }

  private int afterQuote(int start, char quote, boolean escapes) {
    for (int i = start + 1; i < pending.length(); i++) {
      char c = pending.charAt(i);
      if (escapes && c == '\\') {
        i++;
      } else if (c == quote) {
        return i + 1;
      }
    }
    return -1;
  }

  private int afterDollarQuote(int start) {
    int i = start + 1;
    while (i < pending.length()
        && (Character.isLetterOrDigit(pending.charAt(i)) || pending.charAt(i) == '_')) {
      i++;
    }
    boolean parameter = i > start + 1 && Character.isDigit(pending.charAt(start + 1));
    if (parameter || i == pending.length() || pending.charAt(i) != '$') {
      return start + 1;
    }
    String tag = pending.substring(start, i + 1);
    int end = pending.indexOf(tag, i + 1);
    return end < 0 ? -1 : end + tag.length();
  }

  /// Whether a statement holds something that must not be kept in a history.
  static boolean isSecret(String statement) {
    String upper = statement.toUpperCase(Locale.ROOT);
    return upper.contains("PASSWORD") || upper.contains("SECRET");
  }
}
