package dev.aevum.planner.bind;

import dev.aevum.model.error.ErrorCode;
import dev.aevum.model.error.SourceSpan;
import dev.aevum.model.error.SqlException;
import dev.aevum.model.type.SimpleType;
import dev.aevum.parser.tree.ArgumentNode;
import dev.aevum.parser.tree.FunctionCallNode;
import dev.aevum.parser.tree.SortItemNode;
import dev.aevum.planner.error.StatementErrors;
import dev.aevum.planner.plan.SequenceCall;
import dev.aevum.planner.plan.function.SequenceSignature;
import dev.aevum.planner.rex.Rex;
import dev.aevum.planner.rex.Scalar;
import dev.aevum.planner.type.Casts;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.calcite.rex.RexNode;
import org.apache.calcite.sql.SqlIdentifier;
import org.apache.calcite.sql.SqlNode;
import org.jspecify.annotations.Nullable;

/// Sequence functions with OVER: a composite value for each row.
final class SequenceBinder {
  private final ExpressionBinder expressions;
  private final SequenceSignature signature;
  private final List<String> others;

  SequenceBinder(ExpressionBinder expressions, SequenceSignature signature) {
    this(expressions, signature, List.of());
  }

  /// @param others names of options that the statement knows beside those of the function
  SequenceBinder(ExpressionBinder expressions, SequenceSignature signature, List<String> others) {
    this.expressions = expressions;
    this.signature = signature;
    this.others = others;
  }

  /// Null: no sequence function has that name.
  static @Nullable SequenceSignature find(BindContext context, String name) {
    return context.catalog().functions().sequences().stream()
        .filter(s -> s.name().equals(name))
        .findFirst()
        .orElse(null);
  }

  RexNode bind(FunctionCallNode node) {
    SourceSpan span = node.nameSpan();
    if (node.over() == null) {
      throw StatementErrors.of(
          ErrorCode.WRONG_OBJECT_TYPE,
          "function " + signature.name() + " requires an OVER clause",
          span);
    }
    if (!expressions.clause().allowsWindows()) {
      throw StatementErrors.windowNotAllowed(expressions.clause().shown(), span);
    }
    if (node.filter() != null
        || node.quantifier() != null
        || !node.orderBy().isEmpty()
        || node.isStar()) {
      throw StatementErrors.unsupported(
          "FILTER, DISTINCT, ORDER BY or * in " + signature.name(), span);
    }
    OverBinder.Definition window = new OverBinder(expressions).definition(node.over());
    if (window.frame() != null) {
      throw StatementErrors.of(
          ErrorCode.WINDOWING_ERROR,
          signature.name() + " sees all of the past: no frame is allowed",
          window.frame().span());
    }
    ExpressionBinder inner = expressions.in(Clause.WINDOW_DEFINITION);
    List<RexNode> partition = new ArrayList<>();
    for (SqlNode key : window.partitionBy()) {
      partition.add(expressions.coercion().orText(inner.bind(key), ExpressionBinder.span(key)));
    }
    RexNode time = time(window.orderBy(), inner, span);
    return call(node.arguments(), partition, time, inner, span);
  }

  /// The call over bound partition and order.
  RexNode call(
      List<? extends SqlNode> given,
      List<RexNode> partition,
      RexNode time,
      ExpressionBinder inner,
      SourceSpan span) {
    List<RexNode> operands = new ArrayList<>();
    List<ArgumentNode> named = new ArrayList<>();
    List<String> names = new ArrayList<>();
    int positional = 0;
    for (SqlNode argument : given) {
      if (argument instanceof ArgumentNode option) {
        named.add(option);
      } else if (operands.size() == signature.mostArguments()
          && positional < signature.positional().size()) {
        named.add(
            new ArgumentNode(
                argument.getParserPosition(), signature.positional().get(positional++), argument));
      } else {
        names.add(name(argument, operands.size()));
        operands.add(number(inner.bind(argument), ExpressionBinder.span(argument)));
      }
    }
    int count = operands.size();
    if (count < signature.leastArguments() || count > signature.mostArguments()) {
      throw StatementErrors.of(
          ErrorCode.UNDEFINED_FUNCTION,
          "function "
              + signature.name()
              + " takes "
              + (signature.leastArguments() == signature.mostArguments()
                  ? Integer.toString(signature.leastArguments())
                  : signature.leastArguments() + " to " + signature.mostArguments())
              + (signature.mostArguments() == 1 ? " value, not " : " values, not ")
              + count,
          span);
    }
    Map<String, Object> options = new SequenceOptions(expressions, signature, others).bind(named);
    if (signature.mostArguments() > 1) {
      options.put(SequenceCall.COLUMNS, List.copyOf(names));
    }
    operands.addAll(partition);
    operands.add(time);
    return expressions
        .rex()
        .call(
            new Scalar.Sequence(signature, options, count, partition.size()),
            signature.type(Rex.type(time)),
            false,
            operands);
  }

  private static String name(SqlNode argument, int place) {
    return argument instanceof SqlIdentifier column ? column.names.getLast() : "v" + (place + 1);
  }

  private RexNode number(RexNode value, @Nullable SourceSpan span) {
    if (Rex.type(value) != SimpleType.DOUBLE
        && Rex.type(value) != SimpleType.UNKNOWN
        && !Casts.implicit(Rex.type(value), SimpleType.DOUBLE)) {
      throw StatementErrors.of(
          ErrorCode.UNDEFINED_FUNCTION,
          "function "
              + signature.name()
              + "("
              + Rex.type(value).displayName()
              + ") does not exist: it takes numbers",
          span);
    }
    return expressions.coercion().implicit(value, SimpleType.DOUBLE, span);
  }

  /// Errors: 42P20 where the order is not one ascending timestamp.
  RexNode time(List<SqlNode> orderBy, ExpressionBinder inner, SourceSpan span) {
    if (orderBy.size() == 1
        && orderBy.getFirst() instanceof SortItemNode sort
        && !SortBinder.key(sort, 0).descending()) {
      RexNode time = inner.bind(sort.value());
      if (Rex.type(time) == SimpleType.TIMESTAMP || Rex.type(time) == SimpleType.TIMESTAMPTZ) {
        return time;
      }
    }
    throw new SqlException(
        ErrorCode.WINDOWING_ERROR,
        signature.name() + " must be ordered by one event-time column, ascending",
        null,
        "Write OVER (PARTITION BY key ORDER BY ts), where ts is a timestamp column with a"
            + " watermark.",
        orderBy.isEmpty() ? span : ExpressionBinder.span(orderBy.getFirst()),
        null);
  }
}
