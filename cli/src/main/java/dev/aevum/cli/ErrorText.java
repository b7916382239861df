package dev.aevum.cli;

import dev.aevum.model.error.SourceSpan;
import dev.aevum.model.error.SqlException;

/// An error as psql shows it: message, the line with a caret, detail, hint.
record ErrorText(String script) {
  String of(SqlException e) {
    StringBuilder text = new StringBuilder("ERROR:  " + e.text());
    SourceSpan span = e.span();
    if (span != null && span.start() <= script.length() + 1) {
      int at = span.start() - 1;
      int lineStart = script.lastIndexOf('\n', at - 1) + 1;
      int lineEnd = script.indexOf('\n', at);
      String line = script.substring(lineStart, lineEnd < 0 ? script.length() : lineEnd);
      long number = script.substring(0, lineStart).chars().filter(c -> c == '\n').count() + 1;
      String label = "LINE " + number + ": ";
      text.append('\n').append(label).append(line).append('\n');
      text.append(" ".repeat(label.length() + Math.max(0, at - lineStart))).append('^');
    }
    if (e.detail() != null) {
      text.append("\nDETAIL:  ").append(e.detail());
    }
    if (e.hint() != null) {
      text.append("\nHINT:  ").append(e.hint());
    }
    if (e.context() != null) {
      text.append("\nCONTEXT:  ").append(e.context());
    }
    return text.toString();
  }
}
