package dev.aevum.executor.sequence;

import static dev.aevum.model.batch.Memory.DOUBLE;
import static dev.aevum.model.batch.Memory.LONG;

import dev.aevum.model.batch.Column;
import dev.aevum.model.batch.ColumnWriter;
import dev.aevum.model.batch.DeltaBatch;
import dev.aevum.model.batch.Field;
import dev.aevum.model.codec.ByteSink;
import dev.aevum.model.codec.KeyCodec;
import dev.aevum.model.type.IntervalValue;
import dev.aevum.model.type.SqlType;
import dev.aevum.planner.plan.PlanNode.SequenceNode;
import dev.aevum.planner.plan.SequenceCall;
import dev.aevum.storage.state.HashState;
import java.lang.foreign.MemorySegment;
import java.util.List;
import org.apache.arrow.memory.BufferAllocator;
import org.jspecify.annotations.Nullable;

/// Runs the models of a node's calls over rows in order, a batch at a time.
public final class SequenceFold {
  private final BufferAllocator allocator;
  private final SequenceNode node;
  private final KeyedModels[] models;
  private final int[] partitionBy;
  private final KeyCodec keyCodec;
  private final ByteSink keys = new ByteSink();
  private final Column[] keyColumns;
  private int[] offsets = new int[0];
  private long[] hashes = new long[0];
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
    this.partitionBy = node.partitionBy().stream().mapToInt(Integer::intValue).toArray();
    this.keyCodec = new KeyCodec(node.partitionBy().stream().map(types::get).toList());
    this.keyColumns = new Column[partitionBy.length];
    this.models = new KeyedModels[node.calls().size()];
    long idle = -1;
    for (int i = 0; i < models.length; i++) {
      int call = i;
      SequenceCall c = node.calls().get(i);
      models[i] =
          new KeyedModels(
              functions.function(c.function()),
              c,
              micros(c.options().get("reset_after")),
              (tier, width) -> tables.open(call, tier, width));
      idle = Math.max(idle, micros(c.options().get("idle_ttl")));
    }
    this.idleTtl = idle;
  }

  private static long micros(@Nullable Object interval) {
    return interval instanceof IntervalValue i ? i.fixedMicros() : -1;
  }

  /// Event time that a key may be silent before its state is freed, or -1.
  public long idleTtl() {
    return idleTtl;
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
    encodeKeys(rows);
    int count = node.schema().size() - node.input().schema().size();
    ColumnWriter[] writers = new ColumnWriter[count];
    Column[] results = new Column[count];
    try {
      open(writers, rows.rows());
      Column time = rows.column(node.timeColumn());
      MemorySegment keySegment = keys.segment();
      for (KeyedModels m : models) {
        for (int row = 0; row < rows.rows(); row++) {
          arguments(m, rows, row);
          m.fold(
              keySegment,
              offsets[row],
              offsets[row + 1] - offsets[row],
              hashes[row],
              time.data().get(LONG, (long) row << 3));
        }
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

  private static void arguments(KeyedModels m, DeltaBatch rows, int row) {
    for (int i = 0; i < m.arguments.length; i++) {
      Column column = rows.column(m.arguments[i]);
      double value = column.isNull(row) ? Double.NaN : column.data().get(DOUBLE, (long) row << 3);
      m.values[i] = Double.isFinite(value) ? value : Double.NaN;
    }
  }

  private void encodeKeys(DeltaBatch rows) {
    if (hashes.length < rows.rows()) {
      offsets = new int[rows.rows() + 1];
      hashes = new long[rows.rows()];
    }
    for (int i = 0; i < partitionBy.length; i++) {
      keyColumns[i] = rows.column(partitionBy[i]);
    }
    keys.reset();
    keyCodec.encodeAll(keyColumns, rows.rows(), keys, offsets);
    KeyCodec.hashAll(keys.segment(), offsets, rows.rows(), hashes);
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
