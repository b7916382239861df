package dev.aevum.planner.rex;

import dev.aevum.model.error.SourceSpan;
import dev.aevum.planner.plan.MatchSpec;
import dev.aevum.planner.plan.SortKey;
import java.util.List;

/// A window with a row pattern (R020) before it becomes a relational node. Equal windows are
/// computed together.
///
/// @param match with all measures and no output; expressions over the labelled row of an input of
///   `width` columns
/// @param order column numbers count from 0 in the order keys
/// @param time the first order key is an ascending timestamp
/// @param span ORDER BY, or the pattern
public record PatternWindow(
    MatchSpec match, int width, List<SortKey> order, boolean time, SourceSpan span) {
  public PatternWindow {
    order = List.copyOf(order);
  }
}
