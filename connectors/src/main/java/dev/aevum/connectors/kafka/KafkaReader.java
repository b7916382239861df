package dev.aevum.connectors.kafka;

import dev.aevum.connectors.format.RowAppender;
import dev.aevum.connectors.reader.ChunkBuilder;
import dev.aevum.connectors.reader.QueueingReader;
import dev.aevum.connectors.spi.SourceSpec;
import dev.aevum.model.error.ErrorCode;
import dev.aevum.model.error.SqlException;
import dev.aevum.model.step.Position;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetOutOfRangeException;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.WakeupException;
import org.apache.kafka.common.serialization.ByteBufferDeserializer;
import org.jspecify.annotations.Nullable;

/// Reads all partitions of a topic, without a consumer group: positions are ours. A broker that
/// goes away is waited for (RETRYING); new partitions are read from their start; records that
/// retention removed before they were read are reported as a bad row with their number, then
/// reading goes on with the oldest that is left. By default only committed transactions are read.
final class KafkaReader extends QueueingReader {
  private static final Duration POLL = Duration.ofMillis(100);
  private static final Duration ANSWER = Duration.ofSeconds(3);
  private static final long RETRY_MILLIS = 500;

  private final SourceSpec spec;
  private final KafkaSettings settings;
  private final InstantSource clock;
  private final long refreshMillis;
  private final KafkaPositions handedOver;
  private final Map<Integer, Long> next = new HashMap<>();
  private final @Nullable Map<Integer, Long> until;

  /// The ends of the partitions when the first ones were assigned; null before.
  private @Nullable Map<TopicPartition, Long> present;

  private final RowAppender rows;
  private final KafkaRows decoder;
  private final ChunkBuilder chunks;
  private volatile @Nullable KafkaConsumer<ByteBuffer, ByteBuffer> consumer;
  private volatile Set<Integer> assigned = Set.of();
  private long refreshedAt;
  private long answeredAt;

  private KafkaReader(
      SourceSpec spec,
      KafkaSettings settings,
      int declared,
      KafkaPositions from,
      @Nullable Position until,
      InstantSource clock,
      long refreshMillis) {
    super(spec.name(), spec.allocator());
    this.spec = spec;
    this.settings = settings;
    this.clock = clock;
    this.refreshMillis = refreshMillis;
    this.handedOver = from;
    this.next.putAll(from.offsets());
    this.until = until == null ? null : new TreeMap<>(new KafkaPositions(until).offsets());
    this.rows = new RowAppender(spec, declared);
    this.chunks = new ChunkBuilder(rows);
    this.decoder =
        new KafkaRows(
            settings.format().decoder(rows, spec.schema().fields().subList(0, declared)),
            rows,
            chunks);
  }

  /// A reader whose fetch thread runs. Where a new reader does not begin at the earliest records,
  /// it asks the broker here, so that its position is exact from the first moment.
  static KafkaReader open(
      SourceSpec spec,
      KafkaSettings settings,
      int declared,
      @Nullable Position from,
      @Nullable Position until,
      InstantSource clock,
      long refreshMillis) {
    KafkaPositions positions = new KafkaPositions(from);
    if (from == null && settings.start() != KafkaSettings.Start.EARLIEST) {
      positions.offsets().putAll(startOffsets(settings));
    }
    KafkaReader reader =
        new KafkaReader(spec, settings, declared, positions, until, clock, refreshMillis);
    reader.start();
    return reader;
  }

  private static KafkaConsumer<ByteBuffer, ByteBuffer> consumer(
      KafkaSettings settings, long refreshMillis) {
    Map<String, Object> defaults = new HashMap<>();
    defaults.put("isolation.level", "read_committed");
    defaults.put("max.poll.records", 8192);
    defaults.put("fetch.max.bytes", 16 << 20);
    defaults.put("max.partition.fetch.bytes", 4 << 20);
    defaults.put("reconnect.backoff.max.ms", 1000);
    defaults.put("default.api.timeout.ms", KafkaSettings.TIMEOUT_MILLIS);
    defaults.put("metadata.max.age.ms", refreshMillis);
    Map<String, Object> all = settings.client(defaults);
    all.put("enable.auto.commit", "false");
    all.put("auto.offset.reset", "none");
    all.put("allow.auto.create.topics", "false");
    return new KafkaConsumer<>(all, new ByteBufferDeserializer(), new ByteBufferDeserializer());
  }

  private static Map<Integer, Long> startOffsets(KafkaSettings settings) {
    try (KafkaConsumer<ByteBuffer, ByteBuffer> asking =
        consumer(settings, KafkaSettings.TIMEOUT_MILLIS)) {
      List<TopicPartition> partitions =
          asking.partitionsFor(settings.topic()).stream()
              .map(p -> new TopicPartition(p.topic(), p.partition()))
              .toList();
      Map<TopicPartition, Long> ends = asking.endOffsets(partitions);
      Map<Integer, Long> found = new HashMap<>();
      ends.forEach((partition, offset) -> found.put(partition.partition(), offset));
      if (settings.start() == KafkaSettings.Start.TIMESTAMP) {
        asking
            .offsetsForTimes(
                partitions.stream().collect(Collectors.toMap(p -> p, p -> settings.startMillis())))
            .forEach((partition, at) -> {
              if (at != null) {
                found.put(partition.partition(), at.offset());
              }
            });
      }
      return found;
    } catch (KafkaException e) {
      throw KafkaErrors.translate(e, settings.brokers());
    }
  }

  @Override
  protected void run() throws Exception {
    while (!isClosed() && !reachedEnd()) {
      try (KafkaConsumer<ByteBuffer, ByteBuffer> opened = consumer(settings, refreshMillis)) {
        consumer = opened;
        assigned = Set.of();
        answeredAt = clock.millis();
        consume(opened);
      } catch (WakeupException e) {
        if (!isClosed()) {
          throw e;
        }
      } catch (SqlException e) {
        // The topic is gone: it may come back.
        retrying(e.text());
        idle(RETRY_MILLIS);
      } catch (KafkaException e) {
        SqlException why = KafkaErrors.translate(e, settings.brokers());
        if (!KafkaErrors.isRetriable(e)) {
          throw why;
        }
        retrying(why.text());
        idle(RETRY_MILLIS);
      } finally {
        consumer = null;
      }
    }
  }

  private void consume(KafkaConsumer<ByteBuffer, ByteBuffer> from) throws InterruptedException {
    refresh(from);
    while (!isClosed() && !reachedEnd()) {
      long now = clock.millis();
      if (now - refreshedAt >= refreshMillis) {
        refresh(from);
      }
      try {
        if (isPastPresent(from)) {
          putPresent();
        }
        ConsumerRecords<ByteBuffer, ByteBuffer> records = from.poll(POLL);
        if (records.isEmpty()) {
          quiet(from);
        } else {
          answeredAt = clock.millis();
          retrying(null);
          caughtUp(false);
        }
        for (TopicPartition partition : records.partitions()) {
          if (!take(partition, records.records(partition))) {
            return;
          }
        }
        passGaps(from);
        lag(lagOf(from));
      } catch (OffsetOutOfRangeException e) {
        lost(from, e);
      }
    }
  }

  /// Assigns partitions that are new, and begins each where it stands.
  private void refresh(KafkaConsumer<ByteBuffer, ByteBuffer> from) {
    List<PartitionInfo> known = from.partitionsFor(settings.topic(), ANSWER);
    if (known.isEmpty()) {
      throw KafkaErrors.unknownTopic(settings.topic(), settings.brokers(), List.of());
    }
    Set<Integer> wanted =
        known.stream()
            .map(PartitionInfo::partition)
            .filter(p -> until == null || until.containsKey(p))
            .collect(Collectors.toSet());
    refreshedAt = clock.millis();
    if (wanted.equals(assigned)) {
      return;
    }
    List<TopicPartition> all =
        wanted.stream().map(p -> new TopicPartition(settings.topic(), p)).toList();
    List<TopicPartition> fresh =
        all.stream().filter(p -> !next.containsKey(p.partition())).toList();
    from.beginningOffsets(fresh, ANSWER)
        .forEach((partition, offset) -> next.put(partition.partition(), offset));
    from.assign(all);
    for (TopicPartition partition : all) {
      from.seek(partition, next.getOrDefault(partition.partition(), 0L));
    }
    assigned = wanted;
    if (present == null) {
      present = from.endOffsets(all, ANSWER);
    }
    retrying(null);
  }

  /// Nothing came: is the broker there at all?
  private void quiet(KafkaConsumer<ByteBuffer, ByteBuffer> from) {
    if (clock.millis() - answeredAt < 1000) {
      return;
    }
    try {
      Map<TopicPartition, Long> ends = from.endOffsets(from.assignment(), ANSWER);
      boolean behind = false;
      for (Map.Entry<TopicPartition, Long> end : ends.entrySet()) {
        behind |= from.position(end.getKey(), ANSWER) < end.getValue();
      }
      caughtUp(!behind);
      retrying(null);
      answeredAt = clock.millis();
    } catch (TimeoutException e) {
      retrying(KafkaErrors.unreachable(settings.brokers(), e).text());
    }
  }

  private static long lagOf(KafkaConsumer<ByteBuffer, ByteBuffer> from) {
    long lag = 0;
    for (TopicPartition partition : from.assignment()) {
      lag += from.currentLag(partition).orElse(0);
    }
    return lag;
  }

  /// Decodes records of one partition. False: closed.
  private boolean take(TopicPartition from, List<ConsumerRecord<ByteBuffer, ByteBuffer>> records)
      throws InterruptedException {
    int partition = from.partition();
    long limit = until == null ? Long.MAX_VALUE : until.getOrDefault(partition, 0L);
    for (ConsumerRecord<ByteBuffer, ByteBuffer> record : records) {
      if (record.offset() >= limit) {
        break;
      }
      decoder.decode(record);
      next.put(partition, record.offset() + 1);
      if (chunks.isFull() && !put(chunks.build(partition, partition, record.offset() + 1))) {
        return false;
      }
    }
    return chunks.isEmpty()
        || put(chunks.build(partition, partition, next.getOrDefault(partition, 0L)));
  }

  /// With an end given: offsets that hold no record (marks of transactions) are passed too.
  private void passGaps(KafkaConsumer<ByteBuffer, ByteBuffer> from) throws InterruptedException {
    if (until == null) {
      return;
    }
    for (TopicPartition partition : from.assignment()) {
      int p = partition.partition();
      long limit = until.getOrDefault(p, 0L);
      long reached = Math.min(limit, from.position(partition, ANSWER));
      if (reached > next.getOrDefault(p, 0L)) {
        next.put(p, reached);
        put(chunks.build(p, p, reached));
      }
    }
  }

  private boolean reachedEnd() {
    if (until == null) {
      return false;
    }
    for (Map.Entry<Integer, Long> end : until.entrySet()) {
      if (next.getOrDefault(end.getKey(), 0L) < end.getValue()) {
        return false;
      }
    }
    return true;
  }

  /// Whether the records that were there at the opening have been put. Offsets without a record
  /// (marks of transactions) count as the consumer passes them.
  private boolean isPastPresent(KafkaConsumer<ByteBuffer, ByteBuffer> from) {
    Map<TopicPartition, Long> ends = present;
    if (ends == null) {
      return false;
    }
    for (Map.Entry<TopicPartition, Long> end : ends.entrySet()) {
      if (from.position(end.getKey(), ANSWER) < end.getValue()) {
        return false;
      }
    }
    return true;
  }

  /// Records were removed before they were read.
  private void lost(KafkaConsumer<ByteBuffer, ByteBuffer> from, OffsetOutOfRangeException gone)
      throws InterruptedException {
    Map<TopicPartition, Long> wanted = gone.offsetOutOfRangePartitions();
    Map<TopicPartition, Long> oldest = from.beginningOffsets(wanted.keySet(), ANSWER);
    for (Map.Entry<TopicPartition, Long> one : wanted.entrySet()) {
      int partition = one.getKey().partition();
      long offset = one.getValue();
      long left = oldest.getOrDefault(one.getKey(), offset);
      if (left <= offset) {
        retrying(
            "offset "
                + offset
                + " of partition "
                + partition
                + " is past the end of topic \""
                + settings.topic()
                + "\": was it deleted and created again?");
        idle(RETRY_MILLIS);
        continue;
      }
      chunks.refuse(
          Integer.toString(partition),
          offset,
          new SqlException(
              ErrorCode.DATA_CORRUPTED,
              (left - offset)
                  + " records from offset "
                  + offset
                  + " on were removed by the topic's retention before they were read"),
          new byte[0],
          0,
          0);
      next.put(partition, left);
      from.seek(one.getKey(), left);
      put(chunks.build(partition, partition, left));
    }
  }

  @Override
  protected void wakeFetch() {
    KafkaConsumer<ByteBuffer, ByteBuffer> running = consumer;
    if (running != null) {
      running.wakeup();
    }
  }

  @Override
  protected void advanced(int stream, long end) {
    handedOver.offsets().put(stream, end);
  }

  @Override
  public Position position() {
    return handedOver.encode();
  }

  @Override
  protected void release() {
    rows.close();
  }

  @Override
  public String toString() {
    return "KafkaReader of " + spec.name();
  }

  @Override
  public int partitions() {
    return Math.max(1, assigned.size());
  }
}
