package dev.aevum.storage.state;

/// Hash tables by time: slice `t` holds the entries whose closing time is `t` microseconds. In
/// storage the key is `[t as sign-flipped big-endian int64][key]`, so that dropping old slices is
/// one range delete.
public interface SlicedState extends StateTable {
  /// The slice of `time`, made when absent.
  HashState slice(long time);

  /// The smallest time that has a slice, or Long.MAX_VALUE.
  long firstTime();

  /// The smallest time above `time` that has a slice, or Long.MAX_VALUE.
  long nextTime(long time);

  /// Drops every slice with time < `bound`.
  void dropBefore(long bound);
}
