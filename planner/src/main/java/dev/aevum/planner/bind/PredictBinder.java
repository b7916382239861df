package dev.aevum.planner.bind;

import dev.aevum.model.batch.Field;
import dev.aevum.model.error.SourceSpan;
import dev.aevum.model.error.SqlException;
import dev.aevum.model.type.CompositeType;
import dev.aevum.model.type.SimpleType;
import dev.aevum.model.type.SqlType;
import dev.aevum.parser.tree.FunctionCallNode;
import dev.aevum.planner.catalog.RelationInfo;
import dev.aevum.planner.error.ModelErrors;
import dev.aevum.planner.error.StatementErrors;
import dev.aevum.planner.plan.ModelSpec;
import dev.aevum.planner.plan.PlanNode.PredictKind;
import dev.aevum.planner.plan.function.LearningSignature.Task;
import dev.aevum.planner.rex.Rex;
import dev.aevum.planner.rex.Scalar;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;
import org.apache.calcite.rex.RexNode;
import org.apache.calcite.sql.SqlIdentifier;
import org.apache.calcite.sql.SqlNode;
import org.jspecify.annotations.Nullable;

/// `predict(model, ...)` and `predict_proba(model, ...)`: the model's partition, then its features.
final class PredictBinder {
  private static final CompositeType CLUSTER =
      new CompositeType(
          "predict_result",
          List.of(
              new CompositeType.Attribute("cluster", SimpleType.INTEGER),
              new CompositeType.Attribute("distance", SimpleType.DOUBLE)));

  private final ExpressionBinder expressions;

  PredictBinder(ExpressionBinder expressions) {
    this.expressions = expressions;
  }

  static boolean isPrediction(String name) {
    return name.equals("predict") || name.equals("predict_proba");
  }

  RexNode bind(FunctionCallNode node) {
    SourceSpan span = node.nameSpan();
    if (node.over() != null
        || node.filter() != null
        || node.quantifier() != null
        || node.isStar()
        || !node.orderBy().isEmpty()) {
      throw StatementErrors.unsupported("this form of " + node.name().getLast(), span);
    }
    if (node.arguments().isEmpty()) {
      throw ModelErrors.noArguments(node.name().getLast(), span);
    }
    RelationInfo.Model model = model(node.arguments().getFirst());
    ModelSpec spec = model.spec();
    List<RexNode> given = expressions.bindAll(node.arguments().subList(1, node.arguments().size()));
    List<RexNode> operands = operands(node, model, given);
    boolean probability = node.name().getLast().equals("predict_proba");
    if (probability && (spec.task() == Task.REGRESSION || spec.task() == Task.CLUSTERS)) {
      throw ModelErrors.noProbability(model.name(), spec.task().words(), span);
    }
    PredictKind kind =
        probability
            ? PredictKind.PROBABILITY
            : spec.task() == Task.CLUSTERS ? PredictKind.CLUSTER : PredictKind.VALUE;
    return expressions
        .rex()
        .call(new Scalar.Predict(model, kind), type(spec, kind), true, operands);
  }

  private static SqlType type(ModelSpec spec, PredictKind kind) {
    return switch (kind) {
      case PROBABILITY -> SimpleType.DOUBLE;
      case CLUSTER -> CLUSTER;
      case VALUE ->
          spec.task() == Task.REGRESSION
              ? SimpleType.DOUBLE
              : Objects.requireNonNull(spec.target()).type();
    };
  }

  private RelationInfo.Model model(SqlNode name) {
    @Nullable SourceSpan span = ExpressionBinder.span(name);
    if (!(name instanceof SqlIdentifier id) || id.names.size() > 2) {
      throw ModelErrors.notModel(name.toString().replace("'", ""), span);
    }
    String shown = String.join(".", id.names);
    @Nullable String schema = id.isSimple() ? null : id.names.getFirst();
    @Nullable RelationInfo info =
        expressions.context().catalog().relation(schema, id.names.getLast());
    if (info == null) {
      throw ModelErrors.unknownModel(
          shown, expressions.context().catalog().modelNames(schema), span);
    }
    if (!(info instanceof RelationInfo.Model model)) {
      throw ModelErrors.notModel(shown, span);
    }
    return model;
  }

  private List<RexNode> operands(
      FunctionCallNode node, RelationInfo.Model model, List<RexNode> given) {
    ModelSpec spec = model.spec();
    int partition = spec.partition().size();
    List<Field> wanted = new ArrayList<>(spec.partition());
    wanted.addAll(spec.features());
    if (given.size() != wanted.size()) {
      throw wrong(node, model, given, wanted);
    }
    List<RexNode> operands = new ArrayList<>();
    for (int i = 0; i < given.size(); i++) {
      SqlType type = wanted.get(i).type();
      boolean number = ModelSpec.isNumber(type);
      try {
        if (i < partition) {
          operands.add(expressions.coercion().implicit(given.get(i), type, node.nameSpan()));
        } else if (number) {
          operands.add(number(given.get(i), node.nameSpan()));
        } else {
          RexNode typed = expressions.coercion().implicit(given.get(i), type, node.nameSpan());
          operands.add(expressions.coercion().explicit(typed, SimpleType.TEXT, node.nameSpan()));
        }
      } catch (SqlException e) {
        if (Rex.isUnknown(given.get(i))) {
          throw e;
        }
        throw wrong(node, model, given, wanted);
      }
    }
    return operands;
  }

  private RexNode number(RexNode value, SourceSpan span) {
    return ModelSpec.isNumber(Rex.type(value))
        ? expressions.coercion().explicit(value, SimpleType.DOUBLE, span)
        : expressions.coercion().implicit(value, SimpleType.DOUBLE, span);
  }

  private static SqlException wrong(
      FunctionCallNode node, RelationInfo.Model model, List<RexNode> given, List<Field> wanted) {
    String types =
        given.stream()
            .map(g -> ", " + OperatorBinder.errorName(Rex.type(g)))
            .collect(Collectors.joining());
    String expected =
        wanted.stream()
            .map(f -> f.name() + " " + f.type().displayName())
            .collect(Collectors.joining(", ", "(", ")"));
    return ModelErrors.wrongArguments(
        node.name().getLast() + "(" + model.name() + types + ")", expected, node.nameSpan());
  }
}
