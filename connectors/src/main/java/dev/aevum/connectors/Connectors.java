package dev.aevum.connectors;

import dev.aevum.connectors.blackhole.BlackholeConnector;
import dev.aevum.connectors.datagen.DatagenConnector;
import dev.aevum.connectors.file.FileConnector;
import dev.aevum.connectors.kafka.KafkaConnector;
import dev.aevum.connectors.option.ConnectorErrors;
import dev.aevum.connectors.spi.Connector;
import dev.aevum.model.error.ErrorCode;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// The connectors of this server, by the name that `connector = '...'` gives. Immutable; any
/// thread.
public final class Connectors {
  private final Map<String, Connector> byName = new TreeMap<>();

  /// `clock`: the wall clock that paced sources follow.
  public Connectors(InstantSource clock) {
    List<Connector> all =
        List.of(
            new DatagenConnector(clock),
            new FileConnector(),
            new KafkaConnector(clock),
            new BlackholeConnector());
    all.forEach(connector -> byName.put(connector.name(), connector));
  }

  public List<Connector> all() {
    return List.copyOf(byName.values());
  }

  /// Errors: 42704 with a hint for a name that is none.
  public Connector get(String name) {
    Connector found = byName.get(name);
    if (found != null) {
      return found;
    }
    String close = ConnectorErrors.closest(name, byName.keySet());
    throw ConnectorErrors.error(
        ErrorCode.UNDEFINED_OBJECT,
        "connector \"" + name + "\" does not exist",
        close == null
            ? "Connectors: " + String.join(", ", byName.keySet()) + "."
            : "Did you mean \"" + close + "\"?");
  }
}
