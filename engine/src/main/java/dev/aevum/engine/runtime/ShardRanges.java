package dev.aevum.engine.runtime;

import dev.aevum.model.step.Shards;

/// Which shards each of `workers` workers owns: the ranges behind [Shards#owner].
final class ShardRanges {
  private ShardRanges() {}

  /// The first shard of `worker`; of `worker = workers` the number of shards.
  static int first(int worker, int workers) {
    for (int shard = 0; shard < Shards.COUNT; shard++) {
      if (Shards.owner(shard, workers) >= worker) {
        return shard;
      }
    }
    return Shards.COUNT;
  }
}
