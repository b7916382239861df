package dev.aevum.executor.query;

import dev.aevum.executor.operator.ForecastRows;
import dev.aevum.executor.sequence.BatchKeys;
import dev.aevum.model.batch.BatchWriter;
import dev.aevum.model.batch.DeltaBatch;
import dev.aevum.model.batch.Memory;
import dev.aevum.planner.plan.PlanNode.ForecastNode;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/// Forecasts as rows: of each key the last ones, or with `history` the last of each time.
final class ForecastSource extends BufferedSource {
  private final ForecastNode node;
  private final RowSource input;
  private final QueryContext context;

  ForecastSource(ForecastNode node, RowSource input, QueryContext context) {
    this.node = node;
    this.input = input;
    this.context = context;
  }

  @Override
  boolean fill() {
    ForecastRows rows = new ForecastRows(node);
    BatchKeys keys =
        new BatchKeys(
            node.input().schema().types(), IntStream.range(0, node.keys()).boxed().toList());
    try (DeltaBatch gathered = Batches.gather(context, node.input().schema(), input)) {
      keys.encode(gathered);
      Map<ByteBuffer, List<Integer>> kept = new LinkedHashMap<>();
      for (int row = 0; row < gathered.rows(); row++) {
        if (rows.isForecast(gathered, row)) {
          ByteBuffer key = ByteBuffer.wrap(bytes(keys, row));
          keep(kept.computeIfAbsent(key, k -> new ArrayList<>()), gathered, row, rows);
        }
      }
      try (BatchWriter out =
          new BatchWriter(context.allocator(), node.schema().types(), false, kept.size())) {
        for (List<Integer> ofKey : kept.values()) {
          for (int row : ofKey) {
            rows.append(gathered, row, 1, out);
          }
          if (out.rows() >= DeltaBatch.TARGET_ROWS) {
            emit(out.finish());
            context.check();
          }
        }
        emit(out.finish());
      }
    }
    return false;
  }

  private static byte[] bytes(BatchKeys keys, int row) {
    return keys.segment().asSlice(keys.offset(row), keys.length(row)).toArray(Memory.BYTE);
  }

  private void keep(List<Integer> ofKey, DeltaBatch gathered, int row, ForecastRows rows) {
    if (!ofKey.isEmpty()) {
      long last = rows.madeAt(gathered, ofKey.getLast());
      long made = rows.madeAt(gathered, row);
      if (!rows.isDue(last, made)) {
        return;
      }
      if (!node.history() || last == made) {
        ofKey.removeLast();
      }
    }
    ofKey.add(row);
  }

  @Override
  public void close() {
    super.close();
    input.close();
  }
}
