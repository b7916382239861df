/// `connector = 'datagen'`: made-up rows, the same for the same seed.
///
/// A [dev.aevum.connectors.datagen.Dataset] fills columns as pure functions of seed and row number;
/// [dev.aevum.connectors.datagen.DatagenReader] takes rows from it at a pace, or as fast as they
/// are asked for. The Nexmark data set has a package of its own.
@NullMarked
package dev.aevum.connectors.datagen;

import org.jspecify.annotations.NullMarked;
