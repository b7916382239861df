package dev.aevum.connectors.spi;

import dev.aevum.model.batch.Schema;
import java.util.List;
import java.util.Map;

/// A sink: what it gets and where it goes. `appendOnly`: weights are never negative. `key`: columns
/// that identify a row (empty: none).
public record SinkSpec(
    int objectId,
    String name,
    Schema schema,
    List<Integer> key,
    boolean appendOnly,
    Map<String, String> options) {
  public SinkSpec {
    key = List.copyOf(key);
    options = Map.copyOf(options);
  }
}
