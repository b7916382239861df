package dev.aevum.executor.operator;

import static dev.aevum.model.batch.Memory.DOUBLE;
import static dev.aevum.model.batch.Memory.LONG;

import dev.aevum.executor.learning.ByKey;
import dev.aevum.executor.learning.ByKey.Entry;
import dev.aevum.executor.learning.Features;
import dev.aevum.executor.learning.LearningAlgorithms;
import dev.aevum.executor.learning.ModelInput;
import dev.aevum.executor.learning.ModelState;
import dev.aevum.executor.spi.ControlsModel;
import dev.aevum.model.batch.BatchWriter;
import dev.aevum.model.batch.Column;
import dev.aevum.model.batch.DeltaBatch;
import dev.aevum.model.codec.ByteSink;
import dev.aevum.model.codec.KeyCodec;
import dev.aevum.model.codec.RowCodec;
import dev.aevum.model.error.ErrorCode;
import dev.aevum.model.error.SqlException;
import dev.aevum.model.step.Watermarks;
import dev.aevum.model.type.SqlType;
import dev.aevum.planner.plan.ModelSpec;
import dev.aevum.planner.plan.PlanNode.LearnNode;
import dev.aevum.planner.plan.function.LearningSignature.Task;
import dev.aevum.storage.state.JournalState;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The models of CREATE MODEL: holds rows until their order is known, then learns them.
///
/// **Schema**: the partition's columns and the bytes of its model. **Weights**: a row of weight n
/// is learned n times; one that is taken back before it was learned leaves nothing, later it is
/// counted. A partition has one row of output, replaced at the end of a step that changed its
/// model. **State**: `(order, row) -> weight` of waiting rows, and the models, which this operator
/// holds in memory and writes to its journal once a step. **Dropped**: waiting rows as they are
/// learned.
public final class LearnOperator
    implements Operator, Flushing, TimeDriven, Sealing, KeepsRows, ControlsModel {
  private final OperatorContext context;
  private final ModelSpec spec;
  private final LearningAlgorithms algorithms;
  private final List<SqlType> inputTypes;
  private final List<SqlType> outputTypes;
  private final int order;
  private final boolean timed;
  private final long offset;
  private final WaitingRows waiting;
  private final JournalState journal;
  private final ByKey<Model> models = new ByKey<>();
  private final List<Entry<Model>> touched = new ArrayList<>();
  private final KeyCodec keyCodec;
  private final RowCodec rowCodec;
  private final KeyDecoder keyDecoder = new KeyDecoder();
  private final Column[] columns;
  private final Column[] keyColumns;
  private final ByteSink key = new ByteSink();
  private final ByteSink bytes = new ByteSink();
  private final ModelInput features;
  private final int target;
  private boolean paused;

  /// A partition's model. `state` is null until it is needed after a restart.
  private static final class Model {
    byte[] stored = new byte[0];
    @Nullable ModelState state;
    byte @Nullable [] published;
    boolean touched;
    boolean fresh;
  }

  public LearnOperator(OperatorContext context, LearnNode node, LearningAlgorithms algorithms) {
    this.context = context;
    this.spec = node.spec();
    this.algorithms = algorithms;
    this.inputTypes = node.input().schema().types();
    this.outputTypes = node.schema().types();
    this.order = node.order();
    this.timed = node.timed();
    this.offset = timed ? TimeColumns.offsetOf(node.input(), order) : 0;
    this.waiting = new WaitingRows(context.state().ordered(context.table(0)), inputTypes);
    this.journal = context.state().journal(context.table(1));
    int partition = spec.partition().size();
    this.keyCodec = new KeyCodec(inputTypes.subList(0, partition));
    this.rowCodec = new RowCodec(inputTypes);
    this.columns = new Column[inputTypes.size()];
    this.keyColumns = new Column[partition];
    this.target = spec.target() == null ? -1 : partition;
    int first = partition + (target < 0 ? 0 : 1);
    int[] places = new int[spec.features().size()];
    Arrays.setAll(places, i -> first + i);
    this.features = new ModelInput(spec, places);
    journal.takeRestored((k, keyOffset, keyLength, v, valueOffset, valueLength) -> {
      byte[] restored = bytes(k, keyOffset, keyLength);
      Model model = new Model();
      model.stored = bytes(v, valueOffset, valueLength);
      long hash = KeyCodec.hash(MemorySegment.ofArray(restored), 0, restored.length);
      var _ = models.add(restored, hash, model);
    });
  }

  static byte[] bytes(MemorySegment segment, long offset, int length) {
    byte[] copy = new byte[length];
    MemorySegment.copy(segment, offset, MemorySegment.ofArray(copy), 0, length);
    return copy;
  }

  @Override
  public void push(int input, DeltaBatch batch) {
    take(batch);
    for (int row = 0; row < batch.rows(); row++) {
      long weight = batch.weightAt(row);
      if (weight == 0) {
        continue;
      }
      long hash = encodeKey(row);
      if (paused || timed && columns[order].isNull(row)) {
        touch(hash).skip(Math.abs(weight));
      } else {
        waiting.add(columns, row, order(row), hash, weight);
      }
    }
  }

  private void take(DeltaBatch batch) {
    for (int i = 0; i < columns.length; i++) {
      columns[i] = batch.column(i);
    }
    System.arraycopy(columns, 0, keyColumns, 0, keyColumns.length);
  }

  private long order(int row) {
    if (order >= 0) {
      return columns[order].isNull(row) ? 0 : columns[order].data().get(LONG, (long) row << 3);
    }
    bytes.reset();
    rowCodec.encode(columns, row, bytes);
    return KeyCodec.hash(bytes.segment(), 0, bytes.position()) >>> 2;
  }

  private long encodeKey(int row) {
    key.reset();
    keyCodec.encode(keyColumns, row, key);
    return KeyCodec.hash(key.segment(), 0, key.position());
  }

  /// The state of the model of [#key], which is going to change.
  private ModelState touch(long hash) {
    Entry<Model> entry = models.find(key.segment(), 0, key.position(), hash);
    if (entry == null) {
      entry = models.add(key.toBytes(), hash, new Model());
    }
    return touch(entry);
  }

  private ModelState touch(Entry<Model> entry) {
    Model model = entry.value;
    if (model.state == null) {
      if (model.stored.length == 0) {
        model.state = new ModelState(spec, algorithms);
      } else {
        model.state = ModelState.decode(spec, algorithms, model.stored);
        model.stored = new byte[0];
        model.published = published(model.state);
      }
    }
    model.fresh = false;
    if (!model.touched) {
      model.touched = true;
      touched.add(entry);
    }
    return model.state;
  }

  private byte[] published(ModelState state) {
    bytes.reset();
    state.publish(bytes);
    return bytes.toBytes();
  }

  @Override
  public void flush() {
    if (!timed) {
      release(Long.MAX_VALUE);
    }
  }

  @Override
  public void advance(long watermark) {
    long bound = Watermarks.plus(watermark, offset);
    if (timed && bound != Watermarks.NONE) {
      release(bound);
    }
  }

  private void release(long bound) {
    if (!waiting.seek(bound)) {
      return;
    }
    try (BatchWriter rows =
        new BatchWriter(context.allocator(), inputTypes, true, DeltaBatch.TARGET_ROWS)) {
      do {
        waiting.decode(rows);
        rows.endRow(waiting.weight());
        if (rows.rows() == DeltaBatch.TARGET_ROWS) {
          learn(rows);
        }
      } while (waiting.next());
      learn(rows);
    }
    waiting.forget();
  }

  private void learn(BatchWriter writer) {
    try (DeltaBatch rows = writer.finish()) {
      take(rows);
      for (int row = 0; row < rows.rows(); row++) {
        learn(rows, row, rows.weightAt(row));
      }
    }
  }

  private void learn(DeltaBatch rows, int row, long weight) {
    ModelState state = touch(encodeKey(row));
    if (weight < 0) {
      if (spec.refusesRetractions()) {
        throw new SqlException(
            ErrorCode.FEATURE_NOT_SUPPORTED,
            "a row that the model has learned was taken back",
            null,
            "on_retract = 'count' counts such rows; DROP and CREATE the model to learn anew.",
            null,
            null);
      }
      state.retract(-weight);
      return;
    }
    if (target >= 0 && isMissing(row)) {
      state.skip(weight);
      return;
    }
    Features read = features.read(rows, row);
    for (long left = weight; left > 0; left--) {
      switch (spec.task()) {
        case REGRESSION ->
            state.learn(read, columns[target].data().get(DOUBLE, (long) row << 3), 0, NO_NAME);
        case TWO_CLASSES, CLASSES ->
            state.learn(
                read, 0, ModelInput.hash(columns[target], row), () -> columns[target].bytesAt(row));
        case CLUSTERS -> state.learn(read, 0, 0, NO_NAME);
      }
    }
    if (timed) {
      state.reached(columns[order].data().get(LONG, (long) row << 3));
    }
  }

  private static final ModelInput.Name NO_NAME = () -> new byte[0];

  private boolean isMissing(int row) {
    return columns[target].isNull(row)
        || spec.task() == Task.REGRESSION
            && !Double.isFinite(columns[target].data().get(DOUBLE, (long) row << 3));
  }

  @Override
  public void seal() {
    if (touched.isEmpty()) {
      return;
    }
    try (BatchWriter out =
        new BatchWriter(context.allocator(), outputTypes, true, touched.size() * 2)) {
      for (Entry<Model> entry : touched) {
        publish(entry, out);
      }
      context.output().emit(out.finish());
    }
    touched.clear();
    journal.holds(models.size(), 0);
  }

  private void publish(Entry<Model> entry, BatchWriter out) {
    Model model = entry.value;
    model.touched = false;
    byte[] before = model.published;
    if (before != null) {
      append(entry, before, -1, out);
    }
    if (model.fresh) {
      journal.remove(MemorySegment.ofArray(entry.key()), 0, entry.key().length, entry.hash());
      models.remove(entry);
      return;
    }
    ModelState state = java.util.Objects.requireNonNull(model.state);
    model.published = published(state);
    append(entry, model.published, 1, out);
    bytes.reset();
    state.encode(bytes);
    journal.put(
        MemorySegment.ofArray(entry.key()),
        0,
        entry.key().length,
        entry.hash(),
        bytes.segment(),
        0,
        bytes.position());
  }

  private void append(Entry<Model> entry, byte[] state, long weight, BatchWriter out) {
    MemorySegment partition = MemorySegment.ofArray(entry.key());
    long at = 0;
    for (int i = 0; i < keyColumns.length; i++) {
      at = keyDecoder.decode(inputTypes.get(i), partition, at, out.column(i));
    }
    out.column(keyColumns.length).appendBytes(state, 0, state.length);
    out.endRow(weight);
  }

  @Override
  public void pause(boolean on) {
    paused = on;
  }

  @Override
  public void reset() {
    models.forEach(entry -> {
      var _ = touch(entry);
      entry.value.state = new ModelState(spec, algorithms);
      entry.value.fresh = true;
    });
  }

  @Override
  public long keptKeys() {
    return models.size();
  }

  @Override
  public long keptRows() {
    return -1;
  }

  @Override
  public long oldestMicros() {
    return Watermarks.NONE;
  }

  @Override
  public void close() {
    // The tables are the backend's.
  }
}
