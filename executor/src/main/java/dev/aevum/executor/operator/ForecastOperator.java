package dev.aevum.executor.operator;

import static dev.aevum.model.batch.Memory.LONG;

import dev.aevum.executor.sequence.BatchKeys;
import dev.aevum.model.batch.BatchWriter;
import dev.aevum.model.batch.Column;
import dev.aevum.model.batch.DeltaBatch;
import dev.aevum.model.codec.ByteSink;
import dev.aevum.model.codec.RowCodec;
import dev.aevum.model.type.SqlType;
import dev.aevum.planner.plan.PlanNode.ForecastNode;
import dev.aevum.storage.state.OrderedState;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/// Forecasts of each key as rows, replaced as later ones come.
///
/// **Schema**: keys, time of making, step, its time, forecast, bounds, model. **Weights**: +1 for
/// new rows, -1 for those they replace. **State**: by key its last input row. **Dropped**: never;
/// one row a key. Input is append-only, in order of time within a key.
public final class ForecastOperator implements Operator {
  private static final int MADE = 8;

  private final OperatorContext context;
  private final ForecastRows rows;
  private final boolean onlyLast;
  private final boolean history;
  private final List<SqlType> inputTypes;
  private final List<SqlType> outputTypes;
  private final BatchKeys keys;
  private final RowCodec codec;
  private final OrderedState latest;
  private final ByteSink encoded = new ByteSink();

  /// Rows of the batch by the hash of their key, open addressing; -1 is free.
  private int[] table = new int[0];

  private int[] chosen = new int[0];

  public ForecastOperator(OperatorContext context, ForecastNode node) {
    this.context = context;
    this.rows = new ForecastRows(node);
    this.history = node.history();
    this.onlyLast = !history && node.everyMicros() == 0;
    this.inputTypes = node.input().schema().types();
    this.outputTypes = node.schema().types();
    this.keys = new BatchKeys(inputTypes, IntStream.range(0, node.keys()).boxed().toList());
    this.codec = new RowCodec(inputTypes);
    this.latest = context.state().ordered(context.table(0));
  }

  @Override
  public void push(int input, DeltaBatch batch) {
    keys.encode(batch);
    int count = onlyLast ? chooseLast(batch) : chooseAll(batch);
    Column[] columns = new Column[batch.columnCount()];
    for (int i = 0; i < columns.length; i++) {
      columns[i] = batch.column(i);
    }
    try (BatchWriter replaced = new BatchWriter(context.allocator(), inputTypes, false, count);
        BatchWriter out = new BatchWriter(context.allocator(), outputTypes, true, count)) {
      for (int i = 0; i < count; i++) {
        replace(batch, columns, chosen[i], replaced, out);
      }
      emit(out);
    }
  }

  private void replace(
      DeltaBatch batch, Column[] columns, int row, BatchWriter replaced, BatchWriter out) {
    long made = rows.madeAt(batch, row);
    MemorySegment key = keys.segment();
    if (latest.get(key, keys.offset(row), keys.length(row))) {
      long last = latest.valueSegment().get(LONG, latest.valueOffset());
      if (!rows.isDue(last, made)) {
        return;
      }
      if (!history || last == made) {
        codec.decode(
            latest.valueSegment(),
            latest.valueOffset() + MADE,
            latest.valueLength() - MADE,
            replaced,
            0);
        replaced.endRow();
        try (DeltaBatch old = replaced.finish()) {
          rows.append(old, 0, -1, out);
        }
      }
    }
    rows.append(batch, row, 1, out);
    encoded.reset();
    encoded.appendLong(made);
    codec.encode(columns, row, encoded);
    latest.put(
        key,
        keys.offset(row),
        keys.length(row),
        keys.hash(row),
        encoded.segment(),
        0,
        encoded.position());
    if (out.rows() >= DeltaBatch.TARGET_ROWS) {
      emit(out);
    }
  }

  private void emit(BatchWriter out) {
    if (out.rows() > 0) {
      context.output().emit(out.finish());
    }
  }

  private void reserve(int count) {
    if (chosen.length < count) {
      chosen = new int[count];
    }
  }

  private int chooseAll(DeltaBatch batch) {
    reserve(batch.rows());
    int count = 0;
    for (int row = 0; row < batch.rows(); row++) {
      if (rows.isForecast(batch, row)) {
        chosen[count++] = row;
      }
    }
    return count;
  }

  /// The last row of each key: the others would be replaced within the step.
  private int chooseLast(DeltaBatch batch) {
    int count = chooseAll(batch);
    int size = Integer.highestOneBit(Math.max(1, count)) << 2;
    if (table.length < size) {
      table = new int[size];
    }
    Arrays.fill(table, 0, size, -1);
    int kept = count;
    for (int i = count - 1; i >= 0; i--) {
      int row = chosen[i];
      int slot = (int) keys.hash(row) & size - 1;
      while (table[slot] >= 0 && !isSameKey(table[slot], row)) {
        slot = slot + 1 & size - 1;
      }
      if (table[slot] < 0) {
        table[slot] = row;
        chosen[--kept] = row;
      }
    }
    System.arraycopy(chosen, kept, chosen, 0, count - kept);
    return count - kept;
  }

  private boolean isSameKey(int a, int b) {
    return keys.hash(a) == keys.hash(b)
        && MemorySegment.mismatch(
                keys.segment(),
                keys.offset(a),
                keys.offset(a) + keys.length(a),
                keys.segment(),
                keys.offset(b),
                keys.offset(b) + keys.length(b))
            < 0;
  }

  @Override
  public void close() {
    // The state belongs to the backend.
  }
}
