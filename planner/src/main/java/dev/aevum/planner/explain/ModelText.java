package dev.aevum.planner.explain;

import dev.aevum.model.batch.Field;
import dev.aevum.model.batch.Schema;
import dev.aevum.planner.plan.ModelSpec;
import dev.aevum.planner.plan.PlanNode.LearnNode;
import dev.aevum.planner.plan.PlanNode.PredictNode;
import java.util.List;
import java.util.TreeMap;
import java.util.stream.Collectors;

/// Nodes of models as lines of EXPLAIN.
final class ModelText {
  private ModelText() {}

  static String learn(LearnNode n) {
    String order =
        n.order() < 0
            ? ") in any order"
            : ") order(" + n.input().schema().field(n.order()).name() + ")";
    return "Learn "
        + spec(n.spec())
        + " partition("
        + names(n.spec().partition())
        + order
        + (n.timed() ? " behind the watermark" : "");
  }

  static String predict(PredictNode n) {
    return "Predict "
        + n.kind()
        + " "
        + spec(n.spec())
        + " from("
        + names(n.input().schema(), n.arguments())
        + ") "
        + (n.refresh() ? "every step" : "once a row");
  }

  private static String spec(ModelSpec spec) {
    Field target = spec.target();
    return spec.algorithm()
        + new TreeMap<>(spec.options())
        + (target == null ? "" : " of " + target.name())
        + " by("
        + names(spec.features())
        + ")";
  }

  private static String names(List<Field> fields) {
    return fields.stream().map(Field::name).collect(Collectors.joining(", "));
  }

  private static String names(Schema schema, List<Integer> columns) {
    return columns.stream().map(c -> schema.field(c).name()).collect(Collectors.joining(", "));
  }
}
