package dev.aevum.connectors.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.aevum.connectors.spi.SourceReader;
import dev.aevum.connectors.spi.SourceReader.Polled;
import dev.aevum.connectors.spi.SourceReader.Status;
import dev.aevum.connectors.spi.SourceSpec;
import dev.aevum.model.batch.Column;
import dev.aevum.model.batch.DeltaBatch;
import dev.aevum.model.batch.Field;
import dev.aevum.model.batch.Schema;
import dev.aevum.model.error.SqlException;
import dev.aevum.model.step.Budget;
import dev.aevum.model.step.Position;
import dev.aevum.model.text.PgText;
import dev.aevum.model.text.TextStyle;
import dev.aevum.model.type.SimpleType;
import dev.aevum.testing.kafka.KafkaBroker;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import org.apache.arrow.memory.RootAllocator;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewPartitions;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class KafkaConnectorTest {
  private static KafkaBroker broker;
  private final RootAllocator allocator = new RootAllocator();
  private final KafkaConnector connector = new KafkaConnector(InstantSource.system(), 200);
  private final List<String> rows = new ArrayList<>();
  private final List<String> errors = new ArrayList<>();

  @BeforeAll
  static void startBroker() {
    broker = KafkaBroker.start();
  }

  @AfterAll
  static void stopBroker() {
    broker.close();
  }

  @AfterEach
  void nothingIsLeft() {
    assertThat(allocator.getAllocatedMemory()).isZero();
    allocator.close();
  }

  private static Admin admin() {
    return Admin.create(Map.of("bootstrap.servers", broker.address()));
  }

  private static void createTopic(String name, int partitions) throws Exception {
    try (Admin admin = admin()) {
      admin
          .createTopics(List.of(new NewTopic(name, Optional.of(partitions), Optional.empty())))
          .all()
          .get();
    }
  }

  private static KafkaProducer<byte[], byte[]> producer(Map<String, Object> more) {
    Map<String, Object> all = new HashMap<>(more);
    all.put("bootstrap.servers", broker.address());
    return new KafkaProducer<>(all, new ByteArraySerializer(), new ByteArraySerializer());
  }

  private static ProducerRecord<byte[], byte[]> record(
      String topic, int partition, String key, String value) {
    return new ProducerRecord<>(
        topic,
        partition,
        1_000L,
        key == null ? null : key.getBytes(StandardCharsets.UTF_8),
        value == null ? null : value.getBytes(StandardCharsets.UTF_8));
  }

  private static void send(String topic, int partition, int from, int to) {
    try (KafkaProducer<byte[], byte[]> producer = producer(Map.of())) {
      for (int i = from; i < to; i++) {
        producer.send(record(topic, partition, null, "{\"id\":" + i + "}"));
      }
    }
  }

  private SourceSpec spec(String topic, String... options) {
    Map<String, String> map = new HashMap<>(Map.of("topic", topic, "format", "json"));
    map.put("brokers", broker.address());
    for (int i = 0; i < options.length; i += 2) {
      map.put(options[i], options[i + 1]);
    }
    List<Field> fields = new ArrayList<>();
    fields.add(new Field("id", SimpleType.BIGINT, false));
    fields.addAll(connector.hiddenColumns(map));
    return new SourceSpec(
        1,
        "t",
        new Schema(fields),
        map,
        List.of(true, false, false, false, false, false),
        Collections.nCopies(fields.size(), true),
        allocator);
  }

  private void until(SourceReader reader, BooleanSupplier enough) {
    while (!enough.getAsBoolean()) {
      Polled polled = reader.poll(new Budget(5000, 1 << 20));
      if (polled == null) {
        Status status = reader.status();
        assertThat(status.state())
            .as(String.valueOf(status.reason()))
            .isNotEqualTo(Status.State.FAILED);
        assertThat(Thread.currentThread().isInterrupted())
            .as("out of time: " + rows.size() + " rows, " + status)
            .isFalse();
        Thread.onSpinWait();
        continue;
      }
      try (DeltaBatch batch = polled.batch()) {
        for (int row = 0; row < batch.rows(); row++) {
          List<String> cells = new ArrayList<>();
          for (Column c : batch.columns()) {
            cells.add(c.isNull(row) ? "~" : PgText.text(c, row, TextStyle.DEFAULT));
          }
          rows.add(String.join("|", cells));
        }
      }
      polled
          .errors()
          .forEach(e -> errors.add(e.partition() + ":" + e.offset() + " " + e.sqlState()));
    }
  }

  private List<Long> ids() {
    return rows.stream().map(r -> Long.valueOf(r.substring(0, r.indexOf('|')))).sorted().toList();
  }

  private static List<Long> numbers(int from, int to) {
    return java.util.stream.LongStream.range(from, to).boxed().toList();
  }

  @Test
  void readsRowsWithTheirHiddenColumnsAndBadOnesAside() throws Exception {
    createTopic("hidden", 1);
    try (KafkaProducer<byte[], byte[]> producer = producer(Map.of())) {
      ProducerRecord<byte[], byte[]> first = record("hidden", 0, "k", "{\"id\":1}");
      first.headers().add("h\"1", "v".getBytes(StandardCharsets.UTF_8)).add("h2", null);
      producer.send(first);
      producer.send(record("hidden", 0, null, "nonsense"));
      producer.send(record("hidden", 0, "k", null));
      producer.send(record("hidden", 0, null, "{\"x\":1}"));
      producer.send(record("hidden", 0, null, "{\"id\":2}"));
    }
    SourceSpec spec = spec("hidden");
    connector.validateSource(spec);
    try (SourceReader reader = connector.openSource(spec, null, null)) {
      until(reader, () -> rows.size() == 2);
      assertThat(reader.position()).isEqualTo(new Position("0:5"));
      assertThat(reader.status().badRows()).isEqualTo(3);
    }
    assertThat(rows)
        .containsExactly(
            "1|1970-01-01 00:00:01+00|0|0|\\x6b|{\"h\\\"1\":\"v\",\"h2\":null}",
            "2|1970-01-01 00:00:01+00|0|4|~|~");
    assertThat(errors).containsExactly("0:1 22P02", "0:2 22004", "0:3 23502");
  }

  @Test
  void allPartitionsFromAnyPositionAndNewOnesToo() throws Exception {
    createTopic("many", 3);
    for (int p = 0; p < 3; p++) {
      send("many", p, p * 3000, p * 3000 + 3000);
    }
    SourceSpec spec = spec("many");
    Position middle;
    try (SourceReader reader = connector.openSource(spec, null, null)) {
      until(reader, () -> rows.size() >= 4000);
      assertThat(reader.gavePresent()).as("of 9000").isFalse();
      middle = reader.position();
    }
    List<Long> before = ids();
    rows.clear();
    try (SourceReader reader = connector.openSource(spec, null, middle)) {
      until(reader, reader::finished);
      assertThat(reader.position()).isEqualTo(middle);
    }
    assertThat(ids()).isEqualTo(before);
    try (SourceReader reader = connector.openSource(spec, middle, null)) {
      until(reader, () -> rows.size() >= 9000);
      assertThat(ids()).isEqualTo(numbers(0, 9000));
      try (Admin admin = admin()) {
        admin.createPartitions(Map.of("many", NewPartitions.increaseTo(4))).all().get();
      }
      send("many", 3, 9000, 9100);
      until(reader, () -> rows.size() >= 9100);
      assertThat(ids()).isEqualTo(numbers(0, 9100));
    }
  }

  @Test
  void startsAtTheLatestOrAtATime() throws Exception {
    createTopic("late", 2);
    send("late", 0, 0, 10);
    try (SourceReader latest = connector.openSource(spec("late", "start", "latest"), null, null);
        SourceReader timed =
            connector.openSource(spec("late", "start", "1970-01-01 00:00:02+00"), null, null)) {
      assertThat(latest.position()).isEqualTo(new Position("0:10,1:0"));
      assertThat(timed.position()).isEqualTo(new Position("0:10,1:0"));
      send("late", 1, 10, 12);
      until(latest, () -> rows.size() == 2);
      assertThat(ids()).isEqualTo(numbers(10, 12));
    }
    rows.clear();
    try (SourceReader timed =
        connector.openSource(spec("late", "start", "1970-01-01 00:00:01+00"), null, null)) {
      until(timed, () -> rows.size() == 12);
    }
  }

  @Test
  void onlyCommittedTransactionsAreRead() throws Exception {
    createTopic("tx", 1);
    try (KafkaProducer<byte[], byte[]> producer = producer(Map.of("transactional.id", "test-tx"))) {
      producer.initTransactions();
      producer.beginTransaction();
      producer.send(record("tx", 0, null, "{\"id\":1}"));
      producer.commitTransaction();
      producer.beginTransaction();
      producer.send(record("tx", 0, null, "{\"id\":666}"));
      producer.flush();
      producer.abortTransaction();
      producer.beginTransaction();
      producer.send(record("tx", 0, null, "{\"id\":2}"));
      producer.commitTransaction();
    }
    Position end;
    try (SourceReader reader = connector.openSource(spec("tx"), null, null)) {
      until(reader, reader::gavePresent);
      end = reader.position();
    }
    assertThat(ids()).containsExactly(1L, 2L);
    // An end among the marks of transactions, which are no records, is reached too.
    try (SourceReader reader = connector.openSource(spec("tx"), end, new Position("0:6"))) {
      until(reader, reader::finished);
      assertThat(reader.position()).isEqualTo(new Position("0:6"));
    }
  }

  @Test
  void survivesTheBrokersDeathAndShowsIt() throws Exception {
    createTopic("restart", 1);
    send("restart", 0, 0, 100);
    try (SourceReader reader = connector.openSource(spec("restart"), null, null)) {
      until(reader, () -> rows.size() == 100);
      broker.kill();
      until(reader, () -> reader.status().state() == Status.State.RETRYING);
      assertThat(reader.status().reason())
          .contains("could not connect to Kafka at " + broker.address());
      assertThatThrownBy(() -> connector.validateSource(spec("restart")))
          .isInstanceOfSatisfying(
              SqlException.class,
              e -> {
                assertThat(e.sqlState()).isEqualTo("08006");
                assertThat(e.hint()).contains("brokers");
              });
      broker.restart();
      send("restart", 0, 100, 200);
      until(reader, () -> rows.size() == 200);
      assertThat(ids()).isEqualTo(numbers(0, 200));
      until(reader, () -> reader.status().state() == Status.State.IDLE);
    }
  }

  @Test
  void recordsThatRetentionTookAreReported() throws Exception {
    createTopic("gone", 1);
    send("gone", 0, 0, 50);
    try (Admin admin = admin()) {
      admin
          .deleteRecords(Map.of(new TopicPartition("gone", 0), RecordsToDelete.beforeOffset(30)))
          .all()
          .get();
    }
    try (SourceReader reader = connector.openSource(spec("gone"), new Position("0:10"), null)) {
      until(reader, () -> rows.size() == 20);
      assertThat(ids()).isEqualTo(numbers(30, 50));
    }
    assertThat(errors).containsExactly("0:10 XX001");
    // Past the end: visible, and not taken for the end of the data.
    try (SourceReader reader = connector.openSource(spec("gone"), new Position("0:1000"), null)) {
      until(reader, () -> reader.status().state() == Status.State.RETRYING);
      assertThat(reader.status().reason()).contains("past the end of topic \"gone\"");
    }
  }

  @Test
  void wrongTopicsAndOptionsAreErrorsAtCreate() throws Exception {
    createTopic("orders", 1);
    assertThatThrownBy(() -> connector.validateSource(spec("order")))
        .isInstanceOfSatisfying(
            SqlException.class,
            e -> {
              assertThat(e.sqlState()).isEqualTo("42704");
              assertThat(e.text())
                  .contains("topic \"order\" does not exist on " + broker.address());
              assertThat(e.hint()).isEqualTo("Did you mean \"orders\"?");
            });
    assertThatThrownBy(() -> connector.validateSource(spec("orders", "strat", "latest")))
        .isInstanceOfSatisfying(
            SqlException.class, e -> assertThat(e.hint()).isEqualTo("Did you mean \"start\"?"));
    assertThatThrownBy(() -> connector.validateSource(spec("orders", "start", "soon")))
        .isInstanceOfSatisfying(
            SqlException.class, e -> assertThat(e.sqlState()).isEqualTo("22023"));
    assertThatThrownBy(
            () -> connector.validateSource(spec("orders", "properties.request.timeout.ms", "x")))
        .isInstanceOfSatisfying(
            SqlException.class, e -> assertThat(e.sqlState()).isEqualTo("22023"));
  }
}
