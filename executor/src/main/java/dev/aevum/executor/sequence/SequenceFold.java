package dev.aevum.executor.sequence;

import static dev.aevum.model.batch.Memory.DOUBLE;

import dev.aevum.model.batch.Column;
import dev.aevum.model.batch.ColumnWriter;
import dev.aevum.model.batch.DeltaBatch;
import dev.aevum.model.batch.Field;
import dev.aevum.model.type.SqlType;
import dev.aevum.planner.plan.PlanNode.SequenceNode;
import dev.aevum.planner.plan.SequenceCall;
import dev.aevum.planner.plan.function.SequenceFrame;
import dev.aevum.storage.state.HashState;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.function.BiConsumer;
import java.util.function.Predicate;
import org.apache.arrow.memory.BufferAllocator;
import org.jspecify.annotations.Nullable;

/// Runs the models of a node's calls over rows in order, a batch at a time.
public final class SequenceFold {
  private final BufferAllocator allocator;
  private final SequenceNode node;
  private final KeyedModels[] models;
  private final BatchKeys keys;
  private final long idleTtl;

  /// Opens the table of a call's tier, whose values have that width.
  @FunctionalInterface
  public interface Tables {
    HashState open(int call, int tier, int width);
  }

  public SequenceFold(
      BufferAllocator allocator, SequenceNode node, SequenceFunctions functions, Tables tables) {
    this.allocator = allocator;
    this.node = node;
    List<SqlType> types = node.input().schema().types();
    this.keys = new BatchKeys(types, node.partitionBy());
    this.models = new KeyedModels[node.calls().size()];
    SequenceFrame frame = node.frame();
    for (int i = 0; i < models.length; i++) {
      int call = i;
      SequenceCall c = node.calls().get(i);
      models[i] =
          new KeyedModels(
              functions.function(c.function()),
              c,
              frame,
              (tier, width) -> tables.open(call, tier, width));
    }
    this.idleTtl = frame.idleTtlMicros();
  }

  /// Event time that a key may be silent before its state is freed, or -1.
  public long idleTtl() {
    return idleTtl;
  }

  /// Keys that have a model.
  public long keys() {
    return models[0].keys();
  }

  /// Frees the state of keys whose last row is before `time`.
  public void dropIdle(long time) {
    for (KeyedModels m : models) {
      m.dropIdle(time);
    }
  }

  /// The result columns of all calls for the batch's rows, which come in order; the caller owns
  /// them.
  public Column[] fold(DeltaBatch rows) {
    keys.encode(rows);
    int count = node.schema().size() - node.input().schema().size();
    ColumnWriter[] writers = new ColumnWriter[count];
    Column[] results = new Column[count];
    try {
      open(writers, rows.rows());
      Column time = rows.column(node.timeColumn());
      for (KeyedModels m : models) {
        m.foldAll(keys, time.data(), argumentsOf(m, rows));
      }
      for (int i = 0; i < count; i++) {
        results[i] = writers[i].finish();
      }
      return results;
    } catch (RuntimeException | Error e) {
      closeAll(results);
      throw e;
    } finally {
      closeAll(writers);
    }
  }

  /// Learns the batch's rows, which come in order; nobody reads results.
  public void learn(DeltaBatch rows) {
    keys.encode(rows);
    Column time = rows.column(node.timeColumn());
    for (KeyedModels m : models) {
      m.writeNothing();
      m.foldAll(keys, time.data(), argumentsOf(m, rows));
    }
  }

  /// Gives this the state that the key has in `from`, a fold of the same node.
  public void copy(SequenceFold from, byte[] key, long hash) {
    MemorySegment segment = MemorySegment.ofArray(key);
    for (int i = 0; i < models.length; i++) {
      models[i].copy(from.models[i], segment, 0, key.length, hash);
    }
  }

  /// The models of all keys, call after call.
  public void inspect(BiConsumer<SequenceCall, ModelStatus> to) {
    for (int i = 0; i < models.length; i++) {
      SequenceCall call = node.calls().get(i);
      KeyedModels m = models[i];
      m.forEach((table, tier, at) -> to.accept(call, m.status(table, tier, at)));
    }
  }

  /// Lets the keys that satisfy the condition begin anew with their next row; returns how many.
  public long reset(Predicate<byte[]> keysToReset) {
    long count = 0;
    for (KeyedModels m : models) {
      long[] found = {0};
      m.forEach((table, tier, at) -> {
        if (keysToReset.test(m.status(table, tier, at).key())) {
          m.reset(table, at);
          found[0]++;
        }
      });
      count = found[0];
    }
    return count;
  }

  /// Results for rows without a time: NULL, or false where NULL cannot be.
  public Column[] withoutTime(int rows) {
    int width = node.input().schema().size();
    Column[] results = new Column[node.schema().size() - width];
    try {
      for (int i = 0; i < results.length; i++) {
        Field field = node.schema().field(width + i);
        try (ColumnWriter out = new ColumnWriter(allocator, field.type(), rows)) {
          for (int row = 0; row < rows; row++) {
            absent(field, out);
          }
          results[i] = out.finish();
        }
      }
      return results;
    } catch (RuntimeException | Error e) {
      closeAll(results);
      throw e;
    }
  }

  private static void absent(Field field, ColumnWriter out) {
    if (field.nullable()) {
      out.appendNull();
      return;
    }
    switch (field.type().physical()) {
      case BOOL -> out.appendBoolean(false);
      case INT16 -> out.appendShort((short) 0);
      case INT32 -> out.appendInt(0);
      case INT64 -> out.appendLong(0);
      case FLOAT32, FLOAT64, INT128, FIXED16, VARLEN -> out.appendNull();
    }
  }

  private void open(ColumnWriter[] writers, int rows) {
    int width = node.input().schema().size();
    int at = 0;
    for (int i = 0; i < models.length; i++) {
      SequenceCall call = node.calls().get(i);
      int first = at;
      for (int j = 0; j < call.results().size(); j++, at++) {
        writers[at] = new ColumnWriter(allocator, node.schema().type(width + at), rows);
      }
      models[i].writeTo(call, j -> writers[first + j]);
    }
  }

  private static KeyedModels.Arguments argumentsOf(KeyedModels m, DeltaBatch rows) {
    Column first = rows.column(m.arguments[0]);
    MemorySegment data = first.data();
    if (m.arguments.length == 1 && !first.mayHaveNulls()) {
      return (models, row) -> models.values[0] = models.finite(data.get(DOUBLE, (long) row << 3));
    }
    return (models, row) -> {
      for (int i = 0; i < models.arguments.length; i++) {
        Column column = rows.column(models.arguments[i]);
        models.values[i] =
            column.isNull(row)
                ? Double.NaN
                : models.finite(column.data().get(DOUBLE, (long) row << 3));
      }
    };
  }

  static void closeAll(@Nullable AutoCloseable[] all) {
    for (AutoCloseable one : all) {
      switch (one) {
        case null -> {}
        case Column c -> c.close();
        case ColumnWriter w -> w.close();
        default -> throw new IllegalArgumentException("not a column");
      }
    }
  }
}
