package dev.aevum.storage.file;

import dev.aevum.model.error.ErrorCode;
import dev.aevum.model.error.SqlException;
import java.io.IOException;
import java.nio.file.Path;

/// Errors of the data folder and its files.
public final class StorageErrors {
  private StorageErrors() {}

  public static SqlException io(String doing, IOException cause) {
    String message = cause.getMessage() == null ? cause.toString() : cause.getMessage();
    boolean full = message.contains("No space left") || message.contains("Disk quota");
    return new SqlException(
        full ? ErrorCode.DISK_FULL : ErrorCode.IO_ERROR,
        "could not " + doing + ": " + message,
        null,
        full ? "Free space on the device of the data folder, then start again." : null,
        null,
        cause);
  }

  public static SqlException corrupt(Path file, String what) {
    return new SqlException(ErrorCode.DATA_CORRUPTED, "file \"" + file + "\" is damaged: " + what)
        .withHint("Restore the data folder from a copy; the server never repairs damaged data.");
  }

  static SqlException inUse(Path folder) {
    return new SqlException(
            ErrorCode.OBJECT_IN_USE, "data folder \"" + folder + "\" is used by another server")
        .withHint("Stop the other server or name another folder with --data.");
  }

  static SqlException otherVersion(Path folder, String found, String expected) {
    return new SqlException(
            ErrorCode.OBJECT_NOT_IN_PREREQUISITE_STATE,
            "data folder \""
                + folder
                + "\" has format version "
                + found
                + ", this server reads version "
                + expected)
        .withHint("Start the server that wrote it, or name another folder with --data.");
  }

  static SqlException notAFolder(Path folder) {
    return new SqlException(
            ErrorCode.OBJECT_NOT_IN_PREREQUISITE_STATE,
            "folder \"" + folder + "\" is not empty and not a data folder")
        .withHint("Name an empty or a new folder with --data.");
  }
}
