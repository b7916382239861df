package dev.aevum.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.aevum.testing.kafka.KafkaBroker;
import java.nio.file.Path;
import java.sql.Connection;
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
        try (ServerProcess server = ServerProcess.start(folder.resolve("data"))) {
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

  private static void define(ServerProcess server, String brokers) throws SQLException {
    String kafka = "connector = 'kafka', brokers = '" + brokers + "'";
    server.run(
        "CREATE STREAM events (k BIGINT, v BIGINT) WITH ("
            + kafka
            + ", topic = 'events', format = 'json', start = 'earliest')",
        "CREATE TABLE ledger (id BIGINT PRIMARY KEY, g BIGINT)",
        "CREATE MATERIALIZED VIEW totals AS SELECT k, count(*) AS n, sum(v)::bigint AS s FROM events GROUP BY k",
        "CREATE MATERIALIZED VIEW groups AS SELECT g, count(*) AS n FROM ledger GROUP BY g",
        "CREATE SINK out FROM totals WITH (" + kafka + ", topic = 'totals', format = 'json')",
        "CREATE SINK entries FROM ledger WITH (" + kafka + ", topic = 'entries', format = 'json')");
  }

  private static void compare(
      ServerProcess server, Feeder feeder, List<Long> acknowledged, String brokers)
      throws SQLException {
    Map<Long, List<Long>> wanted = feeder.totals();
    Map<Long, List<Long>> view = Map.of();
    long deadline = System.nanoTime() + Duration.ofSeconds(60).toNanos();
    while (System.nanoTime() < deadline && !view.equals(wanted)) {
      view = totals(server);
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
    List<Long> entries = List.of();
    while (System.nanoTime() < deadline && entries.size() < ids.size()) {
      entries = Sunk.keys(brokers, "entries");
    }
    assertThat(entries.stream().sorted().toList()).as("each row once").isEqualTo(ids);
  }

  private static Map<Long, List<Long>> totals(ServerProcess server) throws SQLException {
    Map<Long, List<Long>> totals = new TreeMap<>();
    try (Connection connection = server.connect();
        Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery("SELECT k, n, s FROM totals")) {
      while (rows.next()) {
        totals.put(rows.getLong(1), List.of(rows.getLong(2), rows.getLong(3)));
      }
    }
    return totals;
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
      Map<Long, List<Long>> last = new TreeMap<>();
      for (String value : values(brokers, "totals")) {
        last.put(number(value, "k"), List.of(number(value, "n"), number(value, "s")));
      }
      return last;
    }

    /// The ids of all rows of the topic.
    static List<Long> keys(String brokers, String topic) {
      return values(brokers, topic).stream().map(value -> number(value, "id")).toList();
    }

    private static List<String> values(String brokers, String topic) {
      Properties properties = new Properties();
      properties.put("bootstrap.servers", brokers);
      properties.put("isolation.level", "read_committed");
      properties.put("auto.offset.reset", "earliest");
      List<String> values = new ArrayList<>();
      try (KafkaConsumer<String, String> consumer =
          new KafkaConsumer<>(properties, new StringDeserializer(), new StringDeserializer())) {
        List<TopicPartition> all =
            consumer.partitionsFor(topic).stream()
                .map(p -> new TopicPartition(p.topic(), p.partition()))
                .toList();
        consumer.assign(all);
        consumer.seekToBeginning(all);
        Map<TopicPartition, Long> ends = consumer.endOffsets(all);
        while (all.stream().anyMatch(p -> consumer.position(p) < ends.get(p))) {
          for (ConsumerRecord<String, String> record : consumer.poll(Duration.ofMillis(200))) {
            if (record.value() != null) {
              values.add(record.value());
            }
          }
        }
      }
      return values;
    }

    private static long number(String json, String field) {
      String rest = json.substring(json.indexOf("\"" + field + "\":") + field.length() + 3);
      return Long.parseLong(rest.replaceAll("^\\s*\"?(-?\\d+).*$", "$1"));
    }
  }
}
