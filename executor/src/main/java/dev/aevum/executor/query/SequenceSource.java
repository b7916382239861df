package dev.aevum.executor.query;

import dev.aevum.executor.sequence.SequenceFold;
import dev.aevum.model.batch.Column;
import dev.aevum.model.batch.DeltaBatch;
import dev.aevum.model.codec.ByteSink;
import dev.aevum.model.codec.RowCodec;
import dev.aevum.model.step.ObjectId;
import dev.aevum.planner.plan.PlanNode.SequenceNode;
import dev.aevum.storage.state.StateBackend;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// Sequence functions over all rows of a query: in order of time, equal times in order of the
/// encoded row, as a view folds them. Rows without a time come first, unscored.
final class SequenceSource extends BufferedSource {
  private static final int TABLES_PER_CALL = 4;

  private final SequenceNode node;
  private final RowSource input;
  private final QueryContext context;

  SequenceSource(SequenceNode node, RowSource input, QueryContext context) {
    this.node = node;
    this.input = input;
    this.context = context;
  }

  private record Row(int position, long time, byte[] bytes) {}

  @Override
  boolean fill() {
    try (DeltaBatch gathered = Batches.gather(context, node.input().schema(), input);
        StateBackend tables = context.scratch().get()) {
      SequenceFold fold =
          new SequenceFold(
              context.allocator(),
              node,
              context.registry().sequenceFunctions(),
              (call, tier, width) ->
                  tables.hash(new ObjectId(0, call * TABLES_PER_CALL + tier), width));
      List<Integer> timeless = new ArrayList<>();
      int[] order = order(gathered, timeless);
      int[] unscored = timeless.stream().mapToInt(Integer::intValue).toArray();
      try (DeltaBatch rows =
          Batches.rows(context.allocator(), gathered, unscored, unscored.length)) {
        emit(Batches.append(rows, fold.withoutTime(unscored.length)));
      }
      for (int from = 0; from < order.length; from += DeltaBatch.TARGET_ROWS) {
        int[] part =
            Arrays.copyOfRange(order, from, Math.min(order.length, from + DeltaBatch.TARGET_ROWS));
        try (DeltaBatch rows = Batches.rows(context.allocator(), gathered, part, part.length)) {
          emit(Batches.append(rows, fold.fold(rows)));
        }
        context.check();
      }
    }
    return false;
  }

  private int[] order(DeltaBatch gathered, List<Integer> timeless) {
    RowCodec codec = new RowCodec(node.input().schema().types());
    Column[] columns = new Column[gathered.columnCount()];
    for (int i = 0; i < columns.length; i++) {
      columns[i] = gathered.column(i);
    }
    Column time = columns[node.timeColumn()];
    ByteSink sink = new ByteSink();
    List<Row> rows = new ArrayList<>();
    for (int i = 0; i < gathered.rows(); i++) {
      if (time.isNull(i)) {
        timeless.add(i);
        continue;
      }
      sink.reset();
      codec.encode(columns, i, sink);
      rows.add(new Row(i, time.longAt(i), sink.toBytes()));
    }
    rows.sort((a, b) ->
        a.time != b.time ? Long.compare(a.time, b.time) : Arrays.compareUnsigned(a.bytes, b.bytes));
    return rows.stream().mapToInt(Row::position).toArray();
  }

  @Override
  public void close() {
    super.close();
    input.close();
  }
}
