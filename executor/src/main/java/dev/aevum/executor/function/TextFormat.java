package dev.aevum.executor.function;

import dev.aevum.executor.kernel.EvaluationContext;
import dev.aevum.model.batch.Column;
import dev.aevum.model.codec.ByteSink;
import dev.aevum.model.error.ErrorCode;
import dev.aevum.model.error.SqlException;

/// `format(text, ...)`: `%[position$][-][width]{s|I|L|%}`.
final class TextFormat {
  private final EvaluationContext context;
  private final Column[] arguments;
  private final int row;
  private final String format;
  private final StringBuilder out = new StringBuilder();
  private int at;
  private int next = 1;

  private TextFormat(EvaluationContext context, Column[] arguments, int row) {
    this.context = context;
    this.arguments = arguments;
    this.row = row;
    this.format = arguments[0].textAt(row);
  }

  static String format(EvaluationContext context, Column[] arguments, int row) {
    return new TextFormat(context, arguments, row).run();
  }

  private String run() {
    while (at < format.length()) {
      char c = format.charAt(at++);
      if (c != '%') {
        out.append(c);
      } else if (at < format.length() && format.charAt(at) == '%') {
        out.append('%');
        at++;
      } else {
        specifier();
      }
    }
    return out.toString();
  }

  private static SqlException error(String message) {
    return new SqlException(ErrorCode.INVALID_PARAMETER_VALUE, message);
  }

  private int number() {
    int from = at;
    while (at < format.length() && Character.isDigit(format.charAt(at))) {
      at++;
    }
    return from == at ? -1 : Integer.parseInt(format.substring(from, Math.min(at, from + 9)));
  }

  private void specifier() {
    int width = number();
    if (width >= 0 && at < format.length() && format.charAt(at) == '$') {
      if (width == 0) {
        throw error("format specifies argument 0, but arguments are numbered from 1");
      }
      next = width;
      at++;
      width = -1;
    }
    boolean left = at < format.length() && format.charAt(at) == '-';
    if (left) {
      at++;
    }
    width = width < 0 ? number() : width;
    if (at >= format.length()) {
      throw error("unterminated format() type specifier")
          .withHint("For a single \"%\" use \"%%\".");
    }
    char kind = format.charAt(at++);
    if (kind != 's' && kind != 'I' && kind != 'L') {
      throw error("unrecognized format() type specifier \"" + kind + "\"")
          .withHint("For a single \"%\" use \"%%\".");
    }
    if (next >= arguments.length) {
      throw error("too few arguments for format()");
    }
    String text = value(arguments[next++], kind);
    String blanks = " ".repeat(Math.max(0, width - text.length()));
    out.append(left ? text + blanks : blanks + text);
  }

  private String value(Column argument, char kind) {
    if (argument.isNull(row)) {
      if (kind == 'I') {
        throw new SqlException(
            ErrorCode.NULL_VALUE_NOT_ALLOWED,
            "null values cannot be formatted as an SQL identifier");
      }
      return kind == 'L' ? "NULL" : "";
    }
    ByteSink sink = new ByteSink();
    MixedConcatenation.append(context, argument, row, sink);
    String text = sink.toText(0);
    return kind == 's'
        ? text
        : kind == 'I' ? Strings.quoteIdent(text) : Strings.quoteLiteral(text).strip();
  }
}
