/// The Nexmark auction data: persons, auctions and bids of an online auction house, event `i` a
/// pure function of (seed, rate, i).
///
/// [dev.aevum.connectors.datagen.nexmark.Draws] is the random numbers,
/// [dev.aevum.connectors.datagen.nexmark.NexmarkTables] the shared word lists and letter pools,
/// [dev.aevum.connectors.datagen.nexmark.Entity] the shape of the event stream,
/// [dev.aevum.connectors.datagen.nexmark.NexmarkGenerator] makes columns of it, and
/// [dev.aevum.connectors.datagen.nexmark.NexmarkFiles] the text files whose checksums are
/// published.
@NullMarked
package dev.aevum.connectors.datagen.nexmark;

import org.jspecify.annotations.NullMarked;
