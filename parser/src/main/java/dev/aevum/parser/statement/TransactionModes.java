package dev.aevum.parser.statement;

import org.jspecify.annotations.Nullable;

/// The mode list of BEGIN, SET TRANSACTION and SET SESSION CHARACTERISTICS; null where a mode was
/// not given.
public record TransactionModes(
    @Nullable Isolation isolation, @Nullable Boolean readOnly, @Nullable Boolean deferrable) {
  public static final TransactionModes DEFAULT = new TransactionModes(null, null, null);

  /// SQL's isolation levels, weakest first.
  public enum Isolation {
    READ_UNCOMMITTED,
    READ_COMMITTED,
    REPEATABLE_READ,
    SERIALIZABLE
  }
}
