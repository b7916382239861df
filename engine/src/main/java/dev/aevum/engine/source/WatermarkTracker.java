package dev.aevum.engine.source;

import dev.aevum.executor.expression.VectorExpression;
import dev.aevum.executor.kernel.EvaluationContext;
import dev.aevum.executor.kernel.Selection;
import dev.aevum.model.batch.Column;
import dev.aevum.model.batch.DeltaBatch;
import dev.aevum.model.step.Watermarks;
import java.util.HashMap;
import java.util.Map;

/// A stream's watermark: the least over its partitions of the greatest value of the watermark
/// expression seen there. A partition of which no row was seen yet holds it back, as one would
/// whose rows are old; one that gave its last row, or none for `idleAfterMicros` (0: never), does
/// not. Never falls. Thread-safe.
public final class WatermarkTracker {
  private static final class Partition {
    long greatest = Watermarks.NONE;
    long lastRowMicros;
    boolean ended;
  }

  private final VectorExpression expression;
  private final long idleAfterMicros;
  private final Map<Integer, Partition> partitions = new HashMap<>();
  private long watermark;
  private int known = 1;
  private long firstMicros = Long.MIN_VALUE;

  /// `start`: the watermark before the first row, as restored.
  public WatermarkTracker(VectorExpression expression, long idleAfterMicros, long start) {
    this.expression = expression;
    this.idleAfterMicros = idleAfterMicros;
    this.watermark = start;
  }

  /// Takes the rows of a batch into account; rows whose expression is NULL or fails do not count.
  public synchronized void observe(
      EvaluationContext context, int partition, DeltaBatch batch, long nowMicros) {
    Partition p = partitions.computeIfAbsent(partition, k -> new Partition());
    p.lastRowMicros = nowMicros;
    try (Column values = expression.evaluate(context, batch, Selection.all(batch.rows()))) {
      long greatest = p.greatest;
      for (int row = 0; row < values.rows(); row++) {
        if (!values.isNull(row)) {
          greatest = Math.max(greatest, values.longAt(row));
        }
      }
      p.greatest = greatest;
    } finally {
      context.errors().clear();
    }
  }

  /// The partition gives no more rows.
  public synchronized void end(int partition) {
    partitions.computeIfAbsent(partition, k -> new Partition()).ended = true;
  }

  /// The source has that many partitions.
  public synchronized void partitions(int count) {
    known = count;
  }

  /// The watermark now.
  public synchronized long watermark(long nowMicros) {
    if (firstMicros == Long.MIN_VALUE) {
      firstMicros = nowMicros;
    }
    boolean unseenMayCome = idleAfterMicros == 0 || nowMicros - firstMicros <= idleAfterMicros;
    if (partitions.size() < known && unseenMayCome) {
      return watermark;
    }
    long least = Long.MAX_VALUE;
    for (Partition p : partitions.values()) {
      boolean idle = idleAfterMicros > 0 && nowMicros - p.lastRowMicros > idleAfterMicros;
      if (!idle && !p.ended) {
        least = Math.min(least, p.greatest);
      }
    }
    if (least == Long.MAX_VALUE) {
      for (Partition p : partitions.values()) {
        watermark = Math.max(watermark, p.greatest);
      }
      return watermark;
    }
    watermark = Math.max(watermark, least);
    return watermark;
  }
}
