package dev.aevum.executor.query;

import dev.aevum.executor.expression.Filter;
import dev.aevum.executor.kernel.Selection;
import dev.aevum.model.batch.Column;
import dev.aevum.model.batch.DeltaBatch;
import dev.aevum.model.type.SqlType;
import dev.aevum.planner.plan.PlanNode.JoinKind;
import dev.aevum.planner.plan.PlanNode.JoinNode;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Joins of every kind: the right side is gathered and hashed by its keys (without keys every right
/// row is a candidate), the left side streams. Candidate pairs pass the residual in batches.
final class JoinSource extends BufferedSource {
  private static final int PAIRS = 16384;

  private final JoinNode node;
  private final QueryContext context;
  private final RowSource left;
  private final @Nullable Filter residual;
  private @Nullable DeltaBatch right;
  private final KeyTable table;
  private int[] firstOfKey = new int[0];
  private int[] nextOfKey = new int[0];
  private boolean[] rightMatched = new boolean[0];
  private final PairBuffer pairs = new PairBuffer();

  JoinSource(JoinNode node, QueryContext context) {
    this.node = node;
    this.context = context;
    this.left = QueryExecution.open(node.left(), context);
    List<SqlType> types = new ArrayList<>(node.left().schema().types());
    types.addAll(node.right().schema().types());
    this.residual = node.residual() == null ? null : context.filter(node.residual(), types);
    this.table = new KeyTable(node.rightKeys().stream().map(node.right().schema()::type).toList());
  }

  @Override
  boolean fill() {
    DeltaBatch built = right;
    if (built == null) {
      built = build();
    }
    DeltaBatch next = left.next();
    context.check();
    if (next == null) {
      if (node.kind() == JoinKind.RIGHT || node.kind() == JoinKind.FULL) {
        emitUnmatchedRight(built);
      }
      return false;
    }
    try (DeltaBatch in = Batches.expand(context.allocator(), next)) {
      probe(in, built);
    }
    return true;
  }

  private DeltaBatch build() {
    DeltaBatch rows =
        Batches.gather(context, node.right().schema(), QueryExecution.open(node.right(), context));
    right = rows;
    rightMatched = new boolean[rows.rows()];
    nextOfKey = new int[rows.rows()];
    firstOfKey = new int[Math.max(1, rows.rows())];
    Arrays.fill(firstOfKey, -1);
    if (!node.rightKeys().isEmpty()) {
      Column[] keys = Batches.chosen(rows, node.rightKeys());
      for (int row = rows.rows() - 1; row >= 0; row--) {
        if (matchable(keys, row)) {
          int number = table.find(keys, row, true);
          nextOfKey[row] = firstOfKey[number];
          firstOfKey[number] = row;
        }
      }
    }
    return rows;
  }

  /// No key that rejects NULL is NULL.
  private boolean matchable(Column[] keys, int row) {
    for (int i = 0; i < keys.length; i++) {
      if (keys[i].isNull(row) && !node.nullSafe().get(i)) {
        return false;
      }
    }
    return true;
  }

  private void probe(DeltaBatch in, DeltaBatch built) {
    boolean[] leftMatched = new boolean[in.rows()];
    Column[] keys = Batches.chosen(in, node.leftKeys());
    for (int row = 0; row < in.rows(); row++) {
      if (keys.length == 0) {
        for (int r = 0; r < built.rows(); r++) {
          pair(in, built, row, r, leftMatched);
        }
      } else if (matchable(keys, row)) {
        int number = table.find(keys, row, false);
        for (int r = number < 0 ? -1 : firstOfKey[number]; r >= 0; r = nextOfKey[r]) {
          pair(in, built, row, r, leftMatched);
        }
      }
    }
    settle(in, built, leftMatched);
    emitByLeft(in, built, leftMatched);
  }

  private void pair(
      DeltaBatch in, DeltaBatch built, int leftRow, int rightRow, boolean[] leftMatched) {
    pairs.add(leftRow, rightRow);
    if (pairs.count == PAIRS) {
      settle(in, built, leftMatched);
    }
  }

  /// Passes the pairs through the residual, marks both sides, emits what joins.
  private void settle(DeltaBatch in, DeltaBatch built, boolean[] leftMatched) {
    if (pairs.count == 0) {
      return;
    }
    boolean emits = node.kind() != JoinKind.SEMI && node.kind() != JoinKind.ANTI;
    if (residual == null && !emits) {
      for (int i = 0; i < pairs.count; i++) {
        leftMatched[pairs.left[i]] = true;
      }
      pairs.clear();
      return;
    }
    DeltaBatch joined = joined(in, built, pairs.left, pairs.right, pairs.count);
    try (joined) {
      Selection kept = Batches.all(joined);
      if (residual != null) {
        kept = residual.select(context.evaluation(), joined, kept);
        context.check();
      }
      int[] rows = new int[kept.size()];
      for (int i = 0; i < kept.size(); i++) {
        rows[i] = kept.row(i);
        leftMatched[pairs.left[rows[i]]] = true;
        rightMatched[pairs.right[rows[i]]] = true;
      }
      if (emits) {
        emit(
            kept.size() == joined.rows()
                ? joined.retain()
                : Batches.rows(context.allocator(), joined, rows, rows.length));
      }
    } finally {
      pairs.clear();
    }
  }

  private DeltaBatch joined(
      DeltaBatch in, DeltaBatch built, int[] leftRows, int[] rightRows, int count) {
    Column[] leftColumns = Batches.columns(context.allocator(), in, leftRows, count);
    return Batches.join(
        count, leftColumns, Batches.columns(context.allocator(), built, rightRows, count));
  }

  private void emitByLeft(DeltaBatch in, DeltaBatch built, boolean[] leftMatched) {
    if (node.kind() == JoinKind.INNER || node.kind() == JoinKind.RIGHT) {
      return;
    }
    boolean wanted = node.kind() == JoinKind.SEMI;
    int[] rows = new int[in.rows()];
    int count = 0;
    for (int i = 0; i < in.rows(); i++) {
      if (leftMatched[i] == wanted) {
        rows[count++] = i;
      }
    }
    if (node.kind() == JoinKind.SEMI || node.kind() == JoinKind.ANTI) {
      emit(Batches.rows(context.allocator(), in, rows, count));
      return;
    }
    int[] none = new int[count];
    Arrays.fill(none, -1);
    Column[] leftColumns = Batches.columns(context.allocator(), in, rows, count);
    emit(
        Batches.join(
            count, leftColumns, Batches.columnsOrNull(context.allocator(), built, none, count)));
  }

  private void emitUnmatchedRight(DeltaBatch built) {
    int[] rows = new int[built.rows()];
    int count = 0;
    for (int i = 0; i < built.rows(); i++) {
      if (!rightMatched[i]) {
        rows[count++] = i;
      }
    }
    Column[] leftColumns = new Column[node.left().schema().size()];
    for (int i = 0; i < leftColumns.length; i++) {
      leftColumns[i] = NullColumns.of(context.allocator(), node.left().schema().type(i), count);
    }
    emit(
        Batches.join(count, leftColumns, Batches.columns(context.allocator(), built, rows, count)));
  }

  @Override
  public void close() {
    super.close();
    left.close();
    if (right != null) {
      right.close();
      right = null;
    }
  }
}
