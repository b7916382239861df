package dev.aevum.executor.operator;

import dev.aevum.executor.expression.CalcEvaluator;
import dev.aevum.executor.kernel.Gather;
import dev.aevum.model.batch.Column;
import dev.aevum.model.batch.ColumnWriter;
import dev.aevum.model.batch.DeltaBatch;
import dev.aevum.model.error.ErrorCode;
import dev.aevum.model.error.SqlException;
import dev.aevum.model.step.Watermarks;
import dev.aevum.model.type.PhysicalType;
import dev.aevum.model.type.SqlType;
import dev.aevum.planner.plan.PlanNode.JoinKind;
import dev.aevum.planner.plan.PlanNode.JoinNode;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Inner equi-join.
///
/// **Schema**: left columns, then right ones. **Weights**: bilinear: a match weighs the product.
/// Each batch is matched against the other side as it stands, then added to its own, so that every
/// pair is counted exactly once whatever the order of batches. **State**: all rows of both sides.
/// **Dropped**: when a key pair is bounded by the watermark on both sides (window_start,
/// window_end), rows of keys that no later row of the other side can have; rows whose key has a
/// NULL that matches nothing are not kept.
///
/// The residual condition is evaluated on the matches; its errors are the matches'. Source: the
/// symmetric hash join; DBSP's bilinear rule.
public final class JoinOperator implements Operator, TimeDriven {
  private final OperatorContext context;
  private final JoinState[] sides = new JoinState[2];
  private final ColumnWriter[][] matched = new ColumnWriter[2][];
  private final @Nullable CalcEvaluator residual;
  private final int timeKey;
  private final long[] offsets = new long[2];
  private int[] own = new int[DeltaBatch.TARGET_ROWS];
  private long[] weights = new long[DeltaBatch.TARGET_ROWS];
  private int pending;

  /// `residual`: filters left ++ right and keeps all columns; null without a residual condition.
  public JoinOperator(OperatorContext context, JoinNode node, @Nullable CalcEvaluator residual) {
    if (node.kind() != JoinKind.INNER || node.leftKeys().isEmpty()) {
      throw new SqlException(
          ErrorCode.FEATURE_NOT_SUPPORTED,
          "only inner joins on equal columns are supported in continuous queries");
    }
    this.context = context;
    this.residual = residual;
    this.timeKey = timeKey(node);
    if (timeKey >= 0) {
      offsets[0] = TimeColumns.offsetOf(node.left(), node.leftKeys().get(timeKey));
      offsets[1] = TimeColumns.offsetOf(node.right(), node.rightKeys().get(timeKey));
    }
    for (int i = 0; i < 2; i++) {
      List<SqlType> types = node.inputs().get(i).schema().types();
      sides[i] =
          new JoinState(
              timeKey < 0
                  ? context.state().multi(context.table(i))
                  : context.state().multiByTime(context.table(i)),
              types,
              i == 0 ? node.leftKeys() : node.rightKeys(),
              node.nullSafe(),
              timeKey);
      matched[i] = new ColumnWriter[types.size()];
      for (int c = 0; c < types.size(); c++) {
        matched[i][c] = new ColumnWriter(context.allocator(), types.get(c), DeltaBatch.TARGET_ROWS);
      }
    }
  }

  private static int timeKey(JoinNode node) {
    for (int i = 0; i < node.leftKeys().size(); i++) {
      int left = node.leftKeys().get(i);
      if (!node.nullSafe().get(i)
          && node.left().schema().type(left).physical() == PhysicalType.INT64
          && TimeColumns.isBounded(node.left(), left)
          && TimeColumns.isBounded(node.right(), node.rightKeys().get(i))) {
        return i;
      }
    }
    return -1;
  }

  @Override
  public void push(int input, DeltaBatch batch) {
    JoinState side = sides[input];
    JoinState other = sides[1 - input];
    side.take(batch);
    for (int row = 0; row < batch.rows(); row++) {
      if (!side.isRejected(row) && side.seek(other, row)) {
        match(input, batch, row);
      }
    }
    emit(input, batch);
    for (int row = 0; row < batch.rows(); row++) {
      long weight = batch.weightAt(row);
      if (weight != 0 && !side.isRejected(row)) {
        side.add(row, weight);
      }
    }
  }

  private void match(int input, DeltaBatch batch, int row) {
    JoinState other = sides[1 - input];
    long weight = batch.weightAt(row);
    do {
      long product = Math.multiplyExact(weight, other.rows().rowWeight());
      if (product == 0) {
        continue;
      }
      if (pending == own.length) {
        emit(input, batch);
      }
      own[pending] = row;
      weights[pending++] = product;
      other.appendCurrent(matched[1 - input]);
    } while (other.rows().next());
  }

  /// Emits the matches so far: own columns gathered from the batch, the other side's as written.
  private void emit(int input, DeltaBatch batch) {
    if (pending == 0) {
      return;
    }
    int left = matched[0].length;
    Column[] columns = new Column[left + matched[1].length];
    int ownAt = input == 0 ? 0 : left;
    int otherAt = input == 0 ? left : 0;
    for (int i = 0; i < matched[input].length; i++) {
      columns[ownAt + i] = Gather.gather(context.allocator(), batch.column(i), own, pending);
    }
    for (int i = 0; i < matched[1 - input].length; i++) {
      columns[otherAt + i] = matched[1 - input][i].finish();
    }
    boolean plain = true;
    for (int i = 0; i < pending; i++) {
      plain &= weights[i] == 1;
    }
    DeltaBatch pairs =
        new DeltaBatch(
            pending, columns, plain ? null : Weights.of(context.allocator(), weights, pending));
    pending = 0;
    if (residual == null) {
      context.output().emit(pairs);
      return;
    }
    try (pairs) {
      context.output().emit(CalcOperator.evaluate(context, residual, pairs));
    }
  }

  @Override
  public void advance(long watermark) {
    if (timeKey >= 0 && watermark != Watermarks.NONE) {
      sides[0].rows().dropBefore(Watermarks.plus(watermark, offsets[1]));
      sides[1].rows().dropBefore(Watermarks.plus(watermark, offsets[0]));
    }
  }

  @Override
  public void close() {
    for (ColumnWriter[] writers : matched) {
      Arrays.stream(writers).forEach(ColumnWriter::close);
    }
  }
}
