package dev.aevum.storage.file;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;

/// `DIR/{LOCK, VERSION, catalog/, log/, state/, streams/, tmp/}`: the one folder of a server.
/// Opening makes what is missing, takes the lock until [#close], and empties `tmp/`.
///
/// Errors: 55006 when another server has it, 55000 for a folder of another version or of something
/// else, 58030 when files fail.
public final class DataFolder implements AutoCloseable {
  public static final String VERSION = "1";

  private final FileSystem files;
  private final Path root;
  private final AutoCloseable lock;

  private DataFolder(FileSystem files, Path root, AutoCloseable lock) {
    this.files = files;
    this.root = root;
    this.lock = lock;
  }

  public static DataFolder open(FileSystem files, Path root) {
    try {
      files.createDirectories(root);
      AutoCloseable lock = lock(files, root);
      DataFolder folder = new DataFolder(files, root, lock);
      try {
        folder.prepare();
        return folder;
      } catch (IOException | RuntimeException e) {
        folder.close();
        throw e;
      }
    } catch (IOException e) {
      throw StorageErrors.io("open data folder \"" + root + "\"", e);
    }
  }

  private static AutoCloseable lock(FileSystem files, Path root) throws IOException {
    Path file = root.resolve("LOCK");
    try {
      return files.lock(file);
    } catch (IOException e) {
      if (files.exists(file)) {
        throw StorageErrors.inUse(root);
      }
      throw e;
    }
  }

  private void prepare() throws IOException {
    Path version = root.resolve("VERSION");
    if (files.exists(version)) {
      String found = new String(files.read(version), StandardCharsets.UTF_8).strip();
      if (!found.equals(VERSION)) {
        throw StorageErrors.otherVersion(root, found, VERSION);
      }
    } else {
      refuseForeign();
      writeVersion(version);
    }
    for (Path directory : List.of(catalog(), log(), state(), streams(), tmp())) {
      files.createDirectories(directory);
    }
    files.syncDirectory(root);
    clearTmp();
  }

  /// A folder without VERSION may hold only what an earlier, interrupted start has left.
  private void refuseForeign() throws IOException {
    for (String name : files.list(root)) {
      if (!name.equals("LOCK") && !name.equals("VERSION.new")) {
        throw StorageErrors.notAFolder(root);
      }
    }
  }

  private void writeVersion(Path version) throws IOException {
    Path fresh = root.resolve("VERSION.new");
    if (files.exists(fresh)) {
      files.delete(fresh);
    }
    byte[] bytes = (VERSION + "\n").getBytes(StandardCharsets.UTF_8);
    try (FileSystem.AppendFile file = files.create(fresh)) {
      file.append(bytes, 0, bytes.length);
      file.sync();
    }
    files.rename(fresh, version);
    files.syncDirectory(root);
  }

  private void clearTmp() throws IOException {
    for (String name : files.list(tmp())) {
      files.delete(tmp().resolve(name));
    }
  }

  public FileSystem files() {
    return files;
  }

  public Path root() {
    return root;
  }

  public Path catalog() {
    return root.resolve("catalog");
  }

  public Path log() {
    return root.resolve("log");
  }

  public Path state() {
    return root.resolve("state");
  }

  public Path streams() {
    return root.resolve("streams");
  }

  public Path tmp() {
    return root.resolve("tmp");
  }

  /// Gives the lock back.
  @Override
  public void close() {
    try {
      lock.close();
    } catch (IOException e) {
      throw StorageErrors.io("unlock data folder \"" + root + "\"", e);
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }
}
