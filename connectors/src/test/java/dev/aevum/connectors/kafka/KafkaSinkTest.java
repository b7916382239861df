package dev.aevum.connectors.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.aevum.connectors.spi.SinkSpec;
import dev.aevum.connectors.spi.SinkWriter;
import dev.aevum.model.batch.BatchWriter;
import dev.aevum.model.batch.DeltaBatch;
import dev.aevum.model.batch.Field;
import dev.aevum.model.batch.Schema;
import dev.aevum.model.error.SqlException;
import dev.aevum.model.type.SimpleType;
import dev.aevum.testing.kafka.KafkaBroker;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.arrow.memory.RootAllocator;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class KafkaSinkTest {
  private static KafkaBroker broker;
  private final RootAllocator allocator = new RootAllocator();
  private final KafkaConnector connector = new KafkaConnector(InstantSource.system());

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

  private static SinkSpec spec(int id, String topic, List<Integer> key, boolean appendOnly) {
    return new SinkSpec(
        id,
        "s",
        new Schema(
            List.of(
                new Field("id", SimpleType.BIGINT, false),
                new Field("name", SimpleType.TEXT, true))),
        key,
        appendOnly,
        Map.of("topic", topic, "brokers", broker.address(), "format", "json"));
  }

  /// `changes`: weight, id, name ...
  private void write(SinkWriter writer, long step, Object... changes) {
    try (DeltaBatch batch = batch(changes)) {
      writer.write(step, List.of(batch));
    }
  }

  private DeltaBatch batch(Object... changes) {
    try (BatchWriter rows =
        new BatchWriter(allocator, List.of(SimpleType.BIGINT, SimpleType.TEXT), true, 8)) {
      for (int i = 0; i < changes.length; i += 3) {
        rows.column(0).appendLong((Integer) changes[i + 1]);
        rows.column(1).appendText((String) changes[i + 2]);
        rows.endRow((Integer) changes[i]);
      }
      return rows.finish();
    }
  }

  private static List<String> committed(String topic) {
    List<String> found = new ArrayList<>();
    try (KafkaConsumer<String, String> consumer =
        new KafkaConsumer<>(
            Map.of(
                "bootstrap.servers",
                broker.address(),
                "isolation.level",
                "read_committed",
                "auto.offset.reset",
                "earliest"),
            new StringDeserializer(),
            new StringDeserializer())) {
      TopicPartition partition = new TopicPartition(topic, 0);
      consumer.assign(List.of(partition));
      long end = consumer.endOffsets(List.of(partition)).get(partition);
      while (consumer.position(partition) < end) {
        for (ConsumerRecord<String, String> r : consumer.poll(Duration.ofMillis(200))) {
          found.add(r.key() + "=" + r.value());
        }
      }
    }
    return found;
  }

  @Test
  void continuesAfterACrashWithinATransaction() {
    SinkSpec spec = spec(11, "eos", List.of(), true);
    connector.validateSink(spec);
    try (SinkWriter writer = connector.openSink(spec)) {
      assertThat(writer.committedStep()).isZero();
      write(writer, 3, 1, 1, "a", 2, 2, "b");
      write(writer, 4, 1, 3, "c");
    }
    // A writer that dies half-way through step 5.
    KafkaProducer<byte[], byte[]> dying =
        new KafkaProducer<>(
            Map.of("bootstrap.servers", broker.address(), "transactional.id", "aevum-sink-11"),
            new ByteArraySerializer(),
            new ByteArraySerializer());
    dying.initTransactions();
    dying.beginTransaction();
    dying.send(new ProducerRecord<>("eos", "half".getBytes(StandardCharsets.UTF_8)));
    dying.flush();
    try (SinkWriter writer = connector.openSink(spec)) {
      assertThat(writer.committedStep()).isEqualTo(4);
      write(writer, 5, 1, 4, "d");
    }
    dying.close(Duration.ZERO);
    assertThat(committed("eos"))
        .containsExactly(
            "null={\"id\":1,\"name\":\"a\"}",
            "null={\"id\":2,\"name\":\"b\"}",
            "null={\"id\":2,\"name\":\"b\"}",
            "null={\"id\":3,\"name\":\"c\"}",
            "null={\"id\":4,\"name\":\"d\"}");
    // A new sink of that id starts from nothing.
    connector.validateSink(spec);
    try (SinkWriter writer = connector.openSink(spec)) {
      assertThat(writer.committedStep()).isZero();
    }
  }

  @Test
  void keyedChangesAreUpsertsAndTombstones() {
    SinkSpec spec = spec(12, "keyed", List.of(0), false);
    connector.validateSink(spec);
    try (SinkWriter writer = connector.openSink(spec)) {
      assertThat(writer.committedStep()).isZero();
      write(writer, 1, 1, 1, "a", 1, 2, "b");
      write(writer, 2, 1, 1, "A", -1, 1, "a", -1, 2, "b");
    }
    assertThat(committed("keyed"))
        .containsExactly(
            "1={\"id\":1,\"name\":\"a\"}",
            "2={\"id\":2,\"name\":\"b\"}",
            "1={\"id\":1,\"name\":\"A\"}",
            "2=null");
  }

  @Test
  void severalStepsInOneCallAreOneTransactionInOrder() {
    SinkSpec spec = spec(14, "several", List.of(0), false);
    connector.validateSink(spec);
    try (SinkWriter writer = connector.openSink(spec);
        DeltaBatch first = batch(1, 1, "a", 1, 2, "b");
        DeltaBatch second = batch(-1, 1, "a", -1, 2, "b");
        DeltaBatch third = batch(1, 1, "again")) {
      assertThat(writer.committedStep()).isZero();
      writer.write(9, List.of(first, second, third));
    }
    assertThat(committed("several"))
        .containsExactly(
            "1={\"id\":1,\"name\":\"a\"}",
            "2={\"id\":2,\"name\":\"b\"}",
            "1=null",
            "2=null",
            "1={\"id\":1,\"name\":\"again\"}");
    try (SinkWriter writer = connector.openSink(spec)) {
      assertThat(writer.committedStep()).isEqualTo(9);
    }
  }

  @Test
  void changesWithoutKeySayWhatHappened() {
    SinkSpec spec = spec(13, "changes", List.of(), false);
    connector.validateSink(spec);
    try (SinkWriter writer = connector.openSink(spec)) {
      assertThat(writer.committedStep()).isZero();
      write(writer, 1, 1, 1, "a");
      write(writer, 2, -1, 1, "a", 1, 1, "b");
    }
    assertThat(committed("changes"))
        .containsExactly(
            "null={\"op\":\"insert\",\"id\":1,\"name\":\"a\"}",
            "null={\"op\":\"delete\",\"id\":1,\"name\":\"a\"}",
            "null={\"op\":\"insert\",\"id\":1,\"name\":\"b\"}");
  }

  @Test
  void anEarlierWriterIsShutOut() {
    SinkSpec spec = spec(14, "fence", List.of(), true);
    connector.validateSink(spec);
    try (SinkWriter old = connector.openSink(spec);
        SinkWriter current = connector.openSink(spec)) {
      assertThat(old.committedStep()).isZero();
      write(old, 1, 1, 1, "a");
      assertThat(current.committedStep()).isEqualTo(1);
      assertThatThrownBy(() -> write(old, 2, 1, 2, "zombie"))
          .isInstanceOfSatisfying(
              SqlException.class, e -> assertThat(e.sqlState()).isEqualTo("55006"));
      write(current, 2, 1, 2, "b");
    }
    assertThat(committed("fence"))
        .containsExactly("null={\"id\":1,\"name\":\"a\"}", "null={\"id\":2,\"name\":\"b\"}");
  }

  @Test
  void waitsForABrokerThatRestarts() {
    SinkSpec spec = spec(15, "outage", List.of(), true);
    connector.validateSink(spec);
    try (SinkWriter writer = connector.openSink(spec)) {
      assertThat(writer.committedStep()).isZero();
      write(writer, 1, 1, 1, "a");
      broker.kill();
      Thread back = Thread.ofPlatform().start(broker::restart);
      write(writer, 2, 1, 2, "b");
      join(back);
      assertThat(writer.committedStep()).isEqualTo(2);
    }
    assertThat(committed("outage"))
        .containsExactly("null={\"id\":1,\"name\":\"a\"}", "null={\"id\":2,\"name\":\"b\"}");
  }

  private static void join(Thread thread) {
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
