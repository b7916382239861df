/// The catalogue: [Catalog] is an immutable snapshot of all user objects; [CatalogObject] the
/// closed family of them; [CatalogCodec] their durable form. A change makes a new snapshot at a
/// step boundary.
@NullMarked
package dev.aevum.engine.catalog;

import org.jspecify.annotations.NullMarked;
