package dev.aevum.executor.operator;

import static dev.aevum.model.batch.Memory.LONG;

import dev.aevum.executor.sequence.BatchKeys;
import dev.aevum.executor.sequence.ModelStatus;
import dev.aevum.executor.sequence.SequenceFold;
import dev.aevum.executor.sequence.SequenceFunctions;
import dev.aevum.executor.waiting.Arrivals;
import dev.aevum.executor.waiting.StreamRows;
import dev.aevum.model.batch.BatchWriter;
import dev.aevum.model.batch.Column;
import dev.aevum.model.batch.DeltaBatch;
import dev.aevum.model.step.Watermarks;
import dev.aevum.model.type.SqlType;
import dev.aevum.planner.plan.PlanNode.SequenceNode;
import dev.aevum.planner.plan.SequenceCall;
import dev.aevum.planner.plan.Traits.TimeColumn;
import dev.aevum.storage.state.JournalState;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.function.BiConsumer;
import java.util.function.Predicate;
import org.apache.arrow.memory.ArrowBuf;
import org.jspecify.annotations.Nullable;

/// Sequence functions in a view: holds rows until the watermark has passed their time, then folds
/// them in order of time, equal times in order of the encoded row. What is below the watermark does
/// not change: a row that is taken back is so before it was folded.
///
/// **Schema**: the input's columns, then the results of each call. **Weights**: all +1. **State**:
/// waiting rows, and per call one block of memory a key. **Dropped**: rows as the watermark passes
/// them; models after `idle_ttl`. Rows without a time pass at once, unscored.
public final class SequenceOperator
    implements Operator, TimeDriven, Sealing, KeepsRows, KeepsModels {
  private static final int TABLES_PER_CALL = 4;

  private final OperatorContext context;
  private final SequenceFold fold;
  private final SequenceNode node;
  private final List<SqlType> types;
  private final Column[] columns;
  private final int width;
  private final int timeColumn;
  private final long offset;
  private final JournalState journal;
  private final StreamRows waiting;

  /// In place of that where rows may be taken back.
  private final @Nullable WaitingRows changing;

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
    this.node = node;
    this.types = node.input().schema().types();
    this.columns = new Column[types.size()];
    this.changing =
        node.input().traits().appendOnly()
            ? null
            : new WaitingRows(context.state().ordered(context.table(255)), types);
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
    if (changing != null) {
      pushChanges(batch, changing);
      return;
    }
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

  private void pushChanges(DeltaBatch batch, WaitingRows rows) {
    for (int i = 0; i < columns.length; i++) {
      columns[i] = batch.column(i);
    }
    Column time = columns[timeColumn];
    keys.encode(batch);
    try (BatchWriter without = new BatchWriter(context.allocator(), types, true, 64)) {
      for (int row = 0; row < batch.rows(); row++) {
        if (time.isNull(row)) {
          without.appendRow(batch, row, batch.weightAt(row));
        } else {
          long t = time.data().get(LONG, (long) row << 3);
          rows.add(columns, row, t, keys.hash(row), batch.weightAt(row));
        }
      }
      try (DeltaBatch unscored = without.finish()) {
        emit(unscored, fold.withoutTime(unscored.rows()));
      }
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
    if (changing != null) {
      release(changing, bound);
    } else {
      release(bound);
    }
    long ttl = fold.idleTtl();
    if (ttl >= 0 && (idleChecked == Watermarks.NONE || bound - idleChecked > ttl / 4)) {
      idleChecked = bound;
      fold.dropIdle(bound - ttl);
    }
  }

  private void release(WaitingRows rows, long bound) {
    if (!rows.seek(bound)) {
      return;
    }
    try (BatchWriter released =
        new BatchWriter(context.allocator(), types, false, DeltaBatch.TARGET_ROWS)) {
      do {
        for (long left = rows.weight(); left > 0; left--) {
          rows.decode(released);
          released.endRow();
          if (released.rows() == DeltaBatch.TARGET_ROWS) {
            foldAndEmit(released);
          }
        }
      } while (rows.next());
      foldAndEmit(released);
    }
    rows.forget();
  }

  private void foldAndEmit(BatchWriter writer) {
    try (DeltaBatch rows = writer.finish()) {
      if (rows.rows() > 0) {
        emit(rows, fold.fold(rows));
      }
    }
  }

  private void release(long bound) {
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
    ArrowBuf weights = rows.weightBuffer();
    if (weights != null) {
      weights.getReferenceManager().retain();
    }
    context.output().emit(new DeltaBatch(rows.rows(), all, weights));
  }

  @Override
  public SequenceNode modelNode() {
    return node;
  }

  @Override
  public void inspect(BiConsumer<SequenceCall, ModelStatus> to) {
    fold.inspect(to);
  }

  @Override
  public long replayed(byte[] key) {
    return 0;
  }

  @Override
  public long forgotten(byte[] key) {
    return 0;
  }

  @Override
  public long reset(Predicate<byte[]> keysToReset) {
    return fold.reset(keysToReset);
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
