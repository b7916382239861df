package dev.aevum.planner.bind;

import dev.aevum.model.error.ErrorCode;
import dev.aevum.model.error.SourceSpan;
import dev.aevum.model.type.SimpleType;
import dev.aevum.model.type.SqlType;
import dev.aevum.parser.tree.FunctionCallNode;
import dev.aevum.parser.tree.SortItemNode;
import dev.aevum.planner.error.NameErrors;
import dev.aevum.planner.error.StatementErrors;
import dev.aevum.planner.plan.SortKey;
import dev.aevum.planner.plan.function.FunctionSignature;
import dev.aevum.planner.plan.function.FunctionSignature.Kind;
import dev.aevum.planner.plan.function.SequenceSignature;
import dev.aevum.planner.rex.Rex;
import dev.aevum.planner.rex.Scalar;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.calcite.rex.RexNode;
import org.apache.calcite.sql.SqlNode;
import org.jspecify.annotations.Nullable;

/// Function calls of every kind.
final class FunctionBinder {
  private static final Set<String> NEVER_NULL =
      Set.of("count", "row_number", "rank", "dense_rank", "ntile", "percent_rank", "cume_dist");

  /// What changes between two evaluations of a view's row.
  private static final Set<String> CLOCKS =
      Set.of(
          "now",
          "current_timestamp",
          "current_date",
          "current_time",
          "localtime",
          "localtimestamp",
          "transaction_timestamp",
          "statement_timestamp",
          "clock_timestamp",
          "timeofday");

  private final ExpressionBinder expressions;

  FunctionBinder(ExpressionBinder expressions) {
    this.expressions = expressions;
  }

  private Rex rex() {
    return expressions.rex();
  }

  RexNode call(FunctionCallNode node) {
    String name = node.name().getLast();
    SourceSpan span = node.nameSpan();
    expressions.checkSchema(
        node.name().size() > 1 ? node.name().get(node.name().size() - 2) : null, span);
    if (node.variadic()) {
      throw StatementErrors.unsupported("VARIADIC in a call", span);
    }
    if (node.isWithinGroup()) {
      throw StatementErrors.unsupported("WITHIN GROUP", span);
    }
    if (node.name().size() == 1) {
      switch (name) {
        case "coalesce":
          return new CaseBinder(expressions).coalesce(node.arguments(), node.span());
        case "nullif":
          checkCount(node, 2);
          return new CaseBinder(expressions)
              .nullIf(node.arguments().get(0), node.arguments().get(1), node.span());
        case "grouping":
          throw StatementErrors.unsupported("GROUPING", span);
        default:
          break;
      }
    }
    if (PredictBinder.isPrediction(name)) {
      return new PredictBinder(expressions).bind(node);
    }
    @Nullable SequenceSignature sequence = SequenceBinder.find(expressions.context(), name);
    if (sequence != null) {
      return new SequenceBinder(expressions, sequence).bind(node);
    }
    List<FunctionSignature> overloads = expressions.context().catalog().functions().named(name);
    boolean aggregate = overloads.stream().anyMatch(f -> f.kind() == Kind.AGGREGATE);
    if (aggregate && ConstantArguments.anyNamed(node)) {
      node = ConstantArguments.positional(node, overloads);
    }
    @Nullable List<RexNode> plain = aggregate ? ofScalar(node, overloads) : null;
    List<RexNode> arguments =
        plain != null ? plain : arguments(node, aggregate && node.over() == null);
    // Like PostgreSQL: JDBC drivers send the result of `{? = call f(?)}` as a void argument.
    arguments = arguments.stream().filter(a -> Rex.type(a) != SimpleType.VOID).toList();
    if (name.equals("overlaps") && arguments.size() == 4) {
      arguments = periods(arguments, span);
    }
    FunctionSignature signature = resolve(name, overloads, arguments, span, node);
    if (signature == null) {
      SqlType target = Objects.requireNonNull(TypeNames.byName(name));
      return expressions.coercion().explicit(arguments.getFirst(), target, span);
    }
    checkVolatility(signature, span);
    if (name.equals("pg_typeof") && isUntyped(arguments.getFirst())) {
      return rex().constant((long) SimpleType.UNKNOWN.oid(), SimpleType.REGTYPE);
    }
    List<RexNode> typed = coerce(signature, arguments, span);
    SqlType type = signature.result().resolve(typed.stream().map(Rex::type).toList());
    if (signature.constants() != null) {
      ConstantArguments.Bound bound = ConstantArguments.bind(signature, typed, node);
      signature = bound.signature();
      typed = bound.arguments();
    }
    if (node.over() != null) {
      return new OverBinder(expressions).bind(node, signature, typed, type);
    }
    return switch (signature.kind()) {
      case SCALAR -> scalar(node, signature, typed, type);
      case SET_RETURNING -> setReturning(node, signature, typed, type);
      case AGGREGATE -> aggregate(node, signature, typed, type);
      case WINDOW -> throw StatementErrors.notWindowFunction(name, span);
    };
  }

  /// Two periods, each by its ends: an end may be given as the interval after the start.
  private List<RexNode> periods(List<RexNode> arguments, SourceSpan span) {
    List<RexNode> ends = new ArrayList<>(arguments);
    for (int end = 1; end < 4; end += 2) {
      if (Rex.type(ends.get(end)) == SimpleType.INTERVAL) {
        ends.set(
            end,
            new OperatorBinder(expressions)
                .apply("+", List.of(ends.get(end - 1), ends.get(end)), span));
      }
    }
    return ends;
  }

  /// A literal whose type nothing has decided.
  private static boolean isUntyped(RexNode argument) {
    return Rex.type(argument) == SimpleType.UNKNOWN
        && Rex.scalar(argument) instanceof Scalar.Constant;
  }

  /// The bound arguments where an aggregate's name means a scalar function of theirs, as
  /// `stddev(sketch)`; else null.
  private @Nullable List<RexNode> ofScalar(
      FunctionCallNode node, List<FunctionSignature> overloads) {
    if (node.over() != null || overloads.stream().noneMatch(f -> f.kind() == Kind.SCALAR)) {
      return null;
    }
    List<RexNode> arguments = expressions.bindAll(node.arguments());
    OverloadResolver.Result result =
        OverloadResolver.resolve(overloads, arguments.stream().map(Rex::type).toList(), false);
    return result.isUnique() && result.candidates().getFirst().kind() == Kind.SCALAR
        ? arguments
        : null;
  }

  private List<RexNode> arguments(FunctionCallNode node, boolean aggregate) {
    if (aggregate && !expressions.clause().allowsAggregates()) {
      throw expressions.clause() == Clause.AGGREGATE_ARGUMENT
          ? StatementErrors.of(
              ErrorCode.GROUPING_ERROR,
              "aggregate function calls cannot be nested",
              node.nameSpan())
          : StatementErrors.aggregateNotAllowed(expressions.clause().shown(), node.nameSpan());
    }
    ExpressionBinder inner = aggregate ? expressions.in(Clause.AGGREGATE_ARGUMENT) : expressions;
    return inner.bindAll(NamedArguments.inOrder(node, inner));
  }

  private static void checkCount(FunctionCallNode node, int count) {
    if (node.arguments().size() != count) {
      throw StatementErrors.syntax(
          node.name().getLast() + " takes " + count + " arguments", node.span());
    }
  }

  /// Null: the name is that of a type, used as a cast.
  private @Nullable FunctionSignature resolve(
      String name,
      List<FunctionSignature> overloads,
      List<RexNode> arguments,
      SourceSpan span,
      FunctionCallNode node) {
    List<SqlType> types = arguments.stream().map(Rex::type).toList();
    OverloadResolver.Result result = OverloadResolver.resolve(overloads, types, false);
    if (result.isUnique()) {
      return result.candidates().getFirst();
    }
    if (!result.candidates().isEmpty()) {
      throw NameErrors.ambiguousFunction(name, shown(types), span);
    }
    if (arguments.size() == 1 && TypeNames.byName(name) != null && !node.isStar()) {
      return null;
    }
    throw unknown(name, overloads, types, span);
  }

  private RuntimeException unknown(
      String name,
      List<FunctionSignature> overloads,
      List<SqlType> types,
      @Nullable SourceSpan span) {
    return NameErrors.unknownFunction(
        name, shown(types), !overloads.isEmpty(), expressions.functionNames(), span);
  }

  private static String shown(List<SqlType> types) {
    return types.stream().map(OperatorBinder::errorName).collect(Collectors.joining(", "));
  }

  private void checkVolatility(FunctionSignature signature, SourceSpan span) {
    boolean changes =
        signature.volatility() == FunctionSignature.Volatility.VOLATILE
            || CLOCKS.contains(signature.name());
    if (expressions.context().isView() && changes) {
      throw StatementErrors.notInView("function " + signature.name() + "()", span);
    }
  }

  private List<RexNode> coerce(
      FunctionSignature signature, List<RexNode> arguments, @Nullable SourceSpan span) {
    List<SqlType> targets =
        Polymorphism.targets(signature, arguments.stream().map(Rex::type).toList());
    List<RexNode> typed = new ArrayList<>();
    for (int i = 0; i < arguments.size(); i++) {
      typed.add(expressions.coercion().implicit(arguments.get(i), targets.get(i), span));
    }
    return typed;
  }

  /// A scalar function by name over bound arguments.
  RexNode plain(String name, List<RexNode> arguments, @Nullable SourceSpan span) {
    List<FunctionSignature> overloads = expressions.context().catalog().functions().named(name);
    List<SqlType> types = arguments.stream().map(Rex::type).toList();
    OverloadResolver.Result result = OverloadResolver.resolve(overloads, types, false);
    if (!result.isUnique()) {
      throw unknown(name, overloads, types, span);
    }
    FunctionSignature signature = result.candidates().getFirst();
    List<RexNode> typed = coerce(signature, arguments, span);
    SqlType type = signature.result().resolve(typed.stream().map(Rex::type).toList());
    return rex().call(new Scalar.Function(signature), type, true, typed);
  }

  private RexNode scalar(
      FunctionCallNode node, FunctionSignature signature, List<RexNode> arguments, SqlType type) {
    if (node.quantifier() != null
        || node.filter() != null
        || !node.orderBy().isEmpty()
        || node.isStar()) {
      throw StatementErrors.of(
          ErrorCode.WRONG_OBJECT_TYPE,
          (node.isStar()
                  ? "*"
                  : node.filter() != null
                      ? "FILTER"
                      : node.quantifier() != null ? "DISTINCT" : "ORDER BY")
              + " specified, but "
              + signature.name()
              + " is not an aggregate function",
          node.nameSpan());
    }
    return rex().call(new Scalar.Function(signature), type, true, arguments);
  }

  private RexNode setReturning(
      FunctionCallNode node, FunctionSignature signature, List<RexNode> arguments, SqlType type) {
    if (!expressions.clause().allowsSets()) {
      throw StatementErrors.setReturningNotAllowed(expressions.clause().shown(), node.nameSpan());
    }
    if (expressions.context().isView()) {
      throw StatementErrors.notInView(
          "set-returning function " + signature.name(), node.nameSpan());
    }
    return rex().call(new Scalar.Function(signature), type, true, arguments);
  }

  private RexNode aggregate(
      FunctionCallNode node, FunctionSignature signature, List<RexNode> arguments, SqlType type) {
    List<RexNode> operands = new ArrayList<>(arguments);
    List<SortKey> order = new ArrayList<>();
    ExpressionBinder inner = expressions.in(Clause.AGGREGATE_ARGUMENT);
    for (SqlNode item : node.orderBy()) {
      SortItemNode sort = (SortItemNode) item;
      order.add(SortBinder.key(sort, order.size()));
      operands.add(
          expressions.coercion().orText(inner.bind(sort.value()), ExpressionBinder.span(item)));
    }
    if (node.filter() != null) {
      // NULL lets no row pass, and Calcite takes no filter that may be NULL.
      RexNode filter = expressions.in(Clause.FILTER).bindBoolean(node.filter(), "FILTER");
      operands.add(
          filter.getType().isNullable()
              ? rex()
                  .call(
                      new Scalar.IsBoolean(true, false), SimpleType.BOOLEAN, false, List.of(filter))
              : filter);
    }
    boolean distinct = "DISTINCT".equals(node.quantifier());
    Scalar.Aggregate aggregate =
        new Scalar.Aggregate(signature, distinct, arguments.size(), order, node.filter() != null);
    return rex().call(aggregate, type, !NEVER_NULL.contains(signature.name()), operands);
  }

  static boolean isNeverNull(FunctionSignature signature) {
    return NEVER_NULL.contains(signature.name());
  }
}
