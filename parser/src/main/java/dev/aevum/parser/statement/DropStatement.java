package dev.aevum.parser.statement;

import java.util.List;

/// DROP kind name, ...: DROP SCHEMA too. RESTRICT is `cascade` false.
public record DropStatement(
    ObjectKind kind, List<ObjectName> names, boolean ifExists, boolean cascade)
    implements Statement {
  public DropStatement {
    names = List.copyOf(names);
  }
}
