package dev.aevum.model.step;

/// Where a source stands: everything before it was read. Opaque text of the connector (for Kafka
/// `0:17,1:42`), kept in step frames and compared by the connector only.
public record Position(String encoded) {}
