package dev.aevum.planner.lower;

import dev.aevum.model.batch.Field;
import dev.aevum.model.batch.Schema;
import dev.aevum.model.type.SqlType;
import dev.aevum.planner.error.ModelErrors;
import dev.aevum.planner.plan.Expr;
import dev.aevum.planner.plan.PlanNode;
import dev.aevum.planner.plan.PlanNode.CalcNode;
import dev.aevum.planner.plan.PlanNode.JoinKind;
import dev.aevum.planner.plan.PlanNode.JoinNode;
import dev.aevum.planner.plan.Traits;
import dev.aevum.planner.rel.Rels;
import dev.aevum.planner.rex.Rex;
import dev.aevum.planner.rex.Scalar;
import dev.aevum.planner.type.Casts;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.apache.calcite.plan.RelOptUtil;
import org.apache.calcite.rel.core.Join;
import org.apache.calcite.rel.core.JoinRelType;
import org.apache.calcite.rel.type.RelDataTypeField;
import org.apache.calcite.rex.RexCall;
import org.apache.calcite.rex.RexInputRef;
import org.apache.calcite.rex.RexNode;
import org.apache.calcite.rex.RexUtil;
import org.apache.calcite.util.ImmutableBitSet;
import org.jspecify.annotations.Nullable;

/// Splits a join's condition into equal keys and a residual; keys that are expressions are computed
/// below the join.
final class JoinLowering {
  /// One equality; both sides over their own input and of one type.
  private record Key(RexNode left, RexNode right, boolean nullSafe) {}

  private final RelLowering lowering;
  private final Rex rex;
  private final Rels rels;

  JoinLowering(RelLowering lowering, Rels rels) {
    this.lowering = lowering;
    this.rels = rels;
    this.rex = rels.rex();
  }

  /// Errors: 0A000 for a prediction in the condition of an outer join, but as a key of one side.
  PlanNode lower(Join join) {
    int leftWidth = join.getLeft().getRowType().getFieldCount();
    int rightWidth = join.getRight().getRowType().getFieldCount();
    List<Key> keys = new ArrayList<>();
    List<RexNode> residual = new ArrayList<>();
    List<RexNode> predicted = new ArrayList<>();
    for (RexNode conjunct : Rex.conjuncts(join.getCondition())) {
      @Nullable Key key = key(conjunct, leftWidth, leftWidth + rightWidth);
      if (key != null) {
        keys.add(key);
      } else if (Predictions.isIn(conjunct)) {
        predicted.add(conjunct);
      } else if (!conjunct.isAlwaysTrue()) {
        residual.add(conjunct);
      }
    }
    Side left = new Side(lowering.lower(join.getLeft()), keys.stream().map(Key::left).toList());
    Side right = new Side(lowering.lower(join.getRight()), keys.stream().map(Key::right).toList());
    @Nullable Expr rest = residual.isEmpty() ? null : residual(join, residual, left.added());
    JoinKind kind = kind(join.getJoinType());
    boolean leftOnly = kind == JoinKind.SEMI || kind == JoinKind.ANTI;
    Schema schema = joined(left.node.schema(), right.node.schema(), kind);
    PlanNode node =
        new JoinNode(
            left.node,
            right.node,
            kind,
            left.columns,
            right.columns,
            keys.stream().map(Key::nullSafe).toList(),
            rest,
            schema,
            Traits.UNKNOWN);
    if (!predicted.isEmpty() && kind != JoinKind.INNER) {
      throw ModelErrors.outerJoin();
    }
    if (left.added() == 0 && (right.added() == 0 || leftOnly)) {
      return behind(node, predicted);
    }
    List<Expr> kept = new ArrayList<>(RelLowering.references(schema).subList(0, leftWidth));
    if (!leftOnly) {
      int start = leftWidth + left.added();
      kept.addAll(RelLowering.references(schema).subList(start, start + rightWidth));
    }
    return behind(
        new CalcNode(node, null, kept, RelLowering.schema(join), Traits.UNKNOWN), predicted);
  }

  private PlanNode behind(PlanNode joined, List<RexNode> conditions) {
    return conditions.isEmpty() ? joined : lowering.filtered(joined, rex.and(conditions));
  }

  static Schema joined(Schema left, Schema right, JoinKind kind) {
    List<Field> fields = new ArrayList<>();
    boolean leftMissing = kind == JoinKind.RIGHT || kind == JoinKind.FULL;
    boolean rightMissing = kind == JoinKind.LEFT || kind == JoinKind.FULL;
    for (Field field : left.fields()) {
      fields.add(new Field(field.name(), field.type(), field.nullable() || leftMissing));
    }
    if (kind != JoinKind.SEMI && kind != JoinKind.ANTI) {
      for (Field field : right.fields()) {
        fields.add(new Field(field.name(), field.type(), field.nullable() || rightMissing));
      }
    }
    return new Schema(fields);
  }

  private static JoinKind kind(JoinRelType type) {
    return switch (type) {
      case INNER -> JoinKind.INNER;
      case LEFT -> JoinKind.LEFT;
      case RIGHT -> JoinKind.RIGHT;
      case FULL -> JoinKind.FULL;
      case SEMI -> JoinKind.SEMI;
      case ANTI -> JoinKind.ANTI;
      default -> throw new IllegalStateException("join type " + type);
    };
  }

  private @Nullable Key key(RexNode conjunct, int leftWidth, int width) {
    if (!(conjunct instanceof RexCall call) || call.getOperands().size() != 2) {
      return null;
    }
    boolean nullSafe = false;
    switch (Rex.scalar(call)) {
      case Scalar.Function f when f.signature().name().equals("=") -> {}
      case Scalar.IsDistinct d when d.negated() -> nullSafe = true;
      case null, default -> {
        return null;
      }
    }
    RexNode first = call.getOperands().get(0);
    RexNode second = call.getOperands().get(1);
    if (!RexUtil.isDeterministic(call)) {
      return null;
    }
    ImmutableBitSet a = RelOptUtil.InputFinder.bits(first);
    ImmutableBitSet b = RelOptUtil.InputFinder.bits(second);
    ImmutableBitSet left = ImmutableBitSet.range(leftWidth);
    ImmutableBitSet right = ImmutableBitSet.range(leftWidth, width);
    if (a.isEmpty() || b.isEmpty()) {
      return null;
    }
    if (left.contains(a) && right.contains(b)) {
      return typed(first, Rex.shift(second, -leftWidth), nullSafe);
    }
    if (left.contains(b) && right.contains(a)) {
      return typed(second, Rex.shift(first, -leftWidth), nullSafe);
    }
    return null;
  }

  /// Both sides in one type: decimals of different scale and text kinds compare across types, keys
  /// do not.
  private Key typed(RexNode left, RexNode right, boolean nullSafe) {
    SqlType leftType = Rex.type(left);
    SqlType rightType = Rex.type(right);
    if (leftType.equals(rightType)) {
      return new Key(left, right, nullSafe);
    }
    SqlType common = Objects.requireNonNull(Casts.common(List.of(leftType, rightType)));
    return new Key(cast(left, common), cast(right, common), nullSafe);
  }

  private RexNode cast(RexNode node, SqlType type) {
    return Rex.type(node).equals(type)
        ? node
        : rex.call(new Scalar.Cast(false), type, Rex.nullable(node), List.of(node));
  }

  private Expr residual(Join join, List<RexNode> conjuncts, int addedLeft) {
    int leftWidth = join.getLeft().getRowType().getFieldCount();
    List<RexNode> values = new ArrayList<>();
    for (RelDataTypeField field : join.getLeft().getRowType().getFieldList()) {
      values.add(new RexInputRef(field.getIndex(), field.getType()));
    }
    for (RelDataTypeField field : join.getRight().getRowType().getFieldList()) {
      values.add(new RexInputRef(leftWidth + addedLeft + field.getIndex(), field.getType()));
    }
    return lowering.expressions().lower(Rex.substitute(rels.rex().and(conjuncts), values));
  }

  /// One input with its key columns, computed ones appended.
  private final class Side {
    private final PlanNode node;
    private final List<Integer> columns = new ArrayList<>();
    private final int added;

    Side(PlanNode input, List<RexNode> keys) {
      int width = input.schema().size();
      Predictions.Taken taken = lowering.predictions().take(input, keys);
      List<Expr> computed = new ArrayList<>();
      for (int i = 0; i < keys.size(); i++) {
        if (keys.get(i) instanceof RexInputRef ref) {
          columns.add(ref.getIndex());
        } else {
          columns.add(width + computed.size());
          computed.add(lowering.expressions().lower(taken.expressions().get(i)));
        }
      }
      added = computed.size();
      node = computed.isEmpty() ? input : append(taken.node(), width, computed);
    }

    int added() {
      return added;
    }
  }

  /// The first columns of a node and computed ones.
  private static PlanNode append(PlanNode input, int width, List<Expr> computed) {
    List<Expr> all = new ArrayList<>(RelLowering.references(input.schema()).subList(0, width));
    List<Field> fields = new ArrayList<>(input.schema().fields().subList(0, width));
    for (Expr expr : computed) {
      fields.add(new Field("$key" + fields.size(), expr.type(), expr.nullable()));
      all.add(expr);
    }
    return new CalcNode(input, null, all, new Schema(fields), Traits.UNKNOWN);
  }
}
