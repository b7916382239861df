package dev.aevum.executor.changepoint;

import java.lang.foreign.MemorySegment;

/// One way of finding changes: a flyweight over the block of a key, as
/// [dev.aevum.executor.sequence.SequenceModel] has it.
interface ChangeMethod {
  /// Bytes of a block, by tier.
  int[] widths();

  void open(MemorySegment block, long base, int tier);

  boolean isFull();

  /// Fills the open block from one of the tier below.
  void moveFrom(ChangeMethod smaller);

  /// Takes the next row. Its score, run length and change, if there is one, go to `result`, which
  /// is clear.
  ///
  /// @param row how many rows were taken before
  /// @param x finite, of a size whose square is finite
  void take(long row, long time, double x, ChangeResult result);
}
