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

  private final List<List<RexNode>> sets;

  AggregateStage(BindContext context, Scope scope, List<RexNode> keys) {
    this(context, scope, keys, List.of());
  }

  /// GROUPING SETS: one aggregation for each set, keys of other sets NULL in it.
  static AggregateStage ofSets(BindContext context, Scope scope, List<List<RexNode>> sets) {
    List<RexNode> keys = new ArrayList<>();
    sets.forEach(keys::addAll);
    return new AggregateStage(context, scope, keys, sets);
  }

  /// `sets` empty: all keys together.
  private AggregateStage(
      BindContext context, Scope scope, List<RexNode> keys, List<List<RexNode>> sets) {
    this.context = context;
    this.rels = context.rels();
    this.scope = scope;
    this.keys = new ArrayList<>(new LinkedHashSet<>(keys));
    this.sets = sets;
  }

  static boolean hasAggregate(RexNode node) {
    return Rex.contains(node, n -> Rex.scalar(n) instanceof Scalar.Aggregate);
  }

  Result apply(RelNode input, List<RexNode> expressions) {
    Comparability.requireEquality(keys.stream().map(Rex::type).toList(), null);
    expressions.forEach(this::collect);
    if (sets.isEmpty()) {
      expressions.forEach(this::addDependent);
    }
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
    RelNode rel =
        sets.isEmpty()
            ? rels.aggregate(projected, keys.size(), aggregates(columns, 0))
            : rels.unionAll(sets.stream().map(set -> ofSet(projected, columns, set)).toList());
    List<RexNode> rewritten = new ArrayList<>();
    for (RexNode expression : expressions) {
      rewritten.add(rewrite(expression, rel));
    }
    return new Result(rel, rewritten);
  }

  private List<AggregateCall> aggregates(List<RexNode> columns, int offset) {
    List<AggregateCall> aggregates = new ArrayList<>();
    for (RexCall call : calls) {
      aggregates.add(aggregate(call, columns, offset, aggregates.size()));
    }
    return aggregates;
  }

  /// All keys, those outside of the set NULL, then the aggregates.
  private RelNode ofSet(RelNode projected, List<RexNode> columns, List<RexNode> set) {
    List<RexNode> chosen = new ArrayList<>(new LinkedHashSet<>(set));
    List<RexNode> input = new ArrayList<>();
    chosen.forEach(key -> input.add(rels.reference(projected, keys.indexOf(key))));
    input.addAll(rels.references(projected));
    List<String> names = new ArrayList<>();
    input.forEach(i -> names.add("$" + names.size()));
    RelNode grouped =
        rels.aggregate(
            rels.project(projected, input, names),
            chosen.size(),
            aggregates(columns, chosen.size()));
    List<RexNode> output = new ArrayList<>();
    List<String> outputNames = new ArrayList<>();
    for (int i = 0; i < keys.size(); i++) {
      int at = chosen.indexOf(keys.get(i));
      output.add(
          at >= 0 ? rels.reference(grouped, at) : context.rex().nullOf(Rex.type(keys.get(i))));
      outputNames.add(projected.getRowType().getFieldNames().get(i));
    }
    for (int i = 0; i < calls.size(); i++) {
      output.add(rels.reference(grouped, chosen.size() + i));
      outputNames.add("$a" + i);
    }
    return rels.project(grouped, output, outputNames);
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

  /// `columns` stand from `offset` on in the input.
  private AggregateCall aggregate(RexCall call, List<RexNode> columns, int offset, int index) {
    Scalar.Aggregate aggregate = (Scalar.Aggregate) Objects.requireNonNull(Rex.scalar(call));
    List<RexNode> operands = call.getOperands();
    List<Integer> arguments = new ArrayList<>();
    for (RexNode operand : operands.subList(0, aggregate.arguments())) {
      arguments.add(offset + columns.indexOf(operand));
    }
    int filter = aggregate.filtered() ? offset + columns.indexOf(operands.getLast()) : -1;
    List<RelFieldCollation> order = new ArrayList<>();
    for (SortKey key : aggregate.order()) {
      int column = offset + columns.indexOf(operands.get(aggregate.arguments() + key.column()));
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
