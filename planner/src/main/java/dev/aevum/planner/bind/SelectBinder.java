package dev.aevum.planner.bind;

import dev.aevum.model.error.ErrorCode;
import dev.aevum.model.type.SimpleType;
import dev.aevum.parser.tree.SelectNode;
import dev.aevum.parser.tree.SortItemNode;
import dev.aevum.parser.tree.WindowNode;
import dev.aevum.planner.bind.ExpressionBinder.Environment;
import dev.aevum.planner.bind.QueryBinder.BoundQuery;
import dev.aevum.planner.error.StatementErrors;
import dev.aevum.planner.plan.QueryPlan.ColumnOrigin;
import dev.aevum.planner.plan.SortKey;
import dev.aevum.planner.plan.WindowFrame;
import dev.aevum.planner.plan.function.FunctionSignature;
import dev.aevum.planner.rel.Rels;
import dev.aevum.planner.rex.Rex;
import dev.aevum.planner.rex.Scalar;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.apache.calcite.rel.RelNode;
import org.apache.calcite.rex.RexNode;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.SqlNodeList;
import org.jspecify.annotations.Nullable;

/// One SELECT with its ORDER BY and LIMIT: FROM, WHERE, GROUP BY, HAVING, window functions,
/// set-returning functions, DISTINCT, order, in that order.
final class SelectBinder {
  private final BindContext context;
  private final Environment outerEnvironment;
  private final Scope.@Nullable Frame outer;
  private final Rels rels;

  SelectBinder(BindContext context, Environment environment, Scope.@Nullable Frame outer) {
    this.context = context;
    this.outerEnvironment = environment;
    this.outer = outer;
    this.rels = context.rels();
  }

  BoundQuery bind(
      SelectNode select, SqlNodeList orderBy, @Nullable SqlNode offset, @Nullable SqlNode fetch) {
    if (select.getQualify() != null) {
      throw StatementErrors.unsupported("QUALIFY", ExpressionBinder.span(select.getQualify()));
    }
    FromItem from =
        select.getFrom() == null
            ? new FromItem(rels.oneRow(), List.of(), List.of())
            : new FromBinder(context, outerEnvironment, outer, outer).bind(select.getFrom());
    Scope scope = new Scope(context, from.entries(), from.visible(), outer);
    Environment environment = withWindows(select);
    ExpressionBinder expressions = new ExpressionBinder(context, scope, environment, Clause.SELECT);
    RelNode rel = from.rel();
    if (select.getWhere() != null) {
      rel =
          new SemiJoins(context)
              .filter(rel, expressions.in(Clause.WHERE).bindBoolean(select.getWhere(), "WHERE"));
    }
    // Literals of a plain select list wait for what INSERT or a set operation makes of them.
    boolean plainList =
        select.getGroup() == null
            && !select.isDistinct()
            && select.distinctOn() == null
            && orderBy.isEmpty()
            && offset == null
            && fetch == null;
    List<SelectItems.Item> items =
        new SelectItems(expressions).bind(select.getSelectList(), plainList);
    SelectItems.Output output = new SelectItems.Output(items);
    checkPatterns(select, expressions);
    ClauseReferences references = new ClauseReferences(expressions, items);
    @Nullable List<List<RexNode>> groupingSets =
        select.getGroup() == null ? null : references.groupingSets(select.getGroup());
    @Nullable List<RexNode> groups =
        select.getGroup() == null || groupingSets != null
            ? null
            : references.groupBy(select.getGroup());
    List<RexNode> work = new ArrayList<>(output.values());
    int orderStart = work.size();
    for (SqlNode item : orderBy) {
      work.add(references.orderBy(((SortItemNode) item).value(), Clause.ORDER_BY));
    }
    int onStart = work.size();
    if (select.distinctOn() != null) {
      checkDistinctOn(select.distinctOn());
      for (SqlNode item : select.distinctOn()) {
        work.add(references.orderBy(item, Clause.DISTINCT_ON));
      }
    }
    int havingAt = work.size();
    if (select.getHaving() != null) {
      work.add(expressions.in(Clause.HAVING).bindBoolean(select.getHaving(), "HAVING"));
    }
    boolean aggregated =
        select.getGroup() != null
            || select.getHaving() != null
            || work.stream().anyMatch(AggregateStage::hasAggregate);
    if (aggregated) {
      PatternStage.checkPlain(work);
      AggregateStage.Result result =
          (groupingSets == null
                  ? new AggregateStage(context, scope, groups == null ? List.of() : groups)
                  : AggregateStage.ofSets(context, scope, groupingSets))
              .apply(rel, work);
      rel = result.rel();
      work = new ArrayList<>(result.expressions());
    }
    if (select.getHaving() != null) {
      RexNode having = work.remove(havingAt);
      rel = new SemiJoins(context).filter(rel, having);
    }
    SubqueryRemoval.Result plain = new SubqueryRemoval(context).apply(rel, work);
    OverStage.Result patterns = new PatternStage(context).apply(plain.rel(), plain.expressions());
    OverStage.Result sequences =
        new SequenceStage(context).apply(patterns.rel(), patterns.expressions());
    OverStage.Result over = new OverStage(context).apply(sequences.rel(), sequences.expressions());
    SetStage.Result sets = new SetStage(context).apply(over.rel(), over.expressions());
    Finish finish = new Finish(output, orderBy, offset, fetch);
    RelNode done = finish.apply(sets.rel(), sets.expressions(), orderStart, onStart, select);
    return output.query(done);
  }

  /// Windows with a pattern are right whether or not something uses them.
  private static void checkPatterns(SelectNode select, ExpressionBinder expressions) {
    if (select.getWindowList() != null) {
      for (SqlNode node : select.getWindowList()) {
        new WindowPatternBinder(expressions).check((WindowNode) node);
      }
    }
  }

  private void checkDistinctOn(SqlNodeList on) {
    if (context.isView()) {
      throw StatementErrors.notInView("DISTINCT ON", ExpressionBinder.span(on));
    }
  }

  private Environment withWindows(SelectNode select) {
    Map<String, WindowNode> windows = new HashMap<>();
    if (select.getWindowList() != null) {
      for (SqlNode node : select.getWindowList()) {
        WindowNode window = (WindowNode) node;
        windows.put(Objects.requireNonNull(window.declared()), window);
      }
    }
    return new Environment(outerEnvironment.with(), Map.copyOf(windows));
  }

  /// Projection, DISTINCT, order and limit.
  private final class Finish {
    private final SelectItems.Output output;
    private final SqlNodeList orderBy;
    private final @Nullable SqlNode offset;
    private final @Nullable SqlNode fetch;

    Finish(
        SelectItems.Output output,
        SqlNodeList orderBy,
        @Nullable SqlNode offset,
        @Nullable SqlNode fetch) {
      this.output = output;
      this.orderBy = orderBy;
      this.offset = offset;
      this.fetch = fetch;
    }

    RelNode apply(
        RelNode input, List<RexNode> work, int orderStart, int onStart, SelectNode select) {
      List<RexNode> columns = new ArrayList<>(work.subList(0, orderStart));
      boolean distinct = select.isDistinct();
      List<SortKey> keys = new ArrayList<>();
      for (int i = orderStart; i < onStart; i++) {
        SortItemNode item = (SortItemNode) orderBy.get(i - orderStart);
        Comparability.requireOrder(Rex.type(work.get(i)), item.span());
        keys.add(SortBinder.key(item, column(columns, work.get(i), distinct, item)));
      }
      List<Integer> on = new ArrayList<>();
      for (int i = onStart; i < work.size(); i++) {
        on.add(column(columns, work.get(i), false, select));
      }
      List<String> names = new ArrayList<>(output.allNames());
      while (names.size() < columns.size()) {
        names.add("$sort" + names.size());
      }
      RelNode rel = rels.project(input, columns, names);
      if (distinct) {
        rel = rels.distinct(Comparability.requireEquality(rel));
      }
      if (!on.isEmpty()) {
        rel = firstOfEach(rel, on, keys, select);
      }
      rel = new LimitBinder(context, outerEnvironment, outer).sort(rel, keys, offset, fetch);
      return rels.firstColumns(rel, orderStart);
    }

    private int column(List<RexNode> columns, RexNode value, boolean distinct, SqlNode at) {
      int index = columns.indexOf(value);
      if (index >= 0) {
        return index;
      }
      if (distinct) {
        throw StatementErrors.of(
            ErrorCode.INVALID_COLUMN_REFERENCE,
            "for SELECT DISTINCT, ORDER BY expressions must appear in select list",
            ExpressionBinder.span(at));
      }
      columns.add(value);
      return columns.size() - 1;
    }

    /// DISTINCT ON: the rows of number 1 within their group.
    private RelNode firstOfEach(
        RelNode rel, List<Integer> on, List<SortKey> keys, SelectNode select) {
      for (int i = 0; i < Math.min(keys.size(), on.size()); i++) {
        if (!on.contains(keys.get(i).column())) {
          throw StatementErrors.of(
              ErrorCode.INVALID_COLUMN_REFERENCE,
              "SELECT DISTINCT ON expressions must match initial ORDER BY expressions",
              ExpressionBinder.span(select));
        }
      }
      ExpressionBinder expressions =
          new ExpressionBinder(
              context, Scope.empty(context, null), outerEnvironment, Clause.SELECT);
      List<FunctionSignature> numbering = context.catalog().functions().named("row_number");
      if (numbering.isEmpty()) {
        throw StatementErrors.unsupported("DISTINCT ON", ExpressionBinder.span(select));
      }
      List<RexNode> operands = new ArrayList<>();
      on.forEach(c -> operands.add(rels.reference(rel, c)));
      List<SortKey> order = new ArrayList<>();
      for (SortKey key : keys) {
        operands.add(rels.reference(rel, key.column()));
        order.add(new SortKey(order.size(), key.descending(), key.nullsFirst()));
      }
      RexNode number =
          context
              .rex()
              .call(
                  new Scalar.Over(
                      numbering.getFirst(), 0, false, WindowFrame.DEFAULT, 0, on.size(), order),
                  SimpleType.BIGINT,
                  false,
                  operands);
      OverStage.Result numbered = new OverStage(context).apply(rel, List.of(number));
      RexNode one = context.rex().constant(1L, SimpleType.BIGINT);
      RexNode first =
          new OperatorBinder(expressions)
              .apply("=", List.of(numbered.expressions().getFirst(), one), null);
      return rels.firstColumns(
          rels.filter(numbered.rel(), first), rel.getRowType().getFieldCount());
    }
  }

  static ColumnOrigin origin(Scope scope, RexNode value) {
    if (value instanceof org.apache.calcite.rex.RexInputRef ref) {
      for (Scope.Entry entry : scope.entries()) {
        for (Scope.Column column : entry.columns()) {
          if (column.index() == ref.getIndex()) {
            return column.origin();
          }
        }
      }
    }
    return ColumnOrigin.NONE;
  }
}
