package dev.aevum.parser.statement;

import java.util.List;

/// LOCK [TABLE] names [IN mode MODE] [NOWAIT]; `mode` in upper case words, `ACCESS EXCLUSIVE` by
/// default.
public record LockTableStatement(List<ObjectName> names, String mode, boolean noWait)
    implements Statement {
  public LockTableStatement {
    names = List.copyOf(names);
  }
}
