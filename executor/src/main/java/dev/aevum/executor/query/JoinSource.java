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
  private static final int NONE = -1;

  /// The candidates of the left row have not been looked up yet.
  private static final int FIRST = -2;

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

  /// The left batch that is being joined, and how far.
  private @Nullable DeltaBatch probed;

  private boolean[] leftMatched = new boolean[0];
  private int leftRow;
  private int rightRow;

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
    context.check();
    DeltaBatch in = probed;
    if (in == null) {
      DeltaBatch next = left.next();
      if (next == null) {
        if (node.kind() == JoinKind.RIGHT || node.kind() == JoinKind.FULL) {
          emitUnmatchedRight(built);
        }
        return false;
      }
      in = Batches.expand(context.allocator(), next);
      probed = in;
      leftMatched = new boolean[in.rows()];
      leftRow = 0;
      rightRow = FIRST;
    }
    if (probe(in, built)) {
      emitByLeft(in, built, leftMatched);
      in.close();
      probed = null;
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

  /// Pairs rows from where the last call stopped until there are enough of them; true when the left
  /// batch is done.
  private boolean probe(DeltaBatch in, DeltaBatch built) {
    Column[] keys = Batches.chosen(in, node.leftKeys());
    for (; leftRow < in.rows(); leftRow++) {
      if (rightRow == FIRST) {
        rightRow = firstCandidate(keys, built);
      }
      while (rightRow >= 0) {
        if (pairs.count == PAIRS) {
          settle(in, built);
          return false;
        }
        pairs.add(leftRow, rightRow);
        rightRow = nextCandidate(keys, built);
      }
      rightRow = FIRST;
    }
    settle(in, built);
    return true;
  }

  private int firstCandidate(Column[] keys, DeltaBatch built) {
    if (keys.length == 0) {
      return built.rows() == 0 ? NONE : 0;
    }
    if (!matchable(keys, leftRow)) {
      return NONE;
    }
    int number = table.find(keys, leftRow, false);
    return number < 0 ? NONE : firstOfKey[number];
  }

  private int nextCandidate(Column[] keys, DeltaBatch built) {
    if (keys.length == 0) {
      return rightRow + 1 < built.rows() ? rightRow + 1 : NONE;
    }
    return nextOfKey[rightRow];
  }

  /// Passes the pairs through the residual, marks both sides, emits what joins.
  private void settle(DeltaBatch in, DeltaBatch built) {
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
    if (probed != null) {
      probed.close();
      probed = null;
    }
    if (right != null) {
      right.close();
      right = null;
    }
  }
}
