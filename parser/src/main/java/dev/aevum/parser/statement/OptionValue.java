package dev.aevum.parser.statement;

import dev.aevum.model.error.SourceSpan;

/// The value of an option: `text` is the cooked text of a string, the digits of a number (with its
/// sign), or the word as written, folded (`true`, `json`); for a secret its name; for `name =
/// DEFAULT`-less entries (`WITH (follow)`) it is `true`.
public record OptionValue(Kind kind, String text, SourceSpan span) {
  /// How the value was written. A consumer that wants a boolean accepts [#WORD] and [#STRING]
  /// alike.
  public enum Kind {
    STRING,
    NUMBER,
    WORD,
    SECRET
  }
}
