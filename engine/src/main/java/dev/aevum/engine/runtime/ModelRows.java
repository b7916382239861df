package dev.aevum.engine.runtime;

import dev.aevum.engine.catalog.CatalogObject.MaterializedViewObject;
import dev.aevum.engine.system.RunningState.ModelState;
import dev.aevum.executor.function.FunctionRegistry;
import dev.aevum.executor.spi.ModelSummary;
import dev.aevum.model.batch.DeltaBatch;
import dev.aevum.model.text.PgText;
import dev.aevum.model.text.TextStyle;
import dev.aevum.storage.contents.ContentsVersion;
import java.util.ArrayList;
import java.util.List;
import org.apache.arrow.memory.BufferAllocator;
import org.jspecify.annotations.Nullable;

/// Reads a model's rows: what `aevum.models` and `aevum.model_metrics` tell.
final class ModelRows {
  private ModelRows() {}

  /// One for each partition; one without figures while there is none.
  static List<ModelState> of(
      MaterializedViewObject model,
      String state,
      ContentsVersion contents,
      BufferAllocator allocator) {
    List<ModelState> found = new ArrayList<>();
    if (contents.has(model.oid())) {
      ContentsIterator rows = new ContentsIterator(contents, model.oid(), allocator);
      while (rows.hasNext()) {
        try (DeltaBatch batch = rows.next()) {
          for (int row = 0; row < batch.rows(); row++) {
            byte[] bytes = batch.column(batch.columnCount() - 1).bytesAt(row);
            ModelSummary summary = FunctionRegistry.modelSummary(bytes);
            found.add(new ModelState(model, state, partition(batch, row), summary, bytes.length));
          }
        }
      }
    }
    if (found.isEmpty()) {
      found.add(new ModelState(model, state, null, null, 0));
    }
    return found;
  }

  private static @Nullable String partition(DeltaBatch batch, int row) {
    int columns = batch.columnCount() - 1;
    if (columns == 0) {
      return null;
    }
    List<String> parts = new ArrayList<>();
    for (int i = 0; i < columns; i++) {
      boolean absent = batch.column(i).isNull(row);
      parts.add(absent ? "NULL" : PgText.text(batch.column(i), row, TextStyle.DEFAULT));
    }
    return String.join(", ", parts);
  }
}
