package dev.aevum.executor.sketch;

import dev.aevum.model.codec.ByteSink;

/// A summary of values. Not thread-safe; owned by who made it.
public sealed interface Sketch
    permits HyperLogLog,
        ValueBuckets,
        RankSketch,
        TopValues,
        CountMin,
        Moments,
        NumericMoments,
        Histogram,
        MergedSketch {
  /// The first byte of the encoding; never changes its meaning.
  int kind();

  /// Adds the values of another of the same kind and shape.
  ///
  /// Errors: 22023 where it is of another.
  void merge(Sketch other);

  /// Appends everything behind the kind. Equal summaries give equal bytes.
  void encode(ByteSink out);
}
