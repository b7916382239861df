package dev.aevum.storage.contents;

import dev.aevum.model.batch.Column;
import dev.aevum.model.batch.DeltaBatch;
import dev.aevum.model.codec.ByteSink;
import java.util.Arrays;

/// Turns a step's unconsolidated changes of one relation into a [Run]: encodes, sorts by bytes,
/// adds the weights of equal rows, drops zeros. One thread; reusable.
public final class RunBuilder {
  /// What it holds on to between runs, in bytes and in entries.
  private static final int KEPT_BYTES = 1 << 20;

  private static final int KEPT_ENTRIES = 1 << 15;

  private final ByteSink bytes = new ByteSink();
  private int[] ends = new int[1025];
  private int[] keyLengths = new int[1024];
  private long[] weights = new long[1024];
  private int count;

  public boolean isEmpty() {
    return count == 0;
  }

  public void add(ContentsLayout layout, DeltaBatch batch) {
    int rows = batch.rows();
    Column[] columns = batch.columns().toArray(Column[]::new);
    Column[] keyColumns = layout.keyColumns(columns);
    reserve(count + rows);
    for (int row = 0; row < rows; row++) {
      long weight = batch.weightAt(row);
      if (weight == 0) {
        continue;
      }
      int start = bytes.position();
      layout.keyCodec().encode(keyColumns, row, bytes);
      keyLengths[count] = bytes.position() - start;
      layout.rowCodec().encode(columns, row, bytes);
      weights[count] = weight;
      ends[++count] = bytes.position();
    }
  }

  /// The run of all that was added; the builder is empty again.
  public Run build() {
    if (count == 0) {
      return Run.EMPTY;
    }
    byte[] source = bytes.array();
    int[] order = sorted(source);
    byte[] out = new byte[bytes.position()];
    int[] outEnds = new int[count + 1];
    int[] outKeys = new int[count];
    long[] outWeights = new long[count];
    int made = 0;
    long total = 0;
    for (int i = 0; i < count; ) {
      int entry = order[i];
      int length = ends[entry + 1] - ends[entry];
      long weight = 0;
      int same = i;
      while (same < count
          && Arrays.equals(
              source,
              ends[entry],
              ends[entry + 1],
              source,
              ends[order[same]],
              ends[order[same] + 1])) {
        weight = Math.addExact(weight, weights[order[same]]);
        same++;
      }
      i = same;
      if (weight != 0) {
        System.arraycopy(source, ends[entry], out, outEnds[made], length);
        outKeys[made] = keyLengths[entry];
        outWeights[made] = weight;
        total += weight;
        made++;
        outEnds[made] = outEnds[made - 1] + length;
      }
    }
    boolean isWhole = made == count;
    reset();
    return isWhole
        ? new Run(out, outEnds, outKeys, outWeights, total)
        : new Run(
            Arrays.copyOf(out, outEnds[made]),
            Arrays.copyOf(outEnds, made + 1),
            Arrays.copyOf(outKeys, made),
            Arrays.copyOf(outWeights, made),
            total);
  }

  private void reset() {
    bytes.reset(KEPT_BYTES);
    count = 0;
    if (weights.length > KEPT_ENTRIES) {
      ends = new int[KEPT_ENTRIES + 1];
      keyLengths = new int[KEPT_ENTRIES];
      weights = new long[KEPT_ENTRIES];
    }
  }

  private int[] sorted(byte[] source) {
    int[] order = new int[count];
    boolean inOrder = true;
    for (int i = 0; i < count; i++) {
      order[i] = i;
      inOrder = inOrder && (i == 0 || compare(source, i - 1, i) <= 0);
    }
    if (!inOrder) {
      mergeSort(source, order, new int[count], 0, count);
    }
    return order;
  }

  private int compare(byte[] source, int a, int b) {
    return Arrays.compareUnsigned(source, ends[a], ends[a + 1], source, ends[b], ends[b + 1]);
  }

  private void mergeSort(byte[] source, int[] order, int[] scratch, int from, int to) {
    if (to - from < 12) {
      for (int i = from + 1; i < to; i++) {
        int moving = order[i];
        int at = i;
        while (at > from && compare(source, order[at - 1], moving) > 0) {
          order[at] = order[at - 1];
          at--;
        }
        order[at] = moving;
      }
      return;
    }
    int middle = (from + to) >>> 1;
    mergeSort(source, order, scratch, from, middle);
    mergeSort(source, order, scratch, middle, to);
    if (compare(source, order[middle - 1], order[middle]) <= 0) {
      return;
    }
    System.arraycopy(order, from, scratch, from, to - from);
    int left = from;
    int right = middle;
    for (int i = from; i < to; i++) {
      boolean takeLeft =
          right >= to || (left < middle && compare(source, scratch[left], scratch[right]) <= 0);
      order[i] = takeLeft ? scratch[left++] : scratch[right++];
    }
  }

  private void reserve(int needed) {
    if (needed > weights.length) {
      int size = Math.max(needed, weights.length * 2);
      ends = Arrays.copyOf(ends, size + 1);
      keyLengths = Arrays.copyOf(keyLengths, size);
      weights = Arrays.copyOf(weights, size);
    }
  }
}
