package dev.aevum.executor.waiting;

import dev.aevum.model.batch.Column;
import dev.aevum.model.codec.ByteSink;
import dev.aevum.model.codec.KeyCodec;
import dev.aevum.model.type.SimpleType;
import dev.aevum.planner.plan.SortKey;
import java.util.Arrays;
import java.util.List;

/// Orders released rows that have one time: by the other order columns, then by arrival. Rows of
/// different partitions are ordered along, which does no harm.
final class RowTies implements TieOrder {
  private final StreamRows rows;
  private final List<SortKey> keys;
  private final boolean[] descending;
  private final boolean[] nullsFirst;

  private record Row(int id, byte[] key, long ordinal) {}

  RowTies(StreamRows rows, List<SortKey> keys) {
    this.rows = rows;
    this.keys = List.copyOf(keys);
    this.descending = new boolean[keys.size()];
    this.nullsFirst = new boolean[keys.size()];
    for (int i = 0; i < descending.length; i++) {
      descending[i] = keys.get(i).descending();
      nullsFirst[i] = keys.get(i).nullsFirst();
    }
  }

  @Override
  public void sort(int[] ids, int from, int to) {
    if (!isSorted(ids, from, to)) {
      sortRun(ids, from, to);
    }
  }

  /// Whether the run is in order, where that is told by numbers alone.
  private boolean isSorted(int[] ids, int from, int to) {
    if (keys.size() > 1 || !keys.isEmpty() && descending[0]) {
      return false;
    }
    long last = Long.MIN_VALUE;
    for (int i = from; i < to; i++) {
      long number;
      if (keys.isEmpty()) {
        number = rows.ordinal(ids[i]);
      } else {
        Column c = rows.store().column(ids[i], keys.getFirst().column());
        if (c.type() != SimpleType.BIGINT || c.isNull(RowStore.rowOf(ids[i]))) {
          return false;
        }
        number = c.longAt(RowStore.rowOf(ids[i]));
      }
      if (number <= last && i > from) {
        return false;
      }
      last = number;
    }
    return true;
  }

  private void sortRun(int[] ids, int from, int to) {
    ByteSink sink = new ByteSink();
    Row[] run = new Row[to - from];
    for (int i = from; i < to; i++) {
      int id = ids[i];
      Column[] columns =
          keys.stream().map(k -> rows.store().column(id, k.column())).toArray(Column[]::new);
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
      ids[i] = run[i - from].id();
    }
  }
}
