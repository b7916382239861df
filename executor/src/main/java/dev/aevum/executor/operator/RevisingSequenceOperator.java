package dev.aevum.executor.operator;

import static dev.aevum.model.batch.Memory.LONG;

import dev.aevum.executor.sequence.BatchKeys;
import dev.aevum.executor.sequence.ModelStatus;
import dev.aevum.executor.sequence.SequenceFold;
import dev.aevum.executor.sequence.SequenceFunctions;
import dev.aevum.model.batch.BatchWriter;
import dev.aevum.model.batch.Column;
import dev.aevum.model.batch.DeltaBatch;
import dev.aevum.model.codec.ByteSink;
import dev.aevum.model.codec.KeyCodec;
import dev.aevum.model.codec.RowCodec;
import dev.aevum.model.error.ErrorCode;
import dev.aevum.model.error.SqlException;
import dev.aevum.model.step.Watermarks;
import dev.aevum.planner.plan.PlanNode.SequenceNode;
import dev.aevum.planner.plan.SequenceCall;
import dev.aevum.planner.plan.Traits.TimeColumn;
import dev.aevum.planner.plan.function.SequenceFrame;
import dev.aevum.planner.plan.function.SequenceFrame.OnRetract;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.BiConsumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// Sequence functions in a view whose results are corrected: over input that changes at any time,
/// or with EMIT ON UPDATE.
///
/// **Schema**: the input's columns, then the results of each call. **Weights**: what the fold over
/// the rows as they are gives; a step emits the differences. **State**: per key the rows with their
/// results, the models, and a copy of the models from before the key's *anchor* time. A change at
/// or after the anchor is *replayed*: the copy is folded over the rows from there on. A change
/// before it is not: what is taken back takes its result along, what is new passes unscored, and
/// models stay. **Dropped**: where the time column keeps a promise, rows that the watermark has
/// passed (the anchor follows it); else nothing, and the anchor follows the `replay` bound.
public final class RevisingSequenceOperator
    implements Operator, Flushing, TimeDriven, KeepsRows, KeepsModels {
  private static final int TABLES_PER_CALL = 4;
  private static final int ANCHORS = 128;

  private final OperatorContext context;
  private final SequenceNode node;
  private final SequenceFrame frame;
  private final int width;
  private final int timeColumn;
  private final @Nullable TimeColumn promise;
  private final SequenceFold models;
  private final SequenceFold anchors;
  private final SequenceHistory history;
  private final RowCodec codec;
  private final RowCodec resultCodec;
  private final BatchKeys keys;
  private final ByteSink encoded = new ByteSink();
  private final BatchWriter output;
  private final BatchWriter pending;
  private final SequenceReplay replay = new SequenceReplay();
  private final byte[] unscored;
  private long bound = Watermarks.NONE;

  /// Changes of the step: by partition key, by time and row.
  private final Map<ByteBuffer, TreeMap<byte[], Long>> changes = new LinkedHashMap<>();

  public RevisingSequenceOperator(
      OperatorContext context, SequenceNode node, SequenceFunctions functions) {
    this.context = context;
    this.node = node;
    this.frame = node.frame();
    this.promise = node.time();
    this.timeColumn = node.timeColumn();
    var types = node.input().schema().types();
    this.width = types.size();
    this.models = fold(functions, 1);
    this.anchors = fold(functions, ANCHORS);
    this.history =
        new SequenceHistory(
            context.state().ordered(context.table(0)),
            context.state().hash(context.table(255), 48));
    this.codec = new RowCodec(types);
    var all = node.schema().types();
    var resultTypes = all.subList(width, all.size());
    this.resultCodec = new RowCodec(resultTypes);
    this.keys = new BatchKeys(types, node.partitionBy());
    this.output = new BatchWriter(context.allocator(), all, true, DeltaBatch.TARGET_ROWS);
    this.pending = new BatchWriter(context.allocator(), types, false, DeltaBatch.TARGET_ROWS);
    this.unscored = unscored();
  }

  private SequenceFold fold(SequenceFunctions functions, int first) {
    return new SequenceFold(
        context.allocator(),
        node,
        functions,
        (call, tier, wide) ->
            context.state().hash(context.table(first + call * TABLES_PER_CALL + tier), wide));
  }

  private byte[] unscored() {
    Column[] none = models.withoutTime(1);
    try {
      encoded.reset();
      resultCodec.encode(none, 0, encoded);
      return encoded.toBytes();
    } finally {
      Arrays.stream(none).forEach(Column::close);
    }
  }

  // Arrival.

  @Override
  public void push(int input, DeltaBatch batch) {
    Column[] columns = batch.columns().toArray(Column[]::new);
    Column time = columns[timeColumn];
    keys.encode(batch);
    for (int row = 0; row < batch.rows(); row++) {
      encoded.reset();
      if (time.isNull(row)) {
        codec.encode(columns, row, encoded);
        emit(encoded.segment(), 0, encoded.position(), unscored, batch.weightAt(row));
        continue;
      }
      encoded.appendLongBig(time.data().get(LONG, (long) row << 3) ^ Long.MIN_VALUE);
      codec.encode(columns, row, encoded);
      byte[] key = new byte[keys.length(row)];
      MemorySegment.copy(
          keys.segment(), keys.offset(row), MemorySegment.ofArray(key), 0, key.length);
      changes
          .computeIfAbsent(ByteBuffer.wrap(key), k -> new TreeMap<>(Arrays::compareUnsigned))
          .merge(encoded.toBytes(), batch.weightAt(row), Long::sum);
    }
  }

  @Override
  public void flush() {
    changes.forEach((key, rows) -> revise(bytes(key), rows));
    changes.clear();
    foldPending();
    emitOutput();
  }

  private static byte[] bytes(ByteBuffer key) {
    byte[] bytes = new byte[key.remaining()];
    key.duplicate().get(bytes);
    return bytes;
  }

  /// What one step changes of a key, in order of time.
  private void revise(byte[] key, Map<byte[], Long> rows) {
    rows.values().removeIf(w -> w == 0);
    if (rows.isEmpty()) {
      return;
    }
    long hash = KeyCodec.hash(MemorySegment.ofArray(key), 0, key.length);
    SequenceHistory.Key state = history.open(key, hash);
    byte @Nullable [] first = null;
    for (Map.Entry<byte[], Long> change : rows.entrySet()) {
      long time = SequenceHistory.time(change.getKey());
      refuse(change.getValue(), state, time);
      if (isOld(state, time, change.getValue())) {
        forget(state, change.getKey(), change.getValue());
      } else {
        first = first == null ? change.getKey() : first;
        state.change(change.getKey(), change.getValue());
      }
    }
    if (first == null) {
      return;
    }
    boolean inOrder = SequenceHistory.time(first) > state.lastTime();
    if (!inOrder && frame.onRetract() != OnRetract.FORGET) {
      // Models are to be as before the anchor when the rows are folded: those of this key only.
      foldPending();
      models.copy(anchors, key, hash);
      state.walk(state.anchorTime(), row -> replay(state, row, true));
      state.countReplayed();
    } else {
      long from = SequenceHistory.time(first);
      state.walk(from, row -> replay(state, row, false));
    }
    if (follows(state)) {
      foldPending();
      moveAnchor(state);
    }
    state.save();
  }

  /// Errors: 0A000 where a retraction is to stop the view.
  private void refuse(long weight, SequenceHistory.Key state, long time) {
    if (weight < 0 && frame.onRetract() == OnRetract.ERROR && time <= state.lastTime()) {
      throw new SqlException(
          ErrorCode.FEATURE_NOT_SUPPORTED,
          "a row that " + node.calls().getFirst().function().name() + " has learned was taken back",
          null,
          "Use on_retract => 'replay' (the default) or 'forget'.",
          null,
          null);
    }
  }

  private boolean isOld(SequenceHistory.Key state, long time, long weight) {
    return frame.onRetract() == OnRetract.FORGET
        ? time < state.lastTime() || weight < 0
        : time < state.anchorTime();
  }

  /// A change that models do not see.
  private void forget(SequenceHistory.Key state, byte[] row, long weight) {
    SequenceHistory.Row found = state.row(row);
    if (found.results().size() + weight < 0) {
      throw new IllegalStateException("a row was taken back that never came");
    }
    for (long n = weight; n > 0; n--) {
      found.results().add(unscored);
      emit(row, unscored, 1);
    }
    for (long n = weight; n < 0 && !found.results().isEmpty(); n++) {
      emit(row, found.results().removeLast(), -1);
    }
    found.settle();
    state.put(found);
    state.countForgotten(Math.abs(weight));
  }

  // Folding.

  /// @param all also what was folded before
  private void replay(SequenceHistory.Key state, SequenceHistory.Row row, boolean all) {
    // Copies that are gone.
    while (row.results().size() > row.count()) {
      emit(row.bytes(), row.results().removeLast(), -1);
    }
    if (row.count() == 0) {
      state.put(row);
      return;
    }
    for (int copy = all ? 0 : row.results().size(); copy < row.count(); copy++) {
      codec.decode(MemorySegment.ofArray(row.bytes()), 8, row.bytes().length - 8, pending, 0);
      pending.endRow();
      replay.add(state, row, copy);
    }
    state.learned(SequenceHistory.time(row.bytes()));
    if (pending.rows() >= DeltaBatch.TARGET_ROWS) {
      foldPending();
    }
  }

  private void foldPending() {
    if (pending.rows() == 0) {
      return;
    }
    try (DeltaBatch rows = pending.finish()) {
      Column[] results = models.fold(rows);
      try {
        for (int i = 0; i < rows.rows(); i++) {
          encoded.reset();
          resultCodec.encode(results, i, encoded);
          judged(replay.row(i), replay.copy(i), encoded.toBytes());
        }
        replay.store();
      } finally {
        Arrays.stream(results).forEach(Column::close);
        replay.clear();
      }
    }
  }

  /// A copy of a row has this result now.
  private void judged(SequenceHistory.Row row, int copy, byte[] result) {
    if (copy == row.results().size()) {
      row.results().add(result);
    } else if (Arrays.equals(row.results().get(copy), result)) {
      return;
    } else {
      emit(row.bytes(), row.results().set(copy, result), -1);
    }
    row.alter();
    emit(row.bytes(), result, 1);
  }

  // The anchor.

  /// Whether the anchor is to move on now; with a promise it follows the watermark.
  private boolean follows(SequenceHistory.Key state) {
    return promise == null
        && frame.onRetract() != OnRetract.FORGET
        && (state.rows() > frame.replayRows() || frame.replayMicros() >= 0);
  }

  /// Learns the rows that are replayed no more, and forgets them where nothing can change them.
  private void moveAnchor(SequenceHistory.Key state) {
    long until =
        promise != null
            ? bound
            : frame.replayMicros() >= 0
                ? state.lastTime() - frame.replayMicros()
                : state.timeOfLast(frame.replayRows());
    if (until <= state.anchorTime()) {
      return;
    }
    try (BatchWriter passed =
        new BatchWriter(
            context.allocator(), node.input().schema().types(), false, DeltaBatch.TARGET_ROWS)) {
      state.pass(
          until,
          promise != null,
          row -> {
            for (int copy = 0; copy < row.count(); copy++) {
              codec.decode(
                  MemorySegment.ofArray(row.bytes()), 8, row.bytes().length - 8, passed, 0);
              passed.endRow();
            }
          });
      try (DeltaBatch rows = passed.finish()) {
        anchors.learn(rows);
      }
    }
  }

  @Override
  public void advance(long watermark) {
    if (promise != null) {
      bound = Watermarks.plus(watermark, promise.offsetMicros());
      // Keys whose rows are final now: nothing may touch them for long.
      history.below(
          bound,
          state -> {
            moveAnchor(state);
            state.save();
          });
      if (frame.idleTtlMicros() >= 0 && bound != Watermarks.NONE) {
        models.dropIdle(bound - frame.idleTtlMicros());
        anchors.dropIdle(bound - frame.idleTtlMicros());
        history.dropIdle(bound - frame.idleTtlMicros());
      }
    }
  }

  // Output.

  private void emit(byte[] row, byte[] result, long weight) {
    emit(MemorySegment.ofArray(row), 8, row.length - 8, result, weight);
  }

  private void emit(MemorySegment row, long offset, int length, byte[] result, long weight) {
    if (weight == 0) {
      return;
    }
    codec.decode(row, offset, length, output, 0);
    resultCodec.decode(MemorySegment.ofArray(result), 0, result.length, output, width);
    output.endRow(weight);
    if (output.rows() >= DeltaBatch.TARGET_ROWS) {
      emitOutput();
    }
  }

  private void emitOutput() {
    context.output().emit(output.finish());
  }

  @Override
  public void inspect(BiConsumer<SequenceCall, ModelStatus> to) {
    models.inspect(to);
  }

  @Override
  public long replayed(byte[] key) {
    return open(key).replayed();
  }

  @Override
  public long forgotten(byte[] key) {
    return open(key).forgotten();
  }

  private SequenceHistory.Key open(byte[] key) {
    return history.open(key, KeyCodec.hash(MemorySegment.ofArray(key), 0, key.length));
  }

  @Override
  public SequenceNode modelNode() {
    return node;
  }

  @Override
  public long reset(Predicate<byte[]> keysToReset) {
    history.forEach(
        keysToReset,
        state -> {
          state.barrier(promise != null);
          state.save();
        });
    anchors.reset(keysToReset);
    return models.reset(keysToReset);
  }

  @Override
  public long keptKeys() {
    return models.keys();
  }

  @Override
  public long keptRows() {
    return history.entries();
  }

  @Override
  public long oldestMicros() {
    return Watermarks.NONE;
  }

  @Override
  public void close() {
    output.close();
    pending.close();
    changes.clear();
  }
}
