package dev.aevum.executor.step;

import dev.aevum.executor.pattern.RecentMatches;
import dev.aevum.model.batch.Schema;
import java.util.List;

/// The latest matches of a row pattern in a running view, of one worker.
///
/// @param ordinal of the operator, see [OperatorStatus]
/// @param input the columns of their rows
/// @param matches oldest first, for [dev.aevum.executor.pattern.RecordedMatches]
public record KeptMatches(int ordinal, Schema input, List<byte[]> matches) {
  /// How many are kept, in words.
  public static String limits() {
    return RecentMatches.limits();
  }
}
