package dev.aevum.connectors.spi;

import dev.aevum.model.batch.Schema;
import java.util.List;
import java.util.Map;
import org.apache.arrow.memory.BufferAllocator;

/// A stream or table with a connector. `needed`: columns (of `schema`, declared then hidden) that
/// somebody reads: others may be left out and are then all-NULL columns, but only where they cannot
/// make a row bad: a generator leaves them out, a decoder of text reads every declared column.
/// Batches always have all columns of `schema`.
///
/// @param objectId the stream's object id
/// @param name its name, for messages
/// @param options WITH options without `connector`
/// @param notNull per column of `schema` whether NULL is a row error (23502)
public record SourceSpec(
    int objectId,
    String name,
    Schema schema,
    Map<String, String> options,
    List<Boolean> notNull,
    List<Boolean> needed,
    BufferAllocator allocator) {
  public SourceSpec {
    options = Map.copyOf(options);
    notNull = List.copyOf(notNull);
    needed = List.copyOf(needed);
  }
}
