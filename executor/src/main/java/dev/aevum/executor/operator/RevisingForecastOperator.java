package dev.aevum.executor.operator;

import static dev.aevum.model.batch.Memory.BYTE;
import static dev.aevum.model.batch.Memory.LONG;

import dev.aevum.executor.sequence.BatchKeys;
import dev.aevum.model.batch.BatchWriter;
import dev.aevum.model.batch.Column;
import dev.aevum.model.batch.DeltaBatch;
import dev.aevum.model.codec.ByteSink;
import dev.aevum.model.codec.KeyCodec;
import dev.aevum.model.codec.RowCodec;
import dev.aevum.model.type.SqlType;
import dev.aevum.planner.plan.PlanNode.ForecastNode;
import dev.aevum.storage.state.OrderedState;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/// Forecasts of each key as rows, over input whose rows are corrected.
///
/// **Schema**: keys, time of making, step, its time, forecast, bounds, model. **Weights**: what the
/// rows as they are give; a step emits the differences. **State**: all input rows by key, time of
/// making and place within its step; and those that were given, by key and time of making. A change
/// chooses anew which rows are given from its time on. **Dropped**: what is taken back.
public final class RevisingForecastOperator implements Operator, Flushing {
  private final OperatorContext context;
  private final ForecastRows rows;
  private final boolean history;
  private final int width;
  private final BatchKeys keys;
  private final RowCodec codec;
  private final OrderedState input;
  private final OrderedState given;
  private final ByteSink sink = new ByteSink();
  private final List<SqlType> inputTypes;
  private final BatchWriter output;

  /// Of each key that the step changed the least time of making.
  private final Map<ByteBuffer, Long> changed = new LinkedHashMap<>();

  public RevisingForecastOperator(OperatorContext context, ForecastNode node) {
    this.context = context;
    this.rows = new ForecastRows(node);
    this.history = node.history();
    this.inputTypes = node.input().schema().types();
    this.width = inputTypes.size();
    this.keys = new BatchKeys(inputTypes, IntStream.range(0, node.keys()).boxed().toList());
    this.codec = new RowCodec(inputTypes);
    this.input = context.state().ordered(context.table(0));
    this.given = context.state().ordered(context.table(1));
    this.output =
        new BatchWriter(context.allocator(), node.schema().types(), true, DeltaBatch.TARGET_ROWS);
  }

  @Override
  public void push(int port, DeltaBatch batch) {
    keys.encode(batch);
    Column[] columns = batch.columns().toArray(Column[]::new);
    Column place = columns[width - 1];
    for (int row = 0; row < batch.rows(); row++) {
      if (!rows.isForecast(batch, row)) {
        continue;
      }
      byte[] key = keys.segment().asSlice(keys.offset(row), keys.length(row)).toArray(BYTE);
      long made = rows.madeAt(batch, row);
      sink.reset();
      sink.appendBytes(key, 0, key.length);
      sink.appendLongBig(made ^ Long.MIN_VALUE);
      sink.appendLongBig(place.isNull(row) ? 0 : place.intAt(row));
      codec.encode(columns, row, sink);
      input.addLong(sink.segment(), 0, sink.position(), keys.hash(row), batch.weightAt(row));
      changed.merge(ByteBuffer.wrap(key), made, Math::min);
    }
  }

  @Override
  public void flush() {
    changed.forEach((key, made) -> {
      byte[] bytes = new byte[key.remaining()];
      key.get(0, bytes);
      revise(bytes, made);
    });
    changed.clear();
    emitOutput();
  }

  /// Chooses the rows that are given from `first` on.
  private void revise(byte[] key, long first) {
    NavigableMap<Long, byte[]> before = from(given, key, first);
    Map.@Nullable Entry<Long, byte[]> kept = lastBefore(key, first);
    NavigableMap<Long, byte[]> now = new TreeMap<>();
    Map.@Nullable Entry<Long, byte[]> last = kept;
    for (Map.Entry<Long, byte[]> row : from(input, key, first).entrySet()) {
      if (last == null || rows.isDue(last.getKey(), row.getKey())) {
        now.put(row.getKey(), row.getValue());
        last = row;
      }
    }
    if (history) {
      before.forEach((made, row) -> emitUnless(row, now.get(made), -1));
      now.forEach((made, row) -> emitUnless(row, before.get(made), 1));
    } else {
      byte @Nullable [] old = present(before, kept);
      byte @Nullable [] present = present(now, kept);
      emitUnless(old, present, -1);
      emitUnless(present, old, 1);
    }
    keep(key, before, now);
  }

  private static byte @Nullable [] present(
      NavigableMap<Long, byte[]> rows, Map.@Nullable Entry<Long, byte[]> kept) {
    return !rows.isEmpty() ? rows.lastEntry().getValue() : kept == null ? null : kept.getValue();
  }

  private void keep(byte[] key, Map<Long, byte[]> before, Map<Long, byte[]> now) {
    long hash = KeyCodec.hash(MemorySegment.ofArray(key), 0, key.length);
    for (Long made : before.keySet()) {
      if (!now.containsKey(made)) {
        locate(key, made);
        given.remove(sink.segment(), 0, sink.position(), hash);
      }
    }
    now.forEach((made, row) -> {
      if (!Arrays.equals(row, before.get(made))) {
        locate(key, made);
        MemorySegment value = MemorySegment.ofArray(row);
        given.put(sink.segment(), 0, sink.position(), hash, value, 0, row.length);
      }
    });
  }

  private void locate(byte[] key, long made) {
    sink.reset();
    sink.appendBytes(key, 0, key.length);
    sink.appendLongBig(made ^ Long.MIN_VALUE);
  }

  /// The key's encoded rows made at `first` or later, of each time the last one.
  private NavigableMap<Long, byte[]> from(OrderedState table, byte[] key, long first) {
    NavigableMap<Long, byte[]> found = new TreeMap<>();
    locate(key, first);
    boolean more = table.seekAtLeast(sink.segment(), 0, sink.position());
    for (; more && isOf(table, key); more = table.next()) {
      found.put(madeAt(table, key), table.equals(given) ? value() : rowOf(table, key));
    }
    return found;
  }

  private Map.@Nullable Entry<Long, byte[]> lastBefore(byte[] key, long made) {
    locate(key, made);
    return given.seekBelow(sink.segment(), 0, sink.position()) && isOf(given, key)
        ? Map.entry(madeAt(given, key), value())
        : null;
  }

  private static boolean isOf(OrderedState table, byte[] key) {
    return table.keyLength() >= key.length + 8
        && MemorySegment.mismatch(
                table.keySegment(),
                table.keyOffset(),
                table.keyOffset() + key.length,
                MemorySegment.ofArray(key),
                0,
                key.length)
            < 0;
  }

  private static long madeAt(OrderedState table, byte[] key) {
    long big = table.keySegment().get(LONG, table.keyOffset() + key.length);
    return Long.reverseBytes(big) ^ Long.MIN_VALUE;
  }

  /// The row that was given, where the cursor stands.
  private byte[] value() {
    return given.valueSegment().asSlice(given.valueOffset(), given.valueLength()).toArray(BYTE);
  }

  /// The row of the input, a part of the key.
  private static byte[] rowOf(OrderedState table, byte[] key) {
    long skipped = key.length + 16L;
    return table
        .keySegment()
        .asSlice(table.keyOffset() + skipped, table.keyLength() - skipped)
        .toArray(BYTE);
  }

  private void emitUnless(byte @Nullable [] row, byte @Nullable [] same, long weight) {
    if (row == null || Arrays.equals(row, same)) {
      return;
    }
    try (BatchWriter one = new BatchWriter(context.allocator(), inputTypes, false, 1)) {
      codec.decode(MemorySegment.ofArray(row), 0, row.length, one, 0);
      one.endRow();
      try (DeltaBatch batch = one.finish()) {
        rows.append(batch, 0, weight, output);
      }
    }
    if (output.rows() >= DeltaBatch.TARGET_ROWS) {
      emitOutput();
    }
  }

  private void emitOutput() {
    if (output.rows() > 0) {
      context.output().emit(output.finish());
    }
  }

  @Override
  public void close() {
    output.close();
    changed.clear();
  }
}
