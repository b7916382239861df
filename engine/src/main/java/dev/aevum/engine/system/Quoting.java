package dev.aevum.engine.system;

import dev.aevum.parser.SqlParser;

/// PostgreSQL's `quote_ident` for names that the server writes.
public final class Quoting {
  private Quoting() {}

  public static String identifier(String name) {
    boolean plain = name.matches("[a-z_][a-z0-9_$]*") && !SqlParser.isReserved(name);
    return plain ? name : '"' + name.replace("\"", "\"\"") + '"';
  }
}
