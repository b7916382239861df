package dev.aevum.parser.lexer;

import dev.aevum.model.error.SourceSpan;
import dev.aevum.model.error.SqlException;
import org.jspecify.annotations.Nullable;

/// One lexical unit of a script. `value` is cooked: the folded word, the unquoted name, the text of
/// a string, the digits of a number or parameter, the operator's PostgreSQL name (`<>` for `!=`).
/// `start` and `end` are 0-based offsets, the end exclusive.
///
/// @param error for [Kind#ERROR]: what to throw when the parser gets here (an earlier syntax error
///   wins, as in PostgreSQL)
public record Lexeme(Kind kind, int start, int end, String value, @Nullable SqlException error) {
  public enum Kind {
    WORD,
    QUOTED_WORD,
    STRING,
    BITS,
    INTEGER,
    DECIMAL,
    APPROXIMATE,
    PARAMETER,
    OPERATOR,
    PUNCTUATION,
    ERROR,
    END
  }

  public boolean is(Kind wanted, String text) {
    return kind == wanted && value.equals(text);
  }

  public boolean isPunctuation(String text) {
    return is(Kind.PUNCTUATION, text);
  }

  public boolean isWord(String text) {
    return is(Kind.WORD, text);
  }

  public SourceSpan span() {
    return new SourceSpan(start + 1, end + 1);
  }
}
