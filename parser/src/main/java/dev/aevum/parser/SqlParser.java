package dev.aevum.parser;

import dev.aevum.model.error.SourceSpan;
import dev.aevum.model.error.SqlException;
import dev.aevum.parser.grammar.Grammar;
import dev.aevum.parser.grammar.ParseException;
import dev.aevum.parser.grammar.SqlToken;
import dev.aevum.parser.grammar.TokenSource;
import dev.aevum.parser.lexer.Keywords;
import dev.aevum.parser.lexer.Lexeme;
import dev.aevum.parser.lexer.Lexer;
import dev.aevum.parser.lexer.SyntaxErrors;
import dev.aevum.parser.statement.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.apache.calcite.runtime.CalciteContextException;
import org.apache.calcite.sql.SqlNode;

/// SQL text to statement records. Stateless: may be used from any thread.
///
/// Every error is a [SqlException]: 42601 in PostgreSQL's words with the span of the offending
/// token, 0A000 for what is known and not supported, 54001 for text nested too deeply.
public final class SqlParser {
  private SqlParser() {}

  /// All statements of a script, in order; empty statements between semicolons are left out.
  /// Nothing is returned if any of them is wrong.
  public static List<ParsedStatement> parseScript(String sql) {
    List<ParsedStatement> statements = new ArrayList<>();
    for (StatementSplitter.Piece piece : StatementSplitter.pieces(sql, Lexer.lex(sql))) {
      Statement statement = parse(sql, piece.lexemes());
      statements.add(new ParsedStatement(statement, piece.text(), piece.span()));
    }
    return statements;
  }

  /// The single statement of a text; a semicolon may follow.
  ///
  /// @throws SqlException 42601 also if the text holds no statement, or several
  public static Statement parseOne(String sql) {
    List<ParsedStatement> statements = parseScript(sql);
    if (statements.isEmpty()) {
      throw SyntaxErrors.atEnd(new SourceSpan(sql.length() + 1, sql.length() + 2));
    }
    if (statements.size() > 1) {
      throw SyntaxErrors.invalid(
          "cannot insert multiple commands into a prepared statement",
          statements.get(1).span(),
          null);
    }
    return statements.getFirst().statement();
  }

  /// One expression alone, as a stored default or a watermark is kept.
  public static SqlNode parseExpression(String sql) {
    return run(new TokenSource(sql, Lexer.lex(sql)), Grammar::SqlExpressionEof);
  }

  private static Statement parse(String sql, List<Lexeme> lexemes) {
    return run(new TokenSource(sql, lexemes), Grammar::StatementEof);
  }

  private interface Production<T> {
    T parse(Grammar grammar) throws ParseException;
  }

  private static <T> T run(TokenSource tokens, Production<T> production) {
    Grammar grammar = new Grammar(tokens);
    try {
      return production.parse(grammar);
    } catch (ParseException e) {
      throw SyntaxHints.translate(e, (SqlToken) Objects.requireNonNull(e.currentToken).next);
    } catch (CalciteContextException e) {
      // Thrown by productions that are Calcite's, for what only they check.
      Throwable cause = e.getCause() == null ? e : e.getCause();
      SourceSpan span =
          new SourceSpan(Math.max(1, e.getPosColumn()), Math.max(1, e.getEndPosColumn()) + 1);
      throw SyntaxErrors.invalid(String.valueOf(cause.getMessage()), span, null);
    } catch (StackOverflowError e) {
      // The grammar descends once a level of nesting; the stack is the only bound that fits every
      // thread.
      SqlToken at = (SqlToken) grammar.getToken(1);
      throw SyntaxErrors.tooDeep(new SourceSpan(at.beginColumn, at.endColumn + 1));
    }
  }

  /// Whether PostgreSQL's `quote_ident` quotes the word: it has a meaning in the grammar, in all
  /// places or in some.
  public static boolean isReserved(String word) {
    Keywords.Keyword keyword = Keywords.find(word);
    return keyword != null && keyword.category() != Keywords.Category.UNRESERVED;
  }
}
