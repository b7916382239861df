package dev.aevum.executor.operator;

import dev.aevum.executor.kernel.Gather;
import dev.aevum.executor.kernel.Selection;
import dev.aevum.executor.spi.Exchange;
import dev.aevum.model.batch.Column;
import dev.aevum.model.batch.DeltaBatch;
import dev.aevum.model.codec.ByteSink;
import dev.aevum.model.codec.KeyCodec;
import dev.aevum.model.step.Shards;
import dev.aevum.model.type.SqlType;
import dev.aevum.planner.plan.PlanNode.ExchangeNode;
import java.util.Arrays;
import java.util.List;
import java.util.function.LongSupplier;

/// Moves rows to the worker that owns the shard of their key; without keys, that of the empty key.
/// With one worker a pass-through.
///
/// **Schema**: the input's. **Weights**: linear. **State**: none. Output that comes from other
/// workers is emitted at flush, in the order of the workers.
public final class ExchangeOperator implements Operator, Flushing {
  private final OperatorContext context;
  private final Exchange exchange;
  private final int edge;
  private final int worker;
  private final int workers;
  private final LongSupplier step;
  private final KeyCodec codec;
  private final int[] keyColumns;
  private final Column[] keys;
  private final ByteSink encoded = new ByteSink();
  private int[] offsets = new int[0];
  private long[] hashes = new long[0];
  private final int[][] rowsFor;
  private final int[] counts;

  /// `edge`: the number of this exchange, the same on all workers. `step`: the step under way.
  public ExchangeOperator(
      OperatorContext context,
      ExchangeNode node,
      Exchange exchange,
      int edge,
      int worker,
      LongSupplier step) {
    this.context = context;
    this.exchange = exchange;
    this.edge = edge;
    this.worker = worker;
    this.workers = exchange.workers();
    this.step = step;
    List<SqlType> types = node.input().schema().types();
    this.codec = new KeyCodec(node.keys().stream().map(types::get).toList());
    this.keyColumns = node.keys().stream().mapToInt(Integer::intValue).toArray();
    this.keys = new Column[keyColumns.length];
    this.rowsFor = new int[workers][];
    this.counts = new int[workers];
    Arrays.fill(rowsFor, new int[0]);
  }

  @Override
  public void push(int input, DeltaBatch batch) {
    if (workers == 1) {
      context.output().emit(batch.retain());
    } else if (keyColumns.length == 0) {
      exchange.send(edge, worker, Shards.owner(ShardRange.keylessShard(), workers), batch.retain());
    } else {
      split(batch);
    }
  }

  private void split(DeltaBatch batch) {
    int rows = batch.rows();
    if (hashes.length < rows) {
      offsets = new int[rows + 1];
      hashes = new long[rows];
      for (int w = 0; w < workers; w++) {
        rowsFor[w] = new int[rows];
      }
    }
    for (int i = 0; i < keys.length; i++) {
      keys[i] = batch.column(keyColumns[i]);
    }
    encoded.reset();
    codec.encodeAll(keys, rows, encoded, offsets);
    KeyCodec.hashAll(encoded.segment(), offsets, rows, hashes);
    Arrays.fill(counts, 0);
    for (int row = 0; row < rows; row++) {
      int to = Shards.owner(Shards.ofHash(hashes[row]), workers);
      rowsFor[to][counts[to]++] = row;
    }
    for (int w = 0; w < workers; w++) {
      if (counts[w] > 0) {
        Selection chosen =
            counts[w] == rows ? Selection.all(rows) : Selection.of(rowsFor[w], counts[w]);
        exchange.send(edge, worker, w, Gather.gather(context.allocator(), batch, chosen));
      }
    }
  }

  @Override
  public void flush() {
    if (workers == 1) {
      return;
    }
    exchange.endPhase(edge, worker, step.getAsLong());
    DeltaBatch batch = exchange.receive(edge, worker, step.getAsLong());
    while (batch != null) {
      context.output().emit(batch);
      batch = exchange.receive(edge, worker, step.getAsLong());
    }
  }

  /// Ends the phase in place of [#flush] when the view has failed on this worker: what others send
  /// is thrown away.
  public void abandon() {
    if (workers == 1) {
      return;
    }
    exchange.endPhase(edge, worker, step.getAsLong());
    DeltaBatch batch = exchange.receive(edge, worker, step.getAsLong());
    while (batch != null) {
      batch.close();
      batch = exchange.receive(edge, worker, step.getAsLong());
    }
  }

  @Override
  public void close() {
    // Holds nothing.
  }
}
