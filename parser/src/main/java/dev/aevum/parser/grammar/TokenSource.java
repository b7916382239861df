package dev.aevum.parser.grammar;

import dev.aevum.parser.lexer.Lexeme;
import dev.aevum.parser.lexer.Lexeme.Kind;
import java.io.StringReader;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/// Gives the grammar its tokens: one statement's lexemes, each with the token kind that it has in
/// its place. A word is a keyword if it is reserved, or a word of our statements (the grammar takes
/// those as names, too), or one of the contextual words and its neighbours say so; after a dot
/// every word is a name. PostgreSQL does the same between its lexer and its grammar.
public final class TokenSource extends GrammarTokenManager {
  private static final Map<String, Integer> KINDS = kindsByImage();
  private static final Set<Integer> NAME_KINDS = kindsOf(GrammarWords.NON_RESERVED);
  private static final Map<String, Integer> KEYWORDS = keywords();
  private static final Set<String> CONTEXTUAL = lowerCase(GrammarWords.CONTEXTUAL);
  private static final Set<String> BARE_FUNCTIONS =
      Set.of(
          "current_catalog",
          "current_date",
          "current_role",
          "current_schema",
          "current_time",
          "current_timestamp",
          "current_user",
          "localtime",
          "localtimestamp",
          "session_user",
          "user");
  private static final Map<String, Integer> SYMBOLS =
      Map.ofEntries(
          Map.entry("=", GrammarConstants.EQ),
          Map.entry("<>", GrammarConstants.NE),
          Map.entry("<", GrammarConstants.LT),
          Map.entry(">", GrammarConstants.GT),
          Map.entry("<=", GrammarConstants.LE),
          Map.entry(">=", GrammarConstants.GE),
          Map.entry("+", GrammarConstants.PLUS),
          Map.entry("-", GrammarConstants.MINUS),
          Map.entry("*", GrammarConstants.STAR),
          Map.entry("/", GrammarConstants.SLASH),
          Map.entry("%", GrammarConstants.PERCENT_REMAINDER),
          Map.entry("^", GrammarConstants.CARET),
          Map.entry("=>", GrammarConstants.NAMED_ARGUMENT_ASSIGNMENT),
          Map.entry("$", GrammarConstants.DOLLAR),
          Map.entry("(", GrammarConstants.LPAREN),
          Map.entry(")", GrammarConstants.RPAREN),
          Map.entry("[", GrammarConstants.LBRACKET),
          Map.entry("]", GrammarConstants.RBRACKET),
          Map.entry("{", GrammarConstants.LBRACE),
          Map.entry("}", GrammarConstants.RBRACE),
          Map.entry(",", GrammarConstants.COMMA),
          Map.entry(".", GrammarConstants.DOT),
          Map.entry("..", GrammarConstants.DOUBLE_PERIOD),
          Map.entry(":", GrammarConstants.COLON),
          Map.entry("::", GrammarConstants.INFIX_CAST),
          Map.entry(";", GrammarConstants.SEMICOLON));

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
    markQueries();
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
            || NAME_KINDS.contains(kind);
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
      case PUNCTUATION -> SYMBOLS.get(lexeme.value());
      case ERROR, END -> GrammarConstants.BEL;
    };
  }

  private int operator(Lexeme lexeme) {
    if (lexeme.end() == lexeme.start() + 1 && inPattern()) {
      switch (lexeme.value()) {
        case "|":
          return GrammarConstants.VERTICAL_BAR;
        case "?":
          return GrammarConstants.HOOK;
        case "{":
          return GrammarConstants.LBRACE;
        case "}":
          return GrammarConstants.RBRACE;
        default:
          break;
      }
    }
    return SYMBOLS.getOrDefault(lexeme.value(), GrammarConstants.SYMBOLIC_OPERATOR);
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
          return matchRecognizeDepth > 0;
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
    if (BARE_FUNCTIONS.contains(word)) {
      return bareFunction(index, word);
    }
    if ((word.equals("left") || word.equals("right")) && isPunctuation(index + 1, "(")) {
      return GrammarConstants.IDENTIFIER;
    }
    if (CONTEXTUAL.contains(word)) {
      int kind = isKeywordHere(index, word) ? KINDS.get(word) : GrammarConstants.IDENTIFIER;
      if (kind == GrammarConstants.MATCH_RECOGNIZE) {
        matchRecognizeDepth++;
      }
      return kind;
    }
    return KEYWORDS.getOrDefault(word, GrammarConstants.IDENTIFIER);
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
          isPunctuation(index + 1, "(");
      case "interval" -> isInterval(index + 1);
      case "collation" -> isWord(index + 1, "for");
      case "running", "final" -> kindAt(index + 1) == Kind.WORD && isPunctuation(index + 2, "(");
      case "over" ->
          (isPunctuation(index - 1, ")") || isWord(index - 1, "nulls"))
              && (isPunctuation(index + 1, "(") || isPlainName(index + 1));
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
              || isWord(index + 1, "on")
                  && (isWord(index + 2, "update") || isWord(index + 2, "window"));
      case "late" -> isWord(index + 1, "data") && isWord(index + 2, "into");
      case "at" -> isWord(index + 1, "time") && isWord(index + 2, "zone");
      case "grouping" -> isWord(index + 1, "sets");
      case "sets" -> isWord(index - 1, "grouping");
      case "system_time" -> isWord(index - 1, "for") && isWord(index + 1, "as");
      case "asof" -> isWord(index + 1, "join");
      case "permute" -> isPunctuation(index + 1, "(") && matchRecognizeDepth > 0;
      default -> throw new IllegalStateException("no rule for the contextual word " + word);
    };
  }

  private boolean isInterval(int index) {
    return kindAt(index) == Kind.STRING
        || isPunctuation(index, "(")
            && kindAt(index + 1) == Kind.INTEGER
            && isPunctuation(index + 2, ")")
            && kindAt(index + 3) == Kind.STRING;
  }

  private boolean isPlainName(int index) {
    Kind kind = kindAt(index);
    if (kind == Kind.QUOTED_WORD) {
      return true;
    }
    Integer keyword = kind == Kind.WORD ? KEYWORDS.get(lexemes.get(index).value()) : null;
    return kind == Kind.WORD && (keyword == null || NAME_KINDS.contains(keyword));
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

  /// Marks each parenthesis that is a query. One that starts with another such parenthesis is one,
  /// too, if what follows the inner one continues a query.
  private void markQueries() {
    int[] closing = closingParentheses();
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

  private int[] closingParentheses() {
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

  private static Map<String, Integer> kindsByImage() {
    Map<String, Integer> kinds = new HashMap<>();
    for (int kind = 0; kind < GrammarConstants.tokenImage.length; kind++) {
      String image = GrammarConstants.tokenImage[kind];
      if (image.startsWith("\"")) {
        kinds.putIfAbsent(image.substring(1, image.length() - 1).toLowerCase(Locale.ROOT), kind);
      }
    }
    return Map.copyOf(kinds);
  }

  private static Map<String, Integer> keywords() {
    Map<String, Integer> kinds = new HashMap<>();
    for (List<String> words : List.of(GrammarWords.NON_RESERVED, GrammarWords.RESERVED)) {
      for (String word : lowerCase(words)) {
        kinds.put(word, KINDS.get(word));
      }
    }
    return Map.copyOf(kinds);
  }

  private static Set<Integer> kindsOf(List<String> words) {
    Set<Integer> kinds = new java.util.HashSet<>();
    for (String word : lowerCase(words)) {
      kinds.add(KINDS.get(word));
    }
    return Set.copyOf(kinds);
  }

  /// Token names are words in upper case; those that clash with something in Java end in an
  /// underscore.
  private static Set<String> lowerCase(List<String> names) {
    Set<String> words = new java.util.HashSet<>();
    for (String name : names) {
      String word = name.endsWith("_") ? name.substring(0, name.length() - 1) : name;
      words.add(word.toLowerCase(Locale.ROOT));
    }
    return Set.copyOf(words);
  }
}
