package dev.aevum.executor.learning;

import dev.aevum.model.codec.ByteSink;
import java.util.Arrays;

/// The last rows of a leaf, as they came: a ring of features and classes. A category is kept as its
/// 64 bits.
final class LeafRows {
  private final boolean[] numeric;
  private final int width;
  private long[] ring = new long[0];
  private int size;
  private int next;

  LeafRows(boolean[] numeric) {
    this.numeric = numeric;
    this.width = numeric.length + 1;
  }

  int size() {
    return size;
  }

  int cls(int row) {
    return (int) ring[row * width + numeric.length];
  }

  double number(int row, int feature) {
    return Double.longBitsToDouble(ring[row * width + feature]);
  }

  long category(int row, int feature) {
    return ring[row * width + feature];
  }

  /// Adds a row in place of the oldest one, where there are `most` already.
  void add(Features row, int cls, int most) {
    if (size > most) {
      keepLast(most);
    }
    if (most == 0) {
      return;
    }
    int at = size < most ? size++ : next;
    next = size < most ? 0 : (at + 1) % most;
    if (ring.length < (at + 1) * width) {
      ring = Arrays.copyOf(ring, Math.min(most, Math.max(16, 2 * at)) * width);
    }
    for (int f = 0; f < numeric.length; f++) {
      ring[at * width + f] =
          numeric[f] ? Double.doubleToRawLongBits(row.numbers[f]) : row.categories[f];
    }
    ring[at * width + numeric.length] = cls;
  }

  private void keepLast(int most) {
    long[] kept = new long[most * width];
    for (int i = 0; i < most; i++) {
      int from = (next + size - most + i) % size;
      System.arraycopy(ring, from * width, kept, i * width, width);
    }
    ring = kept;
    size = most;
    next = 0;
  }

  /// Reads a row, the oldest first.
  int read(int index, Features to) {
    int at = (next + index) % size;
    for (int f = 0; f < numeric.length; f++) {
      if (numeric[f]) {
        to.numbers[f] = number(at, f);
      } else {
        to.categories[f] = category(at, f);
      }
    }
    return cls(at);
  }

  void encode(ByteSink out) {
    out.appendInt(size * width);
    for (int i = 0; i < size; i++) {
      int from = (next + i) % size;
      for (int j = 0; j < width; j++) {
        out.appendLong(ring[from * width + j]);
      }
    }
  }

  void decode(StateReader in) {
    int count = in.readCount(8);
    ring = new long[count];
    size = count / width;
    for (int i = 0; i < count; i++) {
      ring[i] = in.readLong();
    }
  }
}
