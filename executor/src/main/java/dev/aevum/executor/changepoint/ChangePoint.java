package dev.aevum.executor.changepoint;

import static dev.aevum.model.batch.Memory.INT;
import static dev.aevum.model.batch.Memory.LONG;

import dev.aevum.executor.sequence.SequenceModel;
import dev.aevum.model.batch.ColumnWriter;
import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;

/// Finds lasting changes by one of the methods. Block: `[version i32][pad i32][learned
/// i64][method]`. A missing value passes without a result and is not learned.
public final class ChangePoint implements SequenceModel {
  private static final int VERSION = 1;
  private static final int LEARNED = 8;
  private static final int METHOD = 16;

  /// Squares of values, and sums of many, stay finite.
  private static final double LARGEST = 1e140;

  private final ChangeMethod method;
  private final ChangeResult result = new ChangeResult();
  private MemorySegment block = MemorySegment.NULL;
  private long base;

  ChangePoint(ChangeMethod method) {
    this.method = method;
  }

  @Override
  public int[] widths() {
    int[] widths = method.widths();
    for (int i = 0; i < widths.length; i++) {
      widths[i] += METHOD;
    }
    return widths;
  }

  @Override
  public void open(MemorySegment opened, long at, int tier) {
    block = opened;
    base = at;
    method.open(opened, at + METHOD, tier);
  }

  @Override
  public void begin(long keyHash) {
    block.set(INT, base, VERSION);
  }

  @Override
  public boolean isFull() {
    return method.isFull();
  }

  @Override
  public void moveFrom(SequenceModel smaller) {
    ChangePoint from = (ChangePoint) smaller;
    MemorySegment.copy(from.block, from.base, block, base, METHOD);
    method.moveFrom(from.method);
  }

  @Override
  public long learned() {
    return block.get(LONG, base + LEARNED);
  }

  @Override
  public void fold(long time, double[] arguments, @Nullable ColumnWriter[] out) {
    result.clear();
    double x = arguments[0];
    if (!Double.isNaN(x)) {
      take(time, x);
    }
    result.append(out);
  }

  /// The row as it will be appended; valid until the next.
  ChangeResult take(long time, double x) {
    long row = learned();
    result.clear();
    method.take(row, time, Math.clamp(x, -LARGEST, LARGEST), result);
    block.set(LONG, base + LEARNED, row + 1);
    return result;
  }
}
