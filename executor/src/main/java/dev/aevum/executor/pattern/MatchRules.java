package dev.aevum.executor.pattern;

import dev.aevum.planner.plan.MatchSpec.AfterMatch;

/// How matches follow each other.
///
/// @param sequential one start at a time: where the next one is depends on the match, or conditions
///   ask for the match's number
/// @param withinMicros -1: no limit
/// @param timeouts starts that ran out of time are reported
/// @param ascending times of rows never go down
/// @param unmatched rows of no match are reported
/// @param pathConditions per variable: its condition looks at the thread's path
/// @param registers what it needs to know of the path
record MatchRules(
    AfterMatch afterMatch,
    boolean sequential,
    long withinMicros,
    boolean timeouts,
    boolean ascending,
    boolean unmatched,
    boolean[] pathConditions,
    PathRegisters registers) {
  MatchRules {
    sequential |= afterMatch instanceof AfterMatch.ToVariable;
    pathConditions = pathConditions.clone();
  }

  boolean looksAtPaths() {
    for (boolean looks : pathConditions) {
      if (looks) {
        return true;
      }
    }
    return false;
  }

  boolean isTimed() {
    return withinMicros >= 0;
  }

  /// A row at `time` is too late for a match that starts at `start`.
  boolean isOver(long start, long time) {
    long passed = time - start;
    return passed > withinMicros || passed < 0 && time > start;
  }
}
