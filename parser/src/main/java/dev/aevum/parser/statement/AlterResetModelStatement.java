package dev.aevum.parser.statement;

import java.util.List;

/// ALTER MATERIALIZED VIEW name RESET MODEL [WHERE column = value [AND ...]]: the models of the
/// keys that have these values begin anew, of all keys without a condition.
public record AlterResetModelStatement(ObjectName name, List<KeyValue> condition)
    implements Statement {
  public AlterResetModelStatement {
    condition = List.copyOf(condition);
  }

  /// A partition column and its value as text.
  public record KeyValue(Name column, OptionValue value) {}
}
