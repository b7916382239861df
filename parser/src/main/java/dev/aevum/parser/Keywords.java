package dev.aevum.parser;

import java.util.List;

/// placeholder
public final class Keywords {
  static final List<String> COMMON =
      List.of(
          "FROM", "WHERE", "GROUP", "ORDER", "HAVING", "LIMIT", "JOIN", "UNION", "VALUES", "SELECT",
          "INTO", "SET");

  private Keywords() {}
}
