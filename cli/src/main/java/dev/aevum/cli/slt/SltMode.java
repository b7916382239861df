package dev.aevum.cli.slt;

/// How a file runs against a database in this process. Results are the same in each.
public enum SltMode {
  /// As it stands.
  STRAIGHT,
  /// Each row of an `INSERT ... VALUES` outside a transaction block is a statement, so a step, of
  /// its own.
  ROWS,
  /// The database is closed and opened again after every statement outside a transaction block.
  RESTARTS,
  /// Two workers.
  WORKERS;

  /// The name in `--mode`, `skipif` and `onlyif`.
  public String label() {
    return name().toLowerCase(java.util.Locale.ROOT);
  }
}
