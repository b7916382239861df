package dev.aevum.planner.explain;

import dev.aevum.model.batch.Field;
import dev.aevum.model.batch.Schema;
import dev.aevum.model.type.SimpleType;
import dev.aevum.planner.plan.Expr;
import dev.aevum.planner.plan.PlanNode;
import dev.aevum.planner.plan.PlanNode.CalcNode;
import dev.aevum.planner.plan.PlanNode.SequenceNode;
import dev.aevum.planner.plan.SequenceCall;
import dev.aevum.planner.plan.Traits;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/// What a sequence function made of the rows of a query, and which of them are asked for. `plan`
/// gives all rows in their order: the columns of `inputs`, those of `results`, and whether the row
/// satisfies the query's condition.
///
/// @param function its name
/// @param partition positions in `inputs`
/// @param time position in `inputs`
/// @param arguments positions in `inputs`
public record SequenceWhy(
    PlanNode plan,
    String function,
    List<Field> inputs,
    List<Integer> partition,
    int time,
    List<Integer> arguments,
    List<Field> results) {

  /// Null: the query is something else than a sequence function, filtered and projected. Of several
  /// calls the first is explained.
  public static @Nullable SequenceWhy of(PlanNode root) {
    return switch (root) {
      case SequenceNode node -> of(node, null);
      case CalcNode calc when calc.input() instanceof SequenceNode node -> of(node, calc.filter());
      default -> null;
    };
  }

  private static SequenceWhy of(SequenceNode node, @Nullable Expr filter) {
    SequenceCall call = node.calls().getFirst();
    List<Field> results = call.function().columns(node.input().schema().type(node.timeColumn()));
    List<SequenceCall> calls = new ArrayList<>(node.calls());
    // With all results, after those that the condition refers to.
    calls.add(
        new SequenceCall(
            call.function(),
            call.arguments(),
            call.options(),
            IntStream.range(0, results.size()).boxed().toList()));
    List<Field> fields = new ArrayList<>(node.schema().fields());
    int first = fields.size();
    fields.addAll(results);
    SequenceNode all =
        new SequenceNode(
            node.input(),
            node.partitionBy(),
            node.timeColumn(),
            calls,
            false,
            new Schema(fields),
            node.traits());
    List<Field> inputs = node.input().schema().fields();
    List<Expr> projections = new ArrayList<>();
    List<Field> shown = new ArrayList<>();
    for (int i = 0; i < fields.size(); i++) {
      if (i < inputs.size() || i >= first) {
        Field field = fields.get(i);
        projections.add(new Expr.ColumnRef(i, field.type(), field.nullable()));
        shown.add(field);
      }
    }
    projections.add(filter == null ? new Expr.Literal(true, SimpleType.BOOLEAN) : filter);
    shown.add(new Field("wanted", SimpleType.BOOLEAN, true));
    return new SequenceWhy(
        new CalcNode(all, null, projections, new Schema(shown), Traits.UNKNOWN),
        call.function().name(),
        inputs,
        node.partitionBy(),
        node.timeColumn(),
        call.arguments(),
        results);
  }
}
