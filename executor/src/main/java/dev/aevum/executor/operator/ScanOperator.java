package dev.aevum.executor.operator;

import static dev.aevum.model.batch.Memory.LONG;

import dev.aevum.executor.kernel.Gather;
import dev.aevum.executor.kernel.Selection;
import dev.aevum.model.batch.Column;
import dev.aevum.model.batch.DeltaBatch;
import dev.aevum.model.step.Watermarks;
import dev.aevum.planner.plan.PlanNode.ScanNode;
import dev.aevum.planner.plan.Traits;
import java.lang.foreign.MemorySegment;
import org.apache.arrow.memory.ArrowBuf;

/// Where changes of a relation enter a view. The one place where lateness is judged.
///
/// **Schema**: the chosen columns. **Weights**: linear. **State**: none. With a watermark, rows
/// whose time lies below the stream's watermark *before* the step are refused: they go to the
/// [LateSink] and no further. Rows without a time are never late.
public final class ScanOperator implements Operator, DropsRows {
  private final OperatorContext context;
  private final LateSink late;
  private final int relation;
  private final int[] columns;

  /// Column of the relation that is judged, or -1.
  private final int timeColumn;

  private final long timeOffset;

  private long watermark = Watermarks.NONE;
  private int[] onTime = new int[0];
  private int[] refused = new int[0];
  private long lateRows;

  public ScanOperator(OperatorContext context, ScanNode node, LateSink late) {
    this.context = context;
    this.late = late;
    this.relation = node.relation();
    this.columns = node.columns().stream().mapToInt(Integer::intValue).toArray();
    if (node.watermark()) {
      if (node.traits().timeColumns().isEmpty()) {
        throw new IllegalStateException("scan of " + node.name() + " has no time column");
      }
      Traits.TimeColumn time = node.traits().timeColumns().getFirst();
      this.timeColumn = columns[time.column()];
      this.timeOffset = time.offsetMicros();
    } else {
      this.timeColumn = -1;
      this.timeOffset = 0;
    }
  }

  public int relation() {
    return relation;
  }

  /// The relation's watermark before the step; set by the driver ahead of its pushes. Times of the
  /// column may lie apart from it: a view's window starts follow by the window's size.
  public void judgeBy(long watermarkBefore) {
    boolean moved = watermarkBefore != Watermarks.NONE && watermarkBefore != Watermarks.END;
    watermark = moved ? watermarkBefore + timeOffset : watermarkBefore;
  }

  @Override
  public void push(int input, DeltaBatch batch) {
    if (timeColumn < 0 || watermark == Watermarks.NONE) {
      emit(batch);
      return;
    }
    int rows = batch.rows();
    if (onTime.length < rows) {
      onTime = new int[rows];
      refused = new int[rows];
    }
    int accepted = judge(batch.column(timeColumn), rows);
    if (accepted == rows) {
      emit(batch);
      return;
    }
    lateRows += rows - accepted;
    Selection below =
        Selection.of(java.util.Arrays.copyOf(refused, rows - accepted), rows - accepted);
    late.refuse(relation, watermark, Gather.gather(context.allocator(), batch, below));
    Selection rest = Selection.of(java.util.Arrays.copyOf(onTime, accepted), accepted);
    try (DeltaBatch left = Gather.gather(context.allocator(), batch, rest)) {
      emit(left);
    }
  }

  @Override
  public long droppedRows() {
    return lateRows;
  }

  private int judge(Column time, int rows) {
    MemorySegment data = time.data();
    int accepted = 0;
    int below = 0;
    for (int row = 0; row < rows; row++) {
      boolean isLate = data.get(LONG, (long) row << 3) < watermark && !time.isNull(row);
      onTime[accepted] = row;
      refused[below] = row;
      accepted += isLate ? 0 : 1;
      below += isLate ? 1 : 0;
    }
    return accepted;
  }

  private void emit(DeltaBatch batch) {
    Column[] chosen = new Column[columns.length];
    for (int i = 0; i < chosen.length; i++) {
      chosen[i] = batch.column(columns[i]).retain();
    }
    ArrowBuf weights = batch.weightBuffer();
    if (weights != null) {
      weights.getReferenceManager().retain();
    }
    context.output().emit(new DeltaBatch(batch.rows(), chosen, weights));
  }

  @Override
  public void close() {
    // Holds nothing.
  }
}
