package dev.aevum.parser.tree;

import dev.aevum.model.error.SourceSpan;
import java.util.List;

/// The regular expression of PATTERN. Groups leave no trace; what they hold is one operand.
public sealed interface RowPattern {
  int UNBOUNDED = -1;

  SourceSpan span();

  record Variable(String name, SourceSpan span) implements RowPattern {}

  /// `()`.
  record Empty(SourceSpan span) implements RowPattern {}

  /// `^`.
  record Start(SourceSpan span) implements RowPattern {}

  /// `$`.
  record End(SourceSpan span) implements RowPattern {}

  /// Two or more parts.
  record Concatenation(List<RowPattern> parts, SourceSpan span) implements RowPattern {
    public Concatenation {
      parts = List.copyOf(parts);
    }
  }

  /// Two or more branches.
  record Alternation(List<RowPattern> branches, SourceSpan span) implements RowPattern {
    public Alternation {
      branches = List.copyOf(branches);
    }
  }

  /// `*`, `+`, `?` and `{min,max}`; `max` may be [#UNBOUNDED]. Bounds are as written: they may make
  /// no sense.
  record Quantified(RowPattern operand, int min, int max, boolean reluctant, SourceSpan span)
      implements RowPattern {}

  record Permutation(List<RowPattern> parts, SourceSpan span) implements RowPattern {
    public Permutation {
      parts = List.copyOf(parts);
    }
  }

  /// `{- operand -}`.
  record Exclusion(RowPattern operand, SourceSpan span) implements RowPattern {}
}
