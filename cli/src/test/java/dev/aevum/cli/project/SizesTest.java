package dev.aevum.cli.project;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/// What the sources look like: sizes, package pages, open ends.
class SizesTest {
  private static final int FILE_LINES = 800;
  private static final int METHOD_LINES = 80;

  /// Longer files, each with its reason. May only shrink.
  private static final Map<String, String> LONG_FILES = Map.of();

  /// Files with longer methods, each with its reason. May only shrink.
  private static final Map<String, String> LONG_METHODS =
      Map.of(
          "engine/src/main/java/dev/aevum/engine/system/AevumRelations.java",
          "a table of relations, several lines an entry",
          "planner/src/main/java/dev/aevum/planner/lower/OuterReferences.java",
          "one switch over all plan nodes that makes each again");

  /// The formatter puts members at two blanks and closes them there; four for members of nested
  /// classes.
  private static final Pattern OPENING =
      Pattern.compile("^( {2}| {4})(?! |/|\\*|@)(?!.*\\b(class|record|interface|enum)\\b).*\\{$");

  @Test
  void filesStayReadable() {
    Map<String, Integer> longer = new TreeMap<>();
    for (Path file : all()) {
      int lines = (int) ProjectFiles.read(file).lines().count();
      if (lines > FILE_LINES) {
        longer.put(ProjectFiles.name(file), lines);
      }
    }
    assertThat(longer.keySet()).containsExactlyInAnyOrderElementsOf(LONG_FILES.keySet());
  }

  @Test
  void methodsStayReadable() {
    Map<String, String> longer = new TreeMap<>();
    for (Path file : ProjectFiles.javaFiles("main")) {
      longestMethod(file, longer);
    }
    assertThat(longer.keySet())
        .as(longer.toString())
        .containsExactlyInAnyOrderElementsOf(LONG_METHODS.keySet());
  }

  private static void longestMethod(Path file, Map<String, String> longer) {
    List<String> lines = ProjectFiles.read(file).lines().toList();
    int opened = -1;
    String closing = "";
    for (int i = 0; i < lines.size(); i++) {
      String line = lines.get(i);
      Matcher matcher = OPENING.matcher(line);
      if (matcher.matches()) {
        opened = i;
        closing = matcher.group(1) + "}";
      } else if (opened >= 0 && line.startsWith(closing)) {
        if (i - opened + 1 > METHOD_LINES) {
          longer.put(
              ProjectFiles.name(file), "line " + (opened + 1) + ": " + (i - opened + 1) + " lines");
        }
        opened = -1;
      }
    }
  }

  @Test
  void everyPackageSaysWhatLivesThere() {
    List<String> silent = new ArrayList<>();
    for (Path folder :
        ProjectFiles.javaFiles("main").stream().map(Path::getParent).distinct().toList()) {
      Path page = folder.resolve("package-info.java");
      if (!Files.exists(page)) {
        silent.add(ProjectFiles.name(folder) + ": no package-info.java");
        continue;
      }
      String text = ProjectFiles.read(page);
      if (!text.startsWith("///")) {
        silent.add(ProjectFiles.name(folder) + ": says nothing");
      }
      if (!text.contains("@NullMarked")) {
        silent.add(ProjectFiles.name(folder) + ": not @NullMarked");
      }
    }
    assertThat(silent).isEmpty();
  }

  @Test
  void whatIsLeftToDoHasAnIssue() {
    Pattern open = Pattern.compile("\\b(TO" + "DO|FIX" + "ME|X" + "XX)\\b(?!\\(?#\\d+)");
    List<String> found = new ArrayList<>();
    for (Path file : all()) {
      if (open.matcher(ProjectFiles.read(file)).find()) {
        found.add(ProjectFiles.name(file));
      }
    }
    assertThat(found).isEmpty();
  }

  private static List<Path> all() {
    List<Path> files = new ArrayList<>(ProjectFiles.javaFiles("main"));
    files.addAll(ProjectFiles.javaFiles("test"));
    return files;
  }
}
