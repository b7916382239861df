package dev.aevum.planner.bind;

import dev.aevum.planner.plan.SortKey;
import dev.aevum.planner.plan.WindowFrame;
import dev.aevum.planner.rel.Extension;
import dev.aevum.planner.rel.Rels;
import dev.aevum.planner.rex.Rex;
import dev.aevum.planner.rex.Scalar;
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

/// Window functions: one node for each partitioning and order.
final class OverStage {
  record Result(RelNode rel, List<RexNode> expressions) {}

  private record Window(List<RexNode> partition, List<RexNode> orderValues, List<SortKey> order) {}

  private final Rels rels;
  private final Rex rex;
  private RelNode rel;
  private final Map<RexNode, RexNode> columns = new LinkedHashMap<>();

  OverStage(BindContext context) {
    this.rels = context.rels();
    this.rex = context.rex();
    this.rel = rels.oneRow();
  }

  Result apply(RelNode input, List<RexNode> expressions) {
    rel = input;
    Map<Window, List<RexCall>> windows = new LinkedHashMap<>();
    expressions.forEach(e -> collect(e, windows));
    if (windows.isEmpty()) {
      return new Result(input, expressions);
    }
    windows.forEach(this::compute);
    return new Result(rel, expressions.stream().map(this::rewrite).toList());
  }

  private void collect(RexNode node, Map<Window, List<RexCall>> windows) {
    if (!(node instanceof RexCall call)) {
      return;
    }
    if (Rex.scalar(call) instanceof Scalar.Over over) {
      int start = over.values();
      List<RexNode> operands = call.getOperands();
      Window window =
          new Window(
              List.copyOf(operands.subList(start, start + over.partition())),
              List.copyOf(operands.subList(start + over.partition(), operands.size())),
              over.order());
      List<RexCall> calls = windows.computeIfAbsent(window, w -> new ArrayList<>());
      if (!calls.contains(call)) {
        calls.add(call);
      }
      return;
    }
    call.getOperands().forEach(o -> collect(o, windows));
  }

  private void compute(Window window, List<RexCall> calls) {
    List<RexNode> needed = new ArrayList<>(window.partition);
    needed.addAll(window.orderValues);
    for (RexCall call : calls) {
      Scalar.Over over = (Scalar.Over) Objects.requireNonNull(Rex.scalar(call));
      needed.addAll(call.getOperands().subList(0, over.values()));
    }
    Placed placed = Placed.of(rels, rel, needed);
    rel = placed.rel();
    List<SortKey> order = new ArrayList<>();
    for (SortKey key : window.order) {
      int column = placed.at(window.orderValues.get(key.column()));
      order.add(new SortKey(column, key.descending(), key.nullsFirst()));
    }
    int width = rel.getRowType().getFieldCount();
    List<Extension.OverCall> over = new ArrayList<>();
    List<RelDataType> types = new ArrayList<>();
    List<String> names = new ArrayList<>();
    for (RexCall call : calls) {
      Scalar.Over scalar = (Scalar.Over) Objects.requireNonNull(Rex.scalar(call));
      List<Integer> arguments = placed.at(call.getOperands().subList(0, scalar.arguments()));
      int filter = scalar.filtered() ? placed.at(call.getOperands().get(scalar.arguments())) : -1;
      int framed = scalar.values() - scalar.framed();
      WindowFrame frame = scalar.frame().map(c -> placed.at(call.getOperands().get(framed + c)));
      over.add(
          new Extension.OverCall(scalar.signature(), arguments, filter, frame, call.getType()));
      columns.put(call, new RexInputRef(width + types.size(), call.getType()));
      types.add(call.getType());
      names.add(scalar.signature().name());
    }
    List<Integer> partition = placed.at(window.partition);
    RelDataType rowType = rels.concat(rel.getRowType(), rels.rowType(types, names), false);
    rel = rels.extension(new Extension.Over(partition, order, over), List.of(rel), rowType);
  }

  private RexNode rewrite(RexNode node) {
    RexNode column = columns.get(node);
    if (column != null) {
      return column;
    }
    return node instanceof RexCall call
        ? rex.withOperands(call, call.getOperands().stream().map(this::rewrite).toList())
        : node;
  }
}
