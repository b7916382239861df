package dev.aevum.executor.pattern;

import dev.aevum.model.batch.Column;
import dev.aevum.model.codec.ByteSink;
import dev.aevum.model.codec.KeyCodec;
import dev.aevum.planner.plan.SortKey;
import java.util.Arrays;
import java.util.List;

/// Orders rows of a window that have one time: by the other order columns, then by arrival.
final class RowTies {
  private RowTies() {}

  private record Row(int id, byte[] key, long ordinal) {}

  /// Sorts runs of equal times from `p.tieFrom` on.
  static void sort(PartitionMatch p, StreamRows rows, int timeColumn, List<SortKey> keys) {
    boolean[] descending = new boolean[keys.size()];
    boolean[] nullsFirst = new boolean[keys.size()];
    for (int i = 0; i < descending.length; i++) {
      descending[i] = keys.get(i).descending();
      nullsFirst[i] = keys.get(i).nullsFirst();
    }
    ByteSink sink = new ByteSink();
    for (int from = p.tieFrom; from < p.size; ) {
      long time = time(p, rows, timeColumn, from);
      int to = from + 1;
      while (to < p.size && time(p, rows, timeColumn, to) == time) {
        to++;
      }
      if (to > from + 1) {
        Row[] run = new Row[to - from];
        for (int i = from; i < to; i++) {
          int id = p.rows[i];
          Column[] columns =
              keys.stream().map(k -> rows.store.column(id, k.column())).toArray(Column[]::new);
          sink.reset();
          new KeyCodec(Arrays.stream(columns).map(Column::type).toList(), descending, nullsFirst)
              .encode(columns, RowStore.rowOf(id), sink);
          run[i - from] = new Row(id, sink.toBytes(), rows.ordinal(id));
        }
        Arrays.sort(
            run,
            (a, b) -> {
              int compared = Arrays.compareUnsigned(a.key(), b.key());
              return compared != 0 ? compared : Long.compare(a.ordinal(), b.ordinal());
            });
        for (int i = from; i < to; i++) {
          p.rows[i] = run[i - from].id();
        }
      }
      from = to;
    }
  }

  private static long time(PartitionMatch p, StreamRows rows, int timeColumn, int index) {
    int id = p.rows[index];
    return MatchPlan.timeOf(rows.store.column(id, timeColumn), RowStore.rowOf(id));
  }
}
