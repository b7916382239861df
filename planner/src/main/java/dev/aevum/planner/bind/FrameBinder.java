package dev.aevum.planner.bind;

import dev.aevum.model.error.ErrorCode;
import dev.aevum.model.error.SourceSpan;
import dev.aevum.model.error.SqlException;
import dev.aevum.model.type.DecimalType;
import dev.aevum.model.type.SimpleType;
import dev.aevum.model.type.SqlType;
import dev.aevum.parser.tree.FrameNode;
import dev.aevum.planner.error.StatementErrors;
import dev.aevum.planner.plan.SortKey;
import dev.aevum.planner.plan.WindowFrame;
import dev.aevum.planner.plan.WindowFrame.Bound;
import dev.aevum.planner.plan.WindowFrame.Edge;
import dev.aevum.planner.plan.WindowFrame.Exclusion;
import dev.aevum.planner.plan.WindowFrame.Unit;
import dev.aevum.planner.rex.Rex;
import dev.aevum.planner.type.Casts;
import dev.aevum.planner.type.Casts.Context;
import java.util.ArrayList;
import java.util.List;
import org.apache.calcite.rex.RexCall;
import org.apache.calcite.rex.RexInputRef;
import org.apache.calcite.rex.RexNode;
import org.apache.calcite.sql.SqlNode;
import org.jspecify.annotations.Nullable;

/// Frames of windows. Offsets of RANGE become limits, computed from the ORDER BY value of each row
/// in a type that does not overflow.
final class FrameBinder {
  /// What a frame needs of each row: column numbers of `frame` count in `operands`.
  record Computed(WindowFrame frame, List<RexNode> operands) {}

  /// The types that a RANGE offset is computed in: of the key, and of the offset.
  private record Arithmetic(SqlType key, SqlType offset) {}

  private final ExpressionBinder expressions;
  private final List<RexNode> operands = new ArrayList<>();
  private SqlType declared = SimpleType.UNKNOWN;

  FrameBinder(ExpressionBinder expressions) {
    this.expressions = expressions;
  }

  /// @param frame null: the default one
  /// @param keys values of ORDER BY
  Computed bind(@Nullable FrameNode frame, List<RexNode> keys, List<SortKey> order) {
    if (frame == null) {
      return new Computed(WindowFrame.DEFAULT, List.of());
    }
    check(frame, order);
    Unit unit = Unit.valueOf(frame.unit().name());
    boolean ranged =
        unit == Unit.RANGE && (frame.startOffset() != null || frame.endOffset() != null);
    Arithmetic arithmetic = null;
    int key = -1;
    if (ranged) {
      arithmetic = arithmetic(Rex.type(keys.getFirst()), frame.span());
      key = operand(cast(keys.getFirst(), arithmetic.key, frame.span()));
    }
    boolean descending = ranged && order.getFirst().descending();
    Edge start =
        edge(
            frame,
            Bound.valueOf(frame.start().name()),
            frame.startOffset(),
            arithmetic,
            descending);
    Edge end =
        edge(frame, Bound.valueOf(frame.end().name()), frame.endOffset(), arithmetic, descending);
    return new Computed(new WindowFrame(unit, start, end, exclusion(frame), key), operands);
  }

  private static Exclusion exclusion(FrameNode frame) {
    return frame.exclusion() == null
        ? Exclusion.NO_OTHERS
        : Exclusion.valueOf(frame.exclusion().replace(' ', '_'));
  }

  private static void check(FrameNode frame, List<SortKey> order) {
    FrameNode.Bound start = frame.start();
    FrameNode.Bound end = frame.end();
    String wrong = null;
    if (start == FrameNode.Bound.UNBOUNDED_FOLLOWING) {
      wrong = "frame start cannot be UNBOUNDED FOLLOWING";
    } else if (end == FrameNode.Bound.UNBOUNDED_PRECEDING) {
      wrong = "frame end cannot be UNBOUNDED PRECEDING";
    } else if (start == FrameNode.Bound.CURRENT_ROW && end == FrameNode.Bound.PRECEDING) {
      wrong = "frame starting from current row cannot have preceding rows";
    } else if (start == FrameNode.Bound.FOLLOWING
        && (end == FrameNode.Bound.PRECEDING || end == FrameNode.Bound.CURRENT_ROW)) {
      wrong = "frame starting from following row cannot have preceding rows";
    } else if (frame.unit() == FrameNode.Unit.GROUPS && order.isEmpty()) {
      wrong = "GROUPS mode requires an ORDER BY clause";
    } else if (frame.unit() == FrameNode.Unit.RANGE
        && (frame.startOffset() != null || frame.endOffset() != null)
        && order.size() != 1) {
      wrong = "RANGE with offset PRECEDING/FOLLOWING requires exactly one ORDER BY column";
    }
    if (wrong != null) {
      throw StatementErrors.of(ErrorCode.WINDOWING_ERROR, wrong, frame.span());
    }
  }

  private Edge edge(
      FrameNode frame,
      Bound bound,
      @Nullable SqlNode offset,
      @Nullable Arithmetic arithmetic,
      boolean descending) {
    if (offset == null) {
      return Edge.of(bound);
    }
    @Nullable SourceSpan span = ExpressionBinder.span(offset);
    RexNode value = expressions.in(Clause.WINDOW_DEFINITION).bind(offset);
    if (hasColumns(value)) {
      throw StatementErrors.of(
          ErrorCode.INVALID_COLUMN_REFERENCE,
          "argument of " + frame.unit() + " must not contain variables",
          span);
    }
    if (arithmetic == null) {
      SqlType type = Rex.type(value);
      if (type != SimpleType.UNKNOWN
          && !Casts.exists(type, SimpleType.BIGINT, Context.ASSIGNMENT)) {
        throw StatementErrors.of(
            ErrorCode.DATATYPE_MISMATCH,
            "argument of "
                + frame.unit()
                + " must be type bigint, not type "
                + OperatorBinder.errorName(type),
            span);
      }
      return new Edge(bound, operand(cast(value, SimpleType.BIGINT, span)), -1);
    }
    RexNode key = operands.getFirst();
    RexNode distance = distance(value, arithmetic, span);
    OperatorBinder operators = new OperatorBinder(expressions);
    boolean minus = bound == Bound.PRECEDING ^ descending;
    RexNode limit = operators.apply(minus ? "-" : "+", List.of(key, distance), span);
    RexNode zero =
        cast(expressions.rex().constant("0", SimpleType.UNKNOWN), Rex.type(distance), span);
    RexNode negative = operators.apply("<", List.of(distance, zero), span);
    return new Edge(bound, operand(negative), operand(cast(limit, arithmetic.key, span)));
  }

  private RexNode distance(RexNode value, Arithmetic arithmetic, @Nullable SourceSpan span) {
    SqlType given = Rex.type(value);
    if (given != SimpleType.UNKNOWN
        && !(given instanceof DecimalType && arithmetic.offset == SimpleType.NUMERIC)
        && !Casts.implicit(given, arithmetic.offset)) {
      throw new SqlException(
          ErrorCode.FEATURE_NOT_SUPPORTED,
          "RANGE with offset PRECEDING/FOLLOWING is not supported for column type "
              + OperatorBinder.errorName(declared)
              + " and offset type "
              + OperatorBinder.errorName(given),
          null,
          "Cast the offset value to an appropriate type.",
          span,
          null);
    }
    RexNode distance = cast(value, arithmetic.offset, span);
    return Casts.isInteger(arithmetic.offset) ? cast(distance, SimpleType.NUMERIC, span) : distance;
  }

  private Arithmetic arithmetic(SqlType type, @Nullable SourceSpan span) {
    declared = type;
    if (Casts.isInteger(type)) {
      return new Arithmetic(SimpleType.NUMERIC, SimpleType.BIGINT);
    }
    if (type instanceof DecimalType || type == SimpleType.NUMERIC) {
      return new Arithmetic(SimpleType.NUMERIC, SimpleType.NUMERIC);
    }
    if (type == SimpleType.REAL || type == SimpleType.DOUBLE) {
      return new Arithmetic(SimpleType.DOUBLE, SimpleType.DOUBLE);
    }
    if (type == SimpleType.DATE || type == SimpleType.TIMESTAMP) {
      return new Arithmetic(SimpleType.TIMESTAMP, SimpleType.INTERVAL);
    }
    if (type == SimpleType.TIMESTAMPTZ) {
      return new Arithmetic(SimpleType.TIMESTAMPTZ, SimpleType.INTERVAL);
    }
    if (type == SimpleType.TIME || type == SimpleType.INTERVAL) {
      return new Arithmetic(SimpleType.INTERVAL, SimpleType.INTERVAL);
    }
    throw StatementErrors.of(
        ErrorCode.FEATURE_NOT_SUPPORTED,
        "RANGE with offset PRECEDING/FOLLOWING is not supported for column type "
            + OperatorBinder.errorName(type),
        span);
  }

  private RexNode cast(RexNode node, SqlType type, @Nullable SourceSpan span) {
    return Rex.type(node).equals(type) ? node : expressions.coercion().explicit(node, type, span);
  }

  private int operand(RexNode node) {
    operands.add(node);
    return operands.size() - 1;
  }

  private static boolean hasColumns(RexNode node) {
    return node instanceof RexInputRef
        || node instanceof RexCall call
            && call.getOperands().stream().anyMatch(FrameBinder::hasColumns);
  }
}
