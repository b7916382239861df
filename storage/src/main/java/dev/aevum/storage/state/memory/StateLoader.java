package dev.aevum.storage.state.memory;

import dev.aevum.storage.state.StateTable;

/// Fills a table that was just opened with what storage holds of its object in the shards
/// [`fromShard`, `toShard`), through [StateTable#restore]. Called by the worker that opens.
@FunctionalInterface
public interface StateLoader {
  /// Nothing was stored.
  StateLoader NONE = (table, fromShard, toShard) -> {};

  void load(StateTable table, int fromShard, int toShard);
}
