package dev.aevum.executor.sequence;

import dev.aevum.model.batch.ColumnWriter;
import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;

/// An algorithm that reads the rows of a key in order: for each row a result from the rows before
/// it and itself, then it learns. Same rows, same options, same key: same bytes.
///
/// An instance is a flyweight over the block of memory that is a key's state, and belongs to one
/// thread. Blocks come in *tiers* of growing size, so that a key of ten rows is small; a key moves
/// up when its block is full. A block of zero bytes is a new key. The bytes are what storage keeps,
/// beside the layout that the function's [dev.aevum.planner.plan.function.SequenceSignature] names.
public interface SequenceModel {
  /// Bytes of a block, by tier.
  int[] widths();

  /// Works on this block from now on. The segment may move between calls, not within one.
  void open(MemorySegment block, long base, int tier);

  /// Prepares a new key's block. `keyHash` seeds random choices.
  void begin(long keyHash);

  /// Whether the next row needs a block of the next tier.
  boolean isFull();

  /// Fills the open block (zero bytes) from the state of another instance, whose block is of the
  /// tier below.
  void moveFrom(SequenceModel smaller);

  /// Appends one value to each writer that is not null, and learns.
  ///
  /// @param time the row's event time, microseconds
  /// @param arguments the row's values; NaN where one is missing or not finite
  /// @param out one writer for each result column, null where nobody reads it
  void fold(long time, double[] arguments, @Nullable ColumnWriter[] out);

  /// Rows learned so far of the open block.
  long learned();

  /// What the next row of the open block is measured by, as a JSON object; null where nothing is
  /// known yet. For people.
  default @Nullable String thresholds() {
    return null;
  }
}
