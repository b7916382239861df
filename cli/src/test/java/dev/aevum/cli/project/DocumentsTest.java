package dev.aevum.cli.project;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// What documents name has to exist.
class DocumentsTest {
  private static final Pattern CODE = Pattern.compile("`([^`\\n]+)`");
  private static final Pattern CLASS = Pattern.compile("[A-Z][A-Za-z0-9]*[a-z][A-Za-z0-9]*");
  private static final Pattern PATH = Pattern.compile("[\\w.-]+(/[\\w.-]+)*/?");
  private static final Pattern PACKAGE = Pattern.compile("(dev\\.aevum\\.)?[a-z]+(\\.[a-z]+)+");
  private static final Pattern LINK = Pattern.compile("\\]\\(([^)#:]+)(#[^)]*)?\\)");

  /// Parts of a data folder, not of the project.
  private static final Set<String> DATA_FOLDER =
      Set.of("catalog/", "log/", "state/", "streams/", "tmp/");

  @Test
  void architectureNamesWhatExists() {
    String text = ProjectFiles.read("ARCHITECTURE.md");
    Set<String> sources = new TreeSet<>();
    for (String part : List.of("main", "test")) {
      for (Path file : ProjectFiles.javaFiles(part)) {
        sources.add(file.getFileName().toString());
      }
    }
    List<String> missing = new ArrayList<>();
    int classes = 0;
    int paths = 0;
    Matcher matcher = CODE.matcher(text);
    while (matcher.find()) {
      String name = matcher.group(1);
      if (CLASS.matcher(name).matches()) {
        classes++;
        if (!sources.contains(name + ".java")) {
          missing.add("class " + name);
        }
      } else if (PATH.matcher(name).matches() && name.contains("/")) {
        paths++;
        if (!DATA_FOLDER.contains(name) && !Files.exists(ProjectFiles.root().resolve(name))) {
          missing.add("path " + name);
        }
      } else if (PACKAGE.matcher(name).matches()) {
        if (!isPackage(name)) {
          missing.add("package " + name);
        }
      }
    }
    assertThat(missing).isEmpty();
    assertThat(classes).as("classes found in ARCHITECTURE.md").isGreaterThan(40);
    assertThat(paths).as("paths found in ARCHITECTURE.md").isGreaterThan(20);
  }

  private static boolean isPackage(String name) {
    String folder = (name.startsWith("dev.aevum.") ? name : "dev.aevum." + name).replace('.', '/');
    return Stream.concat(
            ProjectFiles.javaFiles("main").stream(), ProjectFiles.javaFiles("test").stream())
        .anyMatch(f -> ProjectFiles.name(f).contains("/java/" + folder + "/"));
  }

  @Test
  void linksLeadSomewhere() {
    List<String> broken = new ArrayList<>();
    int links = 0;
    for (Path document : documents()) {
      Matcher matcher = LINK.matcher(ProjectFiles.read(document));
      while (matcher.find()) {
        links++;
        Path folder = document.getParent();
        if (folder == null || !Files.exists(folder.resolve(matcher.group(1)))) {
          broken.add(ProjectFiles.name(document) + ": " + matcher.group(1));
        }
      }
    }
    assertThat(broken).isEmpty();
    assertThat(links).isGreaterThan(15);
  }

  @Test
  void decisionRecordsAreListed() {
    String list = ProjectFiles.read("docs/adr/README.md");
    assertThat(documents().stream().map(ProjectFiles::name))
        .filteredOn(n -> n.matches("docs/adr/\\d{4}-.*"))
        .isNotEmpty()
        .allSatisfy(n -> assertThat(list).contains("(" + n.substring("docs/adr/".length()) + ")"));
  }

  private static List<Path> documents() {
    Path root = ProjectFiles.root();
    try (Stream<Path> top = Files.list(root);
        Stream<Path> docs = Files.walk(root.resolve("docs"));
        Stream<Path> docker = Files.walk(root.resolve("docker"));
        Stream<Path> benchmarks = Files.list(root.resolve("benchmarks"))) {
      return Stream.of(top, docs, docker, benchmarks)
          .flatMap(s -> s)
          .filter(f -> f.toString().endsWith(".md"))
          .collect(Collectors.toList());
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }
}
