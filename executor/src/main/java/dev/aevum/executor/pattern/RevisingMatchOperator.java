package dev.aevum.executor.pattern;

import dev.aevum.executor.function.FunctionRegistry;
import dev.aevum.executor.kernel.EvaluationContext;
import dev.aevum.executor.kernel.RowError;
import dev.aevum.executor.operator.Flushing;
import dev.aevum.executor.operator.KeepsInput;
import dev.aevum.executor.operator.KeepsRows;
import dev.aevum.executor.operator.Operator;
import dev.aevum.executor.operator.OperatorContext;
import dev.aevum.executor.pattern.Checkpoints.Checkpoint;
import dev.aevum.executor.waiting.RowNames;
import dev.aevum.executor.waiting.RowStore;
import dev.aevum.model.batch.BatchWriter;
import dev.aevum.model.batch.Column;
import dev.aevum.model.batch.DeltaBatch;
import dev.aevum.model.codec.ByteSink;
import dev.aevum.model.codec.KeyCodec;
import dev.aevum.model.codec.RowCodec;
import dev.aevum.model.error.SqlException;
import dev.aevum.model.type.SqlType;
import dev.aevum.planner.plan.PlanNode.MatchNode;
import dev.aevum.planner.plan.SortKey;
import dev.aevum.storage.state.OrderedState;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/// MATCH_RECOGNIZE over input that changes.
///
/// **Schema**: as [dev.aevum.planner.plan.MatchSpec] says. **Weights**: output is what the clause
/// gives over the rows as they are; a step emits the differences. Errors are part of it: they go
/// when their cause goes. **State**: all rows, `partition, order columns, row -> weight`; equal
/// rows of the order are ordered by their bytes, so that the result depends on the set of rows
/// only. **Dropped**: nothing.
///
/// A partition that a step touches is matched again, as it was and as it is: from the last
/// [Checkpoints] before the first changed row to the first row behind the last one from which on
/// both go the same way. Small partitions are matched as a whole, and others the first time after a
/// start: checkpoints are in memory only.
public final class RevisingMatchOperator implements Operator, Flushing, KeepsRows, KeepsInput {
  /// Rows between checkpoints, about.
  static final int SPACING = 32;

  /// Partitions with fewer rows have no checkpoints.
  private static final int SMALL = 128;

  /// Rows before which output changes, as the partition was and as it is; the key of the latter.
  @SuppressWarnings("ArrayRecordComponent") // Never compared.
  private record Borders(int before, int after, byte @Nullable [] key, boolean failed) {}

  private static final Borders NO_BORDERS =
      new Borders(PartitionReplay.ALL, PartitionReplay.ALL, null, false);
  private static final Borders FAILED =
      new Borders(PartitionReplay.ALL, PartitionReplay.ALL, null, true);

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
  private final KeptPartitions kept;
  private final ByteSink key = new ByteSink();

  /// Changes of the step: by partition key, by row key.
  private final Map<ByteBuffer, Map<ByteBuffer, Long>> changes = new LinkedHashMap<>();

  /// Of the larger partitions that have been matched since the start.
  private final Map<ByteBuffer, Checkpoints> checkpoints = new HashMap<>();

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
    this.kept =
        new KeptPartitions(
            rows, context.allocator(), plan, codec, partitionCodec, partitionColumns);
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
    NavigableMap<byte[], Long> undone = new TreeMap<>(Arrays::compareUnsigned);
    kept.before(partition);
    changed.forEach((rowKey, weight) -> {
      if (weight != 0) {
        rows.addLong(MemorySegment.ofBuffer(rowKey), 0, rowKey.remaining(), hash, weight);
        byte[] bytes = new byte[rowKey.remaining()];
        rowKey.duplicate().get(bytes);
        undone.put(bytes, -weight);
      }
    });
    kept.after(partition);
    if (undone.isEmpty()) {
      return;
    }
    Checkpoints known = checkpoints.get(ByteBuffer.wrap(partition));
    Checkpoint from = known == null ? null : known.before(undone.firstKey());
    Borders borders = known == null ? NO_BORDERS : borders(partition, undone, from);
    if (borders.failed()) {
      from = null;
      borders = NO_BORDERS;
    }
    try (PartitionReplay before = replay(partition, undone, from, -1)) {
      before.limit(borders.before());
      before.runAll();
    }
    try (PartitionReplay after =
        replay(partition, new TreeMap<>(Arrays::compareUnsigned), from, 1)) {
      after.limit(borders.after());
      after.runAll();
      remember(partition, undone.firstKey(), borders, from, after);
    }
  }

  private void remember(
      byte[] partition,
      byte[] changed,
      Borders borders,
      @Nullable Checkpoint from,
      PartitionReplay after) {
    ByteBuffer key = ByteBuffer.wrap(partition);
    if (from == null && after.isAtEnd() && after.size() < SMALL) {
      checkpoints.remove(key);
      return;
    }
    checkpoints
        .computeIfAbsent(key, k -> new Checkpoints())
        .replace(changed, borders.key(), after.checkpoints());
  }

  private PartitionReplay replay(
      byte[] partition, NavigableMap<byte[], Long> undone, @Nullable Checkpoint from, long sign) {
    return new PartitionReplay(
        plan,
        context.evaluation().get(),
        scan(partition, undone, from),
        from,
        store -> new Reporting(store, sign),
        store -> new Adding(store, sign));
  }

  private PartitionScan scan(
      byte[] partition, NavigableMap<byte[], Long> undone, @Nullable Checkpoint from) {
    return new PartitionScan(
        rows, partition, codec, undone, from == null ? partition : from.from());
  }

  /// Where the partition as it was and as it is go the same way again.
  private Borders borders(
      byte[] partition, NavigableMap<byte[], Long> undone, @Nullable Checkpoint from) {
    EvaluationContext evaluation = context.evaluation().get();
    try (PartitionReplay before =
            new PartitionReplay(plan, evaluation, scan(partition, undone, from), from);
        PartitionReplay after =
            new PartitionReplay(
                plan,
                evaluation,
                scan(partition, new TreeMap<>(Arrays::compareUnsigned), from),
                from)) {
      int tried = plan.rowsBefore;
      while (!before.isAtEnd() || !after.isAtEnd()) {
        if (!before.isAtEnd()) {
          before.advance();
        }
        if (!after.isAtEnd()) {
          after.advance();
        }
        if (before.hasFailed() || after.hasFailed()) {
          return FAILED;
        }
        int was = before.firstBehind(undone.lastKey());
        int is = after.firstBehind(undone.lastKey());
        for (; before.isSettled(was + tried) && after.isSettled(is + tried); tried++) {
          if (isSame(before, was + tried, after, is + tried)) {
            return new Borders(was + tried, is + tried, after.key(is + tried), false);
          }
        }
      }
    }
    return NO_BORDERS;
  }

  private static boolean isSame(PartitionReplay before, int was, PartitionReplay after, int is) {
    return before.isBorder(was)
        && after.isBorder(is)
        && before.isFirst(was) == after.isFirst(is)
        && before.numberAt(was) == after.numberAt(is)
        && !after.isCopy(is);
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
    return kept.count();
  }

  @Override
  public long keptRows() {
    return rows.entries();
  }

  @Override
  public long oldestMicros() {
    return kept.oldest();
  }

  @Override
  public MatchNode matchNode() {
    return plan.node;
  }

  @Override
  public List<byte[]> inputRows() {
    return kept.rows();
  }

  @Override
  public void close() {
    changes.clear();
    difference.clear();
    checkpoints.clear();
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
