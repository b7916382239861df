package dev.aevum.testing.reference;

import java.util.ArrayList;
import java.util.List;

/// A way to match a pattern, or the beginning of one: the rows from `first` on, each mapped to a
/// variable; `excluded` tells the rows between `{-` and `-}`.
///
/// @param first position of the first row in its partition
/// @param exclusions how many exclusions are open behind the last row
public record PatternWay(int first, List<Integer> labels, List<Boolean> excluded, int exclusions) {
  public static PatternWay at(int first) {
    return new PatternWay(first, List.of(), List.of(), 0);
  }

  public int rows() {
    return labels.size();
  }

  /// Position of the row behind the last one.
  public int end() {
    return first + labels.size();
  }

  PatternWay mapped(int variable) {
    List<Integer> moreLabels = new ArrayList<>(labels);
    moreLabels.add(variable);
    List<Boolean> moreExcluded = new ArrayList<>(excluded);
    moreExcluded.add(exclusions > 0);
    return new PatternWay(first, List.copyOf(moreLabels), List.copyOf(moreExcluded), exclusions);
  }

  PatternWay within(int moreExclusions) {
    return new PatternWay(first, labels, excluded, exclusions + moreExclusions);
  }
}
