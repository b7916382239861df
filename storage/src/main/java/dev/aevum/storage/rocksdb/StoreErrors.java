package dev.aevum.storage.rocksdb;

import dev.aevum.model.error.ErrorCode;
import dev.aevum.model.error.SqlException;
import org.jspecify.annotations.Nullable;
import org.rocksdb.RocksDBException;
import org.rocksdb.Status;

/// RocksDB's errors in our words.
final class StoreErrors {
  private StoreErrors() {}

  static SqlException of(String doing, RocksDBException cause) {
    Status status = cause.getStatus();
    ErrorCode code = status == null ? ErrorCode.IO_ERROR : code(status);
    return new SqlException(
        code, "could not " + doing + ": " + cause.getMessage(), null, null, null, cause);
  }

  private static ErrorCode code(Status status) {
    if (status.getSubCode() == Status.SubCode.NoSpace) {
      return ErrorCode.DISK_FULL;
    }
    return status.getCode() == Status.Code.Corruption
        ? ErrorCode.DATA_CORRUPTED
        : ErrorCode.IO_ERROR;
  }

  static SqlException corrupt(String what, @Nullable Throwable cause) {
    return new SqlException(
        ErrorCode.DATA_CORRUPTED, "the state store is damaged: " + what, null, null, null, cause);
  }
}
