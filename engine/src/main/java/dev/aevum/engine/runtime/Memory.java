package dev.aevum.engine.runtime;

import dev.aevum.model.error.ErrorCode;
import dev.aevum.model.error.SqlException;

/// Errors of memory.
final class Memory {
  private Memory() {}

  static SqlException exhausted() {
    return new SqlException(ErrorCode.OUT_OF_MEMORY, "out of memory")
        .withHint("Give the server more with --memory, or drop views whose state grows.");
  }
}
