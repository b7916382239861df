package dev.aevum.planner.plan;

import java.util.List;

/// What is known of a node's output.
///
/// - `appendOnly`: never a negative weight, so that operators above need no counts.
/// - `uniqueKeys`: sets of columns of which no two rows of the contents agree; the first is the
///   stream key.
/// - `timeColumns`: see [TimeColumn]; empty where no watermark reaches.
/// - `stateNote`: for EXPLAIN: how this node's own state is bounded ("none", "bounded by
///   window_end", "grows with distinct auction", "unbounded: ...").
public record Traits(
    boolean appendOnly,
    List<List<Integer>> uniqueKeys,
    List<TimeColumn> timeColumns,
    String stateNote) {
  public Traits {
    uniqueKeys = List.copyOf(uniqueKeys);
    timeColumns = List.copyOf(timeColumns);
  }

  /// Once the node's watermark is W (microseconds), every later row has `column >= W +
  /// offsetMicros`. A stream's own time column has offset 0; `window_end` of a window over it 1 (it
  /// ends after W); `window_start` 1 - size.
  public record TimeColumn(int column, long offsetMicros) {}

  public static final Traits UNKNOWN = new Traits(false, List.of(), List.of(), "none");
}
