package dev.aevum.parser.lexer;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// The words of the language, as `pg_get_keywords()` lists them: PostgreSQL's, and those of our own
/// statements.
public final class Keywords {
  private static final List<Keyword> ALL = read();
  private static final Map<String, Keyword> BY_WORD = byWord();

  private Keywords() {}

  /// Where PostgreSQL lets a word stand as a name; `code` and `description` are the view's
  /// `catcode` and `catdesc`.
  public enum Category {
    UNRESERVED('U', "unreserved"),
    COLUMN_NAME('C', "unreserved (cannot be function or type name)"),
    TYPE_OR_FUNCTION_NAME('T', "reserved (can be function or type name)"),
    RESERVED('R', "reserved");

    private final char code;
    private final String description;

    Category(char code, String description) {
      this.code = code;
      this.description = description;
    }

    public char code() {
      return code;
    }

    public String description() {
      return description;
    }

    private static Category of(String code) {
      for (Category category : values()) {
        if (code.charAt(0) == category.code) {
          return category;
        }
      }
      throw new IllegalStateException("keyword category " + code);
    }
  }

  /// @param isBareLabel whether it may name a select item without AS
  public record Keyword(String word, Category category, boolean isBareLabel) {}

  /// All words, in lower case and alphabetical order.
  public static List<Keyword> all() {
    return ALL;
  }

  /// The keyword of a lower-case word, or null.
  public static @Nullable Keyword find(String word) {
    return BY_WORD.get(word);
  }

  private static Map<String, Keyword> byWord() {
    Map<String, Keyword> words = new HashMap<>();
    for (Keyword keyword : ALL) {
      words.put(keyword.word(), keyword);
    }
    return Map.copyOf(words);
  }

  private static List<Keyword> read() {
    try (InputStream in =
            Objects.requireNonNull(Keywords.class.getResourceAsStream("keywords.txt"));
        BufferedReader lines =
            new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8))) {
      return lines
          .lines()
          .filter(line -> !line.startsWith("#"))
          .map(line -> line.split(" ", 3))
          .map(parts -> new Keyword(parts[0], Category.of(parts[1]), parts[2].equals("t")))
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
