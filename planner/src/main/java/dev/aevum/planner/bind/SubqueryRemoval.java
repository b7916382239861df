package dev.aevum.planner.bind;

import dev.aevum.model.error.ErrorCode;
import dev.aevum.model.error.SqlException;
import dev.aevum.model.type.ArrayType;
import dev.aevum.model.type.SimpleType;
import dev.aevum.model.type.SqlType;
import dev.aevum.planner.plan.PlanNode.JoinKind;
import dev.aevum.planner.plan.SortKey;
import dev.aevum.planner.plan.function.FunctionSignature;
import dev.aevum.planner.rel.Extension;
import dev.aevum.planner.rel.Rels;
import dev.aevum.planner.rex.AggregateOperator;
import dev.aevum.planner.rex.Rex;
import dev.aevum.planner.rex.Scalar;
import dev.aevum.planner.type.RowType;
import java.util.ArrayList;
import java.util.List;
import org.apache.calcite.rel.RelCollations;
import org.apache.calcite.rel.RelNode;
import org.apache.calcite.rel.core.AggregateCall;
import org.apache.calcite.rex.RexCall;
import org.apache.calcite.rex.RexInputRef;
import org.apache.calcite.rex.RexNode;

/// Takes sub-queries out of expressions: each is joined to the row as one more column. Exact for
/// every shape; [SemiJoins] has the cheaper forms for conditions.
final class SubqueryRemoval {
  record Result(RelNode rel, List<RexNode> expressions) {}

  private final BindContext context;
  private final Rels rels;
  private final Rex rex;
  private RelNode rel;

  SubqueryRemoval(BindContext context) {
    this.context = context;
    this.rels = context.rels();
    this.rex = context.rex();
    this.rel = rels.oneRow();
  }

  /// `expressions` over `input`: the same values over a row whose first columns are those of
  /// `input`.
  Result apply(RelNode input, List<RexNode> expressions) {
    rel = input;
    List<RexNode> result = new ArrayList<>();
    for (RexNode expression : expressions) {
      result.add(remove(expression));
    }
    return new Result(rel, result);
  }

  private RexNode remove(RexNode node) {
    if (!(node instanceof RexCall call)) {
      return node;
    }
    List<RexNode> operands = call.getOperands().stream().map(this::remove).toList();
    return Rex.scalar(call) instanceof Scalar.Subquery subquery
        ? join(subquery, operands)
        : rex.withOperands(call, operands);
  }

  private RexNode join(Scalar.Subquery subquery, List<RexNode> operands) {
    List<RexNode> captures = operands.subList(0, subquery.captures());
    List<RexNode> tested = operands.subList(subquery.captures(), operands.size());
    return switch (subquery.kind()) {
      case SCALAR -> attach(single(subquery.query()), subquery.correlation(), captures, 0);
      case EXISTS -> {
        RelNode one = rels.project(subquery.query(), List.of(rex.bool(true)), List.of("found"));
        RelNode first = single(limitOne(one, List.of()));
        yield rex.isNotNull(attach(first, subquery.correlation(), captures, 0));
      }
      case QUANTIFIED -> quantified(subquery, captures, tested);
      case ARRAY -> array(subquery, captures);
    };
  }

  /// The first result that decides, as PostgreSQL's three-valued ANY and ALL: for ANY a true one,
  /// else an unknown one; for ALL a false one, else an unknown one.
  private RexNode quantified(
      Scalar.Subquery subquery, List<RexNode> captures, List<RexNode> tested) {
    Scalar.Comparison comparison = java.util.Objects.requireNonNull(subquery.comparison());
    List<RexNode> outer = new ArrayList<>(captures);
    List<RexNode> values = new ArrayList<>();
    for (RexNode value : tested) {
      values.add(
          rex.call(
              new Scalar.OuterRef(subquery.correlation(), outer.size()),
              Rex.type(value),
              Rex.nullable(value),
              List.of()));
      outer.add(value);
    }
    values.addAll(rels.references(subquery.query()));
    RexNode condition = Rex.substitute(comparison.condition(), values);
    RelNode compared = rels.project(subquery.query(), List.of(condition), List.of("c"));
    RexNode result = rels.reference(compared, 0);
    boolean neutral = comparison.all();
    RexNode decides =
        rex.call(new Scalar.IsBoolean(neutral, true), SimpleType.BOOLEAN, false, List.of(result));
    RelNode deciding =
        rels.project(
            rels.filter(compared, decides), List.of(result, rex.bool(true)), List.of("c", "found"));
    RelNode first = single(limitOne(deciding, List.of(new SortKey(0, !comparison.all(), false))));
    RexNode value = attach(first, subquery.correlation(), outer, 0);
    RexNode found = new RexInputRef(((RexInputRef) value).getIndex() + 1, value.getType());
    return rex.call(
        new Scalar.Case(),
        SimpleType.BOOLEAN,
        true,
        List.of(rex.isNull(found), rex.bool(neutral), value));
  }

  private RexNode array(Scalar.Subquery subquery, List<RexNode> captures) {
    SqlType element = Rels.types(subquery.query()).getFirst();
    ArrayType type = new ArrayType(element);
    FunctionSignature collect =
        OverloadResolver.resolve(
                context.catalog().functions().named("array_agg"), List.of(element), false)
            .candidates()
            .stream()
            .findFirst()
            .orElseThrow(() ->
                new SqlException(ErrorCode.FEATURE_NOT_SUPPORTED, "ARRAY(query) is not supported"));
    RowType rowType = new RowType(type, true);
    AggregateCall call =
        AggregateCall.create(
            new AggregateOperator(collect, rowType),
            false,
            false,
            false,
            List.of(),
            List.of(0),
            -1,
            null,
            RelCollations.EMPTY,
            rowType,
            "a");
    RelNode collected = rels.aggregate(subquery.query(), 0, List.of(call));
    RexNode value = attach(collected, subquery.correlation(), captures, 0);
    RexNode empty = rex.call(new Scalar.ArrayConstructor(), type, false, List.of());
    return rex.call(new Scalar.Coalesce(), type, false, List.of(value, empty));
  }

  private RelNode limitOne(RelNode input, List<SortKey> keys) {
    RexNode one = rex.constant(1L, SimpleType.BIGINT);
    return rels.extension(new Extension.Sort(keys, null, one), input);
  }

  private RelNode single(RelNode input) {
    List<RowType> types = Rels.types(input).stream().map(t -> new RowType(t, true)).toList();
    return rels.extension(
        new Extension.SingleRow(),
        List.of(input),
        rels.rowType(types, input.getRowType().getFieldNames()));
  }

  /// Joins `right`, which has exactly one row; gives the reference to its column `column`.
  private RexNode attach(RelNode right, int correlation, List<RexNode> captures, int column) {
    int width = rel.getRowType().getFieldCount();
    if (captures.isEmpty()) {
      rel = rels.join(rel, right, JoinKind.INNER, rex.bool(true));
      return rels.reference(rel, width + column);
    }
    Correlation.Result result =
        new Correlation(rels).join(rel, right, correlation, captures, JoinKind.INNER);
    rel = result.rel();
    return rels.reference(rel, result.rightOffset() + column);
  }
}
