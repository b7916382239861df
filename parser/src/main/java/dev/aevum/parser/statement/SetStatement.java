package dev.aevum.parser.statement;

import dev.aevum.model.error.SourceSpan;
import java.util.List;

/// SET [SESSION|LOCAL] name {TO|=} value, ...; SET TIME ZONE x is `timezone`, SET NAMES x
/// `client_encoding`, SET ROLE x `role`, SET SCHEMA x `search_path`, SET SESSION AUTHORIZATION x
/// `session_authorization`. `values` empty is DEFAULT (also TIME ZONE LOCAL).
public record SetStatement(boolean local, String name, List<Value> values, SourceSpan span)
    implements Statement {
  public SetStatement {
    values = List.copyOf(values);
  }

  /// `text` is the cooked text; `quoted` says that a string or quoted identifier was written.
  public record Value(String text, boolean quoted, SourceSpan span) {}
}
