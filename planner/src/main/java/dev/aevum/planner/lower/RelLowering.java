package dev.aevum.planner.lower;

import dev.aevum.model.batch.Field;
import dev.aevum.model.batch.Schema;
import dev.aevum.model.error.SourceSpan;
import dev.aevum.planner.catalog.RelationInfo;
import dev.aevum.planner.plan.AggregateCall;
import dev.aevum.planner.plan.Expr;
import dev.aevum.planner.plan.PlanNode;
import dev.aevum.planner.plan.PlanNode.AggregateNode;
import dev.aevum.planner.plan.PlanNode.CalcNode;
import dev.aevum.planner.plan.PlanNode.CorrelateNode;
import dev.aevum.planner.plan.PlanNode.ForecastNode;
import dev.aevum.planner.plan.PlanNode.MatchNode;
import dev.aevum.planner.plan.PlanNode.OverNode;
import dev.aevum.planner.plan.PlanNode.RecursiveNode;
import dev.aevum.planner.plan.PlanNode.ScanNode;
import dev.aevum.planner.plan.PlanNode.SequenceNode;
import dev.aevum.planner.plan.PlanNode.SetOperationNode;
import dev.aevum.planner.plan.PlanNode.SingleRowNode;
import dev.aevum.planner.plan.PlanNode.SortNode;
import dev.aevum.planner.plan.PlanNode.TableFunctionNode;
import dev.aevum.planner.plan.PlanNode.UnionAllNode;
import dev.aevum.planner.plan.PlanNode.ValuesNode;
import dev.aevum.planner.plan.PlanNode.WindowNode;
import dev.aevum.planner.plan.PlanNode.WorkingTableNode;
import dev.aevum.planner.plan.SequenceCall;
import dev.aevum.planner.plan.SortKey;
import dev.aevum.planner.plan.Traits;
import dev.aevum.planner.plan.WindowFrame;
import dev.aevum.planner.rel.Extension;
import dev.aevum.planner.rel.ExtensionRel;
import dev.aevum.planner.rel.Rels;
import dev.aevum.planner.rex.AggregateOperator;
import dev.aevum.planner.rex.Rex;
import dev.aevum.planner.type.RowType;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.apache.calcite.rel.RelFieldCollation;
import org.apache.calcite.rel.RelNode;
import org.apache.calcite.rel.core.Aggregate;
import org.apache.calcite.rel.core.Filter;
import org.apache.calcite.rel.core.Join;
import org.apache.calcite.rel.core.Project;
import org.apache.calcite.rel.core.Union;
import org.apache.calcite.rel.core.Values;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.rel.type.RelDataTypeField;
import org.apache.calcite.rex.RexNode;
import org.jspecify.annotations.Nullable;

/// Relational trees to plan records, node by node. Traits come later.
public final class RelLowering {
  private final Map<Integer, List<Integer>> captures = new HashMap<>();
  private final Map<Integer, RelationInfo.Stored> relations = new LinkedHashMap<>();
  private final List<MatchPlace> matches = new ArrayList<>();
  private final ExpressionLowering expressions = new ExpressionLowering(captures);
  private final Rels rels;

  public RelLowering(Rels rels) {
    this.rels = rels;
  }

  /// The relations that were scanned, by id.
  public Map<Integer, RelationInfo.Stored> relations() {
    return relations;
  }

  /// How a MATCH_RECOGNIZE was written: whether it has ORDER BY, and where (else where the clause
  /// is).
  public record MatchPlace(boolean ordered, SourceSpan span) {}

  /// Each MATCH_RECOGNIZE, inputs before the nodes over them.
  public List<MatchPlace> matches() {
    return matches;
  }

  /// An expression outside of any plan.
  public static Expr expression(RexNode node) {
    return new ExpressionLowering(Map.of()).lower(node);
  }

  public PlanNode lower(RelNode node) {
    return switch (node) {
      case Project project -> project(project);
      case Filter filter -> filter(filter);
      case Join join -> new JoinLowering(this, rels).lower(join);
      case Aggregate aggregate -> aggregate(aggregate);
      case Union union ->
          new UnionAllNode(
              union.getInputs().stream().map(this::lower).toList(), schema(union), Traits.UNKNOWN);
      case ExtensionRel extension -> extension(extension);
      // Rules leave this where a condition can never hold.
      case Values values when values.getTuples().isEmpty() ->
          new ValuesNode(List.of(), schema(values), Traits.UNKNOWN);
      default -> throw new IllegalStateException("node " + node.getRelTypeName());
    };
  }

  ExpressionLowering expressions() {
    return expressions;
  }

  static Schema schema(RelNode node) {
    return schema(node.getRowType());
  }

  static Schema schema(RelDataType type) {
    List<Field> fields = new ArrayList<>();
    for (RelDataTypeField field : type.getFieldList()) {
      RelDataType fieldType = field.getType();
      fields.add(new Field(field.getName(), RowType.of(fieldType), fieldType.isNullable()));
    }
    return new Schema(fields);
  }

  static List<Expr> references(Schema schema) {
    List<Expr> refs = new ArrayList<>();
    for (int i = 0; i < schema.size(); i++) {
      Field field = schema.field(i);
      refs.add(new Expr.ColumnRef(i, field.type(), field.nullable()));
    }
    return refs;
  }

  private PlanNode project(Project project) {
    RelNode below = project.getInput();
    @Nullable RexNode condition = null;
    if (below instanceof Filter filter) {
      condition = filter.getCondition();
      below = filter.getInput();
    }
    PlanNode input = lower(below);
    List<RexNode> projections = project.getProjects();
    if (projections.stream().anyMatch(Predictions::isIn)
        || condition != null && Predictions.isIn(condition)) {
      PlanNode filtered = condition == null ? input : filtered(input, condition);
      Predictions.Taken taken = predictions().take(filtered, projections);
      input = taken.node();
      projections = taken.expressions();
      condition = null;
    }
    return new CalcNode(
        input,
        condition == null ? null : expressions.lower(condition),
        expressions.lowerAll(projections),
        schema(project),
        Traits.UNKNOWN);
  }

  Predictions predictions() {
    return new Predictions(expressions, rels.rex(), r -> relations.put(r.id(), r));
  }

  private PlanNode filter(Filter filter) {
    return filtered(lower(filter.getInput()), filter.getCondition());
  }

  /// Conditions without predictions come first, so that no more rows are predicted than needed.
  PlanNode filtered(PlanNode input, RexNode condition) {
    if (!Predictions.isIn(condition)) {
      return where(input, condition, input.schema());
    }
    List<RexNode> plain = new ArrayList<>();
    List<RexNode> predicted = new ArrayList<>();
    for (RexNode part : Rex.conjuncts(condition)) {
      (Predictions.isIn(part) ? predicted : plain).add(part);
    }
    PlanNode node = plain.isEmpty() ? input : where(input, rels.rex().and(plain), input.schema());
    Predictions.Taken taken = predictions().take(node, predicted);
    return where(taken.node(), rels.rex().and(taken.expressions()), input.schema());
  }

  /// The first columns of the rows that satisfy a condition.
  private PlanNode where(PlanNode input, RexNode condition, Schema schema) {
    return new CalcNode(
        input, expressions.lower(condition), references(schema), schema, Traits.UNKNOWN);
  }

  private PlanNode aggregate(Aggregate aggregate) {
    List<AggregateCall> calls = new ArrayList<>();
    for (var call : aggregate.getAggCallList()) {
      AggregateOperator operator = (AggregateOperator) call.getAggregation();
      List<SortKey> order = new ArrayList<>();
      for (RelFieldCollation key : call.getCollation().getFieldCollations()) {
        order.add(
            new SortKey(
                key.getFieldIndex(),
                key.getDirection().isDescending(),
                key.nullDirection == RelFieldCollation.NullDirection.FIRST));
      }
      calls.add(
          new AggregateCall(
              operator.signature(),
              call.getArgList(),
              call.isDistinct(),
              call.filterArg,
              order,
              RowType.of(call.getType()),
              call.getType().isNullable()));
    }
    return new AggregateNode(
        lower(aggregate.getInput()),
        aggregate.getGroupSet().asList(),
        calls,
        -1,
        false,
        schema(aggregate),
        Traits.UNKNOWN);
  }

  private PlanNode extension(ExtensionRel node) {
    return switch (node.extension()) {
      case Extension.Scan scan -> scan(scan, node);
      case Extension.Values values ->
          new ValuesNode(
              values.rows().stream().map(expressions::lowerAll).toList(),
              schema(node),
              Traits.UNKNOWN);
      case Extension.Window w ->
          new WindowNode(
              input(node, 0),
              w.timeColumn(),
              w.sizeMicros(),
              w.slideMicros(),
              w.offsetMicros(),
              schema(node),
              Traits.UNKNOWN);
      case Extension.TableFunction f -> tableFunction(f, node);
      case Extension.Match match -> match(match, node);
      case Extension.Over over -> over(over, node);
      case Extension.Sequence sequence -> sequence(sequence, node);
      case Extension.Forecast forecast ->
          new ForecastNode(
              input(node, 0),
              forecast.keys(),
              forecast.stepMicros(),
              forecast.everyMicros(),
              forecast.history(),
              schema(node),
              Traits.UNKNOWN);
      case Extension.SingleRow single ->
          new SingleRowNode(input(node, 0), schema(node), Traits.UNKNOWN);
      case Extension.Correlate correlate -> correlate(correlate, node);
      case Extension.Sort sort ->
          new SortNode(
              input(node, 0),
              sort.keys(),
              optional(sort.offset()),
              optional(sort.limit()),
              schema(node),
              Traits.UNKNOWN);
      case Extension.Recursive recursive ->
          new RecursiveNode(
              input(node, 0),
              input(node, 1),
              recursive.table(),
              recursive.all(),
              schema(node),
              Traits.UNKNOWN);
      case Extension.WorkingTable working ->
          new WorkingTableNode(working.table(), schema(node), Traits.UNKNOWN);
      case Extension.SetOperation set ->
          new SetOperationNode(
              set.kind(), input(node, 0), input(node, 1), schema(node), Traits.UNKNOWN);
    };
  }

  private PlanNode input(ExtensionRel node, int index) {
    return lower(node.getInputs().get(index));
  }

  private @Nullable Expr optional(@Nullable RexNode node) {
    return node == null ? null : expressions.lower(node);
  }

  private PlanNode scan(Extension.Scan scan, ExtensionRel node) {
    RelationInfo.Stored relation = scan.relation();
    relations.put(relation.id(), relation);
    List<Integer> columns = IntStream.range(0, relation.columns().size()).boxed().toList();
    return new ScanNode(
        relation.id(),
        relation.schemaName() + "." + relation.name(),
        columns,
        false,
        List.of(),
        schema(node),
        Traits.UNKNOWN);
  }

  private PlanNode match(Extension.Match match, ExtensionRel node) {
    PlanNode input = input(node, 0);
    matches.add(new MatchPlace(!match.orderBy().isEmpty(), match.span()));
    return ArrivalOrder.within(
        new MatchNode(
            input,
            match.partitionBy(),
            match.orderBy(),
            match.match(),
            match.timeColumn(),
            false,
            schema(node),
            Traits.UNKNOWN),
        relations);
  }

  private PlanNode tableFunction(Extension.TableFunction function, ExtensionRel node) {
    List<Expr.Call> calls = new ArrayList<>();
    for (Expr call : expressions.lowerAll(function.functions())) {
      calls.add((Expr.Call) call);
    }
    return new TableFunctionNode(
        input(node, 0),
        calls,
        function.ordinality(),
        function.outer(),
        schema(node),
        Traits.UNKNOWN);
  }

  private PlanNode over(Extension.Over over, ExtensionRel node) {
    List<AggregateCall> calls = new ArrayList<>();
    List<WindowFrame> frames = new ArrayList<>();
    for (Extension.OverCall call : over.calls()) {
      frames.add(call.frame());
      calls.add(
          new AggregateCall(
              call.function(),
              call.arguments(),
              false,
              call.filter(),
              List.of(),
              RowType.of(call.type()),
              call.type().isNullable()));
    }
    return new OverNode(
        input(node, 0),
        over.partitionBy(),
        over.orderBy(),
        calls,
        frames,
        schema(node),
        Traits.UNKNOWN);
  }

  private PlanNode sequence(Extension.Sequence sequence, ExtensionRel node) {
    List<SequenceCall> calls =
        sequence.calls().stream()
            .map(c ->
                new SequenceCall(
                    c.function(),
                    c.arguments(),
                    c.options(),
                    IntStream.range(0, c.function().columns().size()).boxed().toList()))
            .toList();
    return new SequenceNode(
        input(node, 0),
        sequence.partitionBy(),
        sequence.timeColumn(),
        calls,
        false,
        schema(node),
        Traits.UNKNOWN);
  }

  private PlanNode correlate(Extension.Correlate correlate, ExtensionRel node) {
    PlanNode left = input(node, 0);
    captures.put(correlate.correlation(), correlate.captures());
    PlanNode right = input(node, 1);
    return new CorrelateNode(
        left, right, correlate.correlation(), correlate.kind(), schema(node), Traits.UNKNOWN);
  }
}
