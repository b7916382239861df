package dev.aevum.planner.plan;

import dev.aevum.model.type.SqlType;
import dev.aevum.planner.plan.function.FunctionSignature;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/// What an expression of DEFINE or MEASURES takes from the match.
///
/// Expressions inside of operands are over the *labelled row*: the input's columns, then
/// CLASSIFIER() as text (the row's variable by name, as [MatchSpec#variables] spells it), then
/// MATCH_NUMBER() as bigint. So `CLASSIFIER()` is a [RowValue] of the column behind the input's
/// last one, and `LAST(CLASSIFIER(), 1)` or `STRING_AGG(CLASSIFIER(), '')` need nothing of their
/// own.
///
/// *Running* operands see the match up to the current row (in DEFINE: the row under test, taken as
/// mapped to the variable under test); final ones see the whole match.
public sealed interface MatchOperand {
  SqlType type();

  /// The expressions over the labelled row.
  default List<Expr> expressions() {
    return switch (this) {
      case RowValue o -> List.of(o.value);
      case Aggregate o -> {
        List<Expr> all = new ArrayList<>(o.arguments);
        if (o.filter != null) {
          all.add(o.filter);
        }
        o.order.forEach(k -> all.add(k.value));
        yield all;
      }
      case MatchNumber o -> List.of();
      case MatchRowtime o -> List.of();
      case TimedOut o -> List.of();
    };
  }

  /// The same with `change` applied to the expressions over the labelled row.
  default MatchOperand withExpressions(UnaryOperator<Expr> change) {
    return switch (this) {
      case RowValue o -> new RowValue(change.apply(o.value), o.anchor, o.offset);
      case Aggregate o ->
          new Aggregate(
              o.function,
              o.arguments.stream().map(change).toList(),
              o.distinct,
              o.filter == null ? null : change.apply(o.filter),
              o.order.stream()
                  .map(k -> new OrderKey(change.apply(k.value), k.descending, k.nullsFirst))
                  .toList(),
              o.variables,
              o.running,
              o.type);
      case MatchNumber o -> o;
      case MatchRowtime o -> o;
      case TimedOut o -> o;
    };
  }

  /// `value` at one row: the row of `anchor`, moved by `offset` rows of the partition (PREV below
  /// zero, NEXT above; whether or not these rows are part of the match). NULL where there is no
  /// such row. Rows outside of the match have no CLASSIFIER.
  record RowValue(Expr value, Anchor anchor, int offset) implements MatchOperand {
    @Override
    public SqlType type() {
      return value.type();
    }
  }

  /// FIRST or LAST of the rows mapped to one of `variables` (all of the pattern's for unqualified
  /// columns), `skip` such rows further in (from the first) or back (from the last).
  record Anchor(List<Integer> variables, boolean first, int skip, boolean running) {
    public Anchor {
      variables = List.copyOf(variables);
    }
  }

  /// Of ORDER BY in an aggregate.
  record OrderKey(Expr value, boolean descending, boolean nullsFirst) {}

  /// An aggregate over the rows mapped to one of `variables`, in `order`, equal ones (all without
  /// ORDER BY) in the order of the match. Arguments are expressions over the labelled row; none for
  /// COUNT(*) and COUNT(A.*). `filter`: FILTER, a boolean over the labelled row; only rows for
  /// which it is true count. Null: all do.
  record Aggregate(
      FunctionSignature function,
      List<Expr> arguments,
      boolean distinct,
      @Nullable Expr filter,
      List<OrderKey> order,
      List<Integer> variables,
      boolean running,
      SqlType type)
      implements MatchOperand {
    public Aggregate {
      order = List.copyOf(order);
      arguments = List.copyOf(arguments);
      variables = List.copyOf(variables);
    }

    /// Without FILTER and ORDER BY.
    public Aggregate(
        FunctionSignature function,
        List<Expr> arguments,
        boolean distinct,
        List<Integer> variables,
        boolean running,
        SqlType type) {
      this(function, arguments, distinct, null, List.of(), variables, running, type);
    }
  }

  /// MATCH_NUMBER(): 1, 2, ... in each partition, also where there is no row (an empty match).
  record MatchNumber(SqlType type) implements MatchOperand {}

  /// MATCH_ROWTIME(): the event time of the match's last row; of a timed-out one the time at which
  /// it timed out (first row + WITHIN). Carries the watermark on.
  record MatchRowtime(SqlType type) implements MatchOperand {}

  /// The labels' values were a timeout: true in rows of SHOW TIMEOUT MATCHES that ran out of time.
  record TimedOut(SqlType type) implements MatchOperand {}
}
