package dev.aevum.connectors.spi;

import dev.aevum.model.batch.Field;
import dev.aevum.model.step.Position;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// One kind of neighbour system: `connector = 'name'`. Stateless; any thread.
public interface Connector {
  String name();

  /// The options it knows, for checking and for the reference page.
  List<OptionDefinition> options();

  /// Hidden columns (`_source_time`, ...) that rows of such a source have after the declared ones.
  List<Field> hiddenColumns(Map<String, String> options);

  /// Checks options and reachability at CREATE: unknown option (did you mean), unknown topic,
  /// unreadable file, schema that does not fit are thrown as SqlException. Never called again on
  /// restart.
  void validateSource(SourceSpec spec);

  /// Opens a reader at `from` (null: where the options say a new reader starts) that ends at
  /// `until` (null: follows for ever, or to a bounded source's end).
  SourceReader openSource(SourceSpec spec, @Nullable Position from, @Nullable Position until);

  /// Whether a reader can start from the beginning again: Kafka, files and data sets that do not
  /// depend on the clock; not paced generators.
  boolean replayable(Map<String, String> options);

  /// Whether a new reader from `from` to `until` gives the rows that another one read between them.
  default boolean repeats(Map<String, String> options, Position from, Position until) {
    return replayable(options);
  }

  void validateSink(SinkSpec spec);

  SinkWriter openSink(SinkSpec spec);
}
