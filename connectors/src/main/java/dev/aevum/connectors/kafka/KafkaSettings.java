package dev.aevum.connectors.kafka;

import dev.aevum.connectors.format.RowFormat;
import dev.aevum.connectors.option.ConnectorErrors;
import dev.aevum.connectors.option.OptionSet;
import dev.aevum.connectors.spi.OptionDefinition;
import dev.aevum.model.error.ErrorCode;
import dev.aevum.model.error.SqlException;
import dev.aevum.model.text.PgText;
import dev.aevum.model.text.TextStyle;
import dev.aevum.model.type.SimpleType;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.KafkaException;
import org.jspecify.annotations.Nullable;

/// The options of a Kafka source or sink, read.
///
/// @param start where a new reader begins
/// @param startMillis for [Start#TIMESTAMP], the time of the first record
/// @param sinkId what a sink's transactional id and group end in; null for its object id
/// @param properties for the client library as they are
record KafkaSettings(
    String brokers,
    String topic,
    RowFormat format,
    Start start,
    long startMillis,
    @Nullable String sinkId,
    Map<String, String> properties) {
  /// Where a new reader begins.
  enum Start {
    EARLIEST,
    LATEST,
    TIMESTAMP
  }

  static final int TIMEOUT_MILLIS = 5000;

  static final List<OptionDefinition> OPTIONS =
      OptionSet.join(
          List.of(
              new OptionDefinition(
                  "brokers",
                  false,
                  "127.0.0.1:9092",
                  "Addresses `host:port`, separated by commas."),
              new OptionDefinition(
                  "topic",
                  true,
                  "",
                  "The topic; a sink makes it, with the broker's defaults, where it does not exist."),
              new OptionDefinition(
                  "start",
                  false,
                  "earliest",
                  "Sources: where to begin, `earliest`, `latest` or a timestamp."),
              new OptionDefinition(
                  "idle_after",
                  false,
                  "",
                  "Sources: a partition without rows for so long does not hold the watermark back."),
              new OptionDefinition(
                  "sink_id",
                  false,
                  "",
                  "Sinks: the end of transactional id and group `aevum-sink-...`, by default the"
                      + " sink's number; needed where several servers write to one Kafka."),
              new OptionDefinition(
                  "properties.*",
                  false,
                  "",
                  "Properties of Kafka's client, passed on as they are.")),
          RowFormat.OPTIONS);

  static KafkaSettings of(Map<String, String> values) {
    OptionSet options = new OptionSet("kafka", values, OPTIONS);
    RowFormat format = RowFormat.of(options);
    if (format.header()) {
      throw ConnectorErrors.error(
          ErrorCode.INVALID_PARAMETER_VALUE,
          "option \"header\" does not apply to Kafka",
          "Each record is one row: fields are the declared columns in order.");
    }
    if (options.has("idle_after")) {
      options.duration("idle_after");
    }
    String start = options.text("start");
    Start kind =
        switch (start) {
          case "earliest" -> Start.EARLIEST;
          case "latest" -> Start.LATEST;
          default -> Start.TIMESTAMP;
        };
    return new KafkaSettings(
        options.text("brokers"),
        options.text("topic"),
        format,
        kind,
        kind == Start.TIMESTAMP ? millis(start) : 0,
        options.find("sink_id"),
        options.prefixed("properties."));
  }

  private static long millis(String start) {
    try {
      long micros = (Long) PgText.parseValue(SimpleType.TIMESTAMPTZ, start, TextStyle.DEFAULT);
      return Math.floorDiv(micros, 1000);
    } catch (SqlException e) {
      throw ConnectorErrors.invalidValue("start", start, "earliest, latest or a timestamp");
    }
  }

  /// The client's properties: `defaults`, then what the user set, then the address.
  Map<String, Object> client(Map<String, Object> defaults) {
    Map<String, Object> all = new HashMap<>(defaults);
    all.putAll(properties);
    all.put("bootstrap.servers", brokers);
    return all;
  }

  /// A short-lived client for questions. Errors: as [KafkaErrors#translate].
  Admin admin() {
    try {
      return Admin.create(
          client(
              Map.of(
                  "request.timeout.ms",
                  TIMEOUT_MILLIS - 1000,
                  "default.api.timeout.ms",
                  TIMEOUT_MILLIS)));
    } catch (KafkaException e) {
      throw KafkaErrors.translate(e, brokers);
    }
  }
}
