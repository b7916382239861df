package dev.aevum.executor.pattern;

import static dev.aevum.model.batch.Memory.INT;

import dev.aevum.executor.function.FunctionRegistry;
import dev.aevum.executor.kernel.EvaluationContext;
import dev.aevum.executor.kernel.RowError;
import dev.aevum.executor.operator.Flushing;
import dev.aevum.executor.operator.KeepsRows;
import dev.aevum.executor.operator.Operator;
import dev.aevum.executor.operator.OperatorContext;
import dev.aevum.executor.waiting.RowNames;
import dev.aevum.executor.waiting.RowStore;
import dev.aevum.model.batch.BatchWriter;
import dev.aevum.model.batch.Column;
import dev.aevum.model.batch.DeltaBatch;
import dev.aevum.model.codec.ByteSink;
import dev.aevum.model.codec.KeyCodec;
import dev.aevum.model.codec.RowCodec;
import dev.aevum.model.error.SqlException;
import dev.aevum.model.step.Watermarks;
import dev.aevum.model.type.SqlType;
import dev.aevum.planner.plan.PlanNode.MatchNode;
import dev.aevum.planner.plan.SortKey;
import dev.aevum.storage.state.OrderedState;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;

/// MATCH_RECOGNIZE over input that changes.
///
/// **Schema**: as [dev.aevum.planner.plan.MatchSpec] says. **Weights**: output is what the clause
/// gives over the rows as they are; a step emits the differences. Errors are part of it: they go
/// when their cause goes. **State**: all rows, `partition, order columns, row -> weight`; equal
/// rows of the order are ordered by their bytes, so that the result depends on the set of rows
/// only. **Dropped**: nothing.
///
/// A partition that a step touches is matched again, as it was and as it is.
public final class RevisingMatchOperator implements Operator, Flushing, KeepsRows {
  private final OperatorContext context;
  private final MatchPlan plan;
  private final OrderedState rows;
  private final List<SqlType> types;
  private final List<SqlType> outputTypes;
  private final RowCodec codec;
  private final RowCodec outputCodec;
  private final KeyCodec partitionCodec;
  private final KeyCodec orderCodec;
  private final int[] partitionColumns;
  private final int[] orderColumns;
  private final ByteSink key = new ByteSink();

  /// Changes of the step: by partition key, by row key.
  private final Map<ByteBuffer, Map<ByteBuffer, Long>> changes = new LinkedHashMap<>();

  private final Map<ByteBuffer, Long> difference = new LinkedHashMap<>();

  public RevisingMatchOperator(OperatorContext context, MatchNode node, FunctionRegistry registry) {
    this.context = context;
    this.plan = new MatchPlan(node, registry, UnaryOperator.identity());
    this.rows = context.state().ordered(context.table(0));
    this.types = plan.inputTypes;
    this.outputTypes = node.schema().types();
    this.codec = new RowCodec(types);
    this.outputCodec = new RowCodec(outputTypes);
    this.partitionColumns = node.partitionBy().stream().mapToInt(Integer::intValue).toArray();
    this.partitionCodec = new KeyCodec(node.partitionBy().stream().map(types::get).toList());
    this.orderColumns = node.orderBy().stream().mapToInt(SortKey::column).toArray();
    boolean[] descending = new boolean[orderColumns.length];
    boolean[] nullsFirst = new boolean[orderColumns.length];
    for (int i = 0; i < orderColumns.length; i++) {
      descending[i] = node.orderBy().get(i).descending();
      nullsFirst[i] = node.orderBy().get(i).nullsFirst();
    }
    this.orderCodec =
        new KeyCodec(
            node.orderBy().stream().map(k -> types.get(k.column())).toList(),
            descending,
            nullsFirst);
  }

  @Override
  public void push(int input, DeltaBatch batch) {
    Column[] all = batch.columns().toArray(Column[]::new);
    Column[] partition = chosen(all, partitionColumns);
    Column[] order = chosen(all, orderColumns);
    for (int row = 0; row < batch.rows(); row++) {
      key.reset();
      partitionCodec.encode(partition, row, key);
      ByteBuffer partitionKey = ByteBuffer.wrap(key.toBytes());
      orderCodec.encode(order, row, key);
      int from = key.position();
      codec.encode(all, row, key);
      key.appendInt(key.position() - from);
      changes
          .computeIfAbsent(partitionKey, p -> new LinkedHashMap<>())
          .merge(ByteBuffer.wrap(key.toBytes()), batch.weightAt(row), Long::sum);
    }
  }

  private static Column[] chosen(Column[] all, int[] columns) {
    return Arrays.stream(columns).mapToObj(c -> all[c]).toArray(Column[]::new);
  }

  @Override
  public void flush() {
    for (Map.Entry<ByteBuffer, Map<ByteBuffer, Long>> change : changes.entrySet()) {
      revise(change.getKey().array(), change.getValue());
    }
    changes.clear();
    emit();
  }

  private void revise(byte[] partition, Map<ByteBuffer, Long> changed) {
    long hash = KeyCodec.hash(MemorySegment.ofArray(partition), 0, partition.length);
    match(partition, -1);
    changed.forEach((rowKey, weight) -> {
      if (weight != 0) {
        rows.addLong(MemorySegment.ofBuffer(rowKey), 0, rowKey.remaining(), hash, weight);
      }
    });
    match(partition, 1);
  }

  /// Adds the output over the partition's rows to the difference, `sign` times.
  private void match(byte[] partition, long sign) {
    EvaluationContext evaluation = context.evaluation().get();
    try (DeltaBatch all = rowsOf(partition);
        BatchMatcher matcher =
            new BatchMatcher(
                plan,
                evaluation,
                store -> new Reporting(store, sign),
                store -> new Adding(store, sign))) {
      int[] order = new int[all.rows()];
      for (int i = 0; i < order.length; i++) {
        order[i] = i;
      }
      if (order.length > 0) {
        matcher.partition(all, order, 0, order.length);
      }
    }
  }

  private DeltaBatch rowsOf(byte[] partition) {
    try (BatchWriter out =
        new BatchWriter(context.allocator(), types, false, DeltaBatch.TARGET_ROWS)) {
      MemorySegment prefix = MemorySegment.ofArray(partition);
      boolean found = rows.seekAtLeast(prefix, 0, partition.length);
      for (; found && isOf(prefix); found = rows.next()) {
        long end = rows.keyOffset() + rows.keyLength() - 4;
        int length = rows.keySegment().get(INT, end);
        for (long n = rows.valueLong(); n > 0; n--) {
          codec.decode(rows.keySegment(), end - length, length, out, 0);
          out.endRow();
        }
      }
      return out.finish();
    }
  }

  private boolean isOf(MemorySegment prefix) {
    long length = prefix.byteSize();
    return rows.keyLength() >= length
        && MemorySegment.mismatch(
                rows.keySegment(), rows.keyOffset(), rows.keyOffset() + length, prefix, 0, length)
            < 0;
  }

  private void emit() {
    try (BatchWriter out =
        new BatchWriter(context.allocator(), outputTypes, true, DeltaBatch.TARGET_ROWS)) {
      for (Map.Entry<ByteBuffer, Long> row : difference.entrySet()) {
        if (row.getValue() != 0) {
          byte[] bytes = row.getKey().array();
          outputCodec.decode(MemorySegment.ofArray(bytes), 0, bytes.length, out, 0);
          out.endRow(row.getValue());
          if (out.rows() == DeltaBatch.TARGET_ROWS) {
            context.output().emit(out.finish());
          }
        }
      }
      difference.clear();
      context.output().emit(out.finish());
    }
  }

  @Override
  public long keptKeys() {
    return -1;
  }

  @Override
  public long keptRows() {
    return rows.entries();
  }

  @Override
  public long oldestMicros() {
    return Watermarks.NONE;
  }

  @Override
  public void close() {
    changes.clear();
    difference.clear();
  }

  private final class Adding implements MeasureEvaluation.Target {
    private final RowStore store;
    private final long sign;

    Adding(RowStore store, long sign) {
      this.store = store;
      this.sign = sign;
    }

    @Override
    public void emit(DeltaBatch output, int[] frames) {
      try (output) {
        Column[] columns = output.columns().toArray(Column[]::new);
        ByteSink sink = new ByteSink();
        for (int row = 0; row < output.rows(); row++) {
          sink.reset();
          outputCodec.encode(columns, row, sink);
          difference.merge(ByteBuffer.wrap(sink.toBytes()), sign, Long::sum);
        }
      }
    }

    @Override
    public void fail(RowError error, int rowId, int frame) {
      context.errors().report(error, RowNames.of(store, rowId, partitionColumns), sign);
    }
  }

  private final class Reporting implements PatternRun.Problems {
    private final RowStore store;
    private final long sign;

    Reporting(RowStore store, long sign) {
      this.store = store;
      this.sign = sign;
    }

    @Override
    public void failMatch(SqlException error, int row) {
      context
          .errors()
          .report(
              new RowError(0, error.code(), error.text(), error.detail(), error.hint()),
              RowNames.of(store, row, partitionColumns),
              sign);
    }

    @Override
    public void report(RowError error, int rowId) {
      context.errors().report(error, RowNames.of(store, rowId), sign);
    }
  }
}
