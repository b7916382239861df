package dev.aevum.planner.rex;

import dev.aevum.model.type.SimpleType;
import dev.aevum.model.type.SqlType;
import dev.aevum.planner.type.RowType;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.function.Predicate;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.rex.RexBuilder;
import org.apache.calcite.rex.RexCall;
import org.apache.calcite.rex.RexInputRef;
import org.apache.calcite.rex.RexNode;
import org.apache.calcite.rex.RexShuttle;
import org.apache.calcite.sql.SqlOperator;
import org.apache.calcite.sql.fun.SqlStdOperatorTable;
import org.jspecify.annotations.Nullable;

/// Makes and takes apart row expressions. Types are always given, never inferred.
public final class Rex {
  private final RexBuilder builder;

  public Rex(RexBuilder builder) {
    this.builder = builder;
  }

  public RexBuilder builder() {
    return builder;
  }

  public static SqlType type(RexNode node) {
    return RowType.of(node.getType());
  }

  public static boolean nullable(RexNode node) {
    return node.getType().isNullable();
  }

  public static boolean anyNullable(List<? extends RexNode> nodes) {
    return nodes.stream().anyMatch(Rex::nullable);
  }

  public RexNode call(
      Scalar scalar, SqlType type, boolean nullable, List<? extends RexNode> operands) {
    return builder.makeCall(
        new RowType(type, nullable), new ScalarOperator(scalar), List.copyOf(operands));
  }

  public RexNode constant(@Nullable Object value, SqlType type) {
    return call(new Scalar.Constant(value), type, value == null, List.of());
  }

  public RexNode bool(boolean value) {
    return builder.makeLiteral(value);
  }

  public RexNode nullOf(SqlType type) {
    return constant(null, type);
  }

  public RexInputRef input(int index, RelDataType type) {
    return new RexInputRef(index, type);
  }

  private RexNode standard(SqlOperator operator, boolean nullable, List<RexNode> operands) {
    return builder.makeCall(new RowType(SimpleType.BOOLEAN, nullable), operator, operands);
  }

  /// Flattened conjunction; TRUE operands are dropped, none left is TRUE.
  public RexNode and(List<RexNode> operands) {
    LinkedHashSet<RexNode> flat = new LinkedHashSet<>();
    for (RexNode operand : operands) {
      for (RexNode part : conjuncts(operand)) {
        if (!part.isAlwaysTrue()) {
          flat.add(part);
        }
      }
    }
    List<RexNode> list = List.copyOf(flat);
    return switch (list.size()) {
      case 0 -> bool(true);
      case 1 -> list.getFirst();
      default -> standard(SqlStdOperatorTable.AND, anyNullable(list), list);
    };
  }

  public RexNode or(List<RexNode> operands) {
    List<RexNode> flat = new ArrayList<>();
    for (RexNode operand : operands) {
      if (operand instanceof RexCall c && c.getOperator().equals(SqlStdOperatorTable.OR)) {
        flat.addAll(c.getOperands());
      } else {
        flat.add(operand);
      }
    }
    return flat.size() == 1
        ? flat.getFirst()
        : standard(SqlStdOperatorTable.OR, anyNullable(flat), flat);
  }

  public RexNode not(RexNode operand) {
    return standard(SqlStdOperatorTable.NOT, nullable(operand), List.of(operand));
  }

  public RexNode isNull(RexNode operand) {
    return standard(SqlStdOperatorTable.IS_NULL, false, List.of(operand));
  }

  public RexNode isNotNull(RexNode operand) {
    return standard(SqlStdOperatorTable.IS_NOT_NULL, false, List.of(operand));
  }

  public static @Nullable Scalar scalar(RexNode node) {
    return node instanceof RexCall c && c.getOperator() instanceof ScalarOperator o
        ? o.scalar()
        : null;
  }

  public static boolean isUnknown(RexNode node) {
    return type(node) == SimpleType.UNKNOWN;
  }

  public static List<RexNode> conjuncts(RexNode node) {
    return node instanceof RexCall c && c.getOperator().equals(SqlStdOperatorTable.AND)
        ? c.getOperands()
        : List.of(node);
  }

  /// The same call over other operands.
  public RexNode withOperands(RexCall call, List<RexNode> operands) {
    return operands.equals(call.getOperands())
        ? call
        : builder.makeCall(call.getType(), call.getOperator(), operands);
  }

  /// Whether any part of the expression satisfies the test.
  public static boolean contains(RexNode node, Predicate<RexNode> test) {
    if (test.test(node)) {
      return true;
    }
    if (node instanceof RexCall call) {
      for (RexNode operand : call.getOperands()) {
        if (contains(operand, test)) {
          return true;
        }
      }
    }
    return false;
  }

  /// Input references moved by `offset`.
  public static RexNode shift(RexNode node, int offset) {
    return offset == 0
        ? node
        : node.accept(
            new RexShuttle() {
              @Override
              public RexNode visitInputRef(RexInputRef ref) {
                return new RexInputRef(ref.getIndex() + offset, ref.getType());
              }
            });
  }

  /// Input reference i replaced by `values[i]`.
  public static RexNode substitute(RexNode node, List<? extends RexNode> values) {
    return node.accept(
        new RexShuttle() {
          @Override
          public RexNode visitInputRef(RexInputRef ref) {
            return values.get(ref.getIndex());
          }
        });
  }
}
