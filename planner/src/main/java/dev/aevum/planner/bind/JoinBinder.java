package dev.aevum.planner.bind;

import dev.aevum.model.error.ErrorCode;
import dev.aevum.model.error.SourceSpan;
import dev.aevum.planner.error.NameErrors;
import dev.aevum.planner.error.StatementErrors;
import dev.aevum.planner.plan.PlanNode.JoinKind;
import dev.aevum.planner.plan.QueryPlan.ColumnOrigin;
import dev.aevum.planner.rel.Extension;
import dev.aevum.planner.rel.ExtensionRel;
import dev.aevum.planner.rel.Rels;
import dev.aevum.planner.rex.Rex;
import dev.aevum.planner.rex.Scalar;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.apache.calcite.rel.RelNode;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.rex.RexCall;
import org.apache.calcite.rex.RexNode;
import org.apache.calcite.rex.RexShuttle;
import org.apache.calcite.sql.JoinConditionType;
import org.apache.calcite.sql.SqlAsofJoin;
import org.apache.calcite.sql.SqlIdentifier;
import org.apache.calcite.sql.SqlJoin;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.SqlNodeList;
import org.jspecify.annotations.Nullable;

/// Joins, with ON, USING, NATURAL, and lateral right sides.
final class JoinBinder {
  private final FromBinder from;
  private final BindContext context;
  private final Rels rels;

  JoinBinder(FromBinder from) {
    this.from = from;
    this.context = from.context();
    this.rels = context.rels();
  }

  FromItem bind(SqlJoin join) {
    if (join instanceof SqlAsofJoin) {
      throw StatementErrors.unsupported("ASOF JOIN", ExpressionBinder.span(join));
    }
    JoinKind kind = kind(join);
    FromItem left = from.bind(join.getLeft());
    Scope leftScope = new Scope(context, left.entries(), left.visible(), from.lateral());
    Scope.Frame frame = new Scope.Frame(leftScope, context.nextCorrelation());
    FromItem right = from.withLateral(frame).bind(join.getRight());
    checkAliases(left, right, join);
    if (!frame.captures().isEmpty()) {
      return lateral(left, right, kind, frame, join);
    }
    if (join.isNatural() || join.getConditionType() == JoinConditionType.USING) {
      return using(left, right, kind, join);
    }
    return on(left, right, kind, join.getCondition());
  }

  private JoinKind kind(SqlJoin join) {
    JoinKind kind =
        switch (join.getJoinType()) {
          case INNER, CROSS, COMMA -> JoinKind.INNER;
          case LEFT -> JoinKind.LEFT;
          case RIGHT -> JoinKind.RIGHT;
          case FULL -> JoinKind.FULL;
          default ->
              throw StatementErrors.unsupported(
                  join.getJoinType() + " JOIN", ExpressionBinder.span(join));
        };
    if (context.isView() && kind != JoinKind.INNER) {
      throw StatementErrors.notInView(kind + " JOIN", ExpressionBinder.span(join));
    }
    return kind;
  }

  private static void checkAliases(FromItem left, FromItem right, SqlJoin join) {
    Set<String> seen = new HashSet<>();
    left.entries().forEach(e -> seen.add(e.schema() + "." + e.alias()));
    for (Scope.Entry entry : right.entries()) {
      if (!entry.alias().isEmpty() && seen.contains(entry.schema() + "." + entry.alias())) {
        throw NameErrors.duplicateAlias(entry.alias(), ExpressionBinder.span(join.getRight()));
      }
    }
  }

  /// Both sides' columns in one row; sides that may be missing take NULLs.
  private FromItem combine(FromItem left, FromItem right, RelNode rel) {
    int width = left.rel().getRowType().getFieldCount();
    List<Scope.Entry> entries = new ArrayList<>(left.entries());
    entries.addAll(right.shiftedEntries(width));
    List<Scope.Column> visible = new ArrayList<>(left.visible());
    visible.addAll(right.shiftedVisible(width));
    return new FromItem(rel, entries, visible).over(rel);
  }

  private FromItem on(FromItem left, FromItem right, JoinKind kind, @Nullable SqlNode condition) {
    RexNode always = context.rex().bool(true);
    if (condition == null) {
      return combine(left, right, rels.join(left.rel(), right.rel(), kind, always));
    }
    FromItem cross =
        combine(left, right, rels.join(left.rel(), right.rel(), JoinKind.INNER, always));
    RexNode bound = bindCondition(cross, condition);
    return combine(left, right, joined(left, right, kind, bound, condition));
  }

  private RexNode bindCondition(FromItem row, SqlNode condition) {
    Scope scope = new Scope(context, row.entries(), row.visible(), from.lateral());
    return new ExpressionBinder(context, scope, from.environment(), Clause.JOIN)
        .bindBoolean(condition, "JOIN/ON");
  }

  private RelNode joined(
      FromItem left, FromItem right, JoinKind kind, RexNode condition, SqlNode at) {
    if (!ValuesSubqueries.hasSubquery(condition)) {
      return rels.join(left.rel(), right.rel(), kind, condition);
    }
    if (kind != JoinKind.INNER) {
      throw StatementErrors.unsupported(
          "a sub-query in the condition of an outer join", ExpressionBinder.span(at));
    }
    RelNode cross = rels.join(left.rel(), right.rel(), kind, context.rex().bool(true));
    return new SemiJoins(context).filter(cross, condition);
  }

  private FromItem using(FromItem left, FromItem right, JoinKind kind, SqlJoin join) {
    List<String> names = new ArrayList<>();
    if (join.isNatural()) {
      for (Scope.Column column : left.visible()) {
        boolean shared =
            right.visible().stream().anyMatch(c -> !c.hidden() && c.name().equals(column.name()));
        if (!column.hidden() && shared) {
          names.add(column.name());
        }
      }
    } else if (join.getCondition() instanceof SqlNodeList list) {
      list.forEach(n -> names.add(((SqlIdentifier) n).getSimple()));
    }
    @Nullable SourceSpan span = ExpressionBinder.span(join);
    int width = left.rel().getRowType().getFieldCount();
    RelNode cross = rels.join(left.rel(), right.rel(), JoinKind.INNER, context.rex().bool(true));
    Scope scope = Scope.empty(context, from.lateral());
    OperatorBinder operators =
        new OperatorBinder(new ExpressionBinder(context, scope, from.environment(), Clause.JOIN));
    List<RexNode> equalities = new ArrayList<>();
    List<Scope.Column> leftColumns = new ArrayList<>();
    List<Scope.Column> rightColumns = new ArrayList<>();
    for (String name : names) {
      Scope.Column l = find(left, name, "left", span);
      Scope.Column r = find(right, name, "right", span).shifted(width);
      leftColumns.add(l);
      rightColumns.add(r);
      equalities.add(
          operators.apply(
              "=",
              List.of(rels.reference(cross, l.index()), rels.reference(cross, r.index())),
              span));
    }
    RelNode rel = rels.join(left.rel(), right.rel(), kind, context.rex().and(equalities));
    FromItem all = combine(left, right, rel);
    return merge(all, leftColumns, rightColumns, kind, span);
  }

  private static Scope.Column find(
      FromItem item, String name, String side, @Nullable SourceSpan span) {
    Scope.@Nullable Column found = null;
    for (Scope.Column column : item.visible()) {
      if (column.name().equals(name)) {
        if (found != null) {
          throw StatementErrors.of(
              ErrorCode.AMBIGUOUS_COLUMN,
              "common column name \"" + name + "\" appears more than once in " + side + " table",
              span);
        }
        found = column;
      }
    }
    if (found == null) {
      throw StatementErrors.of(
          ErrorCode.UNDEFINED_COLUMN,
          "column \"" + name + "\" specified in USING clause does not exist in " + side + " table",
          span);
    }
    return found;
  }

  /// The merged columns come first in `*`; a full join computes them.
  private FromItem merge(
      FromItem all,
      List<Scope.Column> left,
      List<Scope.Column> right,
      JoinKind kind,
      @Nullable SourceSpan span) {
    int width = all.rel().getRowType().getFieldCount();
    Coercion coercion = new Coercion(context);
    List<RexNode> computed = new ArrayList<>();
    List<Scope.Column> merged = new ArrayList<>();
    Set<Integer> gone = new HashSet<>();
    for (int i = 0; i < left.size(); i++) {
      int l = left.get(i).index();
      int r = right.get(i).index();
      gone.add(l);
      gone.add(r);
      RexNode a = rels.reference(all.rel(), l);
      RexNode b = rels.reference(all.rel(), r);
      List<RexNode> same = coercion.unify(List.of(a, b), "JOIN/USING", span);
      boolean plain = same.get(0).equals(a) && same.get(1).equals(b) && kind != JoinKind.FULL;
      int index = kind == JoinKind.RIGHT ? r : l;
      RelDataType type = rels.reference(all.rel(), index).getType();
      ColumnOrigin origin = plain ? left.get(i).origin() : ColumnOrigin.NONE;
      if (!plain) {
        RexNode value =
            kind == JoinKind.FULL
                ? context.rex().call(new Scalar.Coalesce(), Rex.type(same.getFirst()), true, same)
                : same.get(kind == JoinKind.RIGHT ? 1 : 0);
        index = width + computed.size();
        type = value.getType();
        computed.add(value);
      }
      merged.add(new Scope.Column(left.get(i).name(), index, type, false, origin));
    }
    RelNode rel = rels.append(all.rel(), computed);
    for (Scope.Column column : all.visible()) {
      if (!gone.contains(column.index())) {
        merged.add(column);
      }
    }
    return new FromItem(rel, all.entries(), merged);
  }

  private FromItem lateral(
      FromItem left, FromItem right, JoinKind kind, Scope.Frame frame, SqlJoin join) {
    if (kind == JoinKind.RIGHT || kind == JoinKind.FULL) {
      throw StatementErrors.of(
          ErrorCode.INVALID_COLUMN_REFERENCE,
          "invalid reference to FROM-clause entry: the combining JOIN type must be INNER or LEFT for a LATERAL reference",
          ExpressionBinder.span(join));
    }
    if (context.isView()) {
      throw StatementErrors.notInView("LATERAL", ExpressionBinder.span(join.getRight()));
    }
    if (join.isNatural() || join.getConditionType() == JoinConditionType.USING) {
      throw StatementErrors.unsupported("USING with a lateral item", ExpressionBinder.span(join));
    }
    @Nullable RexNode condition = null;
    if (join.getCondition() != null) {
      RelNode cross = rels.join(left.rel(), right.rel(), JoinKind.INNER, context.rex().bool(true));
      condition = bindCondition(combine(left, right, cross), join.getCondition());
      condition = condition.isAlwaysTrue() ? null : condition;
    }
    @Nullable RelNode direct =
        kind == JoinKind.INNER || condition == null ? direct(left, right, kind, frame) : null;
    if (direct != null) {
      FromItem item = combine(left, right, direct);
      return condition == null ? item : item.over(new SemiJoins(context).filter(direct, condition));
    }
    RelNode inner = right.rel();
    if (condition != null && kind == JoinKind.LEFT) {
      inner = filterInside(left, inner, frame, condition, join);
      condition = null;
    }
    RelNode joined =
        new Correlation(rels)
            .joinCompact(left.rel(), inner, frame.correlation(), frame.captures(), kind);
    FromItem item = combine(left, right, joined);
    return condition == null ? item : item.over(new SemiJoins(context).filter(joined, condition));
  }

  /// The condition of a left lateral join, inside the right side: left columns become captures.
  private RelNode filterInside(
      FromItem left, RelNode right, Scope.Frame frame, RexNode condition, SqlJoin join) {
    if (ValuesSubqueries.hasSubquery(condition)) {
      throw StatementErrors.unsupported(
          "a sub-query in the condition of an outer join", ExpressionBinder.span(join));
    }
    List<RexNode> values = new ArrayList<>();
    for (RexNode ref : rels.references(left.rel())) {
      values.add(frame.capture(context.rex(), ref));
    }
    values.addAll(rels.references(right));
    return rels.filter(right, Rex.substitute(condition, values));
  }

  /// A function over the left row needs no correlation: it runs over that row.
  private @Nullable RelNode direct(
      FromItem left, FromItem right, JoinKind kind, Scope.Frame frame) {
    if (!(right.rel() instanceof ExtensionRel e)
        || !(e.extension() instanceof Extension.TableFunction function)
        || e.getInputs().getFirst().getRowType().getFieldCount() > 0) {
      return null;
    }
    List<RexNode> functions = new ArrayList<>();
    for (RexNode node : function.functions()) {
      functions.add(
          node.accept(
              new RexShuttle() {
                @Override
                public RexNode visitCall(RexCall call) {
                  return Rex.scalar(call) instanceof Scalar.OuterRef ref
                          && ref.correlation() == frame.correlation()
                      ? frame.captures().get(ref.index())
                      : super.visitCall(call);
                }
              }));
    }
    boolean outer = kind == JoinKind.LEFT;
    return rels.extension(
        new Extension.TableFunction(functions, function.ordinality(), outer),
        List.of(left.rel()),
        rels.concat(left.rel().getRowType(), right.rel().getRowType(), outer));
  }
}
