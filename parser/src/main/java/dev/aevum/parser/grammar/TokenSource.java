package dev.aevum.parser.grammar;

import dev.aevum.parser.lexer.Lexeme;
import dev.aevum.parser.lexer.Lexeme.Kind;
import dev.aevum.parser.lexer.WindowPatterns;
import java.io.StringReader;
import java.util.ArrayList;
import java.util.List;

/// Gives the grammar its tokens: one statement's lexemes, each with the token kind that it has in
/// its place. A word is a keyword if it is reserved, or a word of our statements (the grammar takes
/// those as names, too), or one of the contextual words and its neighbours say so; after a dot
/// every word is a name. PostgreSQL does the same between its lexer and its grammar.
public final class TokenSource extends GrammarTokenManager {
  private final String script;
  private final List<Lexeme> lexemes;
  private final List<SqlToken> tokens = new ArrayList<>();
  private int given;
  private int matchRecognizeDepth;

  /// `lexemes` are those of one statement and the one that ends it: a semicolon or the end of the
  /// text.
  public TokenSource(String script, List<Lexeme> lexemes) {
    super(new SimpleCharStream(new StringReader("")));
    this.script = script;
    this.lexemes = lexemes;
    for (int i = 0; i < lexemes.size(); i++) {
      tokens.add(token(i));
    }
    for (int i = 0; i + 1 < tokens.size(); i++) {
      tokens.get(i).next = tokens.get(i + 1);
    }
    QueryMarker.mark(tokens);
  }

  /// The grammar asks for the first token only; the others hang on it.
  @Override
  public Token getNextToken() {
    return tokens.get(Math.min(given++, tokens.size() - 1));
  }

  private SqlToken token(int index) {
    Lexeme lexeme = lexemes.get(index);
    if (index == lexemes.size() - 1) {
      return new SqlToken(GrammarConstants.EOF, lexeme, script, false, false);
    }
    int kind = kind(index, lexeme);
    boolean isWord = lexeme.kind() == Kind.WORD || lexeme.kind() == Kind.QUOTED_WORD;
    boolean isName =
        kind == GrammarConstants.IDENTIFIER
            || kind == GrammarConstants.QUOTED_IDENTIFIER
            || TokenKinds.isName(kind);
    return new SqlToken(kind, lexeme, script, isWord, isName);
  }

  private int kind(int index, Lexeme lexeme) {
    return switch (lexeme.kind()) {
      case WORD -> word(index, lexeme.value());
      case QUOTED_WORD -> GrammarConstants.QUOTED_IDENTIFIER;
      case STRING -> GrammarConstants.QUOTED_STRING;
      case BITS -> GrammarConstants.BINARY_STRING_LITERAL;
      case INTEGER -> GrammarConstants.UNSIGNED_INTEGER_LITERAL;
      case DECIMAL -> GrammarConstants.DECIMAL_NUMERIC_LITERAL;
      case APPROXIMATE -> GrammarConstants.APPROX_NUMERIC_LITERAL;
      case PARAMETER -> GrammarConstants.POSITIONAL_PARAMETER;
      case OPERATOR -> operator(lexeme);
      case PUNCTUATION -> TokenKinds.symbol(lexeme.value());
      case ERROR, END -> GrammarConstants.BEL;
    };
  }

  private int operator(Lexeme lexeme) {
    if (lexeme.end() != lexeme.start() + 1 || !inPattern()) {
      return TokenKinds.symbol(lexeme.value());
    }
    return switch (lexeme.value()) {
      case "|" -> GrammarConstants.VERTICAL_BAR;
      case "?" -> GrammarConstants.HOOK;
      case "{" -> GrammarConstants.LBRACE;
      case "}" -> GrammarConstants.RBRACE;
      default -> TokenKinds.symbol(lexeme.value());
    };
  }

  /// Whether the token being made stands inside PATTERN (...) of a MATCH_RECOGNIZE: the nearest
  /// unclosed parenthesis that belongs to either says so.
  private boolean inPattern() {
    int depth = 0;
    for (int i = tokens.size() - 1; i > 0; i--) {
      int kind = tokens.get(i).kind;
      if (kind == GrammarConstants.RPAREN) {
        depth++;
      } else if (kind == GrammarConstants.LPAREN && depth-- == 0) {
        if (tokens.get(i - 1).kind == GrammarConstants.PATTERN) {
          return matchRecognizeDepth > 0 || WindowPatterns.isPattern(lexemes, i - 1);
        }
        depth = 0;
      }
    }
    return false;
  }

  private int word(int index, String word) {
    if (previousIs(index, ".")) {
      return GrammarConstants.IDENTIFIER;
    }
    if (TokenKinds.isBareFunction(word)) {
      return bareFunction(index, word);
    }
    if (isCalledAsFunction(index, word)) {
      return GrammarConstants.IDENTIFIER;
    }
    if (TokenKinds.isContextual(word)) {
      int kind = isKeywordHere(index, word) ? TokenKinds.ofWord(word) : GrammarConstants.IDENTIFIER;
      if (kind == GrammarConstants.MATCH_RECOGNIZE) {
        matchRecognizeDepth++;
      }
      return kind;
    }
    return TokenKinds.keyword(word);
  }

  /// Reserved words that are functions of PostgreSQL as well.
  private boolean isCalledAsFunction(int index, String word) {
    boolean isCalled = isPunctuation(index + 1, "(");
    return switch (word) {
      case "left", "right" -> isCalled;
      case "overlaps", "collation" -> isCalled && !isPunctuation(index - 1, ")");
      default -> false;
    };
  }

  /// After these words comes the name of a relation, and then perhaps a list of columns.
  private boolean followsNameIntroducer(int index) {
    return isWord(index - 1, "into")
        || isWord(index - 1, "table")
        || isWord(index - 1, "view")
        || isWord(index - 1, "stream")
        || isWord(index - 1, "exists")
        || isWord(index - 1, "references")
        || isWord(index - 1, "copy");
  }

  private int bareFunction(int index, String word) {
    if (word.equals("current_schema") && isPunctuation(index + 1, "(")) {
      return GrammarConstants.IDENTIFIER;
    }
    if (word.equals("user")
        && (isWord(index - 1, "create")
            || isWord(index - 1, "alter")
            || isWord(index - 1, "overriding"))) {
      return GrammarConstants.USER;
    }
    return GrammarConstants.BARE_FUNCTION;
  }

  private boolean isKeywordHere(int index, String word) {
    return switch (word) {
      case "extract",
          "position",
          "overlay",
          "substring",
          "trim",
          "descriptor",
          "operator",
          "rollup",
          "cube",
          "match_condition",
          "match_recognize" ->
          isPunctuation(index + 1, "(") && !followsNameIntroducer(index);
      case "interval" -> isInterval(index + 1);
      case "running", "final" -> kindAt(index + 1) == Kind.WORD && isPunctuation(index + 2, "(");
      case "over" ->
          (isPunctuation(index - 1, ")") || isWord(index - 1, "nulls"))
                  && (isPunctuation(index + 1, "(") || isPlainName(index + 1))
              || isMeasureOver(index);
      case "filter" -> isPunctuation(index - 1, ")") && isPunctuation(index + 1, "(");
      case "within" ->
          isPunctuation(index - 1, ")")
              && (isWord(index + 1, "group") || isWord(index + 1, "interval"));
      case "respect", "ignore" -> isWord(index + 1, "nulls");
      case "nulls" ->
          isWord(index + 1, "first")
              || isWord(index + 1, "last")
              || isWord(index - 1, "respect")
              || isWord(index - 1, "ignore");
      case "emit" ->
          isWord(index + 1, "every")
              || isWord(index + 1, "changes")
              || (isWord(index + 1, "on")
                  && (isWord(index + 2, "update") || isWord(index + 2, "window")));
      case "late" -> isWord(index + 1, "data") && isWord(index + 2, "into");
      case "at" -> isWord(index + 1, "time") && isWord(index + 2, "zone");
      case "grouping" -> isWord(index + 1, "sets");
      case "sets" -> isWord(index - 1, "grouping");
      case "system_time" -> isWord(index - 1, "for") && isWord(index + 1, "as");
      case "asof" -> isWord(index + 1, "join");
      case "permute" -> isPunctuation(index + 1, "(") && (matchRecognizeDepth > 0 || inPattern());
      default -> throw new IllegalStateException("no rule for the contextual word " + word);
    };
  }

  /// `m OVER w` and `m OVER (PARTITION BY ...)`: not the alias in `FROM t over`.
  private boolean isMeasureOver(int index) {
    if (!isPlainName(index - 1)) {
      return false;
    }
    return isPunctuation(index + 1, "(")
        ? isWord(index + 2, "partition")
            || isWord(index + 2, "order")
            || isWord(index + 2, "measures")
            || isWord(index + 2, "rows")
        : isPlainName(index + 1) && !isWord(index + 1, "set");
  }

  private boolean isInterval(int index) {
    return kindAt(index) == Kind.STRING
        || (isPunctuation(index, "(")
            && kindAt(index + 1) == Kind.INTEGER
            && isPunctuation(index + 2, ")")
            && kindAt(index + 3) == Kind.STRING);
  }

  private boolean isPlainName(int index) {
    Kind kind = kindAt(index);
    if (kind == Kind.QUOTED_WORD) {
      return true;
    }
    int keyword =
        kind == Kind.WORD ? TokenKinds.keyword(lexemes.get(index).value()) : GrammarConstants.EOF;
    return keyword == GrammarConstants.IDENTIFIER || TokenKinds.isName(keyword);
  }

  private Kind kindAt(int index) {
    return index >= 0 && index < lexemes.size() ? lexemes.get(index).kind() : Kind.END;
  }

  private boolean isWord(int index, String word) {
    return index >= 0 && index < lexemes.size() && lexemes.get(index).isWord(word);
  }

  private boolean isPunctuation(int index, String text) {
    return index >= 0 && index < lexemes.size() && lexemes.get(index).isPunctuation(text);
  }

  private boolean previousIs(int index, String text) {
    return isPunctuation(index - 1, text);
  }
}
