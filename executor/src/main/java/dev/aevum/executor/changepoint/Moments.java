package dev.aevum.executor.changepoint;

import static dev.aevum.model.batch.Memory.DOUBLE;

import java.lang.foreign.MemorySegment;

/// Count, mean and sum of squares about the mean of some rows (Welford; Chan, Golub and LeVeque for
/// merging). Block: three doubles; zeros are no rows. A flyweight; one thread.
final class Moments {
  static final int WIDTH = 24;

  private MemorySegment block = MemorySegment.NULL;
  private long base;

  /// A block of its own.
  static Moments onHeap() {
    Moments moments = new Moments();
    moments.open(MemorySegment.ofArray(new double[3]), 0);
    return moments;
  }

  void open(MemorySegment opened, long at) {
    block = opened;
    base = at;
  }

  double count() {
    return block.get(DOUBLE, base);
  }

  double mean() {
    return block.get(DOUBLE, base + 8);
  }

  double squares() {
    return block.get(DOUBLE, base + 16);
  }

  /// Of a sample; 0 for fewer than two rows.
  double deviation() {
    return count() < 2 ? 0 : Math.sqrt(squares() / (count() - 1));
  }

  void set(double count, double mean, double squares) {
    block.set(DOUBLE, base, count);
    block.set(DOUBLE, base + 8, mean);
    block.set(DOUBLE, base + 16, squares);
  }

  void copyFrom(Moments from) {
    set(from.count(), from.mean(), from.squares());
  }

  void add(double x) {
    double count = count() + 1;
    double change = x - mean();
    double mean = mean() + change / count;
    set(count, mean, squares() + change * (x - mean));
  }

  void addAll(Moments more) {
    double count = count() + more.count();
    if (more.count() == 0) {
      return;
    }
    double change = more.mean() - mean();
    set(
        count,
        mean() + change * more.count() / count,
        squares() + more.squares() + change * change * count() * more.count() / count);
  }

  /// Takes away rows that are part of these.
  void subtract(Moments part) {
    double left = count() - part.count();
    if (left <= 0) {
      set(0, 0, 0);
      return;
    }
    double change = mean() - part.mean();
    double mean = mean() + change * part.count() / left;
    double between = mean - part.mean();
    double squares = squares() - part.squares() - between * between * left * part.count() / count();
    set(left, mean, Math.max(0, squares));
  }
}
