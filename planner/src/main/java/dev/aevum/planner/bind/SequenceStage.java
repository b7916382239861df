package dev.aevum.planner.bind;

import dev.aevum.model.batch.Field;
import dev.aevum.model.type.SqlType;
import dev.aevum.planner.plan.function.SequenceFrame;
import dev.aevum.planner.plan.function.SequenceSignature;
import dev.aevum.planner.rel.Extension;
import dev.aevum.planner.rel.Rels;
import dev.aevum.planner.rex.Rex;
import dev.aevum.planner.rex.Scalar;
import dev.aevum.planner.type.RowType;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.apache.calcite.rel.RelNode;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.rex.RexCall;
import org.apache.calcite.rex.RexInputRef;
import org.apache.calcite.rex.RexNode;

/// Sequence functions: one node for each partitioning, time and frame. A call becomes the composite
/// of its result columns, which costs nothing where only attributes of it are read.
final class SequenceStage {
  private record Order(List<RexNode> partition, RexNode time, Map<String, Object> frame) {}

  private final Rels rels;
  private final Rex rex;
  private RelNode rel;
  private final Map<RexNode, RexNode> made = new LinkedHashMap<>();

  SequenceStage(BindContext context) {
    this.rels = context.rels();
    this.rex = context.rex();
    this.rel = rels.oneRow();
  }

  OverStage.Result apply(RelNode input, List<RexNode> expressions) {
    rel = input;
    Map<Order, List<RexCall>> orders = new LinkedHashMap<>();
    expressions.forEach(e -> collect(e, orders));
    if (orders.isEmpty()) {
      return new OverStage.Result(input, expressions);
    }
    orders.forEach(this::compute);
    return new OverStage.Result(rel, expressions.stream().map(this::rewrite).toList());
  }

  private void collect(RexNode node, Map<Order, List<RexCall>> orders) {
    if (!(node instanceof RexCall call)) {
      return;
    }
    if (Rex.scalar(call) instanceof Scalar.Sequence sequence) {
      int start = sequence.arguments();
      List<RexNode> operands = call.getOperands();
      Order order =
          new Order(
              List.copyOf(operands.subList(start, start + sequence.partition())),
              operands.getLast(),
              SequenceFrame.part(sequence.options()));
      List<RexCall> calls = orders.computeIfAbsent(order, o -> new ArrayList<>());
      if (!calls.contains(call)) {
        calls.add(call);
      }
      return;
    }
    call.getOperands().forEach(o -> collect(o, orders));
  }

  private void compute(Order order, List<RexCall> calls) {
    Map<RexNode, Integer> positions = new LinkedHashMap<>();
    List<RexNode> computed = new ArrayList<>();
    order.partition.forEach(p -> place(p, positions, computed));
    place(order.time, positions, computed);
    for (RexCall call : calls) {
      call.getOperands()
          .subList(0, sequence(call).arguments())
          .forEach(a -> place(a, positions, computed));
    }
    rel = rels.append(rel, computed);
    List<Extension.SequenceCall> sequences = new ArrayList<>();
    List<RelDataType> types = new ArrayList<>();
    List<String> names = new ArrayList<>();
    int width = rel.getRowType().getFieldCount();
    for (RexCall call : calls) {
      Scalar.Sequence sequence = sequence(call);
      SequenceSignature signature = sequence.signature();
      SqlType time = Rex.type(order.time);
      List<Integer> arguments =
          call.getOperands().subList(0, sequence.arguments()).stream()
              .map(a -> Objects.requireNonNull(positions.get(a)))
              .toList();
      sequences.add(new Extension.SequenceCall(signature, arguments, sequence.options()));
      List<RexNode> attributes = new ArrayList<>();
      for (Field field : signature.columns(time)) {
        RowType type = new RowType(field.type(), field.nullable());
        attributes.add(new RexInputRef(width + types.size(), type));
        types.add(type);
        names.add(field.name());
      }
      made.put(
          call,
          rex.call(new Scalar.CompositeConstructor(), signature.type(time), false, attributes));
    }
    List<Integer> partition =
        order.partition.stream().map(p -> Objects.requireNonNull(positions.get(p))).toList();
    int timeColumn = Objects.requireNonNull(positions.get(order.time));
    RelDataType rowType = rels.concat(rel.getRowType(), rels.rowType(types, names), false);
    rel =
        rels.extension(
            new Extension.Sequence(partition, timeColumn, sequences), List.of(rel), rowType);
  }

  private static Scalar.Sequence sequence(RexCall call) {
    return (Scalar.Sequence) Objects.requireNonNull(Rex.scalar(call));
  }

  private void place(RexNode node, Map<RexNode, Integer> positions, List<RexNode> computed) {
    if (node instanceof RexInputRef ref) {
      positions.put(node, ref.getIndex());
    } else if (!positions.containsKey(node)) {
      positions.put(node, rel.getRowType().getFieldCount() + computed.size());
      computed.add(node);
    }
  }

  private RexNode rewrite(RexNode node) {
    RexNode composite = made.get(node);
    if (composite != null) {
      return composite;
    }
    if (!(node instanceof RexCall call)) {
      return node;
    }
    List<RexNode> operands = call.getOperands().stream().map(this::rewrite).toList();
    return Rex.scalar(call) instanceof Scalar.Attribute attribute
            && operands.getFirst() instanceof RexCall operand
            && Rex.scalar(operand) instanceof Scalar.CompositeConstructor
        ? operand.getOperands().get(attribute.index())
        : rex.withOperands(call, operands);
  }
}
