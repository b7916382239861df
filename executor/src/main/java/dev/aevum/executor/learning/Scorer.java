package dev.aevum.executor.learning;

import dev.aevum.model.batch.Column;
import dev.aevum.model.batch.ColumnWriter;
import dev.aevum.model.batch.DeltaBatch;
import dev.aevum.model.codec.ByteSink;
import dev.aevum.model.codec.KeyCodec;
import dev.aevum.model.type.SqlType;
import dev.aevum.planner.plan.PlanNode.PredictNode;
import dev.aevum.planner.plan.function.LearningSignature.Task;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import org.apache.arrow.memory.BufferAllocator;
import org.jspecify.annotations.Nullable;

/// The versions of a model that a [PredictNode] uses, and its predictions for rows. One thread.
public final class Scorer {
  private final BufferAllocator allocator;
  private final PredictNode node;
  private final LearningAlgorithms algorithms;
  private final ByKey<Version> versions = new ByKey<>();
  private final KeyCodec keyCodec;
  private final int[] partitionBy;
  private final Column[] keyColumns;
  private final ByteSink key = new ByteSink();
  private final ModelInput input;

  /// A model's bytes, and the model once it was needed.
  public static final class Version {
    private final byte[] bytes;
    private PublishedModel.@Nullable Predictor predictor;

    private Version(byte[] bytes) {
      this.bytes = bytes;
    }

    public byte[] bytes() {
      return bytes;
    }
  }

  public Scorer(BufferAllocator allocator, PredictNode node, LearningAlgorithms algorithms) {
    this.allocator = allocator;
    this.node = node;
    this.algorithms = algorithms;
    this.partitionBy = node.partitionBy().stream().mapToInt(Integer::intValue).toArray();
    List<SqlType> types = node.model().schema().types();
    this.keyCodec = new KeyCodec(types.subList(0, partitionBy.length));
    this.keyColumns = new Column[partitionBy.length];
    this.input =
        new ModelInput(
            node.spec(),
            node.arguments().stream()
                .skip(partitionBy.length)
                .mapToInt(Integer::intValue)
                .toArray());
  }

  /// Takes changes of the model's rows over; `changed` is told the entries that have another
  /// version now, a null value for those that have none.
  public void apply(DeltaBatch changes, Changes changed) {
    for (int row = 0; row < changes.rows(); row++) {
      for (int i = 0; i < keyColumns.length; i++) {
        keyColumns[i] = changes.column(i);
      }
      byte[] bytes = changes.column(keyColumns.length).bytesAt(row);
      long hash = encodeKey(row);
      ByKey.@Nullable Entry<Version> there = find(hash);
      if (changes.weightAt(row) > 0) {
        if (there == null) {
          there = versions.add(key.toBytes(), hash, new Version(bytes));
        } else {
          there.value = new Version(bytes);
        }
        changed.changed(there.key(), hash, there.value);
      } else if (there != null && Arrays.equals(there.value.bytes, bytes)) {
        versions.remove(there);
        changed.changed(there.key(), hash, null);
      }
    }
  }

  /// Is told of versions.
  @FunctionalInterface
  public interface Changes {
    void changed(byte[] key, long hash, @Nullable Version version);
  }

  /// A version from before a restart.
  public void restore(byte[] restoredKey, byte[] bytes) {
    long hash = KeyCodec.hash(MemorySegment.ofArray(restoredKey), 0, restoredKey.length);
    var _ = versions.add(restoredKey, hash, new Version(bytes));
  }

  private long encodeKey(int row) {
    key.reset();
    keyCodec.encode(keyColumns, row, key);
    return KeyCodec.hash(key.segment(), 0, key.position());
  }

  private ByKey.@Nullable Entry<Version> find(long hash) {
    return versions.find(key.segment(), 0, key.position(), hash);
  }

  /// The result columns for the rows; the caller owns them.
  public Column[] score(DeltaBatch rows) {
    int width = node.input().schema().size();
    int count = node.schema().size() - width;
    ColumnWriter[] writers = new ColumnWriter[count];
    Column[] results = new Column[count];
    try {
      for (int i = 0; i < count; i++) {
        writers[i] = new ColumnWriter(allocator, node.schema().type(width + i), rows.rows());
      }
      for (int row = 0; row < rows.rows(); row++) {
        score(rows, row, writers);
      }
      for (int i = 0; i < count; i++) {
        results[i] = writers[i].finish();
      }
      return results;
    } catch (RuntimeException | Error e) {
      forEach(results, Column::close);
      throw e;
    } finally {
      forEach(writers, ColumnWriter::close);
    }
  }

  private static <T> void forEach(@Nullable T[] all, Consumer<T> action) {
    for (T one : all) {
      if (one != null) {
        action.accept(one);
      }
    }
  }

  private void score(DeltaBatch rows, int row, ColumnWriter[] out) {
    for (int i = 0; i < keyColumns.length; i++) {
      keyColumns[i] = rows.column(partitionBy[i]);
    }
    PublishedModel.@Nullable Predictor model = predictor(find(encodeKey(row)));
    if (model == null || !model.knows()) {
      forEach(out, ColumnWriter::appendNull);
      return;
    }
    Prediction said = model.predict(input.read(rows, row));
    switch (node.kind()) {
      case VALUE -> {
        if (node.spec().task() == Task.REGRESSION) {
          appendNumber(out[0], said.value);
        } else if (said.best() < 0) {
          out[0].appendNull();
        } else {
          byte[] name = model.className(said.best());
          out[0].appendBytes(name, 0, name.length);
        }
      }
      case PROBABILITY -> appendNumber(out[0], probability(model, said));
      case CLUSTER -> {
        if (said.cluster < 0) {
          out[0].appendNull();
        } else {
          out[0].appendInt(said.cluster);
        }
        appendNumber(out[1], said.value);
      }
    }
  }

  /// Of true where the classes are false and true, else of the most likely class.
  private double probability(PublishedModel.Predictor model, Prediction said) {
    int best = said.best();
    if (best < 0) {
      return Double.NaN;
    }
    boolean logical =
        node.spec().target() != null
            && node.spec().target().type() == dev.aevum.model.type.SimpleType.BOOLEAN;
    if (!logical) {
      return said.probability(best);
    }
    for (int c = 0; c < said.classes(); c++) {
      if (model.className(c).length == "true".length()) {
        return said.probability(c);
      }
    }
    return 0;
  }

  private static void appendNumber(ColumnWriter out, double value) {
    if (Double.isNaN(value)) {
      out.appendNull();
    } else {
      out.appendDouble(value);
    }
  }

  private PublishedModel.@Nullable Predictor predictor(ByKey.@Nullable Entry<Version> entry) {
    if (entry == null) {
      return null;
    }
    Version version = entry.value;
    if (version.predictor == null) {
      version.predictor = PublishedModel.predictor(node.spec(), algorithms, version.bytes);
    }
    return version.predictor;
  }
}
