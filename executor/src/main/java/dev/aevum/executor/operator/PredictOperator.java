package dev.aevum.executor.operator;

import dev.aevum.executor.learning.LearningAlgorithms;
import dev.aevum.executor.learning.Scorer;
import dev.aevum.executor.learning.Scorer.Version;
import dev.aevum.model.batch.BatchWriter;
import dev.aevum.model.batch.Column;
import dev.aevum.model.batch.DeltaBatch;
import dev.aevum.model.codec.ByteSink;
import dev.aevum.model.codec.KeyCodec;
import dev.aevum.model.type.SqlType;
import dev.aevum.planner.plan.PlanNode.PredictNode;
import dev.aevum.storage.state.JournalState;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Predictions in a view, by the model as it is at the end of the step.
///
/// **Schema**: the input's columns, then the results. **Weights**: those of the rows. A row that is
/// taken back takes the prediction back that it was given; with `refresh` rows follow their model.
/// **State**: a copy of the model's versions; where rows can be taken back or follow, all rows with
/// their predictions ([ScoredRows]).
public final class PredictOperator implements Operator, Flushing, Sealing, LeadingInput {
  private final OperatorContext context;
  private final boolean refresh;
  private final Scorer scorer;
  private final JournalState journal;
  private final @Nullable WaitingRows changed;
  private final @Nullable ScoredRows scored;
  private final List<DeltaBatch> arrived = new ArrayList<>();
  private final Map<Long, List<Touched>> touched = new LinkedHashMap<>();
  private final List<SqlType> types;
  private final KeyCodec keyCodec;
  private final int[] partitionBy;
  private final Column[] columns;
  private final Column[] keyColumns;
  private final ByteSink key = new ByteSink();

  /// A partition whose model has changed in the step.
  private static final class Touched {
    final byte[] key;
    final long hash;
    @Nullable Version version;

    Touched(byte[] key, long hash) {
      this.key = key;
      this.hash = hash;
    }
  }

  public PredictOperator(OperatorContext context, PredictNode node, LearningAlgorithms algorithms) {
    this.context = context;
    this.refresh = node.refresh();
    this.scorer = new Scorer(context.allocator(), node, algorithms);
    this.journal = context.state().journal(context.table(0));
    this.types = node.input().schema().types();
    boolean keeps = refresh || !node.input().traits().appendOnly();
    this.changed = keeps ? new WaitingRows(context.state().ordered(context.table(1)), types) : null;
    List<SqlType> results = node.schema().types().subList(types.size(), node.schema().size());
    this.scored =
        keeps ? new ScoredRows(context.state().ordered(context.table(2)), types, results) : null;
    this.partitionBy = node.partitionBy().stream().mapToInt(Integer::intValue).toArray();
    this.keyCodec = new KeyCodec(node.partitionBy().stream().map(types::get).toList());
    this.columns = new Column[types.size()];
    this.keyColumns = new Column[partitionBy.length];
    journal.takeRestored((k, keyOffset, keyLength, v, valueOffset, valueLength) ->
        scorer.restore(
            LearnOperator.bytes(k, keyOffset, keyLength),
            LearnOperator.bytes(v, valueOffset, valueLength)));
  }

  @Override
  public void push(int input, DeltaBatch batch) {
    if (input == 1) {
      scorer.apply(batch, this::touch);
      return;
    }
    if (changed == null) {
      arrived.add(batch.retain());
      return;
    }
    take(batch);
    for (int row = 0; row < batch.rows(); row++) {
      long weight = batch.weightAt(row);
      if (weight != 0) {
        changed.add(columns, row, 0, encodeKey(row), weight);
      }
    }
  }

  private void touch(byte[] modelKey, long hash, @Nullable Version version) {
    List<Touched> alike = touched.computeIfAbsent(hash, h -> new ArrayList<>());
    for (Touched t : alike) {
      if (java.util.Arrays.equals(t.key, modelKey)) {
        t.version = version;
        return;
      }
    }
    Touched added = new Touched(modelKey, hash);
    added.version = version;
    alike.add(added);
  }

  private void take(DeltaBatch batch) {
    for (int i = 0; i < columns.length; i++) {
      columns[i] = batch.column(i);
    }
    for (int i = 0; i < keyColumns.length; i++) {
      keyColumns[i] = columns[partitionBy[i]];
    }
  }

  private long encodeKey(int row) {
    key.reset();
    keyCodec.encode(keyColumns, row, key);
    return KeyCodec.hash(key.segment(), 0, key.position());
  }

  @Override
  public void flush() {
    for (DeltaBatch batch : arrived) {
      try (batch) {
        emit(batch);
      }
    }
    arrived.clear();
    if (changed == null || scored == null) {
      return;
    }
    if (refresh) {
      touched.values().forEach(alike -> alike.forEach(t -> follow(t, scored)));
    }
    if (changed.seek(1)) {
      release(changed, scored);
      changed.forget();
    }
  }

  private void emit(DeltaBatch rows) {
    Column[] results = scorer.score(rows);
    Column[] all = new Column[columns.length + results.length];
    for (int i = 0; i < columns.length; i++) {
      all[i] = rows.column(i).retain();
    }
    System.arraycopy(results, 0, all, columns.length, results.length);
    var weights = rows.weightBuffer();
    if (weights != null) {
      weights.getReferenceManager().retain();
    }
    context.output().emit(new DeltaBatch(rows.rows(), all, weights));
  }

  private void release(WaitingRows rows, ScoredRows kept) {
    try (BatchWriter writer =
        new BatchWriter(context.allocator(), types, true, DeltaBatch.TARGET_ROWS)) {
      do {
        rows.decode(writer);
        writer.endRow(rows.weight());
        if (writer.rows() == DeltaBatch.TARGET_ROWS) {
          change(writer, kept);
        }
      } while (rows.next());
      change(writer, kept);
    }
  }

  private void change(BatchWriter writer, ScoredRows kept) {
    try (DeltaBatch rows = writer.finish();
        BatchWriter out = new BatchWriter(context.allocator(), kept.types(), true, rows.rows())) {
      Column[] results = scorer.score(rows);
      try {
        take(rows);
        for (int row = 0; row < rows.rows(); row++) {
          long weight = rows.weightAt(row);
          long hash = encodeKey(row);
          if (weight > 0) {
            kept.add(key, hash, columns, results, row, weight, out);
          } else {
            kept.remove(key, hash, columns, row, -weight, out);
          }
        }
      } finally {
        for (Column result : results) {
          result.close();
        }
      }
      context.output().emit(out.finish());
    }
  }

  /// Gives the rows of a partition the predictions of its new model.
  private void follow(Touched partition, ScoredRows kept) {
    try (BatchWriter out =
        new BatchWriter(context.allocator(), kept.types(), true, DeltaBatch.TARGET_ROWS)) {
      List<ScoredRows.Kept> all = kept.of(partition.key);
      for (int from = 0; from < all.size(); from += DeltaBatch.TARGET_ROWS) {
        List<ScoredRows.Kept> part =
            all.subList(from, Math.min(all.size(), from + DeltaBatch.TARGET_ROWS));
        try (DeltaBatch rows = kept.rows(part, context.allocator())) {
          Column[] results = scorer.score(rows);
          try {
            kept.replace(partition.key, partition.hash, part, rows, results, out);
          } finally {
            for (Column result : results) {
              result.close();
            }
          }
        }
        context.output().emit(out.finish());
      }
    }
  }

  @Override
  public void seal() {
    for (List<Touched> alike : touched.values()) {
      for (Touched t : alike) {
        MemorySegment segment = MemorySegment.ofArray(t.key);
        if (t.version == null) {
          journal.remove(segment, 0, t.key.length, t.hash);
        } else {
          byte[] bytes = t.version.bytes();
          journal.put(
              segment, 0, t.key.length, t.hash, MemorySegment.ofArray(bytes), 0, bytes.length);
        }
      }
    }
    touched.clear();
  }

  @Override
  public void close() {
    arrived.forEach(DeltaBatch::close);
    arrived.clear();
  }
}
