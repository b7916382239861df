package dev.aevum.engine.runtime;

import dev.aevum.model.error.ErrorCode;
import dev.aevum.model.error.SqlException;

/// Errors of memory.
final class Memory {
  private Memory() {}

  /// A view is filled in one step, which has to fit the heap.
  static SqlException tooLarge(long bytes, long most) {
    return new SqlException(
            ErrorCode.OUT_OF_MEMORY,
            "out of memory: the view begins with "
                + MemoryGuard.size(bytes)
                + " of rows, and "
                + MemoryGuard.size(most)
                + " can be filled at once")
        .withHint("Give the server more with --memory, or create the view before its data comes.");
  }

  static SqlException exhausted() {
    return new SqlException(ErrorCode.OUT_OF_MEMORY, "out of memory")
        .withHint("Give the server more with --memory, or drop views whose state grows.");
  }
}
