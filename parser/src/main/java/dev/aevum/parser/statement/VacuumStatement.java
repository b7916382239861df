package dev.aevum.parser.statement;

import java.util.List;

/// VACUUM: accepted, nothing to do.
public record VacuumStatement(List<ObjectName> names) implements Statement {
  public VacuumStatement {
    names = List.copyOf(names);
  }
}
