package dev.aevum.cli.project;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/// The source tree that the tests run in.
final class ProjectFiles {
  private static final List<String> MODULES =
      List.of(
          "model",
          "parser",
          "planner",
          "storage",
          "executor",
          "connectors",
          "engine",
          "wire-protocol",
          "cli",
          "testing",
          "testing/kafka-broker",
          "benchmarks");

  private ProjectFiles() {}

  static Path root() {
    String given = System.getProperty("aevum.root");
    if (given == null) {
      throw new IllegalStateException("the system property aevum.root names the project's folder");
    }
    return Path.of(given);
  }

  static String read(String path) {
    return read(root().resolve(path));
  }

  static String read(Path path) {
    try {
      return Files.readString(path);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// Every Java file below `src/<part>/java` of every module.
  static List<Path> javaFiles(String part) {
    return MODULES.stream()
        .map(module -> root().resolve(module).resolve("src").resolve(part).resolve("java"))
        .filter(Files::isDirectory)
        .flatMap(ProjectFiles::below)
        .sorted()
        .toList();
  }

  private static Stream<Path> below(Path folder) {
    try (Stream<Path> files = Files.walk(folder)) {
      return files.filter(f -> f.toString().endsWith(".java")).toList().stream();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// As it stands in documents: relative to the root, with slashes.
  static String name(Path file) {
    return root().relativize(file).toString().replace('\\', '/');
  }
}
