package dev.aevum.executor.kernel;

import dev.aevum.model.error.ErrorCode;
import dev.aevum.model.error.SqlException;
import org.jspecify.annotations.Nullable;

/// Why a row of a batch could not be evaluated.
public record RowError(
    int row, ErrorCode code, String message, @Nullable String detail, @Nullable String hint) {
  public SqlException toException() {
    return new SqlException(code, message, detail, hint, null, null);
  }
}
