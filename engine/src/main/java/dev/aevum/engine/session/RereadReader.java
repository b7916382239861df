package dev.aevum.engine.session;

import dev.aevum.engine.catalog.CatalogObject.StreamObject;
import dev.aevum.engine.runtime.DatabaseRuntime;
import dev.aevum.engine.source.SourceHistory;
import dev.aevum.executor.query.Batches;
import dev.aevum.executor.query.RelationReader;
import dev.aevum.executor.query.RowSource;
import dev.aevum.model.batch.Column;
import dev.aevum.model.batch.DeltaBatch;
import dev.aevum.model.step.Position;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Reads streams that keep no rows from their connectors again, as far as a view has read them, and
/// everything else as usual.
///
/// @param view the OID of the view
/// @param ends up to where streams are read, by their OIDs
record RereadReader(
    DatabaseRuntime runtime, int view, Map<Integer, Position> ends, RelationReader base)
    implements RelationReader {
  @Override
  public RowSource read(int relation, List<Integer> columns, List<Column> keyPrefix) {
    return runtime.catalog().find(relation) instanceof StreamObject stream && !stream.keepsRows()
        ? new Again(
            runtime.sources().again(stream, view, new HashSet<>(columns), ends.get(relation)),
            List.copyOf(columns))
        : base.read(relation, columns, keyPrefix);
  }

  private record Again(SourceHistory rows, List<Integer> columns) implements RowSource {
    @Override
    public @Nullable DeltaBatch next() {
      return rows.hasNext() ? Batches.pick(rows.next(), columns) : null;
    }

    @Override
    public void close() {
      rows.close();
    }
  }
}
