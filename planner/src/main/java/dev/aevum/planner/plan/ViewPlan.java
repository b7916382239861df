package dev.aevum.planner.plan;

import java.util.List;

/// A continuous query: `root` computes the changes of the view's contents. `key`: columns that
/// identify a row of the contents (empty: none known, the whole row with a count). `warnings`:
/// notices for the user, such as unbounded state.
public record ViewPlan(PlanNode root, List<Integer> key, List<String> warnings) {
  public ViewPlan {
    key = List.copyOf(key);
    warnings = List.copyOf(warnings);
  }
}
