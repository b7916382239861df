package dev.aevum.executor.operator;

import static dev.aevum.model.batch.Memory.LONG;

import dev.aevum.executor.kernel.Gather;
import dev.aevum.executor.kernel.Selection;
import dev.aevum.executor.sequence.SequenceFold;
import dev.aevum.executor.sequence.SequenceFunctions;
import dev.aevum.model.batch.BatchWriter;
import dev.aevum.model.batch.Column;
import dev.aevum.model.batch.DeltaBatch;
import dev.aevum.model.codec.ByteSink;
import dev.aevum.model.codec.KeyCodec;
import dev.aevum.model.step.Watermarks;
import dev.aevum.model.type.SqlType;
import dev.aevum.planner.plan.PlanNode.SequenceNode;
import dev.aevum.planner.plan.Traits.TimeColumn;
import java.util.Arrays;
import java.util.List;

/// Sequence functions in a view: holds rows until the watermark has passed their time, then folds
/// them in order of time, equal times in order of the encoded row.
///
/// **Schema**: the input's columns, then the results of each call. **Weights**: all +1; the input
/// is append-only. **State**: `(time, row) -> count` of waiting rows in the shard of their key, and
/// per call one block of memory a key . **Dropped**: rows as the watermark passes them; models
/// after `idle_ttl`. Rows without a time pass at once, unscored.
public final class SequenceOperator implements Operator, TimeDriven {
  private static final int TABLES_PER_CALL = 4;

  private final OperatorContext context;
  private final SequenceFold fold;
  private final int timeColumn;
  private final long offset;
  private final WaitingRows waiting;
  private final List<SqlType> types;
  private final KeyCodec partitionCodec;
  private final int[] partitionBy;
  private final Column[] partition;
  private final Column[] columns;
  private final ByteSink partitionKey = new ByteSink();
  private int[] timeless = new int[0];
  private long idleChecked = Watermarks.NONE;

  public SequenceOperator(OperatorContext context, SequenceNode node, SequenceFunctions functions) {
    this.context = context;
    this.timeColumn = node.timeColumn();
    this.offset =
        node.input().traits().timeColumns().stream()
            .filter(t -> t.column() == timeColumn)
            .mapToLong(TimeColumn::offsetMicros)
            .findFirst()
            .orElseThrow();
    this.types = node.input().schema().types();
    this.waiting = new WaitingRows(context.state().ordered(context.table(0)), types);
    this.partitionBy = node.partitionBy().stream().mapToInt(Integer::intValue).toArray();
    this.partitionCodec = new KeyCodec(node.partitionBy().stream().map(types::get).toList());
    this.partition = new Column[partitionBy.length];
    this.columns = new Column[types.size()];
    this.fold =
        new SequenceFold(
            context.allocator(),
            node,
            functions,
            (call, tier, width) ->
                context.state().hash(context.table(1 + call * TABLES_PER_CALL + tier), width));
  }

  @Override
  public void push(int input, DeltaBatch batch) {
    for (int i = 0; i < columns.length; i++) {
      columns[i] = batch.column(i);
    }
    for (int i = 0; i < partition.length; i++) {
      partition[i] = columns[partitionBy[i]];
    }
    if (timeless.length < batch.rows()) {
      timeless = new int[batch.rows()];
    }
    int without = 0;
    Column time = columns[timeColumn];
    for (int row = 0; row < batch.rows(); row++) {
      if (time.isNull(row)) {
        timeless[without++] = row;
        continue;
      }
      partitionKey.reset();
      partitionCodec.encode(partition, row, partitionKey);
      long hash = KeyCodec.hash(partitionKey.segment(), 0, partitionKey.position());
      long t = time.data().get(LONG, (long) row << 3);
      waiting.add(columns, row, t, hash, batch.weightAt(row));
    }
    if (without > 0) {
      Selection rows = Selection.of(Arrays.copyOf(timeless, without), without);
      try (DeltaBatch unscored = Gather.gather(context.allocator(), batch, rows)) {
        emit(unscored, fold.withoutTime(without));
      }
    }
  }

  @Override
  public void advance(long watermark) {
    long bound = Watermarks.plus(watermark, offset);
    if (bound == Watermarks.NONE) {
      return;
    }
    release(bound);
    long ttl = fold.idleTtl();
    if (ttl >= 0 && (idleChecked == Watermarks.NONE || bound - idleChecked > ttl / 4)) {
      idleChecked = bound;
      fold.dropIdle(bound - ttl);
    }
  }

  private void release(long bound) {
    if (!waiting.seek(bound)) {
      return;
    }
    try (BatchWriter rows =
        new BatchWriter(context.allocator(), types, false, DeltaBatch.TARGET_ROWS)) {
      do {
        for (long left = waiting.weight(); left > 0; left--) {
          waiting.decode(rows);
          rows.endRow();
          if (rows.rows() == DeltaBatch.TARGET_ROWS) {
            foldAndEmit(rows);
          }
        }
      } while (waiting.next());
      foldAndEmit(rows);
    }
    waiting.forget();
  }

  private void foldAndEmit(BatchWriter writer) {
    try (DeltaBatch rows = writer.finish()) {
      if (rows.rows() > 0) {
        emit(rows, fold.fold(rows));
      }
    }
  }

  /// Takes the results over.
  private void emit(DeltaBatch rows, Column[] results) {
    Column[] all = new Column[columns.length + results.length];
    for (int i = 0; i < columns.length; i++) {
      all[i] = rows.column(i).retain();
    }
    System.arraycopy(results, 0, all, columns.length, results.length);
    context.output().emit(new DeltaBatch(rows.rows(), all, null));
  }

  @Override
  public void close() {
    // The tables are the backend's.
  }
}
