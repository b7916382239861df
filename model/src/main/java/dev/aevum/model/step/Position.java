package dev.aevum.model.step;

/// Where a source stands: everything before it was read.
///
/// @param encoded opaque text of the connector (for Kafka `0:17,1:42`), kept in step frames and
///   compared by the connector only
/// @param rows that the source has given up to here; connectors leave it 0
/// @param badRows that could not be read up to here; connectors leave it 0
public record Position(String encoded, long rows, long badRows) {
  /// As a connector gives it.
  public Position(String encoded) {
    this(encoded, 0, 0);
  }
}
