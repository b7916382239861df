package dev.aevum.testing.reference;

import dev.aevum.planner.plan.Pattern;
import java.util.ArrayList;
import java.util.List;

/// Goes through all ways to match a pattern, most preferred first (SQL:2016, row pattern
/// recognition: the preferment rules of alternation, concatenation, quantifiers and PERMUTE), by
/// plain backtracking: exponential, and nothing is remembered.
public final class PatternSearch {
  private PatternSearch() {}

  /// `OPEN`: whether a way goes on depends on rows that are not there yet. It ends the search, for
  /// nothing behind it can be preferred with certainty.
  public enum Outcome {
    NO,
    YES,
    OPEN
  }

  /// What comes behind a part of the pattern.
  public interface Next {
    Outcome of(PatternWay way);
  }

  /// The rows of the partition.
  public interface Rows {
    /// Whether the row behind `way` is there and may be mapped to `variable`.
    Outcome accepts(PatternWay way, int variable);

    /// Whether the row at `position`, 0-based, is behind the last one of the partition.
    Outcome isEnd(int position);
  }

  /// The first way of which `next` says YES, or how far certainty goes.
  public static Outcome search(Pattern pattern, PatternWay way, Rows rows, Next next) {
    return switch (pattern) {
      case Pattern.Variable(int variable) ->
          switch (rows.accepts(way, variable)) {
            case NO -> Outcome.NO;
            case OPEN -> Outcome.OPEN;
            case YES -> next.of(way.mapped(variable));
          };
      case Pattern.Empty() -> next.of(way);
      case Pattern.Concatenation(List<Pattern> parts) -> inOrder(parts, way, rows, next);
      case Pattern.Alternation(List<Pattern> branches) -> {
        Outcome outcome = Outcome.NO;
        for (int i = 0; i < branches.size() && outcome == Outcome.NO; i++) {
          outcome = search(branches.get(i), way, rows, next);
        }
        yield outcome;
      }
      case Pattern.Quantified quantified -> iterate(quantified, 0, way, rows, next);
      case Pattern.Permutation(List<Pattern> parts) -> permute(parts, way, rows, next);
      case Pattern.Exclusion(Pattern operand) ->
          search(operand, way.within(1), rows, after -> next.of(after.within(-1)));
      case Pattern.PartitionStart() -> way.end() == 0 ? next.of(way) : Outcome.NO;
      case Pattern.PartitionEnd() ->
          switch (rows.isEnd(way.end())) {
            case NO -> Outcome.NO;
            case OPEN -> Outcome.OPEN;
            case YES -> next.of(way);
          };
    };
  }

  private static Outcome inOrder(List<Pattern> parts, PatternWay way, Rows rows, Next next) {
    if (parts.isEmpty()) {
      return next.of(way);
    }
    List<Pattern> rest = parts.subList(1, parts.size());
    return search(parts.getFirst(), way, rows, after -> inOrder(rest, after, rows, next));
  }

  /// Behind `done` iterations. Greedy: one more is preferred, reluctant: none is. An iteration
  /// beyond the least number that matches no row ends the loop.
  private static Outcome iterate(
      Pattern.Quantified loop, int done, PatternWay way, Rows rows, Next next) {
    boolean enough = done >= loop.min();
    if (enough && loop.reluctant()) {
      Outcome without = next.of(way);
      if (without != Outcome.NO) {
        return without;
      }
    }
    if (loop.max() == Pattern.Quantified.UNBOUNDED || done < loop.max()) {
      Outcome more =
          search(
              loop.operand(),
              way,
              rows,
              after ->
                  enough && after.rows() == way.rows()
                      ? next.of(after)
                      : iterate(loop, done + 1, after, rows, next));
      if (more != Outcome.NO) {
        return more;
      }
    }
    return enough && !loop.reluctant() ? next.of(way) : Outcome.NO;
  }

  private static Outcome permute(List<Pattern> left, PatternWay way, Rows rows, Next next) {
    if (left.isEmpty()) {
      return next.of(way);
    }
    Outcome outcome = Outcome.NO;
    for (int i = 0; i < left.size() && outcome == Outcome.NO; i++) {
      List<Pattern> others = new ArrayList<>(left);
      Pattern part = others.remove(i);
      outcome = search(part, way, rows, after -> permute(others, after, rows, next));
    }
    return outcome;
  }
}
