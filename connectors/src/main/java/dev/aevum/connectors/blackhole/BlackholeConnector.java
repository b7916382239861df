package dev.aevum.connectors.blackhole;

import dev.aevum.connectors.option.ConnectorErrors;
import dev.aevum.connectors.option.OptionSet;
import dev.aevum.connectors.spi.Connector;
import dev.aevum.connectors.spi.OptionDefinition;
import dev.aevum.connectors.spi.SinkSpec;
import dev.aevum.connectors.spi.SinkWriter;
import dev.aevum.connectors.spi.SourceReader;
import dev.aevum.connectors.spi.SourceSpec;
import dev.aevum.model.batch.DeltaBatch;
import dev.aevum.model.batch.Field;
import dev.aevum.model.error.SqlException;
import dev.aevum.model.step.Position;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The blackhole sink. It has no options and takes any changes.
public final class BlackholeConnector implements Connector {
  @Override
  public String name() {
    return "blackhole";
  }

  @Override
  public List<OptionDefinition> options() {
    return List.of();
  }

  @Override
  public List<Field> hiddenColumns(Map<String, String> options) {
    return List.of();
  }

  @Override
  public void validateSource(SourceSpec spec) {
    throw noSource();
  }

  @Override
  public SourceReader openSource(
      SourceSpec spec, @Nullable Position from, @Nullable Position until) {
    throw noSource();
  }

  private static SqlException noSource() {
    return ConnectorErrors.unsupported(
        "connector \"blackhole\" is a sink only", "Use connector = 'datagen' for made-up rows.");
  }

  @Override
  public boolean replayable(Map<String, String> options) {
    return false;
  }

  @Override
  public void validateSink(SinkSpec spec) {
    new OptionSet(name(), spec.options(), options());
  }

  @Override
  public SinkWriter openSink(SinkSpec spec) {
    return new Counter();
  }

  /// Counts rows and forgets them.
  public static final class Counter implements SinkWriter {
    private long rows;
    private long weight;

    /// Rows written since opening.
    public long rows() {
      return rows;
    }

    /// The sum of their weights.
    public long weight() {
      return weight;
    }

    @Override
    public long committedStep() {
      return FROM_NOW;
    }

    @Override
    public void write(long step, List<DeltaBatch> changes) {
      for (DeltaBatch batch : changes) {
        rows += batch.rows();
        if (batch.weights() == null) {
          weight += batch.rows();
        } else {
          for (int row = 0; row < batch.rows(); row++) {
            weight += batch.weightAt(row);
          }
        }
      }
    }

    @Override
    public void close() {}
  }
}
