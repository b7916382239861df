package dev.aevum.executor.pattern;

/// Takes what became of starts, in order, before the window moves.
interface MatchSink {
  /// Rows `start` to `end - 1` of the window match; `path` has the LABEL instructions that take
  /// them, and is valid during the call. Its number is `partition.matchNumber`. `timedOut`: the way
  /// so far of a start that ran out of time.
  void match(PartitionMatch partition, int start, int end, int[] path, boolean timedOut);

  /// Row `row` is in no match.
  void unmatched(PartitionMatch partition, int row);

  /// The start at `start` had too many ways to go on and was given up.
  void tooManyThreads(PartitionMatch partition, int start);

  /// AFTER MATCH SKIP TO had nowhere to go (`first`: to the match's own first row).
  void cannotSkip(PartitionMatch partition, int start, boolean first);
}
