package dev.aevum.planner.lower;

import dev.aevum.model.batch.Field;
import dev.aevum.model.batch.Schema;
import dev.aevum.model.type.CompositeType;
import dev.aevum.model.type.SimpleType;
import dev.aevum.model.type.SqlType;
import dev.aevum.planner.catalog.RelationInfo;
import dev.aevum.planner.plan.Expr;
import dev.aevum.planner.plan.ModelSpec;
import dev.aevum.planner.plan.PlanNode;
import dev.aevum.planner.plan.PlanNode.CalcNode;
import dev.aevum.planner.plan.PlanNode.PredictKind;
import dev.aevum.planner.plan.PlanNode.PredictNode;
import dev.aevum.planner.plan.PlanNode.ScanNode;
import dev.aevum.planner.plan.Traits;
import dev.aevum.planner.plan.function.LearningSignature.Task;
import dev.aevum.planner.rex.Rex;
import dev.aevum.planner.rex.Scalar;
import dev.aevum.planner.type.RowType;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.apache.calcite.rex.RexCall;
import org.apache.calcite.rex.RexInputRef;
import org.apache.calcite.rex.RexNode;

/// Takes calls of predict out of expressions: each becomes a node below them, and the call a column
/// after the columns that were there. The same call is made once.
final class Predictions {
  private final ExpressionLowering expressions;
  private final Rex rex;
  private final Consumer<RelationInfo.Stored> scanned;

  /// @param scanned is told the rows of models that are read
  Predictions(ExpressionLowering expressions, Rex rex, Consumer<RelationInfo.Stored> scanned) {
    this.expressions = expressions;
    this.rex = rex;
    this.scanned = scanned;
  }

  /// A node and expressions over it, without calls of predict.
  record Taken(PlanNode node, List<RexNode> expressions) {}

  static boolean isIn(RexNode node) {
    return Rex.contains(node, n -> Rex.scalar(n) instanceof Scalar.Predict);
  }

  Taken take(PlanNode input, List<? extends RexNode> nodes) {
    PlanNode node = input;
    List<RexNode> rest = new ArrayList<>(nodes);
    while (true) {
      Set<RexCall> calls = new LinkedHashSet<>();
      rest.forEach(e -> collect(e, calls));
      if (calls.isEmpty()) {
        return new Taken(node, rest);
      }
      Map<RexNode, RexNode> results = new HashMap<>();
      node = under(node, calls, results);
      rest.replaceAll(e -> replaced(e, results));
    }
  }

  /// The calls that have no other in their arguments.
  private static void collect(RexNode node, Set<RexCall> calls) {
    if (!(node instanceof RexCall call)) {
      return;
    }
    boolean nested = call.getOperands().stream().anyMatch(Predictions::isIn);
    if (Rex.scalar(call) instanceof Scalar.Predict && !nested) {
      calls.add(call);
      return;
    }
    call.getOperands().forEach(o -> collect(o, calls));
  }

  private RexNode replaced(RexNode node, Map<RexNode, RexNode> results) {
    RexNode result = results.get(node);
    if (result != null) {
      return result;
    }
    return node instanceof RexCall call
        ? rex.withOperands(
            call, call.getOperands().stream().map(o -> replaced(o, results)).toList())
        : node;
  }

  private PlanNode under(PlanNode input, Set<RexCall> calls, Map<RexNode, RexNode> results) {
    List<Expr> values = new ArrayList<>(RelLowering.references(input.schema()));
    List<Field> fields = new ArrayList<>(input.schema().fields());
    List<List<Integer>> arguments = new ArrayList<>();
    for (RexCall call : calls) {
      List<Integer> places = new ArrayList<>();
      for (RexNode operand : call.getOperands()) {
        places.add(values.size());
        values.add(expressions.lower(operand));
        fields.add(new Field("argument" + values.size(), Rex.type(operand), Rex.nullable(operand)));
      }
      arguments.add(places);
    }
    PlanNode node = new CalcNode(input, null, values, new Schema(fields), Traits.UNKNOWN);
    int at = 0;
    for (RexCall call : calls) {
      Scalar.Predict predict = (Scalar.Predict) java.util.Objects.requireNonNull(Rex.scalar(call));
      int result = node.schema().size();
      node = predict(node, predict, arguments.get(at++));
      results.put(call, result(call, predict, result));
    }
    return node;
  }

  private PlanNode predict(PlanNode input, Scalar.Predict predict, List<Integer> arguments) {
    RelationInfo.Model model = predict.model();
    scanned.accept(model.versions());
    Schema columns = model.columns();
    PlanNode versions =
        new ScanNode(
            model.id(),
            model.schemaName() + "." + model.name(),
            IntStream.range(0, columns.size()).boxed().toList(),
            false,
            List.of(),
            columns,
            Traits.UNKNOWN);
    List<Field> fields = new ArrayList<>(input.schema().fields());
    if (predict.kind() == PredictKind.CLUSTER) {
      fields.add(new Field("cluster", SimpleType.INTEGER, true));
      fields.add(new Field("distance", SimpleType.DOUBLE, true));
    } else {
      fields.add(new Field("prediction", raw(model.spec(), predict.kind()), true));
    }
    return new PredictNode(
        input,
        versions,
        model.spec(),
        arguments,
        predict.kind(),
        false,
        new Schema(fields),
        Traits.UNKNOWN);
  }

  private static SqlType raw(ModelSpec spec, PredictKind kind) {
    return kind == PredictKind.VALUE && spec.task() != Task.REGRESSION
        ? SimpleType.TEXT
        : SimpleType.DOUBLE;
  }

  private RexNode result(RexCall call, Scalar.Predict predict, int column) {
    if (predict.kind() == PredictKind.CLUSTER) {
      CompositeType type = (CompositeType) Rex.type(call);
      return rex.call(
          new Scalar.CompositeConstructor(),
          type,
          false,
          List.of(reference(column, SimpleType.INTEGER), reference(column + 1, SimpleType.DOUBLE)));
    }
    SqlType raw = raw(predict.model().spec(), predict.kind());
    RexNode value = reference(column, raw);
    return raw.equals(Rex.type(call))
        ? value
        : rex.call(new Scalar.Cast(true), Rex.type(call), true, List.of(value));
  }

  private static RexInputRef reference(int column, SqlType type) {
    return new RexInputRef(column, new RowType(type, true));
  }
}
