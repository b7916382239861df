package dev.aevum.connectors.kafka;

import dev.aevum.connectors.format.RowFormat;
import dev.aevum.connectors.option.ConnectorErrors;
import dev.aevum.connectors.spi.Connector;
import dev.aevum.connectors.spi.OptionDefinition;
import dev.aevum.connectors.spi.SinkSpec;
import dev.aevum.connectors.spi.SinkWriter;
import dev.aevum.connectors.spi.SourceReader;
import dev.aevum.connectors.spi.SourceSpec;
import dev.aevum.model.batch.Field;
import dev.aevum.model.error.ErrorCode;
import dev.aevum.model.error.SqlException;
import dev.aevum.model.step.Position;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.errors.GroupIdNotFoundException;
import org.apache.kafka.common.errors.InvalidTopicException;
import org.apache.kafka.common.errors.TopicExistsException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.jspecify.annotations.Nullable;

/// `connector = 'kafka'`.
public final class KafkaConnector implements Connector {
  private static final long REFRESH_MILLIS = 10_000;

  private final InstantSource clock;
  private final long refreshMillis;

  public KafkaConnector(InstantSource clock) {
    this(clock, REFRESH_MILLIS);
  }

  /// `refreshMillis`: how often to look for new partitions.
  KafkaConnector(InstantSource clock, long refreshMillis) {
    this.clock = clock;
    this.refreshMillis = refreshMillis;
  }

  @Override
  public String name() {
    return "kafka";
  }

  @Override
  public List<OptionDefinition> options() {
    return KafkaSettings.OPTIONS;
  }

  @Override
  public List<Field> hiddenColumns(Map<String, String> options) {
    return KafkaRows.HIDDEN;
  }

  private static List<Field> declared(SourceSpec spec) {
    return spec.schema().fields().subList(0, spec.schema().size() - KafkaRows.HIDDEN.size());
  }

  @Override
  public void validateSource(SourceSpec spec) {
    KafkaSettings settings = KafkaSettings.of(spec.options());
    RowFormat.check(declared(spec));
    refuse(spec.options(), "sink_id", "sinks");
    try (Admin admin = settings.admin()) {
      if (!exists(admin, settings)) {
        throw KafkaErrors.unknownTopic(
            settings.topic(), settings.brokers(), admin.listTopics().names().get());
      }
    } catch (ExecutionException e) {
      throw KafkaErrors.translate(e, settings.brokers());
    } catch (InterruptedException e) {
      throw interrupted();
    }
  }

  private static void refuse(Map<String, String> options, String name, String kind) {
    if (options.containsKey(name)) {
      throw ConnectorErrors.error(
          ErrorCode.INVALID_PARAMETER_VALUE, "option \"" + name + "\" is for " + kind, null);
    }
  }

  private static boolean exists(Admin admin, KafkaSettings settings)
      throws ExecutionException, InterruptedException {
    try {
      return admin
          .describeTopics(List.of(settings.topic()))
          .allTopicNames()
          .get()
          .containsKey(settings.topic());
    } catch (ExecutionException e) {
      if (e.getCause() instanceof UnknownTopicOrPartitionException
          || e.getCause() instanceof InvalidTopicException) {
        return false;
      }
      throw e;
    }
  }

  private static SqlException interrupted() {
    Thread.currentThread().interrupt();
    return new SqlException(ErrorCode.QUERY_CANCELED, "canceling statement due to user request");
  }

  @Override
  public SourceReader openSource(
      SourceSpec spec, @Nullable Position from, @Nullable Position until) {
    KafkaSettings settings = KafkaSettings.of(spec.options());
    return KafkaReader.open(
        spec, settings, declared(spec).size(), from, until, clock, refreshMillis);
  }

  @Override
  public boolean replayable(Map<String, String> options) {
    return true;
  }

  /// A topic that does not exist is created with the broker's defaults. What an earlier sink of the
  /// same id left behind in its group is forgotten.
  @Override
  public void validateSink(SinkSpec spec) {
    KafkaSettings settings = KafkaSettings.of(spec.options());
    refuse(spec.options(), "start", "sources");
    refuse(spec.options(), "idle_after", "sources");
    if (spec.key().isEmpty() && !spec.appendOnly() && spec.schema().indexOf("op") >= 0) {
      throw ConnectorErrors.error(
          ErrorCode.DUPLICATE_COLUMN,
          "column \"op\" of sink \"" + spec.name() + "\" is also the field of the changelog",
          "Rename the column in the sink's query.");
    }
    try (Admin admin = settings.admin()) {
      if (!exists(admin, settings)) {
        create(admin, settings);
      }
      forget(admin, KafkaSink.id(spec, settings));
    } catch (ExecutionException e) {
      throw KafkaErrors.translate(e, settings.brokers());
    } catch (InterruptedException e) {
      throw interrupted();
    }
  }

  private static void create(Admin admin, KafkaSettings settings)
      throws ExecutionException, InterruptedException {
    try {
      admin
          .createTopics(List.of(new NewTopic(settings.topic(), Optional.empty(), Optional.empty())))
          .all()
          .get();
    } catch (ExecutionException e) {
      if (!(e.getCause() instanceof TopicExistsException)) {
        throw e;
      }
    }
  }

  private static void forget(Admin admin, String group)
      throws ExecutionException, InterruptedException {
    try {
      admin.deleteConsumerGroups(List.of(group)).all().get();
    } catch (ExecutionException e) {
      if (!(e.getCause() instanceof GroupIdNotFoundException)) {
        throw e;
      }
    }
  }

  @Override
  public SinkWriter openSink(SinkSpec spec) {
    return new KafkaSink(spec, KafkaSettings.of(spec.options()));
  }
}
