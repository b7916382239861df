package dev.aevum.connectors.file;

import dev.aevum.connectors.option.ConnectorErrors;
import dev.aevum.model.error.ErrorCode;
import dev.aevum.model.error.SqlException;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.PathMatcher;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.List;
import java.util.stream.Stream;

/// The files that a `path` option names: one file, or a glob (`*`, `?`, `[...]`, `{a,b}` within a
/// name, `**` across folders). Immutable.
final class FileSet {
  private final String pattern;
  private final boolean glob;
  private final Path base;
  private final PathMatcher matcher;

  FileSet(String pattern) {
    this.pattern = pattern;
    this.glob = isGlob(pattern);
    Path root = Path.of("");
    if (glob) {
      int slash = pattern.lastIndexOf('/', firstGlobCharacter(pattern));
      root = slash < 0 ? Path.of("") : Path.of(slash == 0 ? "/" : pattern.substring(0, slash));
    }
    this.base = root;
    this.matcher = FileSystems.getDefault().getPathMatcher("glob:" + pattern);
  }

  String pattern() {
    return pattern;
  }

  boolean isGlob() {
    return glob;
  }

  private static boolean isGlob(String pattern) {
    return firstGlobCharacter(pattern) < pattern.length();
  }

  private static int firstGlobCharacter(String pattern) {
    int at = 0;
    while (at < pattern.length() && "*?[{".indexOf(pattern.charAt(at)) < 0) {
      at++;
    }
    return at;
  }

  /// The regular files there are now, by name.
  List<Path> list() throws IOException {
    if (!glob) {
      Path file = Path.of(pattern);
      return Files.exists(file) ? List.of(file) : List.of();
    }
    if (!Files.isDirectory(base)) {
      return List.of();
    }
    int depth = pattern.contains("**") ? Integer.MAX_VALUE : depth();
    try (Stream<Path> files =
        Files.find(base, depth, (path, attributes) -> isMatch(path, attributes))) {
      return files.sorted().toList();
    }
  }

  private boolean isMatch(Path path, BasicFileAttributes attributes) {
    return attributes.isRegularFile() && matcher.matches(path);
  }

  private int depth() {
    return Math.max(
        1, Path.of(pattern).getNameCount() - (base.toString().isEmpty() ? 0 : base.getNameCount()));
  }

  /// Checks at CREATE that there is something to read and that it can be read.
  ///
  /// Errors: 58030 for a missing or unreadable file, 42501 without permission.
  void check(boolean mayBeEmpty) {
    try {
      List<Path> files = list();
      if (files.isEmpty() && !(glob && mayBeEmpty)) {
        throw ConnectorErrors.error(
            ErrorCode.IO_ERROR,
            glob
                ? "no file matches \"" + pattern + "\""
                : "could not open file \"" + pattern + "\" for reading: No such file or directory",
            "Paths are relative to the server's working folder, \""
                + Path.of("").toAbsolutePath()
                + "\".");
      }
      for (Path file : files) {
        if (Files.isDirectory(file)) {
          throw ConnectorErrors.error(
              ErrorCode.IO_ERROR,
              "could not open file \"" + file + "\" for reading: Is a directory",
              "Name the files in it, for example \"" + file + "/*.jsonl\".");
        }
        Files.newInputStream(file).close();
      }
    } catch (IOException e) {
      throw translate(e, pattern, "reading");
    }
  }

  /// The one place where I/O errors get their SQLSTATE.
  static SqlException translate(IOException e, String path, String purpose) {
    return switch (e) {
      case AccessDeniedException denied ->
          ConnectorErrors.error(
              ErrorCode.INSUFFICIENT_PRIVILEGE,
              "could not open file \"" + path + "\" for " + purpose + ": Permission denied",
              "The server's user needs access to it.",
              e);
      case NoSuchFileException missing ->
          ConnectorErrors.error(
              ErrorCode.IO_ERROR,
              "could not open file \"" + path + "\" for " + purpose + ": No such file or directory",
              null,
              e);
      case IOException other ->
          ConnectorErrors.error(
              ErrorCode.IO_ERROR,
              "could not access file \"" + path + "\" for " + purpose + ": " + other.getMessage(),
              null,
              e);
    };
  }
}
