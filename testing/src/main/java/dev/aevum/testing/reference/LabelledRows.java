package dev.aevum.testing.reference;

import dev.aevum.model.type.SqlType;
import dev.aevum.planner.plan.Expr;
import dev.aevum.planner.plan.MatchExpr;
import dev.aevum.planner.plan.MatchOperand;
import dev.aevum.planner.plan.MatchSpec;
import dev.aevum.planner.plan.SortKey;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// Values of DEFINE and MEASURES over one partition's rows in their order.
final class LabelledRows {
  private final MatchSpec match;
  private final List<List<@Nullable Object>> rows;
  private final boolean complete;
  private final int timeColumn;
  private final ReferenceExpressions expressions;

  /// The rows that PREV and NEXT reach, `frameEnd` exclusive.
  private int frameStart;

  private long frameEnd = Long.MAX_VALUE;

  /// `complete` false: more rows can come behind these.
  LabelledRows(
      MatchSpec match,
      List<List<@Nullable Object>> rows,
      boolean complete,
      int timeColumn,
      ReferenceExpressions expressions) {
    this.match = match;
    this.rows = rows;
    this.complete = complete;
    this.timeColumn = timeColumn;
    this.expressions = expressions;
  }

  /// A value depends on a row that is not there yet.
  static final class NotYetException extends RuntimeException {
    private static final long serialVersionUID = 1;
  }

  /// From where an expression looks: the match, how many of its rows RUNNING sees (up to and with
  /// the current row), its number.
  record View(PatternWay way, int running, long number, boolean timedOut) {}

  /// Of a pattern in a window: what lies outside of the frame gives NULL.
  void within(int start, long end) {
    frameStart = start;
    frameEnd = end;
  }

  int count() {
    return rows.size();
  }

  long time(int row) {
    return (Long) java.util.Objects.requireNonNull(rows.get(row).get(timeColumn));
  }

  /// Whether `way`'s last row satisfies the condition of its variable.
  boolean holds(PatternWay way, long number) {
    MatchExpr condition = match.defines().get(way.labels().getLast());
    if (condition == null) {
      return true;
    }
    View view = new View(way, way.rows(), number, false);
    return expressions.holds(condition.expression(), scope(operands(condition, view)));
  }

  @Nullable Object value(MatchExpr expression, View view) {
    return expressions.value(expression.expression(), scope(operands(expression, view)));
  }

  private static ReferenceExpressions.Scope scope(List<@Nullable Object> row) {
    return new ReferenceExpressions.Scope(row, Map.of());
  }

  private List<@Nullable Object> operands(MatchExpr expression, View view) {
    List<@Nullable Object> values = new ArrayList<>();
    for (MatchOperand operand : expression.operands()) {
      values.add(
          switch (operand) {
            case MatchOperand.RowValue r -> rowValue(r, view);
            case MatchOperand.Aggregate a -> aggregate(a, view);
            case MatchOperand.MatchNumber n -> view.number();
            case MatchOperand.MatchRowtime t -> rowtime(view);
            case MatchOperand.TimedOut t -> view.timedOut();
          });
    }
    return values;
  }

  /// An empty match has no last row, and so no time.
  private @Nullable Long rowtime(View view) {
    if (view.timedOut()) {
      return time(view.way().first()) + match.withinMicros();
    }
    return view.way().rows() == 0 ? null : Long.valueOf(time(view.way().end() - 1));
  }

  private @Nullable Object rowValue(MatchOperand.RowValue operand, View view) {
    MatchOperand.Anchor anchor = operand.anchor();
    List<Integer> mapped = mapped(anchor.variables(), anchor.running(), view);
    if (anchor.skip() >= mapped.size()) {
      return null;
    }
    int place = anchor.first() ? anchor.skip() : mapped.size() - 1 - anchor.skip();
    int row = mapped.get(place) + operand.offset();
    if (row < frameStart || row >= frameEnd) {
      return null;
    }
    if (row >= rows.size()) {
      if (complete) {
        return null;
      }
      throw new NotYetException();
    }
    return expressions.value(operand.value(), scope(labelled(row, anchor.running(), view)));
  }

  private @Nullable Object aggregate(MatchOperand.Aggregate operand, View view) {
    List<SqlType> types = operand.arguments().stream().map(Expr::type).toList();
    List<List<@Nullable Object>> arguments = new ArrayList<>();
    for (int row : inOrder(operand, view)) {
      List<@Nullable Object> labelled = labelled(row, operand.running(), view);
      Expr filter = operand.filter();
      if (filter != null && !Boolean.TRUE.equals(expressions.value(filter, scope(labelled)))) {
        continue;
      }
      List<@Nullable Object> values = new ArrayList<>();
      for (Expr argument : operand.arguments()) {
        values.add(expressions.value(argument, scope(labelled)));
      }
      arguments.add(values);
    }
    return ReferenceAggregates.value(
        operand.function(), operand.distinct(), operand.type(), types, arguments);
  }

  /// The aggregate's rows as its ORDER BY wants them, equal ones as they are in the match.
  private List<Integer> inOrder(MatchOperand.Aggregate operand, View view) {
    List<Integer> rows = mapped(operand.variables(), operand.running(), view);
    List<SortKey> keys = new ArrayList<>();
    List<SqlType> types = new ArrayList<>();
    for (MatchOperand.OrderKey key : operand.order()) {
      keys.add(new SortKey(keys.size(), key.descending(), key.nullsFirst()));
      types.add(key.value().type());
    }
    Map<Integer, List<@Nullable Object>> values = new HashMap<>();
    for (int row : rows) {
      List<@Nullable Object> made = new ArrayList<>();
      operand
          .order()
          .forEach(k ->
              made.add(
                  expressions.value(k.value(), scope(labelled(row, operand.running(), view)))));
      values.put(row, made);
    }
    Comparator<List<@Nullable Object>> order = ReferenceOrder.of(keys, types);
    List<Integer> sorted = new ArrayList<>(rows);
    sorted.sort((a, b) ->
        order.compare(
            Objects.requireNonNull(values.get(a)), Objects.requireNonNull(values.get(b))));
    return sorted;
  }

  /// Positions of the rows mapped to one of `variables`, in order.
  private static List<Integer> mapped(List<Integer> variables, boolean running, View view) {
    PatternWay way = view.way();
    List<Integer> mapped = new ArrayList<>();
    for (int i = 0; i < (running ? view.running() : way.rows()); i++) {
      if (variables.contains(way.labels().get(i))) {
        mapped.add(way.first() + i);
      }
    }
    return mapped;
  }

  /// The row's columns, its variable (none outside of the match) and the match's number.
  private List<@Nullable Object> labelled(int row, boolean running, View view) {
    PatternWay way = view.way();
    int inMatch = row - way.first();
    int seen = running ? view.running() : way.rows();
    List<@Nullable Object> labelled = new ArrayList<>(rows.get(row));
    labelled.add(
        inMatch >= 0 && inMatch < seen ? match.variables().get(way.labels().get(inMatch)) : null);
    labelled.add(view.number());
    return labelled;
  }
}
