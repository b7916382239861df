package dev.aevum.connectors.datagen;

import dev.aevum.connectors.datagen.nexmark.Entity;
import dev.aevum.connectors.option.ConnectorErrors;
import dev.aevum.connectors.option.OptionSet;
import dev.aevum.connectors.spi.OptionDefinition;
import dev.aevum.model.error.ErrorCode;
import dev.aevum.model.error.SqlException;
import dev.aevum.model.text.PgText;
import dev.aevum.model.text.TextStyle;
import dev.aevum.model.type.SimpleType;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.apache.arrow.memory.BufferAllocator;
import org.jspecify.annotations.Nullable;

/// The options of a generated stream, read.
///
/// @param ticks how many ticks there are in all; Long.MAX_VALUE for no end
/// @param startMicros when tick 0 happens; null: when the stream is created
record DatagenSettings(
    String dataset,
    Entity entity,
    long seed,
    long rate,
    long ticks,
    boolean paced,
    double lateShare,
    long disorderMicros,
    @Nullable Long startMicros) {
  static final List<String> DATASETS =
      List.of(
          "auction",
          "payments",
          "clicks",
          "sensors",
          "ticks",
          "prices",
          "funnel",
          "bursts",
          "nexmark");
  static final List<OptionDefinition> OPTIONS =
      List.of(
          new OptionDefinition("dataset", true, "", "One of " + String.join(", ", DATASETS) + "."),
          new OptionDefinition(
              "entity", false, "", "nexmark: the table, `person`, `auction` or `bid`."),
          new OptionDefinition("seed", false, "1", "The same seed gives the same rows."),
          new OptionDefinition(
              "rate",
              false,
              "1000",
              "Rows a second of event time (nexmark: events of all three tables)."),
          new OptionDefinition("rows", false, "", "End after so many rows."),
          new OptionDefinition(
              "events", false, "", "nexmark: end after so many events of all three tables."),
          new OptionDefinition(
              "pace",
              false,
              "real",
              "`real`: rows come at `rate` by the clock; `max`: as fast as they are taken."),
          new OptionDefinition("late_share", false, "0", "Share of rows that are a minute late."),
          new OptionDefinition(
              "disorder", false, "0 seconds", "How far the times of rows may be out of order."),
          new OptionDefinition(
              "start_time", false, "", "The time of the first row; by default that of creation."));

  static DatagenSettings of(Map<String, String> values) {
    OptionSet options = new OptionSet("datagen", values, OPTIONS);
    String dataset = options.choice("dataset", DATASETS);
    boolean nexmark = dataset.equals("nexmark");
    for (String name : List.of("entity", "events")) {
      if (!nexmark && options.has(name)) {
        throw notFor(name, dataset);
      }
    }
    for (String name : List.of("rows", "late_share", "disorder", "start_time")) {
      if (nexmark && options.has(name)) {
        throw notFor(name, dataset);
      }
    }
    String limit = nexmark ? "events" : "rows";
    return new DatagenSettings(
        dataset,
        nexmark ? entity(options) : Entity.BID,
        options.number("seed", Long.MIN_VALUE, Long.MAX_VALUE),
        options.number("rate", 1, 1_000_000_000),
        options.has(limit) ? options.number(limit, 0, 1L << 50) : Long.MAX_VALUE,
        options.choice("pace", List.of("real", "max")).equals("real"),
        options.fraction("late_share"),
        options.duration("disorder").toNanos() / 1000,
        startMicros(options));
  }

  private static SqlException notFor(String option, String dataset) {
    return ConnectorErrors.error(
        ErrorCode.INVALID_PARAMETER_VALUE,
        "option \"" + option + "\" does not apply to data set \"" + dataset + "\"",
        null);
  }

  private static Entity entity(OptionSet options) {
    if (!options.has("entity")) {
      throw ConnectorErrors.missingOption(
          "datagen", "entity", "It names the table: person, auction or bid.");
    }
    return Entity.valueOf(
        options.choice("entity", List.of("person", "auction", "bid")).toUpperCase(Locale.ROOT));
  }

  private static @Nullable Long startMicros(OptionSet options) {
    if (!options.has("start_time")) {
      return null;
    }
    String text = options.text("start_time");
    try {
      return (Long) PgText.parseValue(SimpleType.TIMESTAMPTZ, text, TextStyle.DEFAULT);
    } catch (SqlException e) {
      throw ConnectorErrors.invalidValue("start_time", text, "a timestamp");
    }
  }

  Dataset open(BufferAllocator allocator) {
    return dataset.equals("nexmark")
        ? new NexmarkDataset(allocator, entity, seed, rate)
        : new SmallDataset(
            allocator, dataset, new Generators.Times(seed, rate, 0, lateShare, disorderMicros));
  }
}
