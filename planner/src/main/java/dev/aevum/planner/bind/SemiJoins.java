package dev.aevum.planner.bind;

import dev.aevum.model.type.SimpleType;
import dev.aevum.planner.plan.PlanNode.JoinKind;
import dev.aevum.planner.rel.Extension;
import dev.aevum.planner.rel.ExtensionRel;
import dev.aevum.planner.rel.Rels;
import dev.aevum.planner.rex.Rex;
import dev.aevum.planner.rex.Scalar;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.apache.calcite.rel.RelNode;
import org.apache.calcite.rel.core.Aggregate;
import org.apache.calcite.rel.core.Filter;
import org.apache.calcite.rel.core.Join;
import org.apache.calcite.rel.core.Project;
import org.apache.calcite.rex.RexCall;
import org.apache.calcite.rex.RexNode;
import org.apache.calcite.rex.RexShuttle;
import org.apache.calcite.sql.fun.SqlStdOperatorTable;
import org.jspecify.annotations.Nullable;

/// A condition with its sub-queries: EXISTS, IN, ANY and ALL that stand alone in the conjunction
/// become semi and anti joins, decorrelated where the correlation sits in a filter on top; the rest
/// goes through [SubqueryRemoval].
final class SemiJoins {
  private final BindContext context;
  private final Rels rels;
  private final Rex rex;

  SemiJoins(BindContext context) {
    this.context = context;
    this.rels = context.rels();
    this.rex = context.rex();
  }

  RelNode filter(RelNode input, RexNode condition) {
    RelNode rel = input;
    List<RexNode> plain = new ArrayList<>();
    List<RexNode> rest = new ArrayList<>();
    for (RexNode conjunct : Rex.conjuncts(condition)) {
      if (!ValuesSubqueries.hasSubquery(conjunct)) {
        plain.add(conjunct);
      }
    }
    rel = rels.filter(rel, rex.and(plain));
    for (RexNode conjunct : Rex.conjuncts(condition)) {
      if (ValuesSubqueries.hasSubquery(conjunct)) {
        @Nullable RelNode joined = join(rel, conjunct);
        if (joined == null) {
          rest.add(conjunct);
        } else {
          rel = joined;
        }
      }
    }
    if (rest.isEmpty()) {
      return rel;
    }
    int width = rel.getRowType().getFieldCount();
    SubqueryRemoval.Result result = new SubqueryRemoval(context).apply(rel, rest);
    return rels.firstColumns(rels.filter(result.rel(), rex.and(result.expressions())), width);
  }

  private @Nullable RelNode join(RelNode left, RexNode conjunct) {
    boolean negated = false;
    RexNode node = conjunct;
    while (node instanceof RexCall call && call.getOperator().equals(SqlStdOperatorTable.NOT)) {
      negated = !negated;
      node = call.getOperands().getFirst();
    }
    if (!(node instanceof RexCall call)
        || !(Rex.scalar(call) instanceof Scalar.Subquery subquery)
        || call.getOperands().stream().anyMatch(ValuesSubqueries::hasSubquery)) {
      return null;
    }
    return switch (subquery.kind()) {
      case SCALAR, ARRAY -> null;
      case EXISTS ->
          semi(left, call, subquery, rex.bool(true), negated ? JoinKind.ANTI : JoinKind.SEMI);
      case QUANTIFIED -> quantified(left, call, subquery, negated);
    };
  }

  /// A row passes ANY if some comparison is true, NOT ANY if all are false, ALL if all are true,
  /// NOT ALL if some is false.
  private RelNode quantified(
      RelNode left, RexCall call, Scalar.Subquery subquery, boolean negated) {
    Scalar.Comparison comparison = Objects.requireNonNull(subquery.comparison());
    RexNode condition = comparison.condition();
    boolean anti = comparison.all() != negated;
    if (!anti && !negated) {
      return semi(left, call, subquery, condition, JoinKind.SEMI);
    }
    boolean wanted = comparison.all() ? !negated : false;
    RexNode test;
    if (!anti) {
      test = is(condition, false, false);
    } else if (wanted) {
      test = is(condition, true, true);
    } else {
      test = Rex.nullable(condition) ? is(condition, false, true) : condition;
    }
    return semi(left, call, subquery, test, anti ? JoinKind.ANTI : JoinKind.SEMI);
  }

  private RexNode is(RexNode condition, boolean value, boolean negated) {
    return rex.call(
        new Scalar.IsBoolean(value, negated), SimpleType.BOOLEAN, false, List.of(condition));
  }

  /// `condition` is over the tested values, then the query's columns.
  private RelNode semi(
      RelNode left, RexCall call, Scalar.Subquery subquery, RexNode condition, JoinKind kind) {
    List<RexNode> captures = call.getOperands().subList(0, subquery.captures());
    List<RexNode> tested =
        call.getOperands().subList(subquery.captures(), call.getOperands().size());
    int leftWidth = left.getRowType().getFieldCount();
    Peeled peeled = peel(subquery);
    List<RexNode> values = new ArrayList<>(tested);
    for (RexNode column : peeled.columns) {
      values.add(Rex.shift(column, leftWidth));
    }
    List<RexNode> conjuncts = new ArrayList<>();
    conjuncts.add(Rex.substitute(condition, values));
    for (RexNode filter : peeled.filters) {
      conjuncts.add(Rex.shift(filter, leftWidth));
    }
    if (!refersTo(peeled.rel, subquery.correlation())) {
      RexNode on = replaceOuter(rex.and(conjuncts), subquery.correlation(), captures);
      return rels.join(left, peeled.rel, kind, on);
    }
    return correlated(left, subquery, captures, tested, condition, kind);
  }

  private RelNode correlated(
      RelNode left,
      Scalar.Subquery subquery,
      List<RexNode> captures,
      List<RexNode> tested,
      RexNode condition,
      JoinKind kind) {
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
    RelNode right = rels.filter(subquery.query(), Rex.substitute(condition, values));
    int width = left.getRowType().getFieldCount();
    RelNode joined =
        new Correlation(rels).join(left, right, subquery.correlation(), outer, kind).rel();
    return rels.firstColumns(joined, width);
  }

  /// A query without the projections and filters on top of it: `columns` are its columns, `filters`
  /// its conditions, over `rel`.
  private record Peeled(RelNode rel, List<RexNode> columns, List<RexNode> filters) {}

  private Peeled peel(Scalar.Subquery subquery) {
    RelNode node = subquery.query();
    List<RexNode> columns = new ArrayList<>(rels.references(node));
    List<RexNode> filters = new ArrayList<>();
    while (refersTo(node, subquery.correlation())) {
      if (node instanceof Project project
          && project.getProjects().stream().allMatch(SemiJoins::isSteady)) {
        columns.replaceAll(c -> Rex.substitute(c, project.getProjects()));
        filters.replaceAll(f -> Rex.substitute(f, project.getProjects()));
        node = project.getInput();
      } else if (node instanceof Filter filter) {
        filters.addAll(Rex.conjuncts(filter.getCondition()));
        node = filter.getInput();
      } else {
        break;
      }
    }
    return new Peeled(node, columns, filters);
  }

  private static boolean isSteady(RexNode node) {
    return org.apache.calcite.rex.RexUtil.isDeterministic(node);
  }

  private RexNode replaceOuter(RexNode node, int correlation, List<RexNode> captures) {
    return node.accept(
        new RexShuttle() {
          @Override
          public RexNode visitCall(RexCall call) {
            return Rex.scalar(call) instanceof Scalar.OuterRef ref
                    && ref.correlation() == correlation
                ? captures.get(ref.index())
                : super.visitCall(call);
          }
        });
  }

  /// Whether anything below refers to the correlation.
  static boolean refersTo(RelNode node, int correlation) {
    for (RexNode expression : expressions(node)) {
      if (Rex.contains(
          expression,
          e ->
              Rex.scalar(e) instanceof Scalar.OuterRef ref && ref.correlation() == correlation
                  || Rex.scalar(e) instanceof Scalar.Subquery s
                      && refersTo(s.query(), correlation))) {
        return true;
      }
    }
    return node.getInputs().stream().anyMatch(input -> refersTo(input, correlation));
  }

  private static List<RexNode> expressions(RelNode node) {
    return switch (node) {
      case Project project -> project.getProjects();
      case Filter filter -> List.of(filter.getCondition());
      case Join join -> List.of(join.getCondition());
      case Aggregate aggregate -> List.of();
      case ExtensionRel extension ->
          switch (extension.extension()) {
            case Extension.Values values -> values.rows().stream().flatMap(List::stream).toList();
            case Extension.TableFunction function -> function.functions();
            case Extension.Sort sort -> present(sort.offset(), sort.limit());
            case Extension.Scan scan -> List.of();
            case Extension.Window window -> List.of();
            case Extension.Match match -> List.of();
            case Extension.Over over -> List.of();
            case Extension.Sequence sequence -> List.of();
            case Extension.Forecast forecast -> List.of();
            case Extension.SingleRow single -> List.of();
            case Extension.Correlate correlate -> List.of();
            case Extension.SetOperation set -> List.of();
            case Extension.Recursive recursive -> List.of();
            case Extension.WorkingTable working -> List.of();
          };
      default -> List.of();
    };
  }

  private static List<RexNode> present(@Nullable RexNode first, @Nullable RexNode second) {
    List<RexNode> list = new ArrayList<>();
    if (first != null) {
      list.add(first);
    }
    if (second != null) {
      list.add(second);
    }
    return list;
  }
}
