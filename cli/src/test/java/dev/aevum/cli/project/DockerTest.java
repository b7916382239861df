package dev.aevum.cli.project;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;

/// The files of `docker/` without Docker: that they are well formed, that what they name exists and
/// that the command line in them is one the program takes. That an image comes out is not shown.
class DockerTest {
  private static final Set<String> INSTRUCTIONS =
      Set.of(
          "FROM",
          "RUN",
          "WORKDIR",
          "COPY",
          "USER",
          "VOLUME",
          "ENTRYPOINT",
          "CMD",
          "ENV",
          "ARG",
          "EXPOSE",
          "LABEL",
          "STOPSIGNAL",
          "HEALTHCHECK",
          "SHELL");
  private static final Pattern STRING = Pattern.compile("\"((?:[^\"\\\\]|\\\\.)*)\"");

  /// Of the Compose specification, what a service, a build and the whole file may hold here.
  private static final Set<String> SERVICE =
      Set.of(
          "build",
          "image",
          "network_mode",
          "stop_signal",
          "stop_grace_period",
          "restart",
          "volumes",
          "environment",
          "command",
          "ports",
          "depends_on",
          "healthcheck");

  private record Instruction(String name, String text) {}

  private static List<Instruction> dockerfile() {
    List<Instruction> instructions = new ArrayList<>();
    StringBuilder open = new StringBuilder();
    for (String line : ProjectFiles.read("docker/Dockerfile").lines().toList()) {
      if (line.startsWith("#") || (line.isBlank() && open.isEmpty())) {
        continue;
      }
      assertThat(line).as("no blank line inside an instruction").isNotBlank();
      if (line.endsWith("\\")) {
        open.append(line, 0, line.length() - 1);
        continue;
      }
      open.append(line);
      String[] words = open.toString().strip().split("\\s+", 2);
      assertThat(words).as(open.toString()).hasSize(2);
      instructions.add(new Instruction(words[0], words[1]));
      open.setLength(0);
    }
    assertThat(open).as("the last line goes on").isEmpty();
    return instructions;
  }

  private static List<String> array(String json) {
    assertThat(json).startsWith("[").endsWith("]");
    List<String> values = new ArrayList<>();
    Matcher matcher = STRING.matcher(json);
    while (matcher.find()) {
      values.add(matcher.group(1));
    }
    assertThat("[\"" + String.join("\", \"", values) + "\"]").isEqualTo(json);
    return values;
  }

  private static String only(String name) {
    return dockerfile().stream()
        .filter(i -> i.name().equals(name))
        .map(Instruction::text)
        .reduce((a, b) -> b)
        .orElseThrow();
  }

  @Test
  void theDockerfileIsWellFormed() {
    List<Instruction> instructions = dockerfile();
    assertThat(instructions.getFirst().name()).isEqualTo("FROM");
    Set<String> stages = new TreeSet<>();
    for (Instruction i : instructions) {
      assertThat(INSTRUCTIONS).contains(i.name());
      String[] words = i.text().split("\\s+");
      switch (i.name()) {
        case "FROM" -> {
          assertThat(words[0]).as("a tag, and not the latest").matches("[a-z-]+:\\d+-(jdk|jre)");
          if (words.length > 1) {
            assertThat(words).hasSize(3).contains("AS");
            stages.add(words[2]);
          }
        }
        case "COPY" -> {
          if (words[0].startsWith("--from=")) {
            assertThat(stages).contains(words[0].substring("--from=".length()));
          } else {
            assertThat(ProjectFiles.root().resolve(words[0])).exists();
          }
        }
        case "RUN" -> assertThat(shellErrors(i.text())).isEmpty();
        default -> {}
      }
    }
    assertThat(only("USER")).as("who runs the server").isNotEqualTo("root");
    assertThat(ProjectFiles.read(".dockerignore").lines()).contains(".git", "**/target", ".aevum");
  }

  /// What a shell says to the text of a RUN, its options left out.
  private static String shellErrors(String text) {
    try {
      Process shell =
          new ProcessBuilder("bash", "-n", "-c", text.replaceAll("^(--\\S+\\s+)+", ""))
              .redirectErrorStream(true)
              .start();
      String said = new String(shell.getInputStream().readAllBytes());
      assertThat(shell.waitFor(30, TimeUnit.SECONDS)).isTrue();
      return shell.exitValue() == 0 ? "" : said;
    } catch (IOException | InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void theServerOfTheImageIsOneThatStarts() throws Exception {
    List<String> entry = array(only("ENTRYPOINT"));
    List<String> command = array(only("CMD"));
    assertThat(entry.getFirst()).isEqualTo("java");
    assertThat(entry).contains("@/opt/aevum/jvm.flags", "/opt/aevum/lib/*");
    Class<?> main = Class.forName(entry.getLast());
    // The same arguments with --help: options that do not exist are refused before it.
    List<String> arguments = new ArrayList<>();
    arguments.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    arguments.addAll(List.of("-cp", System.getProperty("java.class.path"), main.getName()));
    arguments.addAll(command);
    arguments.add("--help");
    Process help = new ProcessBuilder(arguments).redirectErrorStream(true).start();
    String said;
    try (InputStream out = help.getInputStream()) {
      said = new String(out.readAllBytes());
    }
    assertThat(help.waitFor()).as(said).isZero();
    assertThat(said).startsWith("Usage: aevum server");
    assertThat(command.get(command.indexOf("--data") + 1)).startsWith(only("VOLUME"));
    assertThat(Files.exists(ProjectFiles.root().resolve("jvm.flags"))).isTrue();
  }

  @Test
  void theComposeFileIsWellFormed() {
    Map<?, ?> file = map(new Yaml(strict()).load(ProjectFiles.read("docker/compose.yaml")));
    assertThat(names(file)).isSubsetOf("services", "volumes");
    Map<?, ?> volumes = map(file.get("volumes"));
    for (Map.Entry<?, ?> entry : map(file.get("services")).entrySet()) {
      Map<?, ?> service = map(entry.getValue());
      assertThat(names(service)).isSubsetOf(SERVICE);
      Map<?, ?> build = map(service.get("build"));
      Path context =
          ProjectFiles.root().resolve("docker").resolve((String) build.get("context")).normalize();
      assertThat(context).isEqualTo(ProjectFiles.root().normalize());
      assertThat(context.resolve((String) build.get("dockerfile"))).exists();
      assertThat((String) service.get("stop_grace_period")).matches("\\d+(s|m)");
      assertThat((String) service.get("restart"))
          .isIn("no", "always", "on-failure", "unless-stopped");
      for (Object volume : (List<?>) service.get("volumes")) {
        String[] parts = ((String) volume).split(":");
        assertThat(parts).hasSize(2);
        assertThat(names(volumes)).contains(parts[0]);
        assertThat(parts[1]).isEqualTo(only("VOLUME"));
      }
      assertThat((String) service.get("network_mode"))
          .as("the server listens on loopback only")
          .isEqualTo("host");
    }
  }

  private static SafeConstructor strict() {
    LoaderOptions options = new LoaderOptions();
    options.setAllowDuplicateKeys(false);
    return new SafeConstructor(options);
  }

  private static Map<?, ?> map(Object value) {
    assertThat(value).isInstanceOf(Map.class);
    return (Map<?, ?>) value;
  }

  private static Set<String> names(Map<?, ?> map) {
    Set<String> names = new TreeSet<>();
    map.keySet().forEach(k -> names.add((String) k));
    return names;
  }
}
