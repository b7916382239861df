package dev.aevum.parser.grammar;

import java.util.ArrayList;
import java.util.List;

/// Decides for every opening parenthesis whether it holds a query. `((SELECT 1) + 1)` is an
/// expression and `((SELECT 1) UNION SELECT 2)` a query: no fixed number of tokens tells them
/// apart, the token after the inner closing parenthesis does.
final class QueryMarker {
  private QueryMarker() {}

  /// Marks each parenthesis that is a query. One that starts with another such parenthesis is one,
  /// too, if what follows the inner one continues a query.
  static void mark(List<SqlToken> tokens) {
    int[] closing = closingParentheses(tokens);
    for (int i = tokens.size() - 2; i >= 0; i--) {
      if (tokens.get(i).kind != GrammarConstants.LPAREN) {
        continue;
      }
      SqlToken inner = tokens.get(i + 1);
      tokens.get(i).opensQuery =
          inner.kind == GrammarConstants.LPAREN
              ? inner.opensQuery
                  && closing[i + 1] >= 0
                  && continuesQuery(tokens.get(closing[i + 1] + 1))
              : startsQuery(inner);
    }
  }

  private static int[] closingParentheses(List<SqlToken> tokens) {
    int[] closing = new int[tokens.size()];
    List<Integer> open = new ArrayList<>();
    for (int i = 0; i < tokens.size(); i++) {
      closing[i] = -1;
      int kind = tokens.get(i).kind;
      if (kind == GrammarConstants.LPAREN) {
        open.add(i);
      } else if (kind == GrammarConstants.RPAREN && !open.isEmpty()) {
        closing[open.removeLast()] = i;
      }
    }
    return closing;
  }

  private static boolean startsQuery(SqlToken token) {
    return token.kind == GrammarConstants.SELECT
        || token.kind == GrammarConstants.VALUES
        || token.kind == GrammarConstants.WITH
        || token.kind == GrammarConstants.TABLE;
  }

  private static boolean continuesQuery(SqlToken token) {
    return switch (token.kind) {
      case GrammarConstants.RPAREN,
          GrammarConstants.UNION,
          GrammarConstants.INTERSECT,
          GrammarConstants.EXCEPT,
          GrammarConstants.ORDER,
          GrammarConstants.LIMIT,
          GrammarConstants.OFFSET,
          GrammarConstants.FETCH,
          GrammarConstants.FOR ->
          true;
      default -> false;
    };
  }
}
