package dev.aevum.executor.operator;

import dev.aevum.model.codec.KeyCodec;
import dev.aevum.model.step.Shards;
import java.lang.foreign.MemorySegment;

/// The shards of a worker: `from` to `to - 1`.
public record ShardRange(int from, int to) {
  /// All shards: a single worker.
  public static final ShardRange ALL = new ShardRange(0, Shards.COUNT);

  /// The range of worker `worker` among `workers`, as [Shards#owner] has it.
  public static ShardRange of(int worker, int workers) {
    return new ShardRange(first(worker, workers), first(worker + 1, workers));
  }

  private static int first(int worker, int workers) {
    return (worker * Shards.COUNT + workers - 1) / workers;
  }

  /// The shard of the key without columns: where keyless operators (a global aggregate) live.
  public static int keylessShard() {
    return Shards.ofHash(KeyCodec.hash(MemorySegment.ofArray(new byte[1]), 0, 0));
  }

  public boolean ownsKeyless() {
    int shard = keylessShard();
    return shard >= from && shard < to;
  }

  /// A hash whose shard is the first of the range: for state that is bound to no key.
  public long localHash() {
    return (long) from << 56;
  }
}
