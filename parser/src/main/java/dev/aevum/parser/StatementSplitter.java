package dev.aevum.parser;

import dev.aevum.model.error.SourceSpan;
import dev.aevum.parser.lexer.Lexeme;
import dev.aevum.parser.lexer.Lexer;
import java.util.ArrayList;
import java.util.List;

/// Cuts a script at its semicolons, as PostgreSQL's lexer sees them: not in strings, comments,
/// dollar quotes, quoted names. Never fails; what is wrong with a piece shows when it is parsed.
public final class StatementSplitter {
  private StatementSplitter() {}

  /// One statement's text, without its semicolon and the space around it.
  ///
  /// @param isTerminated false for a last piece without a semicolon, or one that ends inside a
  ///   string, comment or quoted name: a shell reads on
  public record Part(String text, SourceSpan span, boolean isTerminated) {}

  /// Pieces that hold nothing but space and comments are left out.
  public static List<Part> split(String script) {
    List<Part> parts = new ArrayList<>();
    for (Piece piece : pieces(script, Lexer.lex(script))) {
      parts.add(new Part(piece.text(), piece.span(), piece.end().isPunctuation(";")));
    }
    return parts;
  }

  /// A statement's lexemes, with the one that ends it: a semicolon or the end of the text.
  record Piece(List<Lexeme> lexemes, String script) {
    Lexeme end() {
      return lexemes.getLast();
    }

    SourceSpan span() {
      return new SourceSpan(
          lexemes.getFirst().start() + 1, lexemes.get(lexemes.size() - 2).end() + 1);
    }

    String text() {
      return script.substring(span().start() - 1, span().end() - 1);
    }
  }

  static List<Piece> pieces(String script, List<Lexeme> lexemes) {
    List<Piece> pieces = new ArrayList<>();
    int start = 0;
    for (int i = 0; i < lexemes.size(); i++) {
      Lexeme lexeme = lexemes.get(i);
      if (lexeme.isPunctuation(";") || lexeme.kind() == Lexeme.Kind.END) {
        if (i > start) {
          pieces.add(new Piece(lexemes.subList(start, i + 1), script));
        }
        start = i + 1;
      }
    }
    return pieces;
  }
}
