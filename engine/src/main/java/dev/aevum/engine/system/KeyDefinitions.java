package dev.aevum.engine.system;

import dev.aevum.engine.catalog.Catalog;
import dev.aevum.engine.catalog.CatalogObject;
import dev.aevum.engine.catalog.CatalogObject.Relation;
import dev.aevum.engine.catalog.CatalogObject.TableObject;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Keys of relations as clients see them: indexes and constraints with names, OIDs and definitions.
public final class KeyDefinitions {
  private KeyDefinitions() {}

  /// OID of the key index of that name, or 0.
  public static int indexByName(Catalog catalog, String schema, String name) {
    for (Relation r : catalog.relations()) {
      if (r.schemaName().equals(schema)
          && indexName(r).equals(name)
          && !PgObjects.key(r).isEmpty()) {
        return SystemOids.keyIndex(r.oid());
      }
    }
    return 0;
  }

  public static String indexName(Relation relation) {
    return PgObjects.keyName(relation);
  }

  public static @Nullable Relation relationOfIndex(Catalog catalog, long index) {
    CatalogObject object = catalog.find(SystemOids.relationOfIndex(index));
    return object instanceof Relation r && !PgObjects.key(r).isEmpty() ? r : null;
  }

  public static @Nullable Relation relationOfConstraint(Catalog catalog, long constraint) {
    CatalogObject object = catalog.find(SystemOids.relationOfConstraint(constraint));
    return object instanceof TableObject t && !t.primaryKey().isEmpty() ? t : null;
  }

  /// The whole index for `column` 0, else the name of one of its columns (1-based).
  public static @Nullable String indexDefinition(Relation relation, int column) {
    if (column == 0) {
      return PgObjects.indexDefinition(relation);
    }
    List<Integer> key = PgObjects.key(relation);
    return column > key.size()
        ? null
        : Quoting.identifier(relation.columns().get(key.get(column - 1)).name());
  }

  public static String constraintDefinition(Relation relation) {
    List<String> names =
        PgObjects.key(relation).stream()
            .map(i -> Quoting.identifier(relation.columns().get(i).name()))
            .toList();
    return "PRIMARY KEY (" + String.join(", ", names) + ")";
  }
}
