package dev.aevum.parser.grammar;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/// The token kinds of words and symbols: the grammar's constants, looked up by what is written.
final class TokenKinds {
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

  private TokenKinds() {}

  /// The kind that a contextual word has where it is a keyword.
  static int ofWord(String word) {
    return Objects.requireNonNull(KINDS.get(word), word);
  }

  /// The kind of a word that is a keyword everywhere, else IDENTIFIER.
  static int keyword(String word) {
    return KEYWORDS.getOrDefault(word, GrammarConstants.IDENTIFIER);
  }

  static int symbol(String symbol) {
    return SYMBOLS.getOrDefault(symbol, GrammarConstants.SYMBOLIC_OPERATOR);
  }

  /// A keyword that is a name wherever its statement does not want it.
  static boolean isName(int kind) {
    return NAME_KINDS.contains(kind);
  }

  static boolean isContextual(String word) {
    return CONTEXTUAL.contains(word);
  }

  /// Functions called without parentheses.
  static boolean isBareFunction(String word) {
    return BARE_FUNCTIONS.contains(word);
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
        kinds.put(word, ofWord(word));
      }
    }
    return Map.copyOf(kinds);
  }

  private static Set<Integer> kindsOf(List<String> words) {
    Set<Integer> kinds = new HashSet<>();
    for (String word : lowerCase(words)) {
      kinds.add(ofWord(word));
    }
    return Set.copyOf(kinds);
  }

  /// Token names are words in upper case; those that clash with something in Java end in an
  /// underscore.
  private static Set<String> lowerCase(List<String> names) {
    Set<String> words = new HashSet<>();
    for (String name : names) {
      String word = name.endsWith("_") ? name.substring(0, name.length() - 1) : name;
      words.add(word.toLowerCase(Locale.ROOT));
    }
    return Set.copyOf(words);
  }
}
