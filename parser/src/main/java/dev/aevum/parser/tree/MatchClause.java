package dev.aevum.parser.tree;

import dev.aevum.model.error.SourceSpan;
import java.util.List;
import org.apache.calcite.sql.SqlNode;
import org.jspecify.annotations.Nullable;

/// Row pattern recognition but for its input, partitions and order. `measures` are [AliasNode]s.
/// Null: `rows` and `skip` where the clause was left out, `within` without WITHIN, else an
/// [IntervalLiteralNode]; `timeouts` without SHOW TIMEOUT MATCHES, else where that stands.
/// `rowsSpan` is there where `rows` is.
public record MatchClause(
    List<SqlNode> measures,
    @Nullable Rows rows,
    @Nullable SourceSpan rowsSpan,
    @Nullable Skip skip,
    RowPattern pattern,
    @Nullable SqlNode within,
    @Nullable SourceSpan timeouts,
    List<Subset> subsets,
    List<Define> defines) {
  public MatchClause {
    measures = List.copyOf(measures);
    subsets = List.copyOf(subsets);
    defines = List.copyOf(defines);
  }

  public enum Rows {
    ONE_ROW,
    ALL_ROWS,
    ALL_ROWS_SHOW_EMPTY,
    ALL_ROWS_OMIT_EMPTY,
    ALL_ROWS_WITH_UNMATCHED
  }

  public enum SkipKind {
    PAST_LAST_ROW,
    TO_NEXT_ROW,
    TO_FIRST,
    TO_LAST,
    /// `SKIP TO v`, which means TO LAST.
    TO_VARIABLE
  }

  /// AFTER MATCH SKIP; `variable` is there for the kinds that name one.
  public record Skip(SkipKind kind, @Nullable PatternName variable, SourceSpan span) {}

  public record Subset(PatternName union, List<PatternName> members) {
    public Subset {
      members = List.copyOf(members);
    }
  }

  public record Define(PatternName variable, SqlNode condition) {}
}
