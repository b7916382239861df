package dev.aevum.testing.kafka;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// One Kafka broker (with its own controller) as a process: start it once per test class, close it
/// at the end. The address and the data stay the same over [#stop], [#kill] and [#restart]. The
/// class path comes from the module `testing/kafka-broker`. Not thread-safe.
public final class KafkaBroker implements AutoCloseable {
  private static final int READY_TRIES = 1200;
  private static final int TRY_MILLIS = 50;

  private final Path directory;
  private final int port;
  private final String classPath;
  private @Nullable Process process;

  private KafkaBroker(Path directory, int port, String classPath) {
    this.directory = directory;
    this.port = port;
    this.classPath = classPath;
  }

  /// Formats a fresh data folder under the system's temporary folder and starts the broker; returns
  /// when it accepts connections.
  public static KafkaBroker start() {
    return start(List.of());
  }

  /// The same with further lines of `server.properties`.
  public static KafkaBroker start(List<String> properties) {
    try {
      Path directory = Files.createTempDirectory("aevum-kafka-");
      int[] ports = freePorts();
      List<String> lines = new ArrayList<>(serverProperties(directory, ports[0], ports[1]));
      lines.addAll(properties);
      Files.write(directory.resolve("server.properties"), lines);
      KafkaBroker broker = new KafkaBroker(directory, ports[0], readClassPath());
      broker.format();
      broker.launch();
      return broker;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// `127.0.0.1:PORT`.
  public String address() {
    return "127.0.0.1:" + port;
  }

  /// Writes Kafka's command-line tools as scripts into a folder: `kafka-topics.sh`,
  /// `kafka-console-producer.sh`, `kafka-console-consumer.sh`.
  public void writeTools(Path folder) {
    Map<String, String> tools =
        Map.of(
            "kafka-topics.sh",
            "org.apache.kafka.tools.TopicCommand",
            "kafka-console-producer.sh",
            "org.apache.kafka.tools.ConsoleProducer",
            "kafka-console-consumer.sh",
            "org.apache.kafka.tools.consumer.ConsoleConsumer");
    String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
    try {
      for (Map.Entry<String, String> tool : tools.entrySet()) {
        Path script = folder.resolve(tool.getKey());
        Files.writeString(
            script,
            "#!/bin/sh\nexec "
                + java
                + " -Xmx128m -XX:+UseSerialGC -XX:TieredStopAtLevel=1 -cp '"
                + classPath
                + "' "
                + tool.getValue()
                + " \"$@\"\n");
        Files.setPosixFilePermissions(script, PosixFilePermissions.fromString("rwxr-xr-x"));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public boolean running() {
    return process != null && process.isAlive();
  }

  /// A clean shutdown (SIGTERM).
  public void stop() {
    end(false);
  }

  /// SIGKILL.
  public void kill() {
    end(true);
  }

  /// Starts again on the same port and data after [#stop] or [#kill].
  public void restart() {
    if (running()) {
      throw new IllegalStateException("the broker is running");
    }
    try {
      launch();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// Ends the process and deletes its folder.
  @Override
  public void close() {
    kill();
    try (Stream<Path> files = Files.walk(directory)) {
      for (Path file : files.sorted(java.util.Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(file);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void end(boolean hard) {
    Process running = process;
    process = null;
    if (running == null) {
      return;
    }
    if (hard) {
      running.destroyForcibly();
    } else {
      running.destroy();
    }
    try {
      if (!running.waitFor(30, TimeUnit.SECONDS)) {
        running.destroyForcibly();
        running.waitFor(30, TimeUnit.SECONDS);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void format() throws IOException {
    Process formatting =
        java(
            List.of(
                "kafka.tools.StorageTool",
                "format",
                "-t",
                "AAAAAAAAQACAAAAAAAAAAA",
                "-c",
                directory.resolve("server.properties").toString()));
    try {
      if (formatting.waitFor() != 0) {
        throw new IllegalStateException("the broker's folder could not be formatted:\n" + log());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", e);
    }
  }

  private void launch() throws IOException {
    Process started =
        java(List.of("kafka.Kafka", directory.resolve("server.properties").toString()));
    process = started;
    // Nobody may leave a broker behind, whatever happens to the tests.
    Runtime.getRuntime().addShutdownHook(new Thread(started::destroyForcibly));
    for (int i = 0; i < READY_TRIES; i++) {
      if (accepts()) {
        return;
      }
      try {
        if (started.waitFor(TRY_MILLIS, TimeUnit.MILLISECONDS)) {
          throw new IllegalStateException("the broker ended at its start:\n" + log());
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new IllegalStateException("interrupted", e);
      }
    }
    throw new IllegalStateException("the broker does not answer:\n" + log());
  }

  private boolean accepts() {
    try (Socket socket = new Socket()) {
      socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 200);
      return true;
    } catch (IOException notYet) {
      return false;
    }
  }

  private Process java(List<String> arguments) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-Xmx384m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"));
    command.addAll(List.of("-cp", classPath));
    command.addAll(arguments);
    return new ProcessBuilder(command)
        .redirectErrorStream(true)
        .redirectOutput(ProcessBuilder.Redirect.appendTo(directory.resolve("broker.log").toFile()))
        .start();
  }

  private String log() throws IOException {
    return Files.readString(directory.resolve("broker.log"));
  }

  private static String readClassPath() throws IOException {
    Path file =
        Path.of(System.getProperty("aevum.root", "."))
            .resolve("testing/kafka-broker/target/classpath.txt");
    if (!Files.exists(file)) {
      throw new IllegalStateException(
          file + " is missing: build the module testing/kafka-broker first");
    }
    return Files.readString(file).trim();
  }

  private static int[] freePorts() throws IOException {
    InetAddress loopback = InetAddress.getLoopbackAddress();
    try (ServerSocket a = new ServerSocket(0, 1, loopback);
        ServerSocket b = new ServerSocket(0, 1, loopback)) {
      return new int[] {a.getLocalPort(), b.getLocalPort()};
    }
  }

  private static List<String> serverProperties(Path directory, int port, int controllerPort) {
    return List.of(
        "process.roles=broker,controller",
        "node.id=1",
        "controller.quorum.voters=1@127.0.0.1:" + controllerPort,
        "listeners=PLAINTEXT://127.0.0.1:" + port + ",CONTROLLER://127.0.0.1:" + controllerPort,
        "advertised.listeners=PLAINTEXT://127.0.0.1:" + port,
        "controller.listener.names=CONTROLLER",
        "listener.security.protocol.map=CONTROLLER:PLAINTEXT,PLAINTEXT:PLAINTEXT",
        "inter.broker.listener.name=PLAINTEXT",
        "log.dirs=" + directory.resolve("data"),
        "auto.create.topics.enable=false",
        "num.partitions=1",
        "offsets.topic.replication.factor=1",
        "offsets.topic.num.partitions=1",
        "transaction.state.log.replication.factor=1",
        "transaction.state.log.min.isr=1",
        "transaction.state.log.num.partitions=1",
        "share.coordinator.state.topic.replication.factor=1",
        "share.coordinator.state.topic.min.isr=1",
        "group.initial.rebalance.delay.ms=0");
  }
}
