package dev.aevum.planner.bind;

import dev.aevum.model.error.SourceSpan;
import dev.aevum.model.type.IntervalValue;
import dev.aevum.model.type.SimpleType;
import dev.aevum.model.type.SqlType;
import dev.aevum.parser.tree.AliasNode;
import dev.aevum.parser.tree.MatchClause;
import dev.aevum.parser.tree.PatternName;
import dev.aevum.planner.bind.ExpressionBinder.Environment;
import dev.aevum.planner.error.PatternErrors;
import dev.aevum.planner.plan.MatchExpr;
import dev.aevum.planner.plan.MatchSpec;
import dev.aevum.planner.plan.MatchSpec.AfterMatch;
import dev.aevum.planner.plan.SortKey;
import dev.aevum.planner.rex.Rex;
import dev.aevum.planner.rex.Scalar;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.rex.RexNode;
import org.apache.calcite.sql.SqlNode;
import org.jspecify.annotations.Nullable;

/// What MATCH_RECOGNIZE and a row pattern in a window have in common: WITHIN, AFTER MATCH, DEFINE,
/// MEASURES.
final class MatchClauses {
  private final BindContext context;
  private final Environment environment;

  MatchClauses(BindContext context, Environment environment) {
    this.context = context;
    this.environment = environment;
  }

  record Measure(String name, MatchExpr value, RelDataType type) {}

  /// The first order column where it is an ascending timestamp, else -1.
  static int timeColumn(List<SortKey> order, List<SqlType> types) {
    if (order.isEmpty() || order.getFirst().descending()) {
      return -1;
    }
    int column = order.getFirst().column();
    SqlType type = types.get(column);
    return type == SimpleType.TIMESTAMP || type == SimpleType.TIMESTAMPTZ ? column : -1;
  }

  /// Microseconds; `time`: the time column, -1 for none.
  long within(MatchClause clause, int time) {
    @Nullable SqlNode node = clause.within();
    if (node == null) {
      if (clause.timeouts() != null) {
        throw PatternErrors.timeoutsNeedWithin(clause.timeouts());
      }
      return MatchSpec.NO_WITHIN;
    }
    @Nullable SourceSpan span = ExpressionBinder.span(node);
    if (time < 0) {
      throw PatternErrors.withinNeedsTime("WITHIN", span);
    }
    ExpressionBinder expressions =
        new ExpressionBinder(
            context, Scope.empty(context, null), environment, Clause.FROM_FUNCTION);
    if (!(Rex.scalar(expressions.bind(node)) instanceof Scalar.Constant constant)
        || !(constant.value() instanceof IntervalValue interval)) {
      throw new IllegalStateException("an interval literal is a constant");
    }
    long micros = WindowTableBinder.micros(interval, "WITHIN", node);
    if (micros < 0) {
      throw PatternErrors.withinNotPositive(span);
    }
    return micros;
  }

  static AfterMatch afterMatch(MatchClause.@Nullable Skip skip, PatternVariables variables) {
    if (skip == null) {
      return new AfterMatch.PastLastRow();
    }
    return switch (skip.kind()) {
      case PAST_LAST_ROW -> new AfterMatch.PastLastRow();
      case TO_NEXT_ROW -> new AfterMatch.ToNextRow();
      case TO_FIRST -> toVariable(skip.variable(), false, variables);
      case TO_LAST, TO_VARIABLE -> toVariable(skip.variable(), true, variables);
    };
  }

  private static AfterMatch toVariable(
      @Nullable PatternName name, boolean last, PatternVariables variables) {
    PatternName variable = Objects.requireNonNull(name);
    @Nullable List<Integer> rows = variables.find(variable.text());
    if (rows == null) {
      throw PatternErrors.notInPattern(
          variable.text(), "AFTER MATCH SKIP", variables.qualifiers(), variable.span());
    }
    return new AfterMatch.ToVariable(rows, last);
  }

  List<@Nullable MatchExpr> defines(
      List<MatchClause.Define> defines, PatternScope.Settings settings) {
    PatternVariables variables = settings.variables();
    List<@Nullable MatchExpr> conditions = new ArrayList<>();
    variables.names().forEach(v -> conditions.add(null));
    for (MatchClause.Define define : defines) {
      PatternName name = define.variable();
      int index = variables.primary(name.text());
      if (index < 0) {
        throw variables.isUnion(name.text())
            ? PatternErrors.definedUnion(name.text(), name.span())
            : PatternErrors.notInPattern(name.text(), "DEFINE", variables.names(), name.span());
      }
      if (conditions.get(index) != null) {
        throw PatternErrors.definedTwice(name.text(), name.span());
      }
      PatternScope scope = new PatternScope(settings);
      RexNode condition =
          expressions(settings, scope, Clause.DEFINE).bindBoolean(define.condition(), "DEFINE");
      conditions.set(index, scope.expression(condition));
    }
    return conditions;
  }

  List<Measure> measures(List<SqlNode> nodes, PatternScope.Settings settings) {
    List<Measure> measures = new ArrayList<>();
    for (SqlNode node : nodes) {
      AliasNode measure = (AliasNode) node;
      PatternScope scope = new PatternScope(settings);
      ExpressionBinder binder = expressions(settings, scope, Clause.MEASURES);
      RexNode bound = binder.bind(measure.item());
      RexNode value = binder.coercion().orText(bound, ExpressionBinder.span(measure.item()));
      measures.add(new Measure(measure.alias(), scope.expression(value), value.getType()));
    }
    return measures;
  }

  private ExpressionBinder expressions(
      PatternScope.Settings settings, PatternScope scope, Clause clause) {
    return new ExpressionBinder(context, settings.input(), environment, clause).with(scope);
  }
}
