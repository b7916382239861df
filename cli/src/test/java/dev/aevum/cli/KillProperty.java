package dev.aevum.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.aevum.testing.kafka.KafkaBroker;
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
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The real process with a real broker, killed again and again: a view over Kafka, a table fed by
/// INSERT and an exactly-once Kafka sink are in the end what they would be without a kill.
class KillProperty {
  private static final int KILLS = 4;

  @TempDir private Path folder;

  @Test
  void nothingIsLostOrCountedTwice() throws Exception {
    long seed = Long.getLong("aevum.seed", 7L);
    Random random = new Random(seed);
    try (KafkaBroker broker = KafkaBroker.start();
        Feeder feeder = new Feeder(broker.address())) {
      feeder.start();
      List<Long> acknowledged = new ArrayList<>();
      long next = 1;
      for (int round = 0; round <= KILLS; round++) {
        try (Server server = Server.start(folder.resolve("data"))) {
          if (round == 0) {
            define(server, broker.address());
          }
          long until = System.nanoTime() + (1500L + random.nextInt(1500)) * 1_000_000L;
          try (Connection connection = server.connect();
              Statement statement = connection.createStatement()) {
            while (System.nanoTime() < until) {
              statement.executeUpdate(
                  "INSERT INTO ledger VALUES (" + next + ", " + next % 10 + ")");
              acknowledged.add(next);
              next++;
            }
          }
          if (round == KILLS) {
            feeder.stopFeeding();
            compare(server, feeder, acknowledged, broker.address());
          } else {
            server.kill();
          }
        }
        next++;
      }
    }
  }

  private static void define(Server server, String brokers) throws SQLException {
    String kafka = "connector = 'kafka', brokers = '" + brokers + "'";
    server.run(
        "CREATE STREAM events (k BIGINT, v BIGINT) WITH ("
            + kafka
            + ", topic = 'events', format = 'json', start = 'earliest')",
        "CREATE TABLE ledger (id BIGINT PRIMARY KEY, g BIGINT)",
        "CREATE MATERIALIZED VIEW totals AS SELECT k, count(*) AS n, sum(v)::bigint AS s FROM events GROUP BY k",
        "CREATE MATERIALIZED VIEW groups AS SELECT g, count(*) AS n FROM ledger GROUP BY g",
        "CREATE SINK out FROM totals WITH (" + kafka + ", topic = 'totals', format = 'json')");
  }

  private static void compare(Server server, Feeder feeder, List<Long> acknowledged, String brokers)
      throws SQLException {
    Map<Long, List<Long>> wanted = feeder.totals();
    Map<Long, List<Long>> view = Map.of();
    long deadline = System.nanoTime() + Duration.ofSeconds(60).toNanos();
    while (System.nanoTime() < deadline && !view.equals(wanted)) {
      view = server.totals();
    }
    assertThat(view).as("view over Kafka").isEqualTo(wanted);
    List<Long> ids = server.longs("SELECT id FROM ledger ORDER BY id");
    assertThat(ids).as("acknowledged rows").containsAll(acknowledged).doesNotHaveDuplicates();
    assertThat(server.longs("SELECT sum(n)::bigint FROM groups"))
        .containsExactly((long) ids.size());
    Map<Long, List<Long>> sunk = Map.of();
    while (System.nanoTime() < deadline && !sunk.equals(wanted)) {
      sunk = Sunk.read(brokers);
    }
    assertThat(sunk).as("Kafka sink").isEqualTo(wanted);
  }

  /// The server as a process of its own.
  private static final class Server implements AutoCloseable {
    private final Process process;
    private final String url;

    private Server(Process process, String url) {
      this.process = process;
      this.url = url;
    }

    static Server start(Path data) throws IOException {
      Path root = Path.of(System.getProperty("aevum.root"));
      Process process =
          new ProcessBuilder(
                  Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                  "@" + root.resolve("jvm.flags"),
                  "-Xmx512m",
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
                  "1GB",
                  "--log-level",
                  "warn")
              .redirectError(ProcessBuilder.Redirect.INHERIT)
              .start();
      BufferedReader out =
          new BufferedReader(
              new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
      String line = out.readLine();
      assertThat(line).as("first line of the server").startsWith("ready sql=");
      String address = line.substring("ready sql=".length(), line.indexOf(" http="));
      return new Server(process, "jdbc:postgresql://" + address + "/aevum?user=aevum");
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

    Map<Long, List<Long>> totals() throws SQLException {
      Map<Long, List<Long>> totals = new TreeMap<>();
      try (Connection connection = connect();
          Statement statement = connection.createStatement();
          ResultSet rows = statement.executeQuery("SELECT k, n, s FROM totals")) {
        while (rows.next()) {
          totals.put(rows.getLong(1), List.of(rows.getLong(2), rows.getLong(3)));
        }
      }
      return totals;
    }

    void kill() {
      process.destroyForcibly().onExit().join();
    }

    @Override
    public void close() {
      process.destroy();
      process.onExit().join();
    }
  }

  /// Sends events all the time and remembers what it sent.
  private static final class Feeder implements AutoCloseable {
    private final KafkaProducer<String, String> producer;
    private final AtomicBoolean stopping = new AtomicBoolean();
    private final Map<Long, List<Long>> totals = new TreeMap<>();
    private final Thread thread = Thread.ofPlatform().name("feeder").unstarted(this::feed);

    Feeder(String brokers) {
      Properties properties = new Properties();
      properties.put("bootstrap.servers", brokers);
      try (Admin admin = Admin.create(properties)) {
        admin
            .createTopics(List.of(new NewTopic("events", 3, (short) 1)))
            .all()
            .toCompletionStage()
            .toCompletableFuture()
            .join();
      }
      properties.put("enable.idempotence", "true");
      producer = new KafkaProducer<>(properties, new StringSerializer(), new StringSerializer());
    }

    void start() {
      send(0);
      producer.flush();
      thread.start();
    }

    private void feed() {
      for (long i = 1; !stopping.get(); i++) {
        send(i);
        if (i % 200 == 0) {
          producer.flush();
        }
      }
    }

    private void send(long i) {
      long key = i % 13;
      producer.send(
          new ProducerRecord<>(
              "events", Long.toString(key), "{\"k\": " + key + ", \"v\": " + i + "}"));
      totals.merge(
          key, List.of(1L, i), (a, b) -> List.of(a.get(0) + b.get(0), a.get(1) + b.get(1)));
    }

    void stopFeeding() {
      stopping.set(true);
      try {
        thread.join();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
      producer.flush();
    }

    Map<Long, List<Long>> totals() {
      return totals;
    }

    @Override
    public void close() {
      stopFeeding();
      producer.close();
    }
  }

  /// What the sink's topic says in the end: the last committed value of each key.
  private static final class Sunk {
    private Sunk() {}

    static Map<Long, List<Long>> read(String brokers) {
      Properties properties = new Properties();
      properties.put("bootstrap.servers", brokers);
      properties.put("isolation.level", "read_committed");
      properties.put("auto.offset.reset", "earliest");
      Map<Long, List<Long>> last = new TreeMap<>();
      try (KafkaConsumer<String, String> consumer =
          new KafkaConsumer<>(properties, new StringDeserializer(), new StringDeserializer())) {
        List<TopicPartition> all =
            consumer.partitionsFor("totals").stream()
                .map(p -> new TopicPartition(p.topic(), p.partition()))
                .toList();
        consumer.assign(all);
        consumer.seekToBeginning(all);
        Map<TopicPartition, Long> ends = consumer.endOffsets(all);
        while (all.stream().anyMatch(p -> consumer.position(p) < ends.get(p))) {
          for (ConsumerRecord<String, String> record : consumer.poll(Duration.ofMillis(200))) {
            if (record.value() != null) {
              long key = number(record.value(), "k");
              last.put(key, List.of(number(record.value(), "n"), number(record.value(), "s")));
            }
          }
        }
      }
      return last;
    }

    private static long number(String json, String field) {
      String rest = json.substring(json.indexOf("\"" + field + "\":") + field.length() + 3);
      return Long.parseLong(rest.replaceAll("^\\s*\"?(-?\\d+).*$", "$1"));
    }
  }
}
