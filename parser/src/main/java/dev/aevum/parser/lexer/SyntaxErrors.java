package dev.aevum.parser.lexer;

import dev.aevum.model.error.ErrorCode;
import dev.aevum.model.error.SourceSpan;
import dev.aevum.model.error.SqlException;
import org.jspecify.annotations.Nullable;

/// The errors of lexer and parser, in PostgreSQL's words.
public final class SyntaxErrors {
  private SyntaxErrors() {}

  public static SqlException near(String text, SourceSpan span, @Nullable String hint) {
    return error("syntax error at or near \"" + text + '"', span, hint);
  }

  public static SqlException atEnd(SourceSpan span) {
    return error("syntax error at end of input", span, null);
  }

  /// `unterminated quoted string at or near "'abc"`, and its like.
  public static SqlException lexical(String what, String text, SourceSpan span) {
    return error(what + " at or near \"" + text + '"', span, null);
  }

  public static SqlException invalid(String message, SourceSpan span, @Nullable String hint) {
    return error(message, span, hint);
  }

  public static SqlException badEncoding(String detail, SourceSpan span) {
    return new SqlException(
        ErrorCode.CHARACTER_NOT_IN_REPERTOIRE,
        "invalid byte sequence for encoding \"UTF8\": " + detail,
        null,
        null,
        span,
        null);
  }

  public static SqlException unsupported(String message, SourceSpan span, @Nullable String hint) {
    return new SqlException(ErrorCode.FEATURE_NOT_SUPPORTED, message, null, hint, span, null);
  }

  public static SqlException tooDeep(SourceSpan span) {
    return new SqlException(
        ErrorCode.STATEMENT_TOO_COMPLEX,
        "stack depth limit exceeded",
        null,
        "Write the expression with fewer nested parentheses or subqueries.",
        span,
        null);
  }

  private static SqlException error(String message, SourceSpan span, @Nullable String hint) {
    return new SqlException(ErrorCode.SYNTAX_ERROR, message, null, hint, span, null);
  }
}
