package dev.aevum.planner.bind;

import dev.aevum.planner.error.StatementErrors;
import dev.aevum.planner.plan.SortKey;
import dev.aevum.planner.rel.Rels;
import dev.aevum.planner.rex.AggregateOperator;
import dev.aevum.planner.rex.Rex;
import dev.aevum.planner.rex.Scalar;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.apache.calcite.rel.RelCollation;
import org.apache.calcite.rel.RelCollations;
import org.apache.calcite.rel.RelFieldCollation;
import org.apache.calcite.rel.RelNode;
import org.apache.calcite.rel.core.AggregateCall;
import org.apache.calcite.rex.RexCall;
import org.apache.calcite.rex.RexInputRef;
import org.apache.calcite.rex.RexNode;

/// GROUP BY: computes keys and arguments, aggregates, and rewrites the expressions above to the
/// result.
final class AggregateStage {
  record Result(RelNode rel, List<RexNode> expressions) {}

  private final BindContext context;
  private final Rels rels;
  private final Scope scope;
  private final List<RexNode> keys;
  private final List<RexCall> calls = new ArrayList<>();

  AggregateStage(BindContext context, Scope scope, List<RexNode> keys) {
    this.context = context;
    this.rels = context.rels();
    this.scope = scope;
    this.keys = new ArrayList<>(new LinkedHashSet<>(keys));
  }

  static boolean hasAggregate(RexNode node) {
    return Rex.contains(node, n -> Rex.scalar(n) instanceof Scalar.Aggregate);
  }

  Result apply(RelNode input, List<RexNode> expressions) {
    expressions.forEach(this::collect);
    expressions.forEach(this::addDependent);
    List<RexNode> columns = new ArrayList<>(keys);
    for (RexCall call : calls) {
      for (RexNode operand : call.getOperands()) {
        if (!columns.contains(operand)) {
          columns.add(operand);
        }
      }
    }
    SubqueryRemoval.Result plain = new SubqueryRemoval(context).apply(input, columns);
    List<String> names = new ArrayList<>();
    for (RexNode column : columns) {
      names.add(name(column, input, names.size()));
    }
    RelNode projected = rels.project(plain.rel(), plain.expressions(), names);
    List<AggregateCall> aggregates = new ArrayList<>();
    for (RexCall call : calls) {
      aggregates.add(aggregate(call, columns, aggregates.size()));
    }
    RelNode rel = rels.aggregate(projected, keys.size(), aggregates);
    List<RexNode> rewritten = new ArrayList<>();
    for (RexNode expression : expressions) {
      rewritten.add(rewrite(expression, rel));
    }
    return new Result(rel, rewritten);
  }

  private static String name(RexNode column, RelNode input, int index) {
    return column instanceof RexInputRef ref
        ? input.getRowType().getFieldNames().get(ref.getIndex())
        : "$" + index;
  }

  private void collect(RexNode node) {
    if (node instanceof RexCall call) {
      if (Rex.scalar(call) instanceof Scalar.Aggregate) {
        if (!calls.contains(call)) {
          calls.add(call);
        }
        return;
      }
      call.getOperands().forEach(this::collect);
    }
  }

  /// Columns of a table whose key is grouped by are functions of the key: they become keys too.
  private void addDependent(RexNode node) {
    if (keys.contains(node)) {
      return;
    }
    if (node instanceof RexInputRef ref) {
      if (isDependent(ref.getIndex())) {
        keys.add(ref);
      }
    } else if (node instanceof RexCall call && !(Rex.scalar(call) instanceof Scalar.Aggregate)) {
      call.getOperands().forEach(this::addDependent);
    }
  }

  private boolean isDependent(int column) {
    Set<Integer> grouped = new LinkedHashSet<>();
    for (RexNode key : keys) {
      if (key instanceof RexInputRef ref) {
        grouped.add(ref.getIndex());
      }
    }
    for (Scope.Entry entry : scope.entries()) {
      boolean owns = entry.columns().stream().anyMatch(c -> c.index() == column);
      if (owns && entry.keys().stream().anyMatch(k -> !k.isEmpty() && grouped.containsAll(k))) {
        return true;
      }
    }
    return false;
  }

  private AggregateCall aggregate(RexCall call, List<RexNode> columns, int index) {
    Scalar.Aggregate aggregate = (Scalar.Aggregate) Objects.requireNonNull(Rex.scalar(call));
    List<RexNode> operands = call.getOperands();
    List<Integer> arguments = new ArrayList<>();
    for (RexNode operand : operands.subList(0, aggregate.arguments())) {
      arguments.add(columns.indexOf(operand));
    }
    int filter = aggregate.filtered() ? columns.indexOf(operands.getLast()) : -1;
    List<RelFieldCollation> order = new ArrayList<>();
    for (SortKey key : aggregate.order()) {
      int column = columns.indexOf(operands.get(aggregate.arguments() + key.column()));
      order.add(collation(key, column));
    }
    RelCollation collation = order.isEmpty() ? RelCollations.EMPTY : RelCollations.of(order);
    return AggregateCall.create(
        new AggregateOperator(aggregate.signature(), call.getType()),
        aggregate.distinct(),
        false,
        false,
        List.of(),
        arguments,
        filter,
        null,
        collation,
        call.getType(),
        "$a" + index);
  }

  static RelFieldCollation collation(SortKey key, int column) {
    return new RelFieldCollation(
        column,
        key.descending()
            ? RelFieldCollation.Direction.DESCENDING
            : RelFieldCollation.Direction.ASCENDING,
        key.nullsFirst()
            ? RelFieldCollation.NullDirection.FIRST
            : RelFieldCollation.NullDirection.LAST);
  }

  private RexNode rewrite(RexNode node, RelNode rel) {
    int key = keys.indexOf(node);
    if (key >= 0) {
      return rels.reference(rel, key);
    }
    if (node instanceof RexInputRef) {
      BindContext.ColumnUse use = context.use(node);
      throw StatementErrors.ungrouped(
          use == null ? "?" : use.shown(), use == null ? null : use.span());
    }
    if (!(node instanceof RexCall call)) {
      return node;
    }
    int index = calls.indexOf(call);
    if (index >= 0) {
      return rels.reference(rel, keys.size() + index);
    }
    return context
        .rex()
        .withOperands(call, call.getOperands().stream().map(o -> rewrite(o, rel)).toList());
  }
}
