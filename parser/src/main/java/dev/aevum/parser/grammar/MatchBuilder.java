package dev.aevum.parser.grammar;

import dev.aevum.model.error.SourceSpan;
import dev.aevum.parser.lexer.SyntaxErrors;
import dev.aevum.parser.tree.MatchClause;
import dev.aevum.parser.tree.PatternName;
import dev.aevum.parser.tree.RowPattern;
import dev.aevum.parser.tree.WindowPattern;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import org.apache.calcite.sql.SqlNode;
import org.jspecify.annotations.Nullable;

/// Collects the clauses of a row pattern while the grammar reads them.
final class MatchBuilder {
  final List<SqlNode> measures = new ArrayList<>();
  final List<MatchClause.Subset> subsets = new ArrayList<>();
  final List<MatchClause.Define> defines = new ArrayList<>();
  @Nullable RowPattern pattern;
  @Nullable SqlNode within;
  private MatchClause.@Nullable Rows rows;
  private @Nullable SourceSpan rowsSpan;
  private MatchClause.@Nullable Skip skip;
  private @Nullable SourceSpan timeouts;
  private @Nullable Token start;
  private @Nullable Token firstPart;
  private boolean seek;

  /// The first token of the clause that is being read.
  void start(Token token) {
    start = token;
  }

  /// Of a window: one of the clauses that belong to a pattern begins.
  void part(Token token) {
    firstPart = firstPart == null ? token : firstPart;
  }

  /// The clause of [#start].
  void part() {
    part(Objects.requireNonNull(start));
  }

  /// INITIAL or SEEK.
  void search(Token token) {
    part(token);
    seek = Ahead.isUnquoted(token, "seek");
  }

  private SourceSpan spanTo(Token end) {
    return Nodes.span(Objects.requireNonNull(start), end);
  }

  void rows(MatchClause.Rows value, Token end) {
    rows = value;
    rowsSpan = spanTo(end);
  }

  void skip(MatchClause.SkipKind kind, @Nullable PatternName variable, Token end) {
    skip = new MatchClause.Skip(kind, variable, spanTo(end));
  }

  void timeouts(Token end) {
    timeouts = spanTo(end);
  }

  /// The pattern of a window; null where the window has none.
  @Nullable WindowPattern buildInWindow() {
    if (pattern == null) {
      if (firstPart != null) {
        throw SyntaxErrors.invalid(
            firstPart.image.toUpperCase(Locale.ROOT) + " in a window needs PATTERN",
            Nodes.span(firstPart),
            "Write PATTERN (...) behind the frame.");
      }
      return null;
    }
    MatchClause match = build();
    SourceSpan first = firstPart == null ? match.pattern().span() : Nodes.span(firstPart);
    return new WindowPattern(
        match, seek, new SourceSpan(first.start(), match.pattern().span().end()));
  }

  MatchClause build() {
    return new MatchClause(
        measures,
        rows,
        rowsSpan,
        skip,
        Objects.requireNonNull(pattern),
        within,
        timeouts,
        subsets,
        defines);
  }

  private static SourceSpan span(List<RowPattern> parts) {
    return new SourceSpan(parts.getFirst().span().start(), parts.getLast().span().end());
  }

  static RowPattern alternation(List<RowPattern> branches) {
    return branches.size() == 1
        ? branches.getFirst()
        : new RowPattern.Alternation(branches, span(branches));
  }

  static RowPattern concatenation(List<RowPattern> parts) {
    return parts.size() == 1 ? parts.getFirst() : new RowPattern.Concatenation(parts, span(parts));
  }

  static RowPattern quantified(RowPattern operand, int[] bounds, boolean reluctant, Token end) {
    return new RowPattern.Quantified(
        operand,
        bounds[0],
        bounds[1],
        reluctant,
        new SourceSpan(operand.span().start(), Nodes.span(end).end()));
  }
}
