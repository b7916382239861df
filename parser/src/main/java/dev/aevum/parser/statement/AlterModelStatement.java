package dev.aevum.parser.statement;

/// ALTER MODEL name PAUSE | RESUME | RESET.
public record AlterModelStatement(ObjectName name, boolean ifExists, Action action)
    implements Statement {
  /// What happens to the model.
  public enum Action {
    /// Rows that come are passed over.
    PAUSE,
    RESUME,
    /// Forgets all that was learned.
    RESET
  }
}
