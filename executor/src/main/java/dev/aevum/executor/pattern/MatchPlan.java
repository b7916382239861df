package dev.aevum.executor.pattern;

import dev.aevum.executor.expression.ExpressionCompiler;
import dev.aevum.executor.expression.ExpressionInspection;
import dev.aevum.executor.expression.VectorExpression;
import dev.aevum.executor.function.FunctionRegistry;
import dev.aevum.model.batch.Column;
import dev.aevum.model.error.ErrorCode;
import dev.aevum.model.error.SqlException;
import dev.aevum.model.type.SimpleType;
import dev.aevum.model.type.SqlType;
import dev.aevum.planner.plan.Expr;
import dev.aevum.planner.plan.PlanNode.MatchNode;
import dev.aevum.planner.plan.pattern.MatchExpr;
import dev.aevum.planner.plan.pattern.MatchOperand;
import dev.aevum.planner.plan.pattern.MatchSpec;
import dev.aevum.planner.plan.pattern.MatchSpec.RowsPerMatch;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/// A [MatchNode] made ready to run on one thread. Conditions of DEFINE are taken apart: what looks
/// at the row under test and its neighbours in the partition only is *row-local*; the rest looks at
/// the *path*.
final class MatchPlan {
  private static final int MAX_VARIABLES = 64;

  /// A value of the row `offset` rows behind the row under test; `variable` >= 0: it asks for the
  /// classifier, which is this one.
  record LocalOperand(LabelledValue value, int offset, int variable) {}

  /// A row-local condition over `operands`.
  record LocalCondition(int variable, List<Integer> operands, VectorExpression expression) {}

  private record LocalKey(Expr value, int offset, int variable) {}

  final MatchNode node;
  final MatchSpec spec;
  final List<SqlType> inputTypes;
  final Program program;
  final MatchRules rules;

  /// The column by which WITHIN and MATCH_ROWTIME() measure, -1 if there is none.
  final int timeColumn;

  /// Conditions or measures ask for match numbers.
  final boolean usesNumber;

  /// Rows before a match, and behind it, that conditions and measures may look at.
  final int rowsBefore;

  final int rowsAfter;

  final List<LocalOperand> localOperands = new ArrayList<>();
  final List<LocalCondition> localConditions = new ArrayList<>();

  /// Variables that have a row-local condition, as bits.
  final long localVariables;

  final List<@Nullable MatchExpression> pathConditions = new ArrayList<>();
  final boolean hasPathConditions;
  final List<MatchExpression> measures = new ArrayList<>();

  private final FunctionRegistry registry;
  private final UnaryOperator<Expr> bound;
  private final List<LocalKey> localKeys = new ArrayList<>();

  /// `bound`: puts the values of parameters in place.
  ///
  /// Errors: 54000 for patterns that are too large.
  MatchPlan(MatchNode node, FunctionRegistry registry, UnaryOperator<Expr> bound) {
    this.node = node;
    this.spec = node.match();
    this.inputTypes = node.input().schema().types();
    this.registry = registry;
    this.bound = bound;
    this.timeColumn = node.timeColumn();
    if (spec.variables().size() > MAX_VARIABLES) {
      throw new SqlException(
          ErrorCode.PROGRAM_LIMIT_EXCEEDED,
          "a row pattern takes at most " + MAX_VARIABLES + " variables");
    }
    this.program = ProgramCompiler.compile(spec.pattern());
    this.rowsBefore = neighbours(-1);
    this.rowsAfter = neighbours(1);
    long local = 0;
    boolean[] pathBits = new boolean[spec.variables().size()];
    boolean anyPath = false;
    boolean numbered = false;
    for (int v = 0; v < pathBits.length; v++) {
      MatchExpr define = spec.defines().get(v);
      MatchExpression onPath = define == null ? null : define(v, define);
      pathConditions.add(onPath);
      pathBits[v] = onPath != null;
      anyPath |= onPath != null;
      numbered |= define != null && asksForNumber(define);
      int variable = v;
      if (localConditions.stream().anyMatch(c -> c.variable() == variable)) {
        local |= 1L << v;
      }
    }
    this.localVariables = local;
    this.hasPathConditions = anyPath;
    this.rules =
        new MatchRules(
            spec.afterMatch(),
            numbered,
            spec.withinMicros(),
            spec.timeouts(),
            spec.rows() == RowsPerMatch.ALL_ROWS_WITH_UNMATCHED,
            pathBits);
    this.usesNumber = numbered || spec.measures().stream().anyMatch(this::asksForNumber);
    for (MatchExpr measure : spec.measures()) {
      measures.add(
          new MatchExpression(
              bound.apply(measure.expression()), operands(measure.operands()), registry));
    }
  }

  private int neighbours(int direction) {
    int most = 0;
    List<MatchExpr> all = new ArrayList<>(spec.measures());
    for (MatchExpr define : spec.defines()) {
      if (define != null) {
        all.add(define);
      }
    }
    for (MatchExpr e : all) {
      for (MatchOperand o : e.operands()) {
        if (o instanceof MatchOperand.RowValue v) {
          most = Math.max(most, v.offset() * direction);
        }
      }
    }
    return most;
  }

  private boolean asksForNumber(MatchExpr define) {
    int columns = inputTypes.size();
    return define.operands().stream()
        .anyMatch(o ->
            switch (o) {
              case MatchOperand.RowValue v -> LabelledValue.usesNumber(v.value(), columns);
              case MatchOperand.Aggregate a ->
                  a.filter() != null && LabelledValue.usesNumber(a.filter(), columns)
                      || a.arguments().stream().anyMatch(e -> LabelledValue.usesNumber(e, columns));
              case MatchOperand.MatchNumber n -> true;
              case MatchOperand.MatchRowtime r -> false;
              case MatchOperand.TimedOut t -> false;
            });
  }

  private List<OperandEvaluation> operands(List<MatchOperand> operands) {
    return operands.stream().map(this::operand).toList();
  }

  private OperandEvaluation operand(MatchOperand operand) {
    MatchOperand o =
        switch (operand) {
          case MatchOperand.RowValue v ->
              new MatchOperand.RowValue(bound.apply(v.value()), v.anchor(), v.offset());
          case MatchOperand.Aggregate a ->
              new MatchOperand.Aggregate(
                  a.function(),
                  a.arguments().stream().map(bound).toList(),
                  a.distinct(),
                  a.filter() == null ? null : bound.apply(a.filter()),
                  a.variables(),
                  a.running(),
                  a.type());
          case MatchOperand.MatchNumber n -> n;
          case MatchOperand.MatchRowtime r -> r;
          case MatchOperand.TimedOut t -> t;
        };
    return new OperandEvaluation(o, spec, inputTypes, timeColumn, registry);
  }

  /// Adds the row-local conditions; the rest, if any, is returned.
  private @Nullable MatchExpression define(int variable, MatchExpr define) {
    List<Expr> onPath = new ArrayList<>();
    for (Expr conjunct : conjuncts(bound.apply(define.expression()))) {
      Set<Integer> used = new TreeSet<>();
      ExpressionInspection.collectColumns(conjunct, used);
      if (used.stream().allMatch(o -> isLocal(variable, define.operands().get(o)))) {
        addLocal(variable, conjunct, List.copyOf(used), define.operands());
      } else {
        onPath.add(conjunct);
      }
    }
    if (onPath.isEmpty()) {
      return null;
    }
    Expr rest = onPath.size() == 1 ? onPath.getFirst() : new Expr.And(onPath, true);
    Set<Integer> used = new TreeSet<>();
    ExpressionInspection.collectColumns(rest, used);
    List<Integer> order = List.copyOf(used);
    return new MatchExpression(
        ExpressionInspection.remap(rest, order::indexOf),
        operands(order.stream().map(define.operands()::get).toList()),
        registry);
  }

  private static List<Expr> conjuncts(Expr predicate) {
    if (predicate instanceof Expr.And and) {
      List<Expr> flat = new ArrayList<>();
      and.operands().forEach(o -> flat.addAll(conjuncts(o)));
      return flat;
    }
    return List.of(predicate);
  }

  private boolean isLocal(int variable, MatchOperand operand) {
    if (!(operand instanceof MatchOperand.RowValue v)) {
      return false;
    }
    int columns = inputTypes.size();
    return !v.anchor().first()
        && v.anchor().skip() == 0
        && v.anchor().variables().contains(variable)
        && !LabelledValue.usesNumber(v.value(), columns)
        && (v.offset() == 0 || !LabelledValue.isLabelled(v.value(), columns));
  }

  private void addLocal(
      int variable, Expr conjunct, List<Integer> used, List<MatchOperand> operands) {
    List<Integer> indices = new ArrayList<>();
    List<SqlType> types = new ArrayList<>();
    for (int o : used) {
      MatchOperand.RowValue v = (MatchOperand.RowValue) operands.get(o);
      Expr value = bound.apply(v.value());
      boolean labelled = LabelledValue.isLabelled(value, inputTypes.size());
      LocalKey key = new LocalKey(value, v.offset(), labelled ? variable : -1);
      int index = localKeys.indexOf(key);
      if (index < 0) {
        index = localKeys.size();
        localKeys.add(key);
        localOperands.add(
            new LocalOperand(
                new LabelledValue(value, inputTypes, spec.variables(), registry),
                v.offset(),
                key.variable()));
      }
      indices.add(index);
      types.add(v.type());
    }
    VectorExpression expression =
        ExpressionCompiler.compile(
            ExpressionInspection.remap(conjunct, used::indexOf), types, registry);
    localConditions.add(new LocalCondition(variable, indices, expression));
  }

  /// Conditions look at the row under test alone, and nothing waits for rows behind a match.
  boolean isRowByRow() {
    return !hasPathConditions
        && rowsAfter == 0
        && localOperands.stream().allMatch(o -> o.offset() == 0);
  }

  boolean isPastLast() {
    return spec.afterMatch() instanceof MatchSpec.AfterMatch.PastLastRow;
  }

  /// The event time of a row in microseconds; the greatest there is for NULL.
  static long timeOf(Column times, int row) {
    if (times.isNull(row)) {
      return Long.MAX_VALUE;
    }
    return times.type() == SimpleType.DATE ? times.intAt(row) * 86_400_000_000L : times.longAt(row);
  }
}
