package dev.aevum.planner.bind;

import dev.aevum.model.error.SourceSpan;
import dev.aevum.parser.tree.FunctionCallNode;
import dev.aevum.planner.bind.PatternScope.BoundArgument;
import dev.aevum.planner.error.PatternErrors;
import dev.aevum.planner.error.StatementErrors;
import dev.aevum.planner.lower.RelLowering;
import dev.aevum.planner.plan.Expr;
import dev.aevum.planner.plan.MatchOperand;
import dev.aevum.planner.plan.MatchOperand.Anchor;
import dev.aevum.planner.plan.SortKey;
import dev.aevum.planner.plan.function.FunctionSignature;
import dev.aevum.planner.rex.Rex;
import dev.aevum.planner.rex.Scalar;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import org.apache.calcite.rex.RexCall;
import org.apache.calcite.rex.RexNode;
import org.apache.calcite.sql.SqlIdentifier;
import org.apache.calcite.sql.SqlNode;
import org.jspecify.annotations.Nullable;

/// The calls that mean something of their own in DEFINE and MEASURES: navigation, aggregates over
/// the match, CLASSIFIER() and its kin.
final class PatternFunctions {
  private static final Set<String> LOGICAL = Set.of("first", "last");
  private static final Set<String> PHYSICAL = Set.of("prev", "next");
  private static final Set<String> SEMANTICS = Set.of("running", "final");

  private final ExpressionBinder expressions;
  private final PatternScope scope;

  PatternFunctions(ExpressionBinder expressions, PatternScope scope) {
    this.expressions = expressions;
    this.scope = scope;
  }

  /// The value of a call; null where it is any other function, to be bound as everywhere.
  @Nullable RexNode call(FunctionCallNode node) {
    String name = node.name().getLast();
    if (node.name().size() == 1 && node.over() == null) {
      if (LOGICAL.contains(name)) {
        return logical(node, true);
      }
      if (PHYSICAL.contains(name)) {
        return physical(node);
      }
      if (SEMANTICS.contains(name) && node.arguments().size() == 1) {
        return modified(node);
      }
      switch (name) {
        case "classifier":
          return scope.classifier(node);
        case "match_number":
          return scope.matchNumber(node);
        case "match_rowtime":
          return scope.matchRowtime(node);
        case "match_timed_out":
          return scope.timedOut(node);
        default:
          break;
      }
    }
    return isAggregate(node) ? aggregate(node, true) : null;
  }

  private boolean isAggregate(FunctionCallNode node) {
    return node.over() == null
        && expressions.context().catalog().functions().named(node.name().getLast()).stream()
            .anyMatch(f -> f.kind() == FunctionSignature.Kind.AGGREGATE);
  }

  private static String upper(FunctionCallNode node) {
    return node.name().getLast().toUpperCase(Locale.ROOT);
  }

  /// RUNNING or FINAL before a call.
  private RexNode modified(FunctionCallNode node) {
    boolean running = checkedSemantics(node);
    if (node.arguments().getFirst() instanceof FunctionCallNode inner) {
      if (inner.name().size() == 1 && LOGICAL.contains(inner.name().getLast())) {
        return logical(inner, running);
      }
      if (isAggregate(inner)) {
        return aggregate(inner, running);
      }
    }
    throw PatternErrors.notRunnable(upper(node), node.span());
  }

  /// Whether it is RUNNING.
  private boolean checkedSemantics(FunctionCallNode node) {
    boolean running = node.name().getLast().equals("running");
    if (!running && !scope.settings().measures()) {
      throw PatternErrors.finalInDefine(node.nameSpan());
    }
    return running;
  }

  private void checkNotNested(FunctionCallNode node) {
    @Nullable String outer = scope.inside();
    if (outer != null) {
      throw PatternErrors.nested(upper(node), outer, node.span());
    }
  }

  // Navigation.

  private record Navigation(Expr value, Anchor anchor) {}

  private RexNode logical(FunctionCallNode node, boolean running) {
    checkNotNested(node);
    Navigation navigation = anchored(node, running);
    return scope.operand(new MatchOperand.RowValue(navigation.value, navigation.anchor, 0), true);
  }

  private Navigation anchored(FunctionCallNode node, boolean running) {
    int offset = offset(node, 0);
    BoundArgument argument = argument(node);
    boolean first = node.name().getLast().equals("first");
    return new Navigation(
        RelLowering.expression(argument.value()),
        new Anchor(argument.rows(), first, offset, running));
  }

  private BoundArgument argument(FunctionCallNode node) {
    SqlNode value = node.arguments().getFirst();
    BoundArgument argument = scope.argument(upper(node), value, expressions);
    if (!argument.hasColumn()) {
      throw PatternErrors.noColumn(upper(node), ExpressionBinder.span(value));
    }
    return argument;
  }

  private RexNode physical(FunctionCallNode node) {
    checkNotNested(node);
    int offset = offset(node, 1);
    Navigation navigation = physicalBase(node);
    boolean back = node.name().getLast().equals("prev");
    return scope.operand(
        new MatchOperand.RowValue(navigation.value, navigation.anchor, back ? -offset : offset),
        true);
  }

  /// The row that PREV and NEXT start from: that of FIRST or LAST, where that is the whole
  /// argument, else the last of the argument's variable.
  private Navigation physicalBase(FunctionCallNode node) {
    if (node.arguments().getFirst() instanceof FunctionCallNode inner
        && inner.name().size() == 1
        && inner.over() == null) {
      String name = inner.name().getLast();
      if (LOGICAL.contains(name)) {
        return anchored(inner, true);
      }
      if (SEMANTICS.contains(name)
          && inner.arguments().size() == 1
          && inner.arguments().getFirst() instanceof FunctionCallNode last
          && last.name().size() == 1
          && LOGICAL.contains(last.name().getLast())) {
        return anchored(last, checkedSemantics(inner));
      }
    }
    BoundArgument argument = argument(node);
    return new Navigation(
        RelLowering.expression(argument.value()), new Anchor(argument.rows(), false, 0, true));
  }

  private int offset(FunctionCallNode node, int otherwise) {
    int count = node.arguments().size();
    if (count < 1 || count > 2 || node.isStar() || hasAggregateParts(node)) {
      throw PatternErrors.argumentCount(upper(node), "(value [, offset])", node.span());
    }
    if (count == 1) {
      return otherwise;
    }
    SqlNode written = node.arguments().get(1);
    @Nullable SourceSpan span = ExpressionBinder.span(written);
    ExpressionBinder constants =
        new ExpressionBinder(
            expressions.context(),
            Scope.empty(expressions.context(), null),
            expressions.environment(),
            expressions.clause());
    if (written instanceof SqlIdentifier
        || !(Rex.scalar(constants.bind(written)) instanceof Scalar.Constant constant)
        || !(constant.value() instanceof Long offset)
        || offset < 0
        || offset > Integer.MAX_VALUE) {
      throw PatternErrors.offset(upper(node), span);
    }
    return offset.intValue();
  }

  private static boolean hasAggregateParts(FunctionCallNode node) {
    return node.quantifier() != null || node.filter() != null || !node.orderBy().isEmpty();
  }

  // Aggregates.

  private RexNode aggregate(FunctionCallNode node, boolean running) {
    if (scope.inside() != null) {
      if (Set.of("PREV", "NEXT", "FIRST", "LAST").contains(scope.inside())) {
        throw PatternErrors.nested(upper(node), scope.inside(), node.span());
      }
      throw PatternErrors.nestedAggregate(node.nameSpan());
    }
    BoundArgument bound = scope.call(node, rowsOfStar(node), expressions);
    if (!(Rex.scalar(bound.value()) instanceof Scalar.Aggregate aggregate)) {
      throw StatementErrors.unsupported("this call of " + upper(node), node.span());
    }
    List<RexNode> all = ((RexCall) bound.value()).getOperands();
    List<Expr> arguments = new ArrayList<>();
    for (RexNode argument : all.subList(0, aggregate.arguments())) {
      arguments.add(RelLowering.expression(argument));
    }
    List<MatchOperand.OrderKey> order = new ArrayList<>();
    for (SortKey key : aggregate.order()) {
      Expr value = RelLowering.expression(all.get(aggregate.arguments() + key.column()));
      order.add(new MatchOperand.OrderKey(value, key.descending(), key.nullsFirst()));
    }
    @Nullable Expr filter = aggregate.filtered() ? RelLowering.expression(all.getLast()) : null;
    return scope.operand(
        new MatchOperand.Aggregate(
            aggregate.signature(),
            arguments,
            aggregate.distinct(),
            filter,
            order,
            bound.rows(),
            running,
            Rex.type(bound.value())),
        Rex.nullable(bound.value()));
  }

  /// The variable's rows for COUNT(variable.*), null for any other argument.
  private @Nullable List<Integer> rowsOfStar(FunctionCallNode node) {
    if (node.arguments().size() != 1
        || !(node.arguments().getFirst() instanceof SqlIdentifier star)
        || !star.isStar()) {
      return null;
    }
    if (!node.name().getLast().equals("count") || star.names.size() != 2) {
      throw PatternErrors.starOutsideCount(ExpressionBinder.span(star));
    }
    SourceSpan at = Objects.requireNonNull(ExpressionBinder.span(star.getComponent(0)));
    return scope.rows(star.names.getFirst(), at);
  }
}
