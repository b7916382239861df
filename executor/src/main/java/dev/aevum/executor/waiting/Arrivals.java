package dev.aevum.executor.waiting;

import dev.aevum.executor.kernel.Gather;
import dev.aevum.model.batch.Column;
import dev.aevum.model.batch.DeltaBatch;
import java.util.Arrays;
import java.util.function.Consumer;
import org.apache.arrow.memory.BufferAllocator;

/// Turns an append-only batch into batches for a [RowStore]: chosen rows, each as often as it
/// weighs, [RowStore#CHUNK_ROWS] at most. Reused; one thread.
public final class Arrivals {
  private final BufferAllocator allocator;
  private int[] chosen = new int[0];
  private int count;

  public Arrivals(BufferAllocator allocator) {
    this.allocator = allocator;
  }

  /// Begins with a batch of so many rows.
  public void begin(int rows) {
    if (chosen.length < rows) {
      chosen = new int[rows];
    }
    count = 0;
  }

  /// Chooses a row of that weight; negative weights are a fault of the plan.
  public void choose(int row, long weight) {
    if (weight < 0) {
      throw new IllegalStateException("a retraction in append-only input");
    }
    for (long n = weight; n > 0; n--) {
      if (count == chosen.length) {
        chosen = Arrays.copyOf(chosen, count * 2);
      }
      chosen[count++] = row;
    }
  }

  /// Gives the chosen rows away, the batch itself (retained) where it is all of them.
  public void give(DeltaBatch batch, Consumer<DeltaBatch> to) {
    if (count == batch.rows() && batch.weights() == null && count <= RowStore.CHUNK_ROWS) {
      if (count > 0) {
        to.accept(batch.retain());
      }
      return;
    }
    for (int at = 0; at < count; at += RowStore.CHUNK_ROWS) {
      int end = Math.min(count, at + RowStore.CHUNK_ROWS);
      int[] part = Arrays.copyOfRange(chosen, at, end);
      Column[] columns = new Column[batch.columnCount()];
      for (int c = 0; c < columns.length; c++) {
        columns[c] = Gather.gather(allocator, batch.column(c), part, end - at);
      }
      to.accept(new DeltaBatch(end - at, columns, null));
    }
  }
}
