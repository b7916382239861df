package dev.aevum.engine.runtime;

import dev.aevum.engine.catalog.Catalog;
import dev.aevum.engine.catalog.CatalogCodec;
import dev.aevum.engine.catalog.CatalogObject;
import dev.aevum.engine.catalog.CatalogObject.LogicalViewObject;
import dev.aevum.engine.catalog.CatalogObject.MaterializedViewObject;
import dev.aevum.engine.catalog.CatalogObject.SinkObject;
import dev.aevum.engine.catalog.CatalogObject.StreamObject;
import dev.aevum.engine.catalog.CatalogObject.TableObject;
import dev.aevum.engine.source.BadRowLog;
import dev.aevum.engine.step.Ordinals;
import dev.aevum.storage.contents.ContentsLayout;
import dev.aevum.storage.durable.CatalogRecords;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What a start does: the catalogue from its log, the contents' layouts from the catalogue, then
/// views, sources and sinks again, each where it stood.
final class Recovery {
  private Recovery() {}

  static Catalog catalog(CatalogRecords records) {
    Catalog[] catalog = {Catalog.EMPTY};
    records.replay(
        1, (version, record) -> catalog[0] = CatalogCodec.decode(record).apply(catalog[0]));
    return catalog[0];
  }

  /// Layouts of everything that has contents.
  static List<ContentsLayout> layouts(Catalog catalog) {
    List<ContentsLayout> layouts = new ArrayList<>();
    layouts.add(ViewErrors.ROWS.layout());
    layouts.add(BadRowLog.ROWS.layout());
    for (CatalogObject object : catalog.objects()) {
      ContentsLayout layout = layout(object);
      if (layout != null) {
        layouts.add(layout);
      }
    }
    return layouts;
  }

  /// How an object's contents are kept, or null when it has none.
  static @Nullable ContentsLayout layout(CatalogObject object) {
    return switch (object) {
      case TableObject t -> new ContentsLayout(t.oid(), t.schema().types(), t.primaryKey());
      case StreamObject s ->
          s.keepsRows()
              ? new ContentsLayout(
                  s.oid(), s.schema().types(), List.of(s.columnIndex(Ordinals.COLUMN)))
              : null;
      case MaterializedViewObject v -> new ContentsLayout(v.oid(), v.schema().types(), v.key());
      case LogicalViewObject v -> null;
      case SinkObject s -> null;
    };
  }
}
