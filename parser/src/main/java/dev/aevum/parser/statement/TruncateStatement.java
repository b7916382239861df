package dev.aevum.parser.statement;

import java.util.List;

/// TRUNCATE [TABLE].
public record TruncateStatement(List<ObjectName> names, boolean restartIdentity, boolean cascade)
    implements Statement {
  public TruncateStatement {
    names = List.copyOf(names);
  }
}
