package dev.aevum.storage.file;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/// What storage asks of a file system. Thread-safe. After a crash a file has at least the bytes
/// that were synced and any prefix of those appended later; names (create, rename, delete) are
/// certain after [#syncDirectory].
public interface FileSystem {
  void createDirectories(Path directory) throws IOException;

  boolean exists(Path file) throws IOException;

  /// Names of the files and directories in a directory, sorted.
  List<String> list(Path directory) throws IOException;

  long size(Path file) throws IOException;

  /// All bytes of a file.
  byte[] read(Path file) throws IOException;

  /// `length` bytes from `offset`; an error when the file ends before.
  byte[] read(Path file, long offset, int length) throws IOException;

  /// A new, empty file; an error when it exists.
  AppendFile create(Path file) throws IOException;

  /// An existing file, to be appended to.
  AppendFile open(Path file) throws IOException;

  /// Cuts a file to `size` bytes, durably.
  void truncate(Path file, long size) throws IOException;

  /// Puts a file in the place of another (or of none), atomically.
  void rename(Path from, Path to) throws IOException;

  void delete(Path file) throws IOException;

  void syncDirectory(Path directory) throws IOException;

  /// Holds the file's lock until closed; an error when another process (or this one) holds it.
  AutoCloseable lock(Path file) throws IOException;

  /// A file open for appending, used by one thread at a time.
  interface AppendFile extends AutoCloseable {
    void append(byte[] bytes, int offset, int length) throws IOException;

    /// Returns when all appended bytes are on the device. After a failure nothing about the file is
    /// certain.
    void sync() throws IOException;

    long size() throws IOException;

    @Override
    void close() throws IOException;
  }
}
