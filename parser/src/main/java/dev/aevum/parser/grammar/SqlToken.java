package dev.aevum.parser.grammar;

import dev.aevum.parser.lexer.Lexeme;
import org.jspecify.annotations.Nullable;

/// A token of the grammar. Line is 1 and columns are 1-based offsets in the script, so that every
/// Calcite position made from tokens is exact. All tokens of a statement are linked through `next`
/// before parsing starts.
public final class SqlToken extends Token {
  /// What the lexeme means: the folded name, the text of a string, the operator.
  public final String value;

  /// A word of any kind, reserved or not, quoted or not.
  public final boolean isWord;

  /// Something that can be a name here: an identifier or a word that is not reserved.
  public final boolean isName;

  public final boolean quoted;

  /// For an opening parenthesis: what follows is a query, and the whole parenthesis is nothing but
  /// that query.
  boolean opensQuery;

  final @Nullable Lexeme lexeme;
  private final String script;

  SqlToken(int kind, Lexeme lexeme, String script, boolean isWord, boolean isName) {
    this.kind = kind;
    this.lexeme = lexeme;
    this.script = script;
    this.value = lexeme.value();
    this.image = script.substring(lexeme.start(), lexeme.end());
    this.quoted = lexeme.kind() == Lexeme.Kind.QUOTED_WORD;
    this.isWord = isWord;
    this.isName = isName;
    this.beginLine = 1;
    this.endLine = 1;
    this.beginColumn = lexeme.start() + 1;
    this.endColumn = Math.max(lexeme.end(), lexeme.start() + 1);
  }

  /// The script's text from this token to the end of `last`.
  public String textTo(SqlToken last) {
    return script.substring(beginColumn - 1, last.endColumn);
  }

  /// What the lexer found wrong here, or null.
  public dev.aevum.model.error.@Nullable SqlException lexicalError() {
    return lexeme == null ? null : lexeme.error();
  }

  public boolean isEnd() {
    return kind == GrammarConstants.EOF;
  }
}
