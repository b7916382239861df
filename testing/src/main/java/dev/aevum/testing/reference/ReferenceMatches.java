package dev.aevum.testing.reference;

import dev.aevum.model.error.ErrorCode;
import dev.aevum.model.error.SqlException;
import dev.aevum.planner.plan.MatchSpec;
import dev.aevum.planner.plan.MatchSpec.AfterMatch;
import dev.aevum.planner.plan.MatchSpec.OutputColumn;
import dev.aevum.planner.plan.MatchSpec.RowsPerMatch;
import dev.aevum.planner.plan.PlanNode.MatchNode;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// The matches of one partition and their output rows, by the words of the standard: from each row
/// on, in order, the most preferred way to match; then on to where AFTER MATCH SKIP says.
final class ReferenceMatches {
  private final MatchNode node;
  private final MatchSpec match;
  private final List<List<@Nullable Object>> rows;
  private final @Nullable Long watermark;
  private final LabelledRows labelled;
  private final List<List<@Nullable Object>> output = new ArrayList<>();
  private final List<ReferenceResult.RowFailure> failures = new ArrayList<>();
  private final Set<Integer> covered = new HashSet<>();
  private long number;

  /// Behind the last row of the frame of the row that is searched from.
  private long frameEnd = Long.MAX_VALUE;

  /// @param rows the partition's, in their order
  /// @param watermark later rows have times at or after it; null: no later rows
  ReferenceMatches(
      MatchNode node,
      List<List<@Nullable Object>> rows,
      @Nullable Long watermark,
      ReferenceExpressions expressions) {
    this.node = node;
    this.match = node.match();
    this.rows = rows;
    this.watermark = watermark;
    int time = node.timeColumn() >= 0 ? node.timeColumn() : firstOrderColumn(node);
    this.labelled = new LabelledRows(match, rows, watermark == null, time, expressions);
  }

  private static int firstOrderColumn(MatchNode node) {
    return node.orderBy().isEmpty() ? -1 : node.orderBy().getFirst().column();
  }

  List<List<@Nullable Object>> output() {
    return output;
  }

  List<ReferenceResult.RowFailure> failures() {
    return failures;
  }

  /// What comes of a start.
  private sealed interface Attempt {
    record Found(PatternWay way) implements Attempt {}

    /// The most preferred way that waited for a row when its time was over.
    record TimedOut(PatternWay way) implements Attempt {}

    record None() implements Attempt {}

    record Undecided() implements Attempt {}
  }

  /// All matches in order, up to the first start that later rows decide.
  void run() {
    int start = 0;
    while (start < rows.size()) {
      int emitted = output.size();
      try {
        switch (search(start)) {
          case Attempt.Found(PatternWay way) -> start = found(start, way);
          case Attempt.TimedOut(PatternWay way) -> {
            if (match.timeouts()) {
              number++;
              emit(way, true);
            } else {
              unmatched(start);
            }
            start++;
          }
          case Attempt.None() -> {
            unmatched(start);
            start++;
          }
          case Attempt.Undecided() -> start = rows.size();
        }
      } catch (LabelledRows.NotYetException e) {
        output.subList(emitted, output.size()).clear();
        return;
      }
    }
  }

  /// In a window: a match in the row's frame, from its first row on, with SEEK from the first of
  /// its rows that begins one.
  private Attempt search(int row) {
    MatchSpec.Frame frame = match.frame();
    if (frame == null) {
      return attempt(row);
    }
    frameEnd = frame.following() < 0 ? Long.MAX_VALUE : row + frame.following() + 1;
    labelled.within(row, frameEnd);
    for (int start = row; start < rows.size() && start < frameEnd; start++) {
      Attempt attempt = attempt(start);
      if (!(attempt instanceof Attempt.None) || !frame.seek()) {
        return attempt;
      }
    }
    return watermark == null || rows.size() >= frameEnd
        ? new Attempt.None()
        : new Attempt.Undecided();
  }

  private Attempt attempt(int start) {
    PatternWay[] found = new PatternWay[1];
    PatternWay[] timedOut = new PatternWay[1];
    PatternSearch.Rows partition =
        new PatternSearch.Rows() {
          @Override
          public PatternSearch.Outcome accepts(PatternWay way, int variable) {
            if (isOver(way)) {
              timedOut[0] = timedOut[0] == null ? way : timedOut[0];
              return PatternSearch.Outcome.NO;
            }
            return acceptsRow(way, variable);
          }

          @Override
          public PatternSearch.Outcome isEnd(int position) {
            if (position < rows.size()) {
              return PatternSearch.Outcome.NO;
            }
            return watermark == null ? PatternSearch.Outcome.YES : PatternSearch.Outcome.OPEN;
          }
        };
    PatternSearch.Outcome outcome =
        PatternSearch.search(
            match.pattern(),
            PatternWay.at(start),
            partition,
            way -> {
              found[0] = way;
              return PatternSearch.Outcome.YES;
            });
    return switch (outcome) {
      case YES -> new Attempt.Found(found[0]);
      case NO -> timedOut[0] == null ? new Attempt.None() : new Attempt.TimedOut(timedOut[0]);
      case OPEN -> new Attempt.Undecided();
    };
  }

  /// WITHIN: the row behind `way`, there or still to come, is too late for it. Where no row comes
  /// any more, time is over for all that wait.
  private boolean isOver(PatternWay way) {
    if (match.withinMicros() < 0 || way.rows() == 0) {
      return false;
    }
    long last = labelled.time(way.first()) + match.withinMicros();
    return way.end() < rows.size()
        ? labelled.time(way.end()) > last
        : watermark == null || watermark > last;
  }

  private PatternSearch.Outcome acceptsRow(PatternWay way, int variable) {
    if (way.end() >= frameEnd) {
      return PatternSearch.Outcome.NO;
    }
    if (way.end() == rows.size()) {
      return watermark == null ? PatternSearch.Outcome.NO : PatternSearch.Outcome.OPEN;
    }
    try {
      return labelled.holds(way.mapped(variable), number + 1)
          ? PatternSearch.Outcome.YES
          : PatternSearch.Outcome.NO;
    } catch (LabelledRows.NotYetException e) {
      return PatternSearch.Outcome.OPEN;
    }
  }

  /// Emits the match and tells where to go on.
  private int found(int row, PatternWay way) {
    number++;
    if (match.rows() != RowsPerMatch.EVERY_ROW) {
      emit(way, false);
      return next(way.first(), way);
    }
    row(row, new LabelledRows.View(way, way.rows(), number, false));
    int next = next(row, way);
    for (int skipped = row + 1; skipped < next; skipped++) {
      row(skipped, null);
    }
    return next;
  }

  /// Where matching goes on; `row`: where the search began.
  private int next(int row, PatternWay way) {
    int next = row + 1;
    if (way.rows() == 0) {
      return next;
    }
    return switch (match.afterMatch()) {
      case AfterMatch.PastLastRow() -> way.end();
      case AfterMatch.ToNextRow() -> next;
      case AfterMatch.ToVariable to -> {
        int place = place(way, to);
        if (place >= 0 && way.first() + place > row) {
          yield way.first() + place;
        }
        failures.add(
            new ReferenceResult.RowFailure(
                ErrorCode.INVALID_PARAMETER_VALUE.sqlState(),
                place < 0
                    ? "AFTER MATCH SKIP TO: no row is mapped to the variable"
                    : "AFTER MATCH SKIP TO: the first row of the match",
                partition(way.first())));
        yield next;
      }
    };
  }

  private static int place(PatternWay way, AfterMatch.ToVariable to) {
    int place = -1;
    for (int i = 0; i < way.rows(); i++) {
      if (to.variables().contains(way.labels().get(i)) && (to.last() || place < 0)) {
        place = i;
      }
    }
    return place;
  }

  private List<@Nullable Object> partition(int row) {
    List<@Nullable Object> key = new ArrayList<>();
    node.partitionBy().forEach(column -> key.add(rows.get(row).get(column)));
    return key;
  }

  private void emit(PatternWay way, boolean timedOut) {
    for (int i = 0; i < way.rows() && !timedOut; i++) {
      covered.add(way.first() + i);
    }
    if (match.rows() == RowsPerMatch.ONE_ROW) {
      row(way.first(), new LabelledRows.View(way, way.rows(), number, timedOut));
    } else if (way.rows() > 0) {
      for (int i = 0; i < way.rows(); i++) {
        if (!way.excluded().get(i)) {
          row(way.first() + i, new LabelledRows.View(way, i + 1, number, timedOut));
        }
      }
    } else if (match.rows() != RowsPerMatch.ALL_ROWS_OMIT_EMPTY) {
      row(way.first(), new LabelledRows.View(way, 0, number, timedOut));
    }
  }

  /// The row began no match: it is unmatched unless an earlier match has it. (A start that timed
  /// out shows its own row; the others of its way are in no match yet.)
  private void unmatched(int start) {
    if (match.rows() == RowsPerMatch.EVERY_ROW
        || match.rows() == RowsPerMatch.ALL_ROWS_WITH_UNMATCHED && !covered.contains(start)) {
      row(start, null);
    }
  }

  /// One output row; `view` null: measures are NULL.
  private void row(int input, LabelledRows.@Nullable View view) {
    List<@Nullable Object> made = new ArrayList<>();
    try {
      for (OutputColumn column : match.output()) {
        made.add(
            switch (column) {
              case OutputColumn.Input(int index) -> rows.get(input).get(index);
              case OutputColumn.Measure(int index) ->
                  view == null ? null : labelled.value(match.measures().get(index), view);
            });
      }
      output.add(made);
    } catch (SqlException e) {
      failures.add(new ReferenceResult.RowFailure(e.sqlState(), e.text(), partition(input)));
    }
  }
}
