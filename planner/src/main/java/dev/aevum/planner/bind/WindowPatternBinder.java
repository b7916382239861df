package dev.aevum.planner.bind;

import dev.aevum.model.error.SourceSpan;
import dev.aevum.model.type.SqlType;
import dev.aevum.parser.tree.FrameNode;
import dev.aevum.parser.tree.FunctionCallNode;
import dev.aevum.parser.tree.MatchClause;
import dev.aevum.parser.tree.MeasureNode;
import dev.aevum.parser.tree.RowPattern;
import dev.aevum.parser.tree.SortItemNode;
import dev.aevum.parser.tree.WindowNode;
import dev.aevum.parser.tree.WindowPattern;
import dev.aevum.planner.bind.OverBinder.Definition;
import dev.aevum.planner.error.PatternErrors;
import dev.aevum.planner.error.StatementErrors;
import dev.aevum.planner.plan.MatchExpr;
import dev.aevum.planner.plan.MatchSpec;
import dev.aevum.planner.plan.MatchSpec.Frame;
import dev.aevum.planner.plan.Pattern;
import dev.aevum.planner.plan.SortKey;
import dev.aevum.planner.plan.function.FunctionSignature;
import dev.aevum.planner.plan.function.FunctionSignature.Kind;
import dev.aevum.planner.rex.PatternWindow;
import dev.aevum.planner.rex.Rex;
import dev.aevum.planner.rex.Scalar;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.calcite.rex.RexInputRef;
import org.apache.calcite.rex.RexNode;
import org.apache.calcite.sql.SqlNode;
import org.jspecify.annotations.Nullable;

/// Windows with a row pattern (R020): `m OVER w` and functions over them.
final class WindowPatternBinder {
  private static final Set<String> OF_FRAME = Set.of("first_value", "last_value", "nth_value");

  private final ExpressionBinder expressions;
  private final BindContext context;

  WindowPatternBinder(ExpressionBinder expressions) {
    this.expressions = expressions;
    this.context = expressions.context();
  }

  private record Bound(
      PatternWindow window,
      List<RexNode> partition,
      List<RexNode> order,
      List<MatchClauses.Measure> measures) {
    List<RexNode> operands(List<RexNode> values) {
      List<RexNode> all = new ArrayList<>(values);
      all.addAll(partition);
      all.addAll(order);
      return all;
    }
  }

  /// An entry of the WINDOW clause.
  void check(WindowNode window) {
    if (window.pattern() != null) {
      bind(new OverBinder(expressions).definition(window), window.pattern());
    }
  }

  /// `m OVER w`.
  RexNode measure(MeasureNode node) {
    @Nullable SourceSpan span = ExpressionBinder.span(node.name());
    if (node.name().isStar() || node.name().names.size() > 1) {
      throw PatternErrors.qualifiedMeasure(span);
    }
    checkPlace(span);
    String name = node.name().getSimple();
    Definition definition = new OverBinder(expressions).definition(node.over());
    String shown =
        node.over().existing() == null ? "the window" : "window \"" + node.over().existing() + "\"";
    if (definition.pattern() == null) {
      throw PatternErrors.noPattern(name, shown, span);
    }
    Bound bound = bind(definition, definition.pattern());
    List<String> names = bound.measures.stream().map(MatchClauses.Measure::name).toList();
    int index = names.indexOf(name);
    if (index < 0) {
      throw PatternErrors.unknownMeasure(name, shown, names, span);
    }
    Scalar.InPattern value =
        new Scalar.InPattern(
            bound.window, name, index, null, false, 0, false, bound.partition.size());
    SqlType type = dev.aevum.planner.type.RowType.of(bound.measures.get(index).type());
    return expressions.rex().call(value, type, true, bound.operands(List.of()));
  }

  private void checkPlace(@Nullable SourceSpan span) {
    if (!expressions.clause().allowsWindows() || expressions.isInPattern()) {
      throw StatementErrors.windowNotAllowed(expressions.clause().shown(), span);
    }
  }

  /// `f(...) OVER w`.
  RexNode call(
      FunctionCallNode node,
      FunctionSignature signature,
      List<RexNode> arguments,
      SqlType type,
      Definition definition,
      WindowPattern pattern) {
    checkPlace(node.nameSpan());
    boolean aggregate = signature.kind() == Kind.AGGREGATE;
    if (!aggregate && !(signature.kind() == Kind.WINDOW && OF_FRAME.contains(signature.name()))) {
      throw PatternErrors.notOverPattern(signature.name() + "()", node.nameSpan());
    }
    if (!node.orderBy().isEmpty() || node.nullTreatment() != null) {
      throw StatementErrors.unsupported(
          "ORDER BY or IGNORE NULLS in a window function", node.nameSpan());
    }
    List<RexNode> values = new ArrayList<>(arguments);
    int nth = -1;
    if (signature.name().equals("nth_value")) {
      nth = position(values.removeLast(), node);
    }
    int count = values.size();
    if (node.filter() != null) {
      values.add(expressions.in(Clause.WINDOW_DEFINITION).bindBoolean(node.filter(), "FILTER"));
    }
    for (RexNode value : values) {
      if (Rex.contains(value, WindowPatternBinder::isWindowed)) {
        throw PatternErrors.nestedWindows(node.nameSpan());
      }
    }
    Bound bound = bind(definition, pattern);
    Scalar.InPattern value =
        new Scalar.InPattern(
            bound.window,
            signature.name(),
            nth,
            signature,
            "DISTINCT".equals(node.quantifier()),
            count,
            node.filter() != null,
            bound.partition.size());
    return expressions
        .rex()
        .call(value, type, !FunctionBinder.isNeverNull(signature), bound.operands(values));
  }

  private static boolean isWindowed(RexNode node) {
    return Rex.scalar(node) instanceof Scalar.Over || Rex.scalar(node) instanceof Scalar.InPattern;
  }

  /// The n of nth_value, from 1.
  private static int position(RexNode value, FunctionCallNode node) {
    if (Rex.scalar(value) instanceof Scalar.Constant constant
        && constant.value() instanceof Long n
        && n > 0
        && n <= Integer.MAX_VALUE) {
      return n.intValue();
    }
    @Nullable SourceSpan span = ExpressionBinder.span(node.arguments().getLast());
    throw PatternErrors.position(span);
  }

  // The window.

  private Bound bind(Definition definition, WindowPattern pattern) {
    MatchClause clause = pattern.match();
    Frame frame = frame(definition.frame(), pattern);
    ExpressionBinder keys = expressions.in(Clause.WINDOW_DEFINITION);
    List<RexNode> partition = new ArrayList<>();
    for (SqlNode key : definition.partitionBy()) {
      partition.add(expressions.coercion().orText(keys.bind(key), ExpressionBinder.span(key)));
    }
    List<RexNode> orderValues = new ArrayList<>();
    List<SortKey> order = new ArrayList<>();
    for (SqlNode item : definition.orderBy()) {
      SortItemNode sort = (SortItemNode) item;
      order.add(SortBinder.key(sort, order.size()));
      orderValues.add(
          expressions.coercion().orText(keys.bind(sort.value()), ExpressionBinder.span(item)));
    }
    int time = MatchClauses.timeColumn(order, orderValues.stream().map(Rex::type).toList());
    boolean timed = time >= 0 && orderValues.getFirst() instanceof RexInputRef;
    checkPattern(clause.pattern());
    if (clause.timeouts() != null) {
      throw PatternErrors.notInWindow("SHOW TIMEOUT MATCHES", clause.timeouts());
    }
    PatternVariables variables = new PatternVariables();
    Pattern bound = new PatternBinder(variables, true).bind(clause.pattern());
    variables.addSubsets(clause.subsets());
    MatchClauses clauses = new MatchClauses(context, expressions.environment());
    long within = clauses.within(clause, timed ? time : -1);
    checkWithin(clause, frame);
    checkNames(clause.measures());
    Scope scope = expressions.scope();
    Scope input = new Scope(context, scope.entries(), scope.visible(), null);
    int width = width(scope);
    List<@Nullable MatchExpr> defines =
        clauses.defines(
            clause.defines(),
            new PatternScope.Settings(variables, input, width, false, null, true));
    List<MatchClauses.Measure> measures =
        clauses.measures(
            clause.measures(),
            new PatternScope.Settings(variables, input, width, true, null, true));
    MatchSpec spec =
        new MatchSpec(
            variables.names(),
            bound,
            defines,
            measures.stream().map(MatchClauses.Measure::value).toList(),
            List.of(),
            MatchSpec.RowsPerMatch.EVERY_ROW,
            MatchClauses.afterMatch(clause.skip(), variables),
            within,
            false,
            frame);
    @Nullable SourceSpan ordered =
        definition.orderBy().isEmpty()
            ? null
            : ExpressionBinder.span(definition.orderBy().getFirst());
    SourceSpan span = ordered == null ? pattern.span() : ordered;
    return new Bound(
        new PatternWindow(spec, width, order, timed, span), partition, orderValues, measures);
  }

  /// Columns of the row that the scope is over, as far as it has names.
  private static int width(Scope scope) {
    return Stream.concat(
                scope.visible().stream(),
                scope.entries().stream().flatMap(e -> e.columns().stream()))
            .mapToInt(Scope.Column::index)
            .max()
            .orElse(-1)
        + 1;
  }

  private Frame frame(@Nullable FrameNode frame, WindowPattern pattern) {
    if (frame == null) {
      throw PatternErrors.frame("a row pattern in a window needs a frame", pattern.span());
    }
    if (frame.unit() != FrameNode.Unit.ROWS) {
      throw PatternErrors.frame(
          "the frame of a row pattern must be one of ROWS, not of " + frame.unit(), frame.span());
    }
    if (frame.start() != FrameNode.Bound.CURRENT_ROW) {
      throw PatternErrors.frame(
          "the frame of a row pattern must start at CURRENT ROW", frame.span());
    }
    if (frame.exclusion() != null) {
      throw PatternErrors.frame("the frame of a row pattern must have no EXCLUDE", frame.span());
    }
    if (frame.end() == FrameNode.Bound.UNBOUNDED_FOLLOWING) {
      return new Frame(Frame.UNBOUNDED, pattern.seek());
    }
    @Nullable SqlNode offset = frame.endOffset();
    if (frame.end() != FrameNode.Bound.FOLLOWING || offset == null) {
      throw PatternErrors.frame(
          "the frame of a row pattern must end with UNBOUNDED FOLLOWING or n FOLLOWING",
          frame.span());
    }
    ExpressionBinder constants =
        new ExpressionBinder(
            context, Scope.empty(context, null), expressions.environment(), Clause.LIMIT);
    if (Rex.scalar(constants.bind(offset)) instanceof Scalar.Constant constant
        && constant.value() instanceof Long n
        && n >= 0
        && n <= Integer.MAX_VALUE) {
      return new Frame(n, pattern.seek());
    }
    throw PatternErrors.frame(
        "the frame's number of rows must be a constant integer that is not negative",
        ExpressionBinder.span(offset));
  }

  private static void checkWithin(MatchClause clause, Frame frame) {
    if (clause.within() == null) {
      return;
    }
    @Nullable SourceSpan span = ExpressionBinder.span(clause.within());
    if (frame.following() != Frame.UNBOUNDED) {
      throw PatternErrors.withinAndFrame("n FOLLOWING", span);
    }
    if (frame.seek()) {
      throw PatternErrors.withinAndFrame("SEEK", span);
    }
  }

  private static void checkNames(List<SqlNode> measures) {
    Set<String> names = new HashSet<>();
    for (SqlNode node : measures) {
      dev.aevum.parser.tree.AliasNode measure = (dev.aevum.parser.tree.AliasNode) node;
      if (!names.add(measure.alias())) {
        throw PatternErrors.measureTwice(measure.alias(), measure.aliasSpan());
      }
    }
  }

  private static void checkPattern(RowPattern pattern) {
    switch (pattern) {
      case RowPattern.Start p -> throw PatternErrors.notInWindow("the anchor ^", p.span());
      case RowPattern.End p -> throw PatternErrors.notInWindow("the anchor $", p.span());
      case RowPattern.Exclusion p ->
          throw PatternErrors.notInWindow("an exclusion {- -}", p.span());
      case RowPattern.Concatenation p -> p.parts().forEach(WindowPatternBinder::checkPattern);
      case RowPattern.Alternation p -> p.branches().forEach(WindowPatternBinder::checkPattern);
      case RowPattern.Permutation p -> p.parts().forEach(WindowPatternBinder::checkPattern);
      case RowPattern.Quantified p -> checkPattern(p.operand());
      case RowPattern.Variable p -> {}
      case RowPattern.Empty p -> {}
    }
  }
}
