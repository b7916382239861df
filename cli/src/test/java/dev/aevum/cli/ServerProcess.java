package dev.aevum.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/// The server as a process of its own, for tests that kill it or take its disk away. Owned by one
/// test; [#close] stops it cleanly.
final class ServerProcess implements AutoCloseable {
  private final Process process;
  private final String url;
  private final List<String> errors;
  private final Thread errorReader;

  private ServerProcess(Process process, String url, List<String> errors, Thread errorReader) {
    this.process = process;
    this.url = url;
    this.errors = errors;
    this.errorReader = errorReader;
  }

  /// `more`: arguments besides those of all tests.
  static ServerProcess start(Path data, String... more) throws IOException {
    return within(data, "512m", "1GB", more);
  }

  /// With so much heap, and `--memory`.
  static ServerProcess within(Path data, String heap, String memory, String... more)
      throws IOException {
    Path root = Path.of(System.getProperty("aevum.root"));
    List<String> command = new ArrayList<>();
    command.addAll(
        List.of(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "@" + root.resolve("jvm.flags"),
            "-Xmx" + heap,
            "-XX:TieredStopAtLevel=1",
            "-cp",
            System.getProperty("java.class.path"),
            "dev.aevum.cli.Main",
            "server",
            "--data",
            data.toString(),
            "--port",
            "0",
            "--memory",
            memory,
            "--log-level",
            "warn"));
    command.addAll(List.of(more));
    Process process = new ProcessBuilder(command).start();
    List<String> errors = Collections.synchronizedList(new ArrayList<>());
    Thread errorReader =
        Thread.ofPlatform()
            .daemon(true)
            .name("server-errors")
            .unstarted(() -> copyErrors(process, errors));
    errorReader.start();
    BufferedReader out =
        new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
    String line = out.readLine();
    if (line == null) {
      process.onExit().join();
    }
    assertThat(line).as("first line of the server, errors: %s", errors).startsWith("ready sql=");
    String address = line.substring("ready sql=".length(), line.indexOf(" http="));
    return new ServerProcess(
        process, "jdbc:postgresql://" + address + "/aevum?user=aevum", errors, errorReader);
  }

  private static void copyErrors(Process process, List<String> errors) {
    try (BufferedReader reader = process.errorReader(StandardCharsets.UTF_8)) {
      for (String line = reader.readLine(); line != null; line = reader.readLine()) {
        errors.add(line);
        System.err.println(line);
      }
    } catch (IOException e) {
      errors.add("cannot read more: " + e.getMessage());
    }
  }

  Connection connect() throws SQLException {
    return DriverManager.getConnection(url);
  }

  void run(String... statements) throws SQLException {
    try (Connection connection = connect();
        Statement statement = connection.createStatement()) {
      for (String sql : statements) {
        statement.execute(sql);
      }
    }
  }

  List<Long> longs(String sql) throws SQLException {
    List<Long> values = new ArrayList<>();
    try (Connection connection = connect();
        Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(sql)) {
      while (rows.next()) {
        values.add(rows.getLong(1));
      }
    }
    return values;
  }

  long pid() {
    return process.pid();
  }

  /// `kill -9`.
  void kill() {
    process.destroyForcibly().onExit().join();
  }

  /// Waits until the process ends by itself; its exit code.
  int exitCode() throws InterruptedException {
    int code = process.waitFor();
    errorReader.join();
    return code;
  }

  /// What it has written to stderr so far.
  List<String> errors() {
    synchronized (errors) {
      return List.copyOf(errors);
    }
  }

  @Override
  public void close() {
    process.destroy();
    process.onExit().join();
  }
}
