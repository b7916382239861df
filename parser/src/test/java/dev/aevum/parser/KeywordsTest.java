package dev.aevum.parser;

import static org.assertj.core.api.Assertions.assertThat;

import dev.aevum.model.error.SqlException;
import dev.aevum.parser.lexer.Keywords;
import dev.aevum.parser.lexer.Keywords.Category;
import dev.aevum.parser.lexer.Keywords.Keyword;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/// Words are names where PostgreSQL lets them be names.
class KeywordsTest {
  /// Words that PostgreSQL takes as column names and we do not: they start something too useful to
  /// give up.
  private static final Set<String> STRICTER = Set.of("between", "exists", "values");

  /// Labels in `pg_get_keywords`, but PostgreSQL's parser, too, takes them as the operators that
  /// they are.
  private static final Set<String> OPERATORS = Set.of("and", "collate", "is", "or");

  @Test
  void unreservedWordsAreNames() {
    List<String> refused = new ArrayList<>();
    for (Keyword keyword : Keywords.all()) {
      boolean isName =
          keyword.category() == Category.UNRESERVED || keyword.category() == Category.COLUMN_NAME;
      if (isName && !STRICTER.contains(keyword.word())) {
        for (String pattern :
            List.of(
                "SELECT %s FROM t",
                "SELECT a, %s",
                "SELECT 1 FROM %s WHERE %s = 1",
                "SELECT 1 FROM t AS %s",
                "CREATE TABLE t (%s int)",
                "INSERT INTO %s (%s) VALUES (1)",
                "UPDATE %s SET %s = 1")) {
          String sql = pattern.replace("%s", keyword.word());
          if (!parses(sql)) {
            refused.add(sql);
          }
        }
      }
    }
    assertThat(refused).isEmpty();
  }

  @Test
  void everyWordIsALabelAndAField() {
    List<String> refused = new ArrayList<>();
    for (Keyword keyword : Keywords.all()) {
      for (String pattern : List.of("SELECT 1 AS %s", "SELECT t.%s FROM t", "SELECT 1 \"%s\"")) {
        String sql = pattern.replace("%s", keyword.word());
        if (!parses(sql)) {
          refused.add(sql);
        }
      }
      if (keyword.isBareLabel()
          && !OPERATORS.contains(keyword.word())
          && !parses("SELECT 1 " + keyword.word())) {
        refused.add("SELECT 1 " + keyword.word());
      }
    }
    assertThat(refused).isEmpty();
  }

  @Test
  void reservedWordsAreNoNames() {
    List<String> accepted = new ArrayList<>();
    for (Keyword keyword : Keywords.all()) {
      boolean isReserved =
          keyword.category() == Category.RESERVED
              || keyword.category() == Category.TYPE_OR_FUNCTION_NAME;
      if (isReserved && parses("SELECT a FROM " + keyword.word())) {
        accepted.add(keyword.word());
      }
    }
    assertThat(accepted).isEmpty();
  }

  private static boolean parses(String sql) {
    try {
      return !SqlParser.parseScript(sql).isEmpty();
    } catch (SqlException e) {
      return false;
    }
  }
}
