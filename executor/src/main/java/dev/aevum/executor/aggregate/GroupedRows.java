package dev.aevum.executor.aggregate;

import dev.aevum.executor.kernel.EvaluationContext;
import dev.aevum.executor.kernel.Selection;
import dev.aevum.executor.sketch.Sketch;
import dev.aevum.model.batch.Column;
import dev.aevum.model.codec.ByteSink;
import dev.aevum.model.codec.KeyCodec;
import dev.aevum.model.codec.RowCodec;
import java.util.Arrays;

/// Aggregates over rows that are all there, by group: queries and pattern matches.
public final class GroupedRows {
  private GroupedRows() {}

  /// Row `rows[i]` belongs to group `groupOf[i]`.
  public static Column fold(
      SketchAggregate aggregate,
      EvaluationContext context,
      Column[] arguments,
      int[] rows,
      int[] groupOf,
      int groups) {
    Sketch[] sketches = new Sketch[groups];
    Arrays.setAll(sketches, g -> aggregate.create());
    aggregate.add(sketches, groupOf, arguments, Selection.of(rows, rows.length), null);
    return aggregate.emit(context, sketches, groups);
  }

  /// Puts the rows of each group in the multiset's order first. `descending` and `nullsFirst` are
  /// by column.
  public static Column evaluate(
      MultisetAggregate aggregate,
      EvaluationContext context,
      Column[] columns,
      boolean[] descending,
      int[] rows,
      int[] starts,
      int groups) {
    KeyCodec codec =
        new KeyCodec(
            Arrays.stream(columns).map(Column::type).toList(),
            descending,
            new boolean[columns.length]);
    // Of values that are equal but for their form, as 1.0 and 1.00, the least in bytes comes first.
    RowCodec forms = new RowCodec(codec.types());
    ByteSink sink = new ByteSink();
    int[] sorted = new int[rows.length];
    int[] ends = new int[groups + 1];
    int count = 0;
    for (int g = 0; g < groups; g++) {
      Entry[] entries = new Entry[starts[g + 1] - starts[g]];
      int size = 0;
      for (int i = starts[g]; i < starts[g + 1]; i++) {
        if (!KeyCodec.anyNull(columns, rows[i])) {
          sink.reset();
          codec.encode(columns, rows[i], sink);
          forms.encode(columns, rows[i], sink);
          entries[size++] = new Entry(sink.toBytes(), rows[i]);
        }
      }
      Arrays.sort(entries, 0, size, (a, b) -> Arrays.compareUnsigned(a.key, b.key));
      for (int i = 0; i < size; i++) {
        sorted[count++] = entries[i].row;
      }
      ends[g + 1] = count;
    }
    return aggregate.evaluate(context, columns, sorted, null, ends, groups);
  }

  @SuppressWarnings("ArrayRecordComponent") // Never compared.
  private record Entry(byte[] key, int row) {}
}
