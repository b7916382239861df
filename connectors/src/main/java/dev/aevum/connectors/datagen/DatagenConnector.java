package dev.aevum.connectors.datagen;

import dev.aevum.connectors.option.ConnectorErrors;
import dev.aevum.connectors.spi.Connector;
import dev.aevum.connectors.spi.OptionDefinition;
import dev.aevum.connectors.spi.SinkSpec;
import dev.aevum.connectors.spi.SinkWriter;
import dev.aevum.connectors.spi.SourceReader;
import dev.aevum.connectors.spi.SourceSpec;
import dev.aevum.model.batch.Column;
import dev.aevum.model.batch.Field;
import dev.aevum.model.error.ErrorCode;
import dev.aevum.model.error.SqlException;
import dev.aevum.model.step.Position;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// `connector = 'datagen'`. Columns of the stream take those of the data set by name, ignoring
/// case, in any type that its values can be read as.
public final class DatagenConnector implements Connector {
  private static final int TRIAL_ROWS = 200;

  private final InstantSource clock;

  public DatagenConnector(InstantSource clock) {
    this.clock = clock;
  }

  @Override
  public String name() {
    return "datagen";
  }

  @Override
  public List<OptionDefinition> options() {
    return DatagenSettings.OPTIONS;
  }

  @Override
  public List<Field> hiddenColumns(Map<String, String> options) {
    return List.of();
  }

  @Override
  public void validateSource(SourceSpec spec) {
    DatagenSettings settings = DatagenSettings.of(spec.options());
    try (Dataset dataset = settings.open(spec.allocator())) {
      int[] sources = sources(spec, settings, dataset.fields());
      for (int c = 0; c < sources.length; c++) {
        boolean[] needed = new boolean[dataset.fields().size()];
        needed[sources[c]] = true;
        Column column = dataset.columns(0, TRIAL_ROWS, needed, 0)[sources[c]];
        try {
          if (column != null) {
            Conversion.convert(spec.allocator(), column, spec.schema().type(c)).close();
          }
        } catch (SqlException e) {
          Field natural = dataset.fields().get(sources[c]);
          throw ConnectorErrors.error(
              ErrorCode.DATATYPE_MISMATCH,
              "column \""
                  + spec.schema().field(c).name()
                  + "\" of type "
                  + spec.schema().type(c).displayName()
                  + " cannot hold the data set's values",
              "They are of type " + natural.type().displayName() + ".",
              e);
        }
      }
    }
  }

  private static int[] sources(SourceSpec spec, DatagenSettings settings, List<Field> fields) {
    int[] sources = new int[spec.schema().size()];
    for (int c = 0; c < sources.length; c++) {
      String name = spec.schema().field(c).name();
      sources[c] = -1;
      for (int f = 0; f < fields.size(); f++) {
        if (fields.get(f).name().equalsIgnoreCase(name)) {
          sources[c] = f;
        }
      }
      if (sources[c] < 0) {
        throw ConnectorErrors.unknownColumn(
            name,
            "data set \"" + settings.dataset() + "\"",
            fields.stream().map(Field::name).toList());
      }
    }
    return sources;
  }

  @Override
  public SourceReader openSource(
      SourceSpec spec, @Nullable Position from, @Nullable Position until) {
    DatagenSettings settings = DatagenSettings.of(spec.options());
    Dataset dataset = settings.open(spec.allocator());
    try {
      int[] sources = sources(spec, settings, dataset.fields());
      return new DatagenReader(spec, settings, dataset, sources, clock, from, until);
    } catch (SqlException e) {
      dataset.close();
      throw e;
    }
  }

  /// Rows that do not depend on the clock can be made again.
  @Override
  public boolean replayable(Map<String, String> options) {
    DatagenSettings settings = DatagenSettings.of(options);
    return !settings.paced()
        && (settings.dataset().equals("nexmark") || settings.startMicros() != null);
  }

  /// Times count from when tick 0 happened, which moves when a pause is not made up for.
  @Override
  public boolean repeats(Map<String, String> options, Position from, Position until) {
    return replayable(options) || DatagenReader.baseOf(from) == DatagenReader.baseOf(until);
  }

  @Override
  public void validateSink(SinkSpec spec) {
    throw noSink();
  }

  @Override
  public SinkWriter openSink(SinkSpec spec) {
    throw noSink();
  }

  private static SqlException noSink() {
    return ConnectorErrors.unsupported(
        "connector \"datagen\" is a source only", "Use connector = 'blackhole' to drop rows.");
  }
}
