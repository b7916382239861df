package dev.aevum.planner.bind;

import dev.aevum.planner.error.StatementErrors;
import dev.aevum.planner.plan.function.FunctionSignature;
import dev.aevum.planner.rel.Extension;
import dev.aevum.planner.rel.Rels;
import dev.aevum.planner.rex.Rex;
import dev.aevum.planner.rex.Scalar;
import java.util.ArrayList;
import java.util.List;
import org.apache.calcite.rel.RelNode;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.rex.RexCall;
import org.apache.calcite.rex.RexInputRef;
import org.apache.calcite.rex.RexNode;

/// Set-returning functions in the select list: all advance in step.
final class SetStage {
  record Result(RelNode rel, List<RexNode> expressions) {}

  private final Rels rels;
  private final Rex rex;
  private final List<RexNode> functions = new ArrayList<>();

  SetStage(BindContext context) {
    this.rels = context.rels();
    this.rex = context.rex();
  }

  static boolean isSetReturning(RexNode node) {
    return Rex.scalar(node) instanceof Scalar.Function f
        && f.signature().kind() == FunctionSignature.Kind.SET_RETURNING;
  }

  Result apply(RelNode input, List<RexNode> expressions) {
    expressions.forEach(e -> collect(e, false));
    if (functions.isEmpty()) {
      return new Result(input, expressions);
    }
    List<RelDataType> types = functions.stream().map(RexNode::getType).toList();
    List<String> names = new ArrayList<>();
    for (RexNode function : functions) {
      names.add(((RexCall) function).getOperator().getName());
    }
    RelNode rel =
        rels.extension(
            new Extension.TableFunction(functions, false, false),
            List.of(input),
            rels.concat(input.getRowType(), rels.rowType(types, names), false));
    int width = input.getRowType().getFieldCount();
    return new Result(rel, expressions.stream().map(e -> rewrite(e, width)).toList());
  }

  private void collect(RexNode node, boolean inside) {
    if (!(node instanceof RexCall call)) {
      return;
    }
    boolean set = isSetReturning(call);
    if (set && inside) {
      throw StatementErrors.unsupported(
          "a set-returning function in the arguments of another", null);
    }
    if (set && !functions.contains(call)) {
      functions.add(call);
    }
    call.getOperands().forEach(o -> collect(o, inside || set));
  }

  private RexNode rewrite(RexNode node, int width) {
    int index = functions.indexOf(node);
    if (index >= 0) {
      return new RexInputRef(width + index, node.getType());
    }
    return node instanceof RexCall call
        ? rex.withOperands(call, call.getOperands().stream().map(o -> rewrite(o, width)).toList())
        : node;
  }
}
