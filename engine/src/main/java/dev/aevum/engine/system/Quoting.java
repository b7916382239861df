package dev.aevum.engine.system;

/// PostgreSQL's `quote_ident` for names that the server writes.
public final class Quoting {
  private Quoting() {}

  public static String identifier(String name) {
    return name.matches("[a-z_][a-z0-9_$]*") ? name : '"' + name.replace("\"", "\"\"") + '"';
  }
}
