package dev.aevum.engine.catalog;

/// One durable change of the catalogue: a record of the catalogue log.
public sealed interface CatalogChange {
  record Put(CatalogObject object) implements CatalogChange {}

  record Remove(int oid) implements CatalogChange {}

  record CreateSchema(String name) implements CatalogChange {}

  record DropSchema(String name) implements CatalogChange {}

  default Catalog apply(Catalog catalog) {
    return switch (this) {
      case Put put -> catalog.with(put.object());
      case Remove remove -> catalog.without(remove.oid());
      case CreateSchema create -> catalog.withSchema(create.name());
      case DropSchema drop -> catalog.withoutSchema(drop.name());
    };
  }
}
