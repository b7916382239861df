package dev.aevum.planner.plan;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/// The MATCH_RECOGNIZE clause but for PARTITION BY and ORDER BY.
///
/// - `variables`: the primary pattern variables by name, in order of first appearance in PATTERN.
/// - `defines`: per variable its boolean condition; null where DEFINE does not name it (always
///   true).
/// - `measures`: their values; `output` says where they stand.
/// - `output`: the columns of an output row, in order.
/// - `withinMicros`: last row's time - first row's time <= this; -1: no WITHIN.
/// - `timeouts`: SHOW TIMEOUT MATCHES: a start whose time ran out before any match of it was
///   complete gives a row (ONE ROW) or rows for what it had matched by its preferred way.
/// - `frame`: of a row pattern in a window (R020): what a match that is searched from a row on may
///   see; null for MATCH_RECOGNIZE.
public record MatchSpec(
    List<String> variables,
    Pattern pattern,
    List<@Nullable MatchExpr> defines,
    List<MatchExpr> measures,
    List<OutputColumn> output,
    RowsPerMatch rows,
    AfterMatch afterMatch,
    long withinMicros,
    boolean timeouts,
    @Nullable Frame frame) {
  public MatchSpec {
    variables = List.copyOf(variables);
    defines = Collections.unmodifiableList(new ArrayList<>(defines));
    measures = List.copyOf(measures);
    output = List.copyOf(output);
  }

  public static final long NO_WITHIN = -1;

  /// MATCH_RECOGNIZE: without a frame.
  public MatchSpec(
      List<String> variables,
      Pattern pattern,
      List<@Nullable MatchExpr> defines,
      List<MatchExpr> measures,
      List<OutputColumn> output,
      RowsPerMatch rows,
      AfterMatch afterMatch,
      long withinMicros,
      boolean timeouts) {
    this(
        variables,
        pattern,
        defines,
        measures,
        output,
        rows,
        afterMatch,
        withinMicros,
        timeouts,
        null);
  }

  /// ROWS BETWEEN CURRENT ROW AND `following` FOLLOWING ([#UNBOUNDED]: to the end of the
  /// partition), counted from the row at which matching starts. PREV and NEXT give NULL beyond it,
  /// matches end in it. `seek`: the match may begin at a later row of the frame, the first that
  /// there is.
  public record Frame(long following, boolean seek) {
    public static final long UNBOUNDED = -1;
  }

  /// The same with every expression changed: `result` those over operands, `labelled` those inside
  /// of operands, over the labelled row.
  public MatchSpec withExpressions(UnaryOperator<Expr> result, UnaryOperator<Expr> labelled) {
    List<@Nullable MatchExpr> changedDefines = new ArrayList<>();
    for (MatchExpr define : defines) {
      changedDefines.add(define == null ? null : define.withExpressions(result, labelled));
    }
    return new MatchSpec(
        variables,
        pattern,
        changedDefines,
        measures.stream().map(m -> m.withExpressions(result, labelled)).toList(),
        output,
        rows,
        afterMatch,
        withinMicros,
        timeouts,
        frame);
  }

  /// The same with other measures and output columns.
  public MatchSpec withOutput(List<MatchExpr> newMeasures, List<OutputColumn> newOutput) {
    return new MatchSpec(
        variables,
        pattern,
        defines,
        newMeasures,
        newOutput,
        rows,
        afterMatch,
        withinMicros,
        timeouts,
        frame);
  }

  public enum RowsPerMatch {
    ONE_ROW,
    ALL_ROWS_SHOW_EMPTY,
    ALL_ROWS_OMIT_EMPTY,
    ALL_ROWS_WITH_UNMATCHED,
    /// Each row of the input once: with the measures, as ONE ROW has them, of the match that is
    /// found from it on; NULL where there is none, or where AFTER MATCH SKIP passed the row over.
    EVERY_ROW
  }

  /// Where matching goes on.
  public sealed interface AfterMatch {
    record PastLastRow() implements AfterMatch {}

    record ToNextRow() implements AfterMatch {}

    /// The first (or last) row mapped to one of `variables`: no such row, or the first row of the
    /// match, is an error (22023 in the words of the standard's exceptions).
    record ToVariable(List<Integer> variables, boolean last) implements AfterMatch {
      public ToVariable {
        variables = List.copyOf(variables);
      }
    }
  }

  /// A column of the output.
  public sealed interface OutputColumn {
    /// Column of the input: of the row itself (ALL ROWS), or of the partition (ONE ROW: partition
    /// columns only).
    record Input(int column) implements OutputColumn {}

    record Measure(int measure) implements OutputColumn {}
  }
}
