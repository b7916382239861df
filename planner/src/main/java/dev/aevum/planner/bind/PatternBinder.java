package dev.aevum.planner.bind;

import dev.aevum.parser.tree.RowPattern;
import dev.aevum.planner.error.PatternErrors;
import dev.aevum.planner.plan.Pattern;
import java.util.List;

/// The pattern of PATTERN over numbered variables.
final class PatternBinder {
  private static final int MAX_PERMUTED = 16;

  private final PatternVariables variables;
  private final boolean exclusions;

  /// `exclusions`: whether `{- -}` may be used.
  PatternBinder(PatternVariables variables, boolean exclusions) {
    this.variables = variables;
    this.exclusions = exclusions;
  }

  Pattern bind(RowPattern pattern) {
    return switch (pattern) {
      case RowPattern.Variable p -> new Pattern.Variable(variables.add(p.name()));
      case RowPattern.Empty p -> new Pattern.Empty();
      case RowPattern.Start p -> new Pattern.PartitionStart();
      case RowPattern.End p -> new Pattern.PartitionEnd();
      case RowPattern.Concatenation p -> new Pattern.Concatenation(all(p.parts()));
      case RowPattern.Alternation p -> new Pattern.Alternation(all(p.branches()));
      case RowPattern.Quantified p -> quantified(p);
      case RowPattern.Permutation p -> permutation(p);
      case RowPattern.Exclusion p -> {
        if (!exclusions) {
          throw PatternErrors.exclusionWithUnmatched(p.span());
        }
        yield new Pattern.Exclusion(bind(p.operand()));
      }
    };
  }

  private List<Pattern> all(List<RowPattern> patterns) {
    return patterns.stream().map(this::bind).toList();
  }

  private Pattern quantified(RowPattern.Quantified p) {
    boolean unbounded = p.max() == RowPattern.UNBOUNDED;
    if (!unbounded && (p.max() == 0 || p.max() < p.min())) {
      throw PatternErrors.emptyBounds(p.min(), p.max(), p.span());
    }
    return new Pattern.Quantified(
        bind(p.operand()),
        p.min(),
        unbounded ? Pattern.Quantified.UNBOUNDED : p.max(),
        p.reluctant());
  }

  private Pattern permutation(RowPattern.Permutation p) {
    if (p.parts().size() > MAX_PERMUTED) {
      throw PatternErrors.tooManyPermutations(p.parts().size(), MAX_PERMUTED, p.span());
    }
    return p.parts().size() == 1
        ? bind(p.parts().getFirst())
        : new Pattern.Permutation(all(p.parts()));
  }
}
