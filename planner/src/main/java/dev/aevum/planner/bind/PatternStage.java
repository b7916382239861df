package dev.aevum.planner.bind;

import dev.aevum.model.type.SimpleType;
import dev.aevum.planner.error.PatternErrors;
import dev.aevum.planner.lower.MatchColumns;
import dev.aevum.planner.plan.Expr;
import dev.aevum.planner.plan.MatchExpr;
import dev.aevum.planner.plan.MatchOperand;
import dev.aevum.planner.plan.MatchOperand.Anchor;
import dev.aevum.planner.plan.MatchSpec;
import dev.aevum.planner.plan.MatchSpec.OutputColumn;
import dev.aevum.planner.plan.SortKey;
import dev.aevum.planner.plan.function.FunctionSignature;
import dev.aevum.planner.plan.function.FunctionSignature.Kind;
import dev.aevum.planner.rel.Extension;
import dev.aevum.planner.rel.Rels;
import dev.aevum.planner.rex.PatternWindow;
import dev.aevum.planner.rex.Rex;
import dev.aevum.planner.rex.Scalar;
import dev.aevum.planner.type.RowType;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.IntStream;
import org.apache.calcite.rel.RelNode;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.rex.RexCall;
import org.apache.calcite.rex.RexInputRef;
import org.apache.calcite.rex.RexNode;

/// Windows with a row pattern: a match node for each, which gives every row with its measures and
/// with what functions make of the rows of its match.
final class PatternStage {
  private record Group(PatternWindow window, List<RexNode> partition, List<RexNode> orderValues) {}

  private final Rels rels;
  private final Rex rex;
  private RelNode rel;
  private final Map<RexNode, RexNode> made = new LinkedHashMap<>();

  PatternStage(BindContext context) {
    this.rels = context.rels();
    this.rex = context.rex();
    this.rel = rels.oneRow();
  }

  /// Fails where a grouped query has such a window.
  static void checkPlain(List<RexNode> expressions) {
    for (RexNode expression : expressions) {
      Rex.contains(
          expression,
          n -> {
            if (Rex.scalar(n) instanceof Scalar.InPattern p) {
              throw PatternErrors.groupedPattern(p.window().span());
            }
            return false;
          });
    }
  }

  OverStage.Result apply(RelNode input, List<RexNode> expressions) {
    rel = input;
    Map<Group, List<RexCall>> groups = new LinkedHashMap<>();
    expressions.forEach(e -> collect(e, groups));
    if (groups.isEmpty()) {
      return new OverStage.Result(input, expressions);
    }
    groups.forEach(this::compute);
    return new OverStage.Result(rel, expressions.stream().map(this::rewrite).toList());
  }

  private void collect(RexNode node, Map<Group, List<RexCall>> groups) {
    if (!(node instanceof RexCall call)) {
      return;
    }
    if (Rex.scalar(call) instanceof Scalar.InPattern value) {
      List<RexNode> operands = call.getOperands();
      int order = value.values() + value.partition();
      Group group =
          new Group(
              value.window(),
              List.copyOf(operands.subList(value.values(), order)),
              List.copyOf(operands.subList(order, operands.size())));
      List<RexCall> calls = groups.computeIfAbsent(group, g -> new ArrayList<>());
      if (!calls.contains(call)) {
        calls.add(call);
      }
      return;
    }
    call.getOperands().forEach(o -> collect(o, groups));
  }

  private void compute(Group group, List<RexCall> calls) {
    List<RexNode> needed = new ArrayList<>(group.partition);
    needed.addAll(group.orderValues);
    calls.forEach(c -> needed.addAll(c.getOperands().subList(0, value(c).values())));
    Placed placed = Placed.of(rels, rel, needed);
    rel = placed.rel();
    int width = rel.getRowType().getFieldCount();
    MatchSpec written = group.window.match();
    MatchSpec moved = MatchColumns.widened(written, group.window.width(), width);
    List<MatchExpr> measures = new ArrayList<>();
    List<OutputColumn> output = new ArrayList<>();
    List<RelDataType> types = new ArrayList<>();
    List<String> names = new ArrayList<>();
    IntStream.range(0, width).forEach(i -> output.add(new OutputColumn.Input(i)));
    for (RexCall call : calls) {
      Scalar.InPattern value = value(call);
      FunctionSignature function = value.function();
      measures.add(
          function == null
              ? moved.measures().get(value.measure())
              : overMatch(call, value, function, placed, written.variables().size()));
      output.add(new OutputColumn.Measure(types.size()));
      RelDataType type = new RowType(Rex.type(call), true);
      RexNode column = new RexInputRef(width + types.size(), type);
      made.put(call, Rex.nullable(call) ? column : orZero(column, call));
      types.add(type);
      names.add(value.name());
    }
    List<SortKey> order = new ArrayList<>();
    for (SortKey key : group.window.order()) {
      int column = placed.at(group.orderValues.get(key.column()));
      order.add(new SortKey(column, key.descending(), key.nullsFirst()));
    }
    List<Integer> partition = placed.at(group.partition).stream().distinct().toList();
    int time = group.window.time() ? order.getFirst().column() : -1;
    MatchSpec spec = moved.withOutput(measures, output);
    RelDataType rowType = rels.concat(rel.getRowType(), rels.rowType(types, names), false);
    rel =
        rels.extension(
            new Extension.Match(partition, order, spec, time, group.window.span()),
            List.of(rel),
            rowType);
  }

  /// COUNT over no rows.
  private RexNode orZero(RexNode column, RexCall call) {
    return rex.call(
        new Scalar.Coalesce(),
        Rex.type(call),
        false,
        List.of(column, rex.constant(0L, SimpleType.BIGINT)));
  }

  /// A function over the rows of the match: all of them, in its order.
  private static MatchExpr overMatch(
      RexCall call,
      Scalar.InPattern value,
      FunctionSignature function,
      Placed placed,
      int variables) {
    List<Expr> arguments = new ArrayList<>();
    for (RexNode argument : call.getOperands().subList(0, value.values())) {
      arguments.add(
          new Expr.ColumnRef(placed.at(argument), Rex.type(argument), Rex.nullable(argument)));
    }
    List<Integer> all = IntStream.range(0, variables).boxed().toList();
    MatchOperand operand;
    if (function.kind() == Kind.AGGREGATE) {
      operand =
          new MatchOperand.Aggregate(
              function,
              arguments.subList(0, value.arguments()),
              value.distinct(),
              value.filtered() ? arguments.getLast() : null,
              List.of(),
              all,
              false,
              Rex.type(call));
    } else {
      boolean first = !function.name().equals("last_value");
      // nth_value's n.
      int skip = Math.max(value.measure(), 1) - 1;
      operand =
          new MatchOperand.RowValue(arguments.getFirst(), new Anchor(all, first, skip, false), 0);
    }
    return new MatchExpr(new Expr.ColumnRef(0, operand.type(), true), List.of(operand));
  }

  private static Scalar.InPattern value(RexCall call) {
    return (Scalar.InPattern) Objects.requireNonNull(Rex.scalar(call));
  }

  private RexNode rewrite(RexNode node) {
    RexNode value = made.get(node);
    if (value != null) {
      return value;
    }
    return node instanceof RexCall call
        ? rex.withOperands(call, call.getOperands().stream().map(this::rewrite).toList())
        : node;
  }
}
