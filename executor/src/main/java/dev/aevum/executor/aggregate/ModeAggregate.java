package dev.aevum.executor.aggregate;

import dev.aevum.executor.kernel.EvaluationContext;
import dev.aevum.executor.kernel.Gather;
import dev.aevum.model.batch.Column;
import dev.aevum.model.batch.ColumnWriter;
import dev.aevum.model.codec.ByteSink;
import dev.aevum.model.codec.KeyCodec;
import dev.aevum.model.type.SimpleType;
import dev.aevum.model.type.SqlType;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// `mode(x)`, the most frequent value, of several the least; `entropy(x)`, the information of a
/// value in bits by the frequencies of the group. Both over runs of equal values.
public final class ModeAggregate implements MultisetAggregate {
  private final SqlType argument;
  private final boolean entropy;

  public ModeAggregate(SqlType argument, boolean entropy) {
    this.argument = argument;
    this.entropy = entropy;
  }

  @Override
  public SqlType resultType() {
    return entropy ? SimpleType.DOUBLE : argument;
  }

  @Override
  public int[] order() {
    return new int[] {0};
  }

  @Override
  public Column evaluate(
      EvaluationContext context,
      Column[] columns,
      int[] rows,
      long @Nullable [] weights,
      int[] starts,
      int groups) {
    Runs runs = new Runs(columns[0], rows, weights);
    if (!entropy) {
      int[] chosen = new int[groups];
      for (int g = 0; g < groups; g++) {
        chosen[g] = mode(runs, starts[g], starts[g + 1]);
      }
      return Gather.gatherOrNull(context.allocator(), columns[0], chosen, groups);
    }
    try (ColumnWriter out = new ColumnWriter(context.allocator(), SimpleType.DOUBLE, groups)) {
      for (int g = 0; g < groups; g++) {
        if (starts[g] == starts[g + 1]) {
          out.appendNull();
        } else {
          out.appendDouble(entropy(runs, starts[g], starts[g + 1]));
        }
      }
      return out.finish();
    }
  }

  private static int mode(Runs runs, int from, int to) {
    int best = -1;
    long most = 0;
    for (runs.start(from, to); runs.next(); ) {
      if (runs.weight > most) {
        most = runs.weight;
        best = runs.row;
      }
    }
    return best;
  }

  /// log2(n) - sum of c log2(c) / n.
  private static double entropy(Runs runs, int from, int to) {
    long total = 0;
    double sum = 0;
    for (runs.start(from, to); runs.next(); ) {
      total += runs.weight;
      sum += (double) runs.weight * StrictMath.log((double) runs.weight);
    }
    double nats = StrictMath.log((double) total) - sum / total;
    return Math.max(0, nats / StrictMath.log(2));
  }

  /// Runs of values with equal keys, which may differ in form.
  private static final class Runs {
    private final Column[] column;
    private final int[] rows;
    private final long @Nullable [] weights;
    private final KeyCodec codec;
    private final ByteSink sink = new ByteSink();
    private byte[] ahead = new byte[0];
    private int at;
    private int end;
    private int row;
    private long weight;

    Runs(Column column, int[] rows, long @Nullable [] weights) {
      this.column = new Column[] {column};
      this.rows = rows;
      this.weights = weights;
      this.codec = new KeyCodec(List.of(column.type()));
    }

    void start(int from, int to) {
      at = from;
      end = to;
      ahead = from < to ? key(from) : ahead;
    }

    private byte[] key(int position) {
      sink.reset();
      codec.encode(column, rows[position], sink);
      return sink.toBytes();
    }

    boolean next() {
      if (at == end) {
        return false;
      }
      byte[] key = ahead;
      row = rows[at];
      weight = 0;
      do {
        weight += weights == null ? 1 : weights[at];
        at++;
        ahead = at < end ? key(at) : ahead;
      } while (at < end && Arrays.equals(ahead, key));
      return true;
    }
  }
}
