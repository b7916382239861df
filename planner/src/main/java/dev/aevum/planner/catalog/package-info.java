/// What planning asks of the catalogue: [CatalogView] is one statement's consistent view of it, and
/// the engine implements it.
@NullMarked
package dev.aevum.planner.catalog;

import org.jspecify.annotations.NullMarked;
