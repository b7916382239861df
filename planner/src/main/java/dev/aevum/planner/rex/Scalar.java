package dev.aevum.planner.rex;

import dev.aevum.planner.catalog.RelationInfo;
import dev.aevum.planner.plan.Expr;
import dev.aevum.planner.plan.PlanNode;
import dev.aevum.planner.plan.SortKey;
import dev.aevum.planner.plan.WindowFrame;
import dev.aevum.planner.plan.function.FunctionSignature;
import dev.aevum.planner.plan.function.SequenceSignature;
import java.util.List;
import java.util.Map;
import org.apache.calcite.rel.RelNode;
import org.jspecify.annotations.Nullable;

/// What an operator of ours means. Equal scalars over equal operands of one type are the same
/// expression.
public sealed interface Scalar {
  /// A constant, as [dev.aevum.planner.plan.Expr.Literal] holds it. Of type UNKNOWN: text (or NULL)
  /// whose type the context decides.
  record Constant(@Nullable Object value) implements Scalar {}

  /// An expression that was planned before, over no columns: a column's default.
  record Lowered(Expr expression) implements Scalar {}

  record Parameter(int number) implements Scalar {}

  /// Capture `index` of the correlation.
  record OuterRef(int correlation, int index) implements Scalar {}

  record Function(FunctionSignature signature) implements Scalar {}

  record Cast(boolean explicit) implements Scalar {}

  record Coalesce() implements Scalar {}

  /// Operands: condition, result, condition, result, ..., otherwise.
  record Case() implements Scalar {}

  record IsBoolean(boolean value, boolean negated) implements Scalar {}

  record IsDistinct(boolean negated) implements Scalar {}

  record ArrayConstructor() implements Scalar {}

  /// Operands: the attributes.
  record CompositeConstructor() implements Scalar {}

  /// An attribute of the operand.
  record Attribute(int index) implements Scalar {}

  /// A sequence function before it is taken out. Operands: arguments, partition keys, the time.
  record Sequence(
      SequenceSignature signature, Map<String, Object> options, int arguments, int partition)
      implements Scalar {
    public Sequence {
      options = Map.copyOf(options);
    }
  }

  /// A prediction before it is taken out. Operands: the model's partition, then its features.
  record Predict(RelationInfo.Model model, PlanNode.PredictKind kind) implements Scalar {}

  /// Operands: left, array.
  record ArrayQuantified(FunctionSignature comparison, boolean all) implements Scalar {}

  /// An aggregate before it is taken out. Operands: the arguments, then order keys, then the filter
  /// if any.
  record Aggregate(
      FunctionSignature signature,
      boolean distinct,
      int arguments,
      List<SortKey> order,
      boolean filtered)
      implements Scalar {}

  /// A window function before it is taken out. Operands: arguments, filter if any, `framed` values
  /// of the frame, partition keys, order keys. In `order` the column numbers count from 0 in the
  /// order keys, in `frame` from 0 in the frame's values.
  record Over(
      FunctionSignature signature,
      int arguments,
      boolean filtered,
      WindowFrame frame,
      int framed,
      int partition,
      List<SortKey> order)
      implements Scalar {
    /// Operands before the partition keys.
    public int values() {
      return arguments + (filtered ? 1 : 0) + framed;
    }
  }

  /// A value of a window with a row pattern before it is taken out: measure number `measure`; else
  /// a function over the rows of the match (`measure`: the n of nth_value). Operands: arguments,
  /// filter if any, `partition` partition keys, order keys.
  record InPattern(
      PatternWindow window,
      String name,
      int measure,
      @Nullable FunctionSignature function,
      boolean distinct,
      int arguments,
      boolean filtered,
      int partition)
      implements Scalar {
    /// Operands before the partition keys.
    public int values() {
      return arguments + (filtered ? 1 : 0);
    }
  }

  /// A sub-query before it is taken out. Operands: the captured outer values, then `tested` values
  /// on the left of IN or ANY.
  record Subquery(
      Kind kind, RelNode query, int correlation, int captures, @Nullable Comparison comparison)
      implements Scalar {}

  /// `left op column` as a boolean over the tested values, then the query's columns (as input
  /// references of that row).
  record Comparison(org.apache.calcite.rex.RexNode condition, boolean all) {}

  enum Kind {
    SCALAR,
    EXISTS,
    QUANTIFIED,
    ARRAY
  }

  /// The fields of one expanded row value, only to be taken apart.
  record Row() implements Scalar {}
}
