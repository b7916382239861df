package dev.aevum.engine.system;

import dev.aevum.parser.lexer.Keywords;

/// PostgreSQL's `quote_ident` for names that the server writes.
public final class Quoting {
  private Quoting() {}

  public static String identifier(String name) {
    Keywords.Keyword word = Keywords.find(name);
    boolean plain =
        name.matches("[a-z_][a-z0-9_$]*")
            && (word == null || word.category() == Keywords.Category.UNRESERVED);
    return plain ? name : '"' + name.replace("\"", "\"\"") + '"';
  }
}
