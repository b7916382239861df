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
    List<RexNode> needed = new ArrayList<>(order.partition);
    needed.add(order.time);
    calls.forEach(c -> needed.addAll(c.getOperands().subList(0, sequence(c).arguments())));
    Placed placed = Placed.of(rels, rel, needed);
    rel = placed.rel();
    List<Extension.SequenceCall> sequences = new ArrayList<>();
    List<RelDataType> types = new ArrayList<>();
    List<String> names = new ArrayList<>();
    int width = rel.getRowType().getFieldCount();
    for (RexCall call : calls) {
      Scalar.Sequence sequence = sequence(call);
      SequenceSignature signature = sequence.signature();
      SqlType time = Rex.type(order.time);
      List<Integer> arguments = placed.at(call.getOperands().subList(0, sequence.arguments()));
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
    List<Integer> partition = placed.at(order.partition);
    int timeColumn = placed.at(order.time);
    RelDataType rowType = rels.concat(rel.getRowType(), rels.rowType(types, names), false);
    rel =
        rels.extension(
            new Extension.Sequence(partition, timeColumn, sequences), List.of(rel), rowType);
  }

  private static Scalar.Sequence sequence(RexCall call) {
    return (Scalar.Sequence) Objects.requireNonNull(Rex.scalar(call));
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
