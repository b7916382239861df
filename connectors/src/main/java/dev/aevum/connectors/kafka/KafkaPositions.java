package dev.aevum.connectors.kafka;

import dev.aevum.model.step.Position;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// The next offset of each partition: `0:17,1:42`. Partitions without an entry begin at their
/// start. One thread.
final class KafkaPositions {
  private final Map<Integer, Long> offsets = new TreeMap<>();

  KafkaPositions(@Nullable Position position) {
    if (position == null || position.encoded().isEmpty()) {
      return;
    }
    for (String part : position.encoded().split(",", -1)) {
      int colon = part.indexOf(':');
      offsets.put(
          Integer.parseInt(part.substring(0, colon)), Long.parseLong(part.substring(colon + 1)));
    }
  }

  Map<Integer, Long> offsets() {
    return offsets;
  }

  Position encode() {
    StringBuilder text = new StringBuilder();
    offsets.forEach((partition, offset) ->
        text.append(text.isEmpty() ? "" : ",").append(partition).append(':').append(offset));
    return new Position(text.toString());
  }
}
