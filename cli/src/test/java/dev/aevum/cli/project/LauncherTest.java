package dev.aevum.cli.project;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The launcher on machines of every kind: it runs in a folder of its own with a PATH that holds
/// nothing but basic tools and the stand-ins that a test puts there (JDKs, Maven, apt-get), each of
/// which writes down that it was called.
class LauncherTest {
  private static final List<String> TOOLS =
      List.of(
          "bash",
          "env",
          "find",
          "sed",
          "head",
          "tail",
          "cat",
          "dirname",
          "readlink",
          "mkdir",
          "mv",
          "rm",
          "grep",
          "touch",
          "flock");

  @TempDir private Path folder;
  private Path project = Path.of("");
  private Path bin = Path.of("");
  private Path jvms = Path.of("");

  private record Run(int code, String out, String err) {}

  @BeforeEach
  void machine() throws IOException {
    project = Files.createDirectories(folder.resolve("project"));
    bin = Files.createDirectories(folder.resolve("bin"));
    jvms = Files.createDirectories(folder.resolve("jvm"));
    Files.copy(ProjectFiles.root().resolve("aevum"), project.resolve("aevum"));
    Files.copy(ProjectFiles.root().resolve("jvm.flags"), project.resolve("jvm.flags"));
    Files.createDirectories(project.resolve("cli/src/main/java"));
    Files.writeString(project.resolve("cli/src/main/java/A.java"), "class A {}");
    for (String tool : TOOLS) {
      Path found = onPath(tool);
      if (found != null) {
        script(bin.resolve(tool), "exec " + found + " \"$@\"");
      }
    }
    script(bin.resolve("id"), "echo 0");
  }

  private static @Nullable Path onPath(String tool) {
    for (String place : System.getenv("PATH").split(File.pathSeparator)) {
      Path candidate = Path.of(place, tool);
      if (Files.isExecutable(candidate)) {
        return candidate;
      }
    }
    return null;
  }

  private static void script(Path file, String text) throws IOException {
    Files.createDirectories(file.resolveSibling("."));
    Files.writeString(file, "#!" + onPath("bash") + "\n" + text + "\n");
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
  }

  /// A JDK that says its version and, when run, itself and the last arguments.
  private void jdk(String name, String version) throws IOException {
    Path home = jvms.resolve(name);
    script(home.resolve("bin/java"), "echo \"ran " + name + " ${*: -2}\"");
    script(home.resolve("bin/javac"), "echo javac " + version);
    Files.writeString(home.resolve("release"), "JAVA_VERSION=\"" + version + "\"\n");
  }

  private void maven() throws IOException {
    script(
        bin.resolve("mvn"),
        "echo built with \"$JAVA_HOME\" >>"
            + project.resolve("builds")
            + "\nmkdir -p cli/target\necho lib.jar >cli/target/classpath\ntouch cli/target/aevum-cli-1.jar");
  }

  private Run run(Map<String, String> environment, String... arguments) throws Exception {
    List<String> command = new ArrayList<>();
    command.add(project.resolve("aevum").toString());
    command.addAll(List.of(arguments));
    ProcessBuilder builder = new ProcessBuilder(command).directory(folder.toFile());
    builder.environment().clear();
    builder.environment().put("PATH", bin.toString());
    builder.environment().put("HOME", folder.toString());
    builder.environment().put("AEVUM_JVM_FOLDERS", jvms.toString());
    builder.environment().putAll(environment);
    Path out = folder.resolve("out");
    Path err = folder.resolve("err");
    builder.redirectOutput(out.toFile()).redirectError(err.toFile());
    Process process = builder.start();
    assertThat(process.waitFor(60, TimeUnit.SECONDS)).as("it ends").isTrue();
    return new Run(
        process.exitValue(),
        Files.readString(out, StandardCharsets.UTF_8),
        Files.readString(err, StandardCharsets.UTF_8));
  }

  private long builds() throws IOException {
    Path file = project.resolve("builds");
    return Files.exists(file) ? Files.readAllLines(file).size() : 0;
  }

  @Test
  void aJdkThatIsInstalledIsFoundWhereAnotherIsTheDefault() throws Exception {
    jdk("java-17", "17.0.15");
    jdk("temurin-25", "25.0.1");
    maven();
    script(bin.resolve("javac"), "echo javac 17.0.15");
    script(bin.resolve("java"), "echo ran the default");
    Run run = run(Map.of("JAVA_HOME", jvms.resolve("java-17").toString()), "server", "--in-memory");
    assertThat(run.out()).isEqualTo("ran temurin-25 server --in-memory\n");
    assertThat(run.code()).isZero();
    assertThat(Files.readString(project.resolve("builds")))
        .isEqualTo("built with " + jvms.resolve("temurin-25") + "\n");
  }

  @Test
  void theJdkOfTheUserComesFirst() throws Exception {
    jdk("a-25", "25.0.1");
    jdk("b-26", "26");
    maven();
    Run run = run(Map.of("AEVUM_JAVA_HOME", jvms.resolve("b-26").toString()), "demo", "--x");
    assertThat(run.out()).isEqualTo("ran b-26 demo --x\n");
  }

  @Test
  void aMissingJdkIsInstalledByThePackageManager() throws Exception {
    jdk("java-17", "17.0.15");
    maven();
    jdk("later", "25");
    Path kept = Files.move(jvms.resolve("later"), folder.resolve("later"));
    script(
        bin.resolve("apt-get"),
        "case \"$*\" in *openjdk-25-jdk-headless*) mv "
            + kept
            + " "
            + jvms.resolve("later")
            + " ;; *) exit 1 ;; esac");
    Run run = run(Map.of(), "demo", "--port");
    assertThat(run.out()).isEqualTo("ran later demo --port\n");
    assertThat(run.err()).contains("installing openjdk-25-jdk-headless with apt-get");
  }

  @Test
  void aJdkThatIsNowhereToBeHadIsOneLineThatSaysWhatToDo() throws Exception {
    jdk("java-17", "17.0.15");
    maven();
    Run run = run(Map.of(), "demo");
    assertThat(run.code()).isEqualTo(1);
    assertThat(run.err().lines())
        .singleElement()
        .asString()
        .startsWith("aevum: no JDK 25 found")
        .contains("AEVUM_JAVA_HOME");
    script(bin.resolve("apt-get"), "exit 100");
    assertThat(run(Map.of(), "demo").err().lines().toList().getLast())
        .startsWith("aevum: no JDK 25 found");
    assertThat(builds()).isZero();
  }

  @Test
  void mavenIsInstalledOrAskedFor() throws Exception {
    jdk("temurin-25", "25.0.1");
    Run without = run(Map.of(), "demo");
    assertThat(without.code()).isEqualTo(1);
    assertThat(without.err()).contains("aevum: Maven not found: install it");
    maven();
    Path kept = Files.move(bin.resolve("mvn"), folder.resolve("mvn"));
    script(bin.resolve("apt-get"), "mv " + kept + " " + bin.resolve("mvn"));
    assertThat(run(Map.of(), "demo", "-x").out()).isEqualTo("ran temurin-25 demo -x\n");
  }

  @Test
  void itBuildsOnlyWhatChanged() throws Exception {
    jdk("temurin-25", "25.0.1");
    maven();
    assertThat(run(Map.of(), "demo").code()).isZero();
    assertThat(builds()).isEqualTo(1);
    backInTime();
    assertThat(run(Map.of(), "demo").err()).isEmpty();
    assertThat(builds()).isEqualTo(1);
    Files.writeString(project.resolve("cli/src/main/java/B.java"), "class B {}");
    run(Map.of(), "demo");
    assertThat(builds()).as("a new file").isEqualTo(2);
    backInTime();
    run(Map.of(), "demo");
    assertThat(builds()).as("nothing").isEqualTo(2);
    Files.delete(project.resolve("cli/src/main/java/B.java"));
    run(Map.of(), "demo");
    assertThat(builds()).as("a file less").isEqualTo(3);
  }

  /// Everything is old, so that what is touched next is newer than the build.
  private void backInTime() throws IOException {
    Instant old = Instant.parse("2026-01-01T00:00:00Z");
    try (Stream<Path> files = Files.walk(project)) {
      for (Path file : files.toList()) {
        Files.setLastModifiedTime(file, FileTime.from(old));
      }
    }
    Files.setLastModifiedTime(
        project.resolve(".aevum/classpath"), FileTime.from(old.plusSeconds(60)));
  }

  @Test
  void aFailedBuildShowsWhy() throws Exception {
    jdk("temurin-25", "25.0.1");
    script(bin.resolve("mvn"), "echo '[ERROR] A.java:[1,1] no'; exit 1");
    Run run = run(Map.of(), "demo");
    assertThat(run.code()).isEqualTo(1);
    assertThat(run.err()).contains("[ERROR] A.java:[1,1] no").contains("aevum: the build failed");
  }
}
