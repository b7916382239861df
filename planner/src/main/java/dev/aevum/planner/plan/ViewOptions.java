package dev.aevum.planner.plan;

/// What WITH (...) of a materialized view says to the planner.
///
/// @param requireBounded refuse state that grows with a stream (`require_bounded_state`)
/// @param maxRowsPerPartition `max_rows_per_partition` of row patterns; below 0: no limit
/// @param refreshPredictions predictions follow their model (`refresh = 'every_step'`)
public record ViewOptions(
    boolean requireBounded, long maxRowsPerPartition, boolean refreshPredictions) {
  public static final ViewOptions DEFAULT =
      new ViewOptions(false, PlanNode.MatchNode.NO_LIMIT, false);

  /// Without predictions that follow.
  public ViewOptions(boolean requireBounded, long maxRowsPerPartition) {
    this(requireBounded, maxRowsPerPartition, false);
  }
}
