package dev.aevum.executor.operator;

import static dev.aevum.model.batch.Memory.LONG;

import dev.aevum.model.batch.BatchWriter;
import dev.aevum.model.batch.Column;
import dev.aevum.model.batch.DeltaBatch;
import dev.aevum.model.step.Watermarks;
import dev.aevum.model.type.SqlType;
import dev.aevum.planner.plan.PlanNode.CloseGateNode;
import java.lang.foreign.MemorySegment;
import java.util.List;

/// EMIT ON WINDOW CLOSE above anything: holds rows until the watermark has passed their time.
///
/// **Schema**: the input's. **Weights**: what is left of each row when its time has passed, emitted
/// once; a row that was taken back before leaves nothing. **State**: `(time, row) -> weight` of
/// open rows, bound to the worker rather than to a key. **Dropped** as the watermark passes. Rows
/// without a time wait for the end of the input.
public final class CloseGateOperator implements Operator, TimeDriven {
  private static final long NULL_TIME = Long.MAX_VALUE - 1;

  private final OperatorContext context;
  private final int timeColumn;
  private final long offset;
  private final WaitingRows rows;
  private final List<SqlType> types;
  private final Column[] columns;

  public CloseGateOperator(OperatorContext context, CloseGateNode node) {
    this.context = context;
    this.timeColumn = node.timeColumn();
    this.offset = node.offsetMicros();
    this.types = node.schema().types();
    this.rows = new WaitingRows(context.state().ordered(context.table(0)), types);
    this.columns = new Column[types.size()];
  }

  @Override
  public void push(int input, DeltaBatch batch) {
    for (int i = 0; i < columns.length; i++) {
      columns[i] = batch.column(i);
    }
    Column time = columns[timeColumn];
    MemorySegment data = time.data();
    for (int row = 0; row < batch.rows(); row++) {
      long t = time.isNull(row) ? NULL_TIME : data.get(LONG, (long) row << 3);
      long weight = batch.weightAt(row);
      if (weight != 0) {
        rows.add(columns, row, t, context.ownedShards().localHash(), weight);
      }
    }
  }

  @Override
  public void advance(long watermark) {
    long bound = Watermarks.plus(watermark, offset);
    if (bound == Watermarks.NONE) {
      return;
    }
    if (!rows.seek(bound)) {
      return;
    }
    try (BatchWriter out =
        new BatchWriter(context.allocator(), types, true, DeltaBatch.TARGET_ROWS)) {
      do {
        rows.decode(out);
        out.endRow(rows.weight());
        if (out.rows() == DeltaBatch.TARGET_ROWS) {
          context.output().emit(out.finish());
        }
      } while (rows.next());
      context.output().emit(out.finish());
    }
    rows.forget();
  }

  @Override
  public void close() {
    // The rows are the backend's.
  }
}
