package dev.aevum.planner.lower;

import dev.aevum.planner.plan.MatchExpr;
import dev.aevum.planner.plan.MatchOperand;
import dev.aevum.planner.plan.MatchSpec;
import dev.aevum.planner.plan.Pattern;
import org.jspecify.annotations.Nullable;

/// How many rows a match may have: `max` is [#UNBOUNDED] for no limit. `end`: it may have to wait
/// for the end of the partition.
record PatternShape(long min, long max, boolean end) {
  static final long UNBOUNDED = -1;

  private static final PatternShape NOTHING = new PatternShape(0, 0, false);

  boolean isFixed() {
    return min == max && min > 0 && !end;
  }

  static PatternShape of(Pattern pattern) {
    return switch (pattern) {
      case Pattern.Variable p -> new PatternShape(1, 1, false);
      case Pattern.Empty p -> NOTHING;
      case Pattern.PartitionStart p -> NOTHING;
      case Pattern.PartitionEnd p -> new PatternShape(0, 0, true);
      case Pattern.Exclusion p -> of(p.operand());
      case Pattern.Concatenation p -> sum(p.parts());
      case Pattern.Permutation p -> sum(p.parts());
      case Pattern.Alternation p -> {
        PatternShape all = of(p.branches().getFirst());
        for (Pattern branch : p.branches()) {
          all = all.or(of(branch));
        }
        yield all;
      }
      case Pattern.Quantified p -> of(p.operand()).times(p.min(), p.max());
    };
  }

  private static PatternShape sum(Iterable<Pattern> parts) {
    PatternShape all = NOTHING;
    for (Pattern part : parts) {
      all = all.then(of(part));
    }
    return all;
  }

  private PatternShape then(PatternShape next) {
    boolean unbounded = max == UNBOUNDED || next.max == UNBOUNDED;
    return new PatternShape(
        min + next.min, unbounded ? UNBOUNDED : max + next.max, end || next.end);
  }

  private PatternShape or(PatternShape other) {
    boolean unbounded = max == UNBOUNDED || other.max == UNBOUNDED;
    return new PatternShape(
        Math.min(min, other.min),
        unbounded ? UNBOUNDED : Math.max(max, other.max),
        end || other.end);
  }

  private PatternShape times(int least, int most) {
    boolean unbounded = max == UNBOUNDED || (most == Pattern.Quantified.UNBOUNDED && max > 0);
    return new PatternShape(min * least, unbounded ? UNBOUNDED : max * Math.max(most, 0), end);
  }

  /// How many rows behind the one being looked at an expression may see.
  static int lookahead(MatchSpec match) {
    int rows = 0;
    for (MatchExpr define : match.defines()) {
      rows = Math.max(rows, lookahead(define));
    }
    for (MatchExpr measure : match.measures()) {
      rows = Math.max(rows, lookahead(measure));
    }
    return rows;
  }

  private static int lookahead(@Nullable MatchExpr expr) {
    int rows = 0;
    if (expr != null) {
      for (MatchOperand operand : expr.operands()) {
        if (operand instanceof MatchOperand.RowValue value) {
          rows = Math.max(rows, value.offset());
        }
      }
    }
    return rows;
  }
}
