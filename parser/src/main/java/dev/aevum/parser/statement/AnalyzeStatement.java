package dev.aevum.parser.statement;

import java.util.List;

/// ANALYZE: accepted, nothing to do.
public record AnalyzeStatement(List<ObjectName> names) implements Statement {
  public AnalyzeStatement {
    names = List.copyOf(names);
  }
}
