package dev.aevum.planner.bind;

import dev.aevum.model.error.SourceSpan;
import dev.aevum.model.type.SimpleType;
import dev.aevum.model.type.SqlType;
import dev.aevum.parser.tree.FunctionCallNode;
import dev.aevum.planner.error.NameErrors;
import dev.aevum.planner.error.PatternErrors;
import dev.aevum.planner.lower.RelLowering;
import dev.aevum.planner.plan.Expr;
import dev.aevum.planner.plan.MatchExpr;
import dev.aevum.planner.plan.MatchOperand;
import dev.aevum.planner.plan.MatchOperand.Anchor;
import dev.aevum.planner.rex.Rex;
import dev.aevum.planner.type.RowType;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.apache.calcite.rex.RexInputRef;
import org.apache.calcite.rex.RexNode;
import org.apache.calcite.sql.SqlIdentifier;
import org.apache.calcite.sql.SqlNode;
import org.jspecify.annotations.Nullable;

/// What names mean in one expression of DEFINE or MEASURES. Outside of calls a column is that of
/// the last row of its variable, an operand of the match; inside of a navigation or an aggregate it
/// is that of the labelled row (the input's columns, then the label, then the match's number).
/// Bound expressions refer to operand i as input i.
final class PatternScope {
  /// What all expressions of one clause share. `rowtime` is the type of the time column, null
  /// without one. `inWindow`: of a pattern in a window.
  record Settings(
      PatternVariables variables,
      Scope input,
      int width,
      boolean measures,
      @Nullable SqlType rowtime,
      boolean inWindow) {
    Settings(
        PatternVariables variables,
        Scope input,
        int width,
        boolean measures,
        @Nullable SqlType rowtime) {
      this(variables, input, width, measures, rowtime, false);
    }

    int label() {
      return width;
    }

    int number() {
      return width + 1;
    }
  }

  /// The inside of a call: which variable its columns have in common.
  private static final class Argument {
    private final String function;
    private @Nullable String variable;
    private List<Integer> rows = List.of();

    Argument(String function) {
      this.function = function;
    }

    void use(String name, List<Integer> variableRows, @Nullable SourceSpan span) {
      if (variable != null && !variable.equals(name)) {
        throw PatternErrors.mixedVariables(function, variable, name, span);
      }
      variable = name;
      rows = variableRows;
    }
  }

  private final Settings settings;
  private final List<MatchOperand> operands;
  private final @Nullable Argument argument;

  private PatternScope(
      Settings settings, List<MatchOperand> operands, @Nullable Argument argument) {
    this.settings = settings;
    this.operands = operands;
    this.argument = argument;
  }

  PatternScope(Settings settings) {
    this(settings, new ArrayList<>(), null);
  }

  MatchExpr expression(RexNode bound) {
    return new MatchExpr(RelLowering.expression(bound), operands);
  }

  Settings settings() {
    return settings;
  }

  /// The function whose argument is being bound, as errors call it; null outside.
  @Nullable String inside() {
    return argument == null ? null : argument.function;
  }

  // Columns.

  RexNode column(SqlIdentifier name) {
    @Nullable SourceSpan span = ExpressionBinder.span(name);
    if (name.isStar()) {
      throw PatternErrors.starOutsideCount(span);
    }
    String column = name.names.getLast();
    if (name.names.size() == 1) {
      return value(inputColumn(null, column, span), "", settings.variables.all(), span);
    }
    String variable = name.names.get(name.names.size() - 2);
    SourceSpan at =
        Objects.requireNonNull(
            ExpressionBinder.span(name.getComponent(name.names.size() - 2)), "a name has a place");
    List<Integer> rows = rows(variable, at);
    return value(inputColumn(variable, column, span), variable, rows, span);
  }

  /// The primary variables of a qualifier.
  List<Integer> rows(String variable, SourceSpan span) {
    @Nullable List<Integer> rows = settings.variables.find(variable);
    if (rows == null) {
      boolean isTable = settings.input.entry(List.of(variable)) != null;
      throw PatternErrors.unknownVariable(
          variable,
          isTable ? List.of() : settings.variables.qualifiers(),
          isTable
              ? "Inside of DEFINE and MEASURES columns are qualified by row pattern variables; write the column alone for any row."
              : null,
          span);
    }
    return rows;
  }

  private RexInputRef inputColumn(
      @Nullable String variable, String column, @Nullable SourceSpan span) {
    @Nullable RexNode found = settings.input.tryResolve(List.of(column), span);
    if (found != null) {
      return (RexInputRef) found;
    }
    if (variable == null && settings.variables.find(column) != null) {
      throw PatternErrors.variableAsValue(column, span);
    }
    List<String> names = settings.input.visible().stream().map(Scope.Column::name).toList();
    throw NameErrors.unknownColumn(variable, column, names, span);
  }

  /// `ref`: a column of the labelled row.
  private RexNode value(
      RexInputRef ref, String variable, List<Integer> rows, @Nullable SourceSpan span) {
    if (argument != null) {
      argument.use(variable, rows, span);
      return ref;
    }
    Expr value = new Expr.ColumnRef(ref.getIndex(), Rex.type(ref), Rex.nullable(ref));
    return operand(new MatchOperand.RowValue(value, new Anchor(rows, false, 0, true), 0), true);
  }

  /// CLASSIFIER() and CLASSIFIER(variable).
  RexNode classifier(FunctionCallNode node) {
    RexInputRef label =
        new RexInputRef(settings.label(), new RowType(SimpleType.TEXT, argument == null));
    if (node.arguments().isEmpty()) {
      return value(label, "", settings.variables.all(), node.span());
    }
    if (node.arguments().size() > 1
        || !(node.arguments().getFirst() instanceof SqlIdentifier name)
        || !name.isSimple()) {
      throw PatternErrors.argumentCount("CLASSIFIER", "() or (variable)", node.span());
    }
    SourceSpan at = Objects.requireNonNull(ExpressionBinder.span(name));
    return value(label, name.getSimple(), rows(name.getSimple(), at), node.span());
  }

  private void checkNotInWindow(FunctionCallNode node, String shown) {
    if (settings.inWindow) {
      throw PatternErrors.notInWindow(shown, node.span());
    }
  }

  RexNode matchNumber(FunctionCallNode node) {
    checkEmpty(node, "MATCH_NUMBER");
    checkNotInWindow(node, "MATCH_NUMBER()");
    return argument == null
        ? operand(new MatchOperand.MatchNumber(SimpleType.BIGINT), false)
        : new RexInputRef(settings.number(), new RowType(SimpleType.BIGINT, false));
  }

  RexNode matchRowtime(FunctionCallNode node) {
    checkMeasure(node, "MATCH_ROWTIME()");
    if (settings.rowtime == null) {
      throw PatternErrors.withinNeedsTime("MATCH_ROWTIME()", node.span());
    }
    return operand(new MatchOperand.MatchRowtime(settings.rowtime), true);
  }

  RexNode timedOut(FunctionCallNode node) {
    checkMeasure(node, "MATCH_TIMED_OUT()");
    return operand(new MatchOperand.TimedOut(SimpleType.BOOLEAN), false);
  }

  private void checkMeasure(FunctionCallNode node, String shown) {
    checkEmpty(node, shown.substring(0, shown.length() - 2));
    checkNotInWindow(node, shown);
    if (argument != null) {
      throw PatternErrors.nested(shown, argument.function, node.span());
    }
    if (!settings.measures) {
      throw PatternErrors.onlyInMeasures(shown, node.span());
    }
  }

  private static void checkEmpty(FunctionCallNode node, String shown) {
    if (!node.arguments().isEmpty() || node.isStar()) {
      throw PatternErrors.argumentCount(shown, "no arguments", node.span());
    }
  }

  // Calls.

  /// An argument bound over the labelled row.
  record BoundArgument(RexNode value, List<Integer> rows, boolean hasColumn) {}

  BoundArgument argument(String function, SqlNode node, ExpressionBinder expressions) {
    Argument inner = new Argument(function);
    PatternScope scope = new PatternScope(settings, operands, inner);
    RexNode bound = expressions.with(scope).bind(node);
    RexNode value = expressions.coercion().orText(bound, ExpressionBinder.span(node));
    boolean hasColumn = inner.variable != null;
    return new BoundArgument(value, hasColumn ? inner.rows : settings.variables.all(), hasColumn);
  }

  /// A whole call bound over the labelled row: an aggregate. `rows` of COUNT(A.*), else null.
  BoundArgument call(
      FunctionCallNode node, @Nullable List<Integer> rows, ExpressionBinder expressions) {
    Argument inner = new Argument(node.name().getLast().toUpperCase(java.util.Locale.ROOT));
    if (rows != null) {
      inner.use(
          ((SqlIdentifier) node.arguments().getFirst()).names.getFirst(), rows, node.nameSpan());
    }
    PatternScope scope = new PatternScope(settings, operands, inner);
    FunctionCallNode called = rows == null ? node : withStar(node);
    RexNode value = new FunctionBinder(expressions.with(scope)).call(called);
    boolean hasColumn = inner.variable != null;
    return new BoundArgument(value, hasColumn ? inner.rows : settings.variables.all(), hasColumn);
  }

  private static FunctionCallNode withStar(FunctionCallNode node) {
    return new FunctionCallNode(
        node.getParserPosition(),
        node.name(),
        List.of(),
        false,
        true,
        node.quantifier(),
        false,
        node.orderBy(),
        node.isWithinGroup(),
        node.filter(),
        node.nullTreatment(),
        null,
        node.nameSpan());
  }

  /// The reference to an operand, which is kept once.
  RexNode operand(MatchOperand operand, boolean nullable) {
    int index = operands.indexOf(operand);
    if (index < 0) {
      index = operands.size();
      operands.add(operand);
    }
    return new RexInputRef(index, new RowType(operand.type(), nullable));
  }
}
