package dev.aevum.cli.shell;

import org.jspecify.annotations.Nullable;

/// The SQL behind the shell's backslash commands: plain catalogue queries, good for PostgreSQL too.
final class MetaCommands {
  static final String HELP =
      """
      \\d [NAME]   list relations, or describe one
      \\dt [NAME]  list tables        \\dv [NAME]  list views
      \\x          columns below each other, on or off
      \\timing     show how long statements take, on or off
      \\i FILE     run the statements of a file
      \\q          leave
      A semicolon ends a statement.\
      """;

  private MetaCommands() {}

  /// The query for a listing command; null for a command that there is not.
  static @Nullable String query(String command, @Nullable String name) {
    return switch (command) {
      case "\\d" -> name == null ? relations("'r', 'v', 'm', 'S', 'f'", null) : columns(name);
      case "\\dt" -> relations("'r', 'f'", name);
      case "\\dv" -> relations("'v', 'm'", name);
      default -> null;
    };
  }

  private static String relations(String kinds, @Nullable String name) {
    String filter = name == null ? "" : "AND c.relname = " + literal(name);
    return """
    SELECT n.nspname AS "Schema", c.relname AS "Name",
      CASE c.relkind WHEN 'r' THEN 'table' WHEN 'v' THEN 'view' WHEN 'm' THEN 'materialized view' WHEN 'i' THEN 'index'
        WHEN 'S' THEN 'sequence' WHEN 'f' THEN 'foreign table' ELSE 'other' END AS "Type"
    FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
    WHERE c.relkind IN (%s) AND n.nspname <> 'pg_catalog' AND n.nspname <> 'information_schema' AND n.nspname <> 'aevum' %s
    ORDER BY 1, 2\
    """
        .formatted(kinds, filter);
  }

  private static String columns(String relation) {
    return """
    SELECT a.attname AS "Column", pg_catalog.format_type(a.atttypid, a.atttypmod) AS "Type",
      CASE WHEN a.attnotnull THEN 'not null' ELSE '' END AS "Nullable"
    FROM pg_catalog.pg_attribute a
    WHERE a.attrelid = %s::pg_catalog.regclass AND a.attnum > 0 AND NOT a.attisdropped
    ORDER BY a.attnum\
    """
        .formatted(literal(relation));
  }

  private static String literal(String text) {
    return "'" + text.replace("'", "''") + "'";
  }
}
