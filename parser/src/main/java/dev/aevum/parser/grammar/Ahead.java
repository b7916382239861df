package dev.aevum.parser.grammar;

import dev.aevum.parser.lexer.Keywords;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// What the grammar asks about coming tokens where one token does not decide. Pure functions: all
/// tokens of a statement are linked, the last is EOF.
final class Ahead {
  private static final Set<String> FIELDS =
      Set.of("year", "month", "day", "hour", "minute", "second");

  private Ahead() {}

  static boolean isKind(@Nullable Token token, int kind) {
    return token != null && token.kind == kind;
  }

  static boolean isWord(Token token) {
    return token instanceof SqlToken word && word.isWord;
  }

  static boolean isUnquoted(@Nullable Token token, String text) {
    return token instanceof SqlToken word && word.isWord && !word.quoted && word.value.equals(text);
  }

  static boolean isField(@Nullable Token token) {
    return token instanceof SqlToken word
        && word.kind == GrammarConstants.IDENTIFIER
        && FIELDS.contains(word.value);
  }

  static boolean opensQuery(Token token) {
    return token instanceof SqlToken open && open.opensQuery;
  }

  /// A parenthesis that holds a list of expressions, not a query.
  static boolean opensList(Token token) {
    return isKind(token, GrammarConstants.LPAREN) && !opensQuery(token);
  }

  private static boolean isName(@Nullable Token token) {
    return token instanceof SqlToken name && name.isName;
  }

  /// The token after `name.name...` that starts at `token`, or null where no name starts there.
  private static @Nullable Token afterName(@Nullable Token token) {
    if (token == null || !isName(token)) {
      return null;
    }
    Token last = token;
    while (isKind(last.next, GrammarConstants.DOT) && isName(last.next.next)) {
      last = last.next.next;
    }
    return last.next;
  }

  static boolean isCall(Token token) {
    return isKind(afterName(token), GrammarConstants.LPAREN);
  }

  /// `EXPLAIN name`.
  static boolean isOnlyName(Token token) {
    return isKind(afterName(token), GrammarConstants.EOF);
  }

  /// `double precision`, `character varying`, `national character`, ...
  static boolean isSecondTypeWord(Token first, Token next) {
    if (next.kind != GrammarConstants.IDENTIFIER) {
      return false;
    }
    if (isUnquoted(next, "precision")) {
      return isUnquoted(first, "double");
    }
    return isUnquoted(next, "varying")
        && (isUnquoted(first, "character")
            || isUnquoted(first, "char")
            || isUnquoted(first, "bit"));
  }

  static boolean isIntervalField(Token first, Token next) {
    return isUnquoted(first, "interval") && isField(next);
  }

  static boolean isTimeZone(Token first, @Nullable Token next) {
    return next != null
        && (isUnquoted(first, "time") || isUnquoted(first, "timestamp"))
        && (isKind(next, GrammarConstants.WITH) || isKind(next, GrammarConstants.WITHOUT))
        && isUnquoted(next.next, "time")
        && isUnquoted(next.next.next, "zone");
  }

  /// `type 'text'`, where the type may have a second word, modifiers and a time zone clause.
  static boolean isTypedLiteral(Token token) {
    Token next = afterName(token);
    if (next == null) {
      return false;
    }
    if (isSecondTypeWord(token, next)) {
      next = next.next;
    }
    if (isKind(next, GrammarConstants.LPAREN)) {
      next = afterModifiers(next);
    }
    if (next != null && isTimeZone(token, next)) {
      next = next.next.next.next;
    }
    return isKind(next, GrammarConstants.QUOTED_STRING);
  }

  private static @Nullable Token afterModifiers(Token open) {
    Token next = open.next;
    while (isKind(next, GrammarConstants.UNSIGNED_INTEGER_LITERAL)
        || isKind(next, GrammarConstants.COMMA)) {
      next = next.next;
    }
    return isKind(next, GrammarConstants.RPAREN) ? next.next : null;
  }

  /// The name of an existing window at the start of a specification.
  static boolean isWindowName(Token token) {
    return isName(token)
        && switch (token.kind) {
          case GrammarConstants.PARTITION,
              GrammarConstants.ROWS,
              GrammarConstants.RANGE,
              GrammarConstants.GROUPS ->
              false;
          case GrammarConstants.MEASURES -> endsWindowName(token.next);
          case GrammarConstants.AFTER -> !isKind(token.next, GrammarConstants.MATCH);
          case GrammarConstants.PATTERN -> !isKind(token.next, GrammarConstants.LPAREN);
          default -> true;
        };
  }

  private static boolean endsWindowName(@Nullable Token token) {
    return token != null
        && switch (token.kind) {
          case GrammarConstants.RPAREN,
              GrammarConstants.PARTITION,
              GrammarConstants.ORDER,
              GrammarConstants.MEASURES,
              GrammarConstants.ROWS,
              GrammarConstants.RANGE,
              GrammarConstants.GROUPS ->
              true;
          default -> false;
        };
  }

  /// Nothing more of the item: so `ESCAPE` before it is an alias.
  static boolean endsItem(@Nullable Token token) {
    return token == null
        || switch (token.kind) {
          case GrammarConstants.COMMA,
              GrammarConstants.RPAREN,
              GrammarConstants.EOF,
              GrammarConstants.FROM ->
              true;
          default -> false;
        };
  }

  static boolean endsSelectList(Token token) {
    return switch (token.kind) {
      case GrammarConstants.FROM,
          GrammarConstants.WHERE,
          GrammarConstants.INTO,
          GrammarConstants.GROUP ->
          true;
      default -> endsGroupBy(token);
    };
  }

  static boolean endsGroupBy(@Nullable Token token) {
    return token == null
        || switch (token.kind) {
          case GrammarConstants.HAVING,
              GrammarConstants.WINDOW,
              GrammarConstants.QUALIFY,
              GrammarConstants.ORDER,
              GrammarConstants.LIMIT,
              GrammarConstants.OFFSET,
              GrammarConstants.FETCH,
              GrammarConstants.FOR,
              GrammarConstants.UNION,
              GrammarConstants.INTERSECT,
              GrammarConstants.EXCEPT,
              GrammarConstants.RPAREN,
              GrammarConstants.ON,
              GrammarConstants.RETURNING,
              GrammarConstants.EMIT,
              GrammarConstants.LATE,
              GrammarConstants.WITH,
              GrammarConstants.EOF ->
              true;
          default -> false;
        };
  }

  static boolean startsModification(Token token) {
    return switch (token.kind) {
      case GrammarConstants.INSERT,
          GrammarConstants.UPDATE,
          GrammarConstants.DELETE,
          GrammarConstants.MERGE ->
          true;
      default -> false;
    };
  }

  static boolean startsJoin(Token token) {
    return switch (token.kind) {
      case GrammarConstants.NATURAL,
          GrammarConstants.JOIN,
          GrammarConstants.INNER,
          GrammarConstants.ASOF,
          GrammarConstants.LEFT,
          GrammarConstants.RIGHT,
          GrammarConstants.FULL,
          GrammarConstants.CROSS ->
          true;
      default -> false;
    };
  }

  /// A word that may name a select item without AS: any name, and most reserved words, but not
  /// those that could go on with the expression (`DAY`, `OVER`).
  static boolean isBareLabel(Token token) {
    if (!(token instanceof SqlToken word) || !word.isWord) {
      return false;
    }
    Keywords.Keyword keyword = word.quoted ? null : Keywords.find(word.value);
    if (keyword == null) {
      return true;
    }
    return keyword.isBareLabel()
        && (word.isName || keyword.category() != Keywords.Category.UNRESERVED);
  }

  /// `AS OF STEP` or `AS OF TIMESTAMP`.
  static boolean isAsOf(Token token) {
    return isKind(token, GrammarConstants.AS)
        && isKind(token.next, GrammarConstants.OF)
        && (isKind(token.next.next, GrammarConstants.STEP)
            || isUnquoted(token.next.next, "timestamp"));
  }

  /// Of a row pattern: `*`, `+`, `?` or `{`, but not the `{-` of an exclusion.
  static boolean startsQuantifier(Token token) {
    return switch (token.kind) {
      case GrammarConstants.STAR, GrammarConstants.PLUS, GrammarConstants.HOOK -> true;
      case GrammarConstants.LBRACE -> !isKind(token.next, GrammarConstants.MINUS);
      default -> false;
    };
  }

  static boolean startsConstraint(Token token) {
    return switch (token.kind) {
      case GrammarConstants.CONSTRAINT,
          GrammarConstants.PRIMARY,
          GrammarConstants.UNIQUE,
          GrammarConstants.CHECK,
          GrammarConstants.FOREIGN ->
          true;
      default -> false;
    };
  }

  static boolean isAssignment(@Nullable Token token) {
    return isKind(token, GrammarConstants.TO) || isKind(token, GrammarConstants.EQ);
  }

  /// SESSION or LOCAL as the scope of SET, not as a name, and not SESSION AUTHORIZATION.
  static boolean isScope(Token token) {
    return (isKind(token, GrammarConstants.SESSION) || isKind(token, GrammarConstants.LOCAL))
        && !isAssignment(token.next)
        && !isKind(token.next, GrammarConstants.DOT)
        && !isKind(token.next, GrammarConstants.AUTHORIZATION);
  }

  /// Whether FETCH starts with a direction: its words are names, too, as in `FETCH next`.
  static boolean isFetchDirection(Token token) {
    if (isKind(token.next, GrammarConstants.EOF)) {
      return false;
    }
    return switch (token.kind) {
      case GrammarConstants.NEXT,
          GrammarConstants.PRIOR,
          GrammarConstants.FIRST,
          GrammarConstants.LAST,
          GrammarConstants.ABSOLUTE,
          GrammarConstants.RELATIVE,
          GrammarConstants.ALL,
          GrammarConstants.FORWARD,
          GrammarConstants.BACKWARD,
          GrammarConstants.MINUS,
          GrammarConstants.PLUS,
          GrammarConstants.UNSIGNED_INTEGER_LITERAL ->
          true;
      default -> false;
    };
  }
}
