package dev.aevum.connectors.kafka;

import dev.aevum.connectors.format.CsvEncoder;
import dev.aevum.connectors.format.JsonEncoder;
import dev.aevum.connectors.format.RowEncoder;
import dev.aevum.connectors.option.ConnectorErrors;
import dev.aevum.connectors.spi.SinkSpec;
import dev.aevum.connectors.spi.SinkWriter;
import dev.aevum.model.batch.Column;
import dev.aevum.model.batch.DeltaBatch;
import dev.aevum.model.codec.ByteSink;
import dev.aevum.model.error.ErrorCode;
import dev.aevum.model.error.SqlException;
import dev.aevum.model.text.PgText;
import dev.aevum.model.text.TextStyle;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListConsumerGroupOffsetsOptions;
import org.apache.kafka.clients.admin.ListConsumerGroupOffsetsSpec;
import org.apache.kafka.clients.consumer.ConsumerGroupMetadata;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;

/// Writes each step as one transaction, together with the step's number: the offset of partition 0
/// in the group `aevum-sink-ID`, where it can be read again. The transactional id of the same name
/// shuts out whatever is left of an earlier writer, and its unfinished transaction is aborted.
///
/// What a record is:
///
/// | input | key | value |
/// |---|---|---|
/// | append-only, no key | none | the row |
/// | with a key | the key column's text; several: a JSON array | the row; none (a tombstone) for a key that went away |
/// | changing, no key | none | the row with a first field `op`, `insert` or `delete` |
///
/// One thread; it blocks until the broker has answered, at most for [#RETRY_TIMES] tries.
final class KafkaSink implements SinkWriter {
  private static final int RETRY_TIMES = 60;
  private static final long RETRY_MILLIS = 1000;
  private static final Duration CLOSE = Duration.ofSeconds(5);

  private final SinkSpec spec;
  private final KafkaSettings settings;
  private final String id;
  private final RowEncoder encoder;
  private final JsonEncoder keys;
  private final boolean changes;
  private final ByteSink buffer = new ByteSink(1 << 12);
  private final CountDownLatch never = new CountDownLatch(1);
  private @Nullable KafkaProducer<byte[], byte[]> producer;
  private volatile @Nullable String retrying;

  KafkaSink(SinkSpec spec, KafkaSettings settings) {
    this.spec = spec;
    this.settings = settings;
    this.id = id(spec, settings);
    this.encoder =
        settings.format().json()
            ? new JsonEncoder(spec.schema().fields())
            : new CsvEncoder(spec.schema().fields(), settings.format().dialect());
    this.keys = new JsonEncoder(spec.schema().fields());
    this.changes = spec.key().isEmpty() && !spec.appendOnly();
  }

  /// `aevum-sink-ID`: transactional id and group.
  static String id(SinkSpec spec, KafkaSettings settings) {
    return "aevum-sink-" + (settings.sinkId() == null ? spec.objectId() : settings.sinkId());
  }

  private TopicPartition stepHolder() {
    return new TopicPartition(settings.topic(), 0);
  }

  @Override
  public long committedStep() {
    return retrying(() -> {
      open();
      return readStep();
    });
  }

  /// Opens the producer unless it is; fences earlier ones and ends their transaction.
  private KafkaProducer<byte[], byte[]> open() {
    KafkaProducer<byte[], byte[]> opened = producer;
    if (opened == null) {
      Map<String, Object> defaults = new HashMap<>();
      defaults.put("compression.type", "lz4");
      defaults.put("linger.ms", 5);
      defaults.put("batch.size", 1 << 17);
      defaults.put("max.block.ms", 15_000);
      defaults.put("delivery.timeout.ms", 30_000);
      defaults.put("request.timeout.ms", 10_000);
      Map<String, Object> all = settings.client(defaults);
      all.put("transactional.id", id);
      all.put("enable.idempotence", "true");
      all.put("acks", "all");
      opened = new KafkaProducer<>(all, new ByteArraySerializer(), new ByteArraySerializer());
      producer = opened;
      opened.initTransactions();
    }
    return opened;
  }

  private long readStep() throws ExecutionException, InterruptedException {
    try (Admin admin = settings.admin()) {
      OffsetAndMetadata found =
          admin
              .listConsumerGroupOffsets(
                  Map.of(
                      id,
                      new ListConsumerGroupOffsetsSpec().topicPartitions(List.of(stepHolder()))),
                  new ListConsumerGroupOffsetsOptions().requireStable(true))
              .partitionsToOffsetAndMetadata(id)
              .get()
              .get(stepHolder());
      return found == null ? 0 : found.offset();
    }
  }

  @Override
  public void write(long step, List<DeltaBatch> batches) {
    retrying(() -> {
      // After a failure nobody knows whether the transaction went through: ask.
      boolean unsure = producer == null;
      KafkaProducer<byte[], byte[]> to = open();
      if (unsure && readStep() >= step) {
        return step;
      }
      to.beginTransaction();
      batches.forEach(batch -> send(to, batch));
      to.sendOffsetsToTransaction(Map.of(stepHolder(), new OffsetAndMetadata(step)), group());
      to.commitTransaction();
      return step;
    });
  }

  @SuppressWarnings("removal") // the other way is a consumer of our own, only to name a group
  private ConsumerGroupMetadata group() {
    return new ConsumerGroupMetadata(id);
  }

  /// One step's changes.
  private void send(KafkaProducer<byte[], byte[]> to, DeltaBatch batch) {
    Set<ByteBuffer> upserted = new HashSet<>();
    for (int row = 0; row < batch.rows(); row++) {
      long weight = batch.weightAt(row);
      byte[] key = key(batch, row);
      if (key != null && weight < 0) {
        continue;
      }
      if (key != null) {
        upserted.add(ByteBuffer.wrap(key));
      }
      byte[] value = value(batch, row, weight > 0);
      for (long i = Math.abs(weight); i > 0; i--) {
        send(to, key, value);
      }
    }
    if (!spec.key().isEmpty() && !spec.appendOnly()) {
      sendTombstones(to, batch, upserted);
    }
  }

  private void send(
      KafkaProducer<byte[], byte[]> to, byte @Nullable [] key, byte @Nullable [] value) {
    // What goes wrong is thrown by the commit.
    var _ = to.send(new ProducerRecord<>(settings.topic(), key, value));
  }

  /// Keys that went away and did not come back in this step.
  private void sendTombstones(
      KafkaProducer<byte[], byte[]> to, DeltaBatch batch, Set<ByteBuffer> upserted) {
    for (int row = 0; row < batch.rows(); row++) {
      byte[] key = batch.weightAt(row) < 0 ? key(batch, row) : null;
      if (key != null && upserted.add(ByteBuffer.wrap(key))) {
        send(to, key, null);
      }
    }
  }

  private byte @Nullable [] key(DeltaBatch batch, int row) {
    List<Integer> columns = spec.key();
    if (columns.isEmpty()) {
      return null;
    }
    buffer.reset();
    if (columns.size() == 1) {
      Column column = batch.column(columns.getFirst());
      if (!column.isNull(row)) {
        PgText.format(column, row, TextStyle.DEFAULT, buffer);
      }
      return buffer.toBytes();
    }
    for (int i = 0; i < columns.size(); i++) {
      buffer.appendByte(i == 0 ? '[' : ',');
      keys.value(batch.column(columns.get(i)), row, buffer);
    }
    buffer.appendByte(']');
    return buffer.toBytes();
  }

  private byte[] value(DeltaBatch batch, int row, boolean insert) {
    buffer.reset();
    if (changes) {
      encoder.encodeChange(batch, row, insert, buffer);
    } else {
      encoder.encode(batch, row, buffer);
    }
    return buffer.toBytes();
  }

  private interface Work {
    long run() throws ExecutionException, InterruptedException;
  }

  /// Tries again with a new producer after failures that may pass.
  private long retrying(Work work) {
    for (int attempt = 1; ; attempt++) {
      try {
        long result = work.run();
        retrying = null;
        return result;
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new SqlException(ErrorCode.QUERY_CANCELED, "the sink was interrupted");
      } catch (KafkaException | ExecutionException | SqlException e) {
        drop();
        Throwable cause =
            e instanceof ExecutionException && e.getCause() != null ? e.getCause() : e;
        if (KafkaErrors.isFenced(cause)) {
          throw ConnectorErrors.error(
              ErrorCode.OBJECT_IN_USE,
              "another writer has taken over \"" + id + "\"",
              "Two servers write with the same id: give one of the sinks an option sink_id.",
              cause);
        }
        SqlException why = KafkaErrors.translate(cause, settings.brokers());
        if (!KafkaErrors.isRetriable(cause)
            || attempt == RETRY_TIMES
            || why.code() == ErrorCode.INVALID_PARAMETER_VALUE) {
          throw why;
        }
        retrying = why.text();
        pause();
      }
    }
  }

  @Override
  public @Nullable String retrying() {
    return retrying;
  }

  private void pause() {
    try {
      never.await(RETRY_MILLIS, TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void drop() {
    KafkaProducer<byte[], byte[]> old = producer;
    producer = null;
    if (old != null) {
      old.close(Duration.ZERO);
    }
  }

  @Override
  public void close() {
    KafkaProducer<byte[], byte[]> old = producer;
    producer = null;
    if (old != null) {
      old.close(CLOSE);
    }
  }
}
