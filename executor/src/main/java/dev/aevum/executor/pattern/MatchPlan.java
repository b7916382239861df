package dev.aevum.executor.pattern;

import dev.aevum.executor.aggregate.AccumulatorAggregate;
import dev.aevum.executor.aggregate.AggregateFunction;
import dev.aevum.executor.aggregate.CollectingAggregate;
import dev.aevum.executor.aggregate.ExtremeAggregate;
import dev.aevum.executor.aggregate.MultisetAggregate;
import dev.aevum.executor.aggregate.SketchAggregate;
import dev.aevum.executor.expression.ExpressionCompiler;
import dev.aevum.executor.expression.ExpressionInspection;
import dev.aevum.executor.expression.VectorExpression;
import dev.aevum.executor.function.FunctionRegistry;
import dev.aevum.model.batch.Column;
import dev.aevum.model.error.ErrorCode;
import dev.aevum.model.error.SqlException;
import dev.aevum.model.type.SimpleType;
import dev.aevum.model.type.SqlType;
import dev.aevum.planner.plan.AggregateCall;
import dev.aevum.planner.plan.Expr;
import dev.aevum.planner.plan.MatchExpr;
import dev.aevum.planner.plan.MatchOperand;
import dev.aevum.planner.plan.MatchSpec;
import dev.aevum.planner.plan.MatchSpec.RowsPerMatch;
import dev.aevum.planner.plan.PlanNode.MatchNode;
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

  /// More rows than a partition has: starts end with it, but what they may look at differs.
  private static final long NO_LIMIT = 1L << 62;

  /// A value of the row `offset` rows behind the row under test; `variable` >= 0: it asks for the
  /// classifier, which is this one.
  record LocalOperand(LabelledValue value, int offset, int variable) {}

  /// A row-local condition over `operands`.
  record LocalCondition(int variable, List<Integer> operands, VectorExpression expression) {}

  /// What a condition knows without walking back along its thread's way.
  sealed interface PathOperand {
    SqlType type();
  }

  /// A value of a row that a register holds (`register` -1: of the row under test), moved by
  /// `offset`; `orTested`: of the row under test where the register is empty.
  record HeldRow(LabelledValue value, int register, boolean orTested, int offset, SqlType type)
      implements PathOperand {}

  /// One of [#running], the row under test included where it is mapped so.
  record Running(int aggregate, SqlType type) implements PathOperand {}

  /// A condition whose rows are all in registers, and whose aggregates, if it has any (`runs`), run
  /// with the thread.
  record RegisterCondition(List<PathOperand> operands, VectorExpression expression, boolean runs) {}

  private record LocalKey(Expr value, int offset, int variable) {}

  final MatchNode node;
  final MatchSpec spec;
  final List<SqlType> inputTypes;
  final Program program;
  final MatchRules rules;

  /// Rows behind the one from which a match is searched that count, [MatchSpec.Frame#UNBOUNDED] for
  /// all of the partition's.
  final long following;

  /// Rows' times are their places in the partition: WITHIN holds for a number of rows.
  final boolean isByRows;

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

  /// Per variable: its condition over the path, where registers are all it needs.
  final List<@Nullable RegisterCondition> registerConditions = new ArrayList<>();

  final boolean hasPathConditions;

  /// Aggregates of conditions that are carried from row to row.
  final List<RunningAggregate> running = new ArrayList<>();

  final List<MatchExpression> measures = new ArrayList<>();

  private final FunctionRegistry registry;
  private final UnaryOperator<Expr> bound;
  private final List<LocalKey> localKeys = new ArrayList<>();
  private final List<PathRegisters.Register> registers = new ArrayList<>();
  private final List<MatchOperand.Aggregate> runningOperands = new ArrayList<>();

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
    MatchSpec.Frame frame = spec.frame();
    boolean seeks = frame != null && frame.seek();
    int variables = spec.variables().size();
    if (variables + (seeks ? 1 : 0) > MAX_VARIABLES) {
      throw new SqlException(
          ErrorCode.PROGRAM_LIMIT_EXCEEDED,
          "a row pattern takes at most " + MAX_VARIABLES + " variables");
    }
    this.following = frame == null ? MatchSpec.Frame.UNBOUNDED : frame.following();
    this.program = ProgramCompiler.compile(spec.pattern(), seeks ? variables : -1);
    this.rowsBefore = frame == null ? neighbours(-1) : 0;
    this.rowsAfter = neighbours(1);
    long local = 0;
    boolean[] pathBits = new boolean[variables + (seeks ? 1 : 0)];
    boolean[] opaque = new boolean[pathBits.length];
    int[] reads = new int[pathBits.length];
    boolean anyPath = false;
    boolean numbered = false;
    for (int v = 0; v < variables; v++) {
      MatchExpr define = spec.defines().get(v);
      Expr onPath = define == null ? null : define(v, define);
      RegisterCondition inRegisters = onPath == null ? null : inRegisters(v, onPath, define);
      registerConditions.add(inRegisters);
      pathConditions.add(onPath == null || inRegisters != null ? null : overFrames(onPath, define));
      pathBits[v] = onPath != null;
      opaque[v] = onPath != null && (inRegisters == null || inRegisters.runs());
      reads[v] = inRegisters == null ? 0 : reads(inRegisters);
      anyPath |= onPath != null;
      numbered |= define != null && asksForNumber(define);
      int variable = v;
      if (localConditions.stream().anyMatch(c -> c.variable() == variable)) {
        local |= 1L << v;
      }
    }
    this.localVariables = local;
    this.hasPathConditions = anyPath;
    boolean looksFromStart = frame != null && neighbours(-1) > 0;
    this.isByRows = following >= 0 || looksFromStart && spec.withinMicros() < 0;
    this.rules =
        new MatchRules(
            spec.afterMatch(),
            numbered,
            following >= 0 ? following : isByRows ? NO_LIMIT : spec.withinMicros(),
            spec.timeouts(),
            isByRows || isAscending(),
            spec.rows() == RowsPerMatch.ALL_ROWS_WITH_UNMATCHED,
            pathBits,
            new PathRegisters(registers, reads, opaque, !running.isEmpty()));
    this.usesNumber = numbered || spec.measures().stream().anyMatch(this::asksForNumber);
    for (MatchExpr measure : spec.measures()) {
      measures.add(
          new MatchExpression(
              bound.apply(measure.expression()), operands(measure.operands()), registry));
    }
  }

  boolean isAscending() {
    return timeColumn >= 0
        && !node.orderBy().isEmpty()
        && node.orderBy().getFirst().column() == timeColumn
        && !node.orderBy().getFirst().descending()
        && !node.orderBy().getFirst().nullsFirst();
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
                  a.expressions().stream().anyMatch(e -> LabelledValue.usesNumber(e, columns));
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
                  a.order().stream()
                      .map(k ->
                          new MatchOperand.OrderKey(
                              bound.apply(k.value()), k.descending(), k.nullsFirst()))
                      .toList(),
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
  private @Nullable Expr define(int variable, MatchExpr define) {
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
    return onPath.size() == 1 ? onPath.getFirst() : new Expr.And(onPath, true);
  }

  private static int reads(RegisterCondition condition) {
    int bits = 0;
    for (PathOperand o : condition.operands()) {
      bits |= o instanceof HeldRow held && held.register() >= 0 ? 1 << held.register() : 0;
    }
    return bits;
  }

  /// The condition with its rows in registers; null where it asks for more than these.
  private @Nullable RegisterCondition inRegisters(int variable, Expr onPath, MatchExpr define) {
    Set<Integer> used = new TreeSet<>();
    ExpressionInspection.collectColumns(onPath, used);
    List<Integer> order = List.copyOf(used);
    List<PathOperand> operands = new ArrayList<>();
    for (int o : order) {
      PathOperand operand =
          switch (define.operands().get(o)) {
            case MatchOperand.RowValue v -> heldRow(variable, v);
            case MatchOperand.Aggregate a -> running(a);
            case MatchOperand.MatchNumber n -> null;
            case MatchOperand.MatchRowtime r -> null;
            case MatchOperand.TimedOut t -> null;
          };
      if (operand == null) {
        return null;
      }
      operands.add(operand);
    }
    List<SqlType> types = operands.stream().map(PathOperand::type).toList();
    return new RegisterCondition(
        List.copyOf(operands),
        ExpressionCompiler.compile(
            ExpressionInspection.remap(onPath, order::indexOf), types, registry),
        operands.stream().anyMatch(Running.class::isInstance));
  }

  private @Nullable PathOperand heldRow(int variable, MatchOperand.RowValue v) {
    if (v.anchor().skip() > 0 || LabelledValue.isLabelled(v.value(), inputTypes.size())) {
      return null;
    }
    int register = -1;
    boolean own = v.anchor().variables().contains(variable);
    if (v.anchor().first() || !own) {
      register = register(v.anchor());
      if (register < 0) {
        return null;
      }
    }
    return new HeldRow(
        new LabelledValue(bound.apply(v.value()), inputTypes, spec.variables(), registry),
        register,
        own && v.anchor().first(),
        v.offset(),
        v.type());
  }

  /// Null where adding a row could fail, or needs more than the row.
  private @Nullable PathOperand running(MatchOperand.Aggregate a) {
    int known = runningOperands.indexOf(a);
    if (known >= 0) {
      return new Running(known, a.type());
    }
    if (!a.running() || a.distinct() || a.filter() != null || !a.order().isEmpty()) {
      return null;
    }
    List<Integer> columns = new ArrayList<>();
    List<Integer> arguments = new ArrayList<>();
    List<SqlType> types = new ArrayList<>();
    for (Expr argument : a.arguments()) {
      if (!(argument instanceof Expr.ColumnRef column) || column.index() >= inputTypes.size()) {
        return null;
      }
      arguments.add(columns.size());
      columns.add(column.index());
      types.add(column.type());
    }
    AggregateFunction function =
        registry.aggregate(
            new AggregateCall(a.function(), arguments, false, -1, List.of(), a.type(), true),
            types);
    AccumulatorAggregate accumulator =
        switch (function) {
          case AccumulatorAggregate acc -> acc;
          case ExtremeAggregate e -> e.accumulator().orElse(null);
          case CollectingAggregate c -> null;
          case MultisetAggregate m -> null;
          case SketchAggregate k -> null;
        };
    if (accumulator == null) {
      return null;
    }
    running.add(new RunningAggregate(accumulator, columns, a.variables(), runningWidth()));
    runningOperands.add(a);
    return new Running(running.size() - 1, a.type());
  }

  /// Bytes of all [#running] of a thread.
  int runningWidth() {
    return running.stream().mapToInt(r -> r.function().width()).sum();
  }

  private int register(MatchOperand.Anchor anchor) {
    PathRegisters.Register wanted =
        new PathRegisters.Register(
            anchor.variables().stream().sorted().distinct().toList(), anchor.first());
    int at = registers.indexOf(wanted);
    if (at < 0 && registers.size() < PathRegisters.MAX) {
      at = registers.size();
      registers.add(wanted);
    }
    return at;
  }

  private MatchExpression overFrames(Expr rest, MatchExpr define) {
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
        && isAnyStart(v.offset())
        && v.anchor().variables().contains(variable)
        && !LabelledValue.usesNumber(v.value(), columns)
        && (v.offset() == 0 || !LabelledValue.isLabelled(v.value(), columns));
  }

  /// Whether the row at `offset` is the same for all starts: a frame may end before it.
  private boolean isAnyStart(int offset) {
    return spec.frame() == null || offset == 0 || offset > 0 && following < 0;
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
        && spec.frame() == null
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
