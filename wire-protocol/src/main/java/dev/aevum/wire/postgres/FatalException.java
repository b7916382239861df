package dev.aevum.wire.postgres;

import dev.aevum.model.error.ErrorCode;
import dev.aevum.model.error.SqlException;

/// Ends the connection after telling the client why.
final class FatalException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final transient SqlException error;

  FatalException(SqlException error) {
    super(error.text(), error);
    this.error = error;
  }

  static FatalException shutdown() {
    return new FatalException(
        new SqlException(
            ErrorCode.ADMIN_SHUTDOWN, "terminating connection due to administrator command"));
  }

  SqlException error() {
    return error;
  }
}
