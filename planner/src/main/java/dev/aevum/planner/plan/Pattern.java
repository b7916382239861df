package dev.aevum.planner.plan;

import java.util.List;

/// A row pattern. Variables are positions in [MatchSpec#variables]. Preference between ways to
/// match follows the standard: earlier branches of an alternation, more iterations of a greedy
/// quantifier, fewer of a reluctant one, and earlier parts decide before later ones.
public sealed interface Pattern {
  /// One row that satisfies the variable's DEFINE condition.
  record Variable(int variable) implements Pattern {}

  /// Matches no row: `()`.
  record Empty() implements Pattern {}

  record Concatenation(List<Pattern> parts) implements Pattern {
    public Concatenation {
      parts = List.copyOf(parts);
    }
  }

  /// Branches in order of preference.
  record Alternation(List<Pattern> branches) implements Pattern {
    public Alternation {
      branches = List.copyOf(branches);
    }
  }

  /// `min` to `max` iterations of the operand; `max` is [#UNBOUNDED] for no limit. An iteration
  /// that matches no row ends the loop.
  record Quantified(Pattern operand, int min, int max, boolean reluctant) implements Pattern {
    public static final int UNBOUNDED = -1;
  }

  /// PERMUTE: all orders of the parts, preferred in lexicographic order of their positions.
  record Permutation(List<Pattern> parts) implements Pattern {
    public Permutation {
      parts = List.copyOf(parts);
    }
  }

  /// `{- -}`: matched, and part of the match for navigation, but left out of ALL ROWS PER MATCH.
  record Exclusion(Pattern operand) implements Pattern {}

  /// `^`: before the first row of the partition.
  record PartitionStart() implements Pattern {}

  /// `$`: after the last row of the partition. In a stream with a watermark that point is known
  /// only when the input ends.
  record PartitionEnd() implements Pattern {}
}
