package dev.aevum.planner.lower;

import dev.aevum.planner.plan.Expr;
import dev.aevum.planner.plan.MatchExpr;
import dev.aevum.planner.plan.MatchOperand;
import dev.aevum.planner.plan.MatchSpec;
import dev.aevum.planner.plan.MatchSpec.OutputColumn;
import dev.aevum.planner.plan.MatchSpec.RowsPerMatch;
import dev.aevum.planner.plan.PlanNode.MatchNode;
import dev.aevum.planner.plan.Traits;
import dev.aevum.planner.plan.Traits.TimeColumn;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// What is known of matches.
///
/// Time. Let rows still to come have a time of at least T. Under WITHIN w a start at s is settled
/// once T passes s + w, and starts settle in order: whatever is emitted later belongs to a start at
/// T - w or after, and so do all rows of it. Where every match has the same number of rows, it is
/// settled by its last row at the latest, and so are all starts before: what is emitted later ends
/// at T or after.
final class MatchTraits {
  private final MatchNode node;
  private final MatchSpec match;
  private final PatternShape shape;

  private MatchTraits(MatchNode node) {
    this.node = node;
    this.match = node.match();
    this.shape = PatternShape.of(match.pattern());
  }

  static Traits of(MatchNode node) {
    MatchTraits traits = new MatchTraits(node);
    return new Traits(!node.revising(), traits.keys(), traits.times(), traits.stateNote());
  }

  // Keys.

  private List<List<Integer>> keys() {
    List<List<Integer>> keys = new ArrayList<>();
    @Nullable List<Integer> partition = inOutput(node.partitionBy());
    boolean oneRow = match.rows() == RowsPerMatch.ONE_ROW;
    if (oneRow && partition != null) {
      int number = measure(e -> e instanceof MatchOperand.MatchNumber);
      if (number >= 0) {
        keys.add(with(partition, number));
      }
    }
    for (List<Integer> key : node.input().traits().uniqueKeys()) {
      @Nullable List<Integer> moved = oneRow ? byFirstRow(key) : byRow(key);
      if (moved != null) {
        keys.add(moved);
      }
    }
    return keys;
  }

  private static List<Integer> with(List<Integer> columns, int more) {
    List<Integer> all = new ArrayList<>(columns);
    all.add(more);
    return all;
  }

  private @Nullable List<Integer> inOutput(List<Integer> columns) {
    List<Integer> positions = new ArrayList<>();
    for (int column : columns) {
      int position = match.output().indexOf(new OutputColumn.Input(column));
      if (position < 0) {
        return null;
      }
      positions.add(position);
    }
    return positions;
  }

  /// The output column whose value is just this operand; -1 for none.
  private int measure(Predicate<MatchOperand> test) {
    for (int i = 0; i < match.output().size(); i++) {
      if (match.output().get(i) instanceof OutputColumn.Measure column) {
        MatchExpr measure = match.measures().get(column.measure());
        if (measure.expression() instanceof Expr.ColumnRef
            && measure.operands().size() == 1
            && test.test(measure.operands().getFirst())) {
          return i;
        }
      }
    }
    return -1;
  }

  /// No two matches have the same first row.
  private @Nullable List<Integer> byFirstRow(List<Integer> key) {
    if (shape.min() == 0) {
      return null;
    }
    List<Integer> positions = new ArrayList<>();
    for (int column : key) {
      int position = match.output().indexOf(new OutputColumn.Input(column));
      if (position < 0) {
        position = measure(o -> isFirst(o, column));
      }
      if (position < 0) {
        return null;
      }
      positions.add(position);
    }
    return positions;
  }

  private boolean isFirst(MatchOperand operand, int column) {
    return operand instanceof MatchOperand.RowValue value
        && value.value() instanceof Expr.ColumnRef ref
        && ref.index() == column
        && value.offset() == 0
        && value.anchor().first()
        && value.anchor().skip() == 0
        && value.anchor().variables().size() == match.variables().size();
  }

  /// A row is in one match only where matching goes on behind the last one.
  private @Nullable List<Integer> byRow(List<Integer> key) {
    return match.rows() == RowsPerMatch.EVERY_ROW
            || match.afterMatch() instanceof MatchSpec.AfterMatch.PastLastRow
        ? inOutput(key)
        : null;
  }

  // Time.

  private List<TimeColumn> times() {
    List<TimeColumn> times = new ArrayList<>();
    if (node.revising() || node.timeColumn() < 0) {
      return times;
    }
    for (TimeColumn time : node.input().traits().timeColumns()) {
      if (time.column() == node.timeColumn()) {
        addTimes(time.offsetMicros(), times);
      }
    }
    return times;
  }

  private void addTimes(long offset, List<TimeColumn> times) {
    boolean within = match.withinMicros() >= 0;
    boolean fixed = shape.isFixed() && PatternShape.lookahead(match) == 0;
    int rowtime = measure(o -> o instanceof MatchOperand.MatchRowtime);
    if (rowtime >= 0 && (within || fixed)) {
      times.add(new TimeColumn(rowtime, fixed ? offset : offset - match.withinMicros()));
    }
    int row = match.output().indexOf(new OutputColumn.Input(node.timeColumn()));
    boolean partition = node.partitionBy().contains(node.timeColumn());
    if (row >= 0 && within && !partition) {
      times.add(new TimeColumn(row, offset - match.withinMicros()));
    }
  }

  // State.

  /// The most rows that a start may look at.
  private long longest() {
    MatchSpec.@Nullable Frame frame = match.frame();
    if (frame == null) {
      return shape.max();
    }
    boolean unbounded = frame.seek() || shape.max() == PatternShape.UNBOUNDED;
    if (frame.following() == MatchSpec.Frame.UNBOUNDED) {
      return unbounded ? PatternShape.UNBOUNDED : shape.max();
    }
    long rows = frame.following() + 1;
    return unbounded ? rows : Math.min(rows, shape.max());
  }

  private String stateNote() {
    if (node.revising()) {
      return "grows with rows of its input";
    }
    if (match.withinMicros() >= 0) {
      return "bounded by WITHIN";
    }
    long longest = longest();
    long rows =
        longest == PatternShape.UNBOUNDED || shape.end()
            ? node.maxRowsPerPartition()
            : longest + PatternShape.lookahead(match);
    if (rows < 0) {
      return "grows with rows of open matches";
    }
    if (node.partitionBy().isEmpty()) {
      return "at most " + rows + " rows";
    }
    return "grows with distinct "
        + node.partitionBy().stream()
            .map(c -> node.input().schema().field(c).name())
            .collect(Collectors.joining(", "))
        + ", at most "
        + rows
        + " rows each";
  }
}
