package dev.aevum.model.text;

import static org.assertj.core.api.Assertions.assertThat;

import dev.aevum.model.error.SqlException;
import dev.aevum.model.type.ArrayType;
import dev.aevum.model.type.DecimalType;
import dev.aevum.model.type.SimpleType;
import dev.aevum.model.type.SqlType;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/// Input and output of texts against answers recorded from PostgreSQL 15 (postgres-15.tsv).
class PgTextRecordedTest {
  @Test
  void answersAsPostgres() throws IOException {
    List<String> differences = new ArrayList<>();
    int cases = 0;
    for (String line : lines()) {
      if (line.startsWith("#") || line.isEmpty()) {
        continue;
      }
      String[] parts = line.split("\t", -1);
      for (int i = 0; i < parts.length; i++) {
        parts[i] = unescape(parts[i]);
      }
      cases++;
      String expected = String.join(" | ", Arrays.asList(parts).subList(2, parts.length));
      String actual = answer(type(parts[0]), parts[1]);
      if (!expected.equals(actual)) {
        differences.add(
            parts[0]
                + " <"
                + parts[1]
                + ">\n    expected "
                + expected
                + "\n    actual   "
                + actual);
      }
    }
    assertThat(cases).isGreaterThan(700);
    assertThat(differences).isEmpty();
  }

  private static List<String> lines() throws IOException {
    try (InputStream in = PgTextRecordedTest.class.getResourceAsStream("postgres-15.tsv")) {
      byte[] bytes = Objects.requireNonNull(in).readAllBytes();
      return Arrays.asList(new String(bytes, StandardCharsets.UTF_8).split("\n"));
    }
  }

  private static String unescape(String text) {
    StringBuilder out = new StringBuilder();
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '\\') {
        c = text.charAt(++i);
        c = c == 't' ? '\t' : c == 'n' ? '\n' : c;
      }
      out.append(c);
    }
    return out.toString();
  }

  private static SqlType type(String name) {
    if (name.endsWith("[]")) {
      return new ArrayType(type(name.substring(0, name.length() - 2)));
    }
    if (name.startsWith("numeric(")) {
      String[] parts = name.substring(8, name.length() - 1).split(",");
      return new DecimalType(Integer.parseInt(parts[0]), Integer.parseInt(parts[1]));
    }
    String full =
        switch (name) {
          case "time" -> "time without time zone";
          case "timestamp" -> "timestamp without time zone";
          case "timestamptz" -> "timestamp with time zone";
          default -> name;
        };
    return Arrays.stream(SimpleType.values())
        .filter(t -> t.displayName().equals(full))
        .findFirst()
        .orElseThrow();
  }

  private static String answer(SqlType type, String text) {
    try {
      Object value = PgText.parseValue(type, text, TextStyle.DEFAULT);
      return "ok | " + PgText.formatValue(type, value, TextStyle.DEFAULT);
    } catch (SqlException e) {
      return e.sqlState() + " | " + e.text() + " | " + (e.detail() == null ? "" : e.detail());
    }
  }
}
