package dev.aevum.model.step;

/// The key space is cut into [#COUNT] shards by the top 8 bits of the 64-bit hash of a key; workers
/// own contiguous ranges.
public final class Shards {
  public static final int COUNT = 256;

  private Shards() {}

  public static int ofHash(long hash) {
    return (int) (hash >>> 56);
  }

  /// The worker among `workers` that owns `shard`.
  public static int owner(int shard, int workers) {
    return shard * workers / COUNT;
  }
}
