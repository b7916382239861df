package dev.aevum.executor.operator;

import static dev.aevum.model.batch.Memory.LONG;

import dev.aevum.executor.sequence.BatchKeys;
import dev.aevum.executor.sequence.SequenceFold;
import dev.aevum.executor.sequence.SequenceFunctions;
import dev.aevum.executor.waiting.Arrivals;
import dev.aevum.executor.waiting.StreamRows;
import dev.aevum.model.batch.Column;
import dev.aevum.model.batch.DeltaBatch;
import dev.aevum.model.step.Watermarks;
import dev.aevum.model.type.SqlType;
import dev.aevum.planner.plan.PlanNode.SequenceNode;
import dev.aevum.planner.plan.Traits.TimeColumn;
import dev.aevum.storage.state.JournalState;
import java.lang.foreign.MemorySegment;
import java.util.List;

/// Sequence functions in a view over append-only input: holds rows until the watermark has passed
/// their time, then folds them in order of time, equal times in order of the encoded row.
///
/// **Schema**: the input's columns, then the results of each call. **Weights**: all +1. **State**:
/// waiting rows, and per call one block of memory a key. **Dropped**: rows as the watermark passes
/// them; models after `idle_ttl`. Rows without a time pass at once, unscored.
public final class SequenceOperator implements Operator, TimeDriven, Sealing, KeepsRows {
  private static final int TABLES_PER_CALL = 4;

  private final OperatorContext context;
  private final SequenceFold fold;
  private final int width;
  private final int timeColumn;
  private final long offset;
  private final JournalState journal;
  private final StreamRows waiting;
  private final Arrivals arrivals;
  private final BatchKeys keys;
  private final int[] ids = new int[DeltaBatch.TARGET_ROWS];
  private long[] times = new long[0];
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
    List<SqlType> types = node.input().schema().types();
    this.width = types.size();
    this.journal = context.state().journal(context.table(0));
    this.waiting = StreamRows.byEncoding(context.allocator(), types, journal);
    this.arrivals = new Arrivals(context.allocator());
    this.keys = new BatchKeys(types, node.partitionBy());
    this.fold =
        new SequenceFold(
            context.allocator(),
            node,
            functions,
            (call, tier, width) ->
                context.state().hash(context.table(1 + call * TABLES_PER_CALL + tier), width));
    waiting.restore(batch -> {
      read(batch);
      waiting.addRestored(batch.retain(), times, keys.hashes());
    });
  }

  @Override
  public void push(int input, DeltaBatch batch) {
    Column time = batch.column(timeColumn);
    arrivals.begin(batch.rows());
    if (timeless.length < batch.rows()) {
      timeless = new int[batch.rows()];
    }
    int without = 0;
    for (int row = 0; row < batch.rows(); row++) {
      if (time.isNull(row)) {
        timeless[without++] = row;
      } else {
        arrivals.choose(row, batch.weightAt(row));
      }
    }
    arrivals.give(batch, this::take);
    if (without > 0) {
      passUnscored(batch, without);
    }
  }

  /// Takes the batch over.
  private void take(DeltaBatch batch) {
    read(batch);
    waiting.add(batch, times, keys.hashes());
  }

  private void read(DeltaBatch batch) {
    if (times.length < batch.rows()) {
      times = new long[batch.rows()];
    }
    MemorySegment.copy(batch.column(timeColumn).data(), LONG, 0, times, 0, batch.rows());
    keys.encode(batch);
  }

  private void passUnscored(DeltaBatch batch, int count) {
    arrivals.begin(count);
    for (int i = 0; i < count; i++) {
      arrivals.choose(timeless[i], batch.weightAt(timeless[i]));
    }
    arrivals.give(
        batch,
        rows -> {
          try (rows) {
            emit(rows, fold.withoutTime(rows.rows()));
          }
        });
  }

  @Override
  public void advance(long watermark) {
    long bound = Watermarks.plus(watermark, offset);
    if (bound == Watermarks.NONE) {
      return;
    }
    int released = waiting.release(bound, false);
    for (int from = 0; from < released; from += ids.length) {
      int count = Math.min(ids.length, released - from);
      for (int i = 0; i < count; i++) {
        ids[i] = waiting.released(from + i);
      }
      try (DeltaBatch rows = waiting.store().gatherRows(ids, count)) {
        emit(rows, fold.fold(rows));
      }
      for (int i = 0; i < count; i++) {
        waiting.drop(ids[i]);
      }
    }
    long ttl = fold.idleTtl();
    if (ttl >= 0 && (idleChecked == Watermarks.NONE || bound - idleChecked > ttl / 4)) {
      idleChecked = bound;
      fold.dropIdle(bound - ttl);
    }
  }

  @Override
  public void seal() {
    // Nothing outside of it refers to waiting rows.
    waiting.seal((moves, all) -> {});
    journal.holds(keptRows(), waiting.store().sizeBytes() + keptRows() * 24);
  }

  /// Takes the results over.
  private void emit(DeltaBatch rows, Column[] results) {
    Column[] all = new Column[width + results.length];
    for (int i = 0; i < width; i++) {
      all[i] = rows.column(i).retain();
    }
    System.arraycopy(results, 0, all, width, results.length);
    context.output().emit(new DeltaBatch(rows.rows(), all, null));
  }

  @Override
  public long keptKeys() {
    return fold.keys();
  }

  @Override
  public long keptRows() {
    return waiting.store().heldRows();
  }

  @Override
  public long oldestMicros() {
    return waiting.oldest();
  }

  @Override
  public void close() {
    waiting.close();
  }
}
