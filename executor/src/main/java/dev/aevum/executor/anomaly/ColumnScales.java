package dev.aevum.executor.anomaly;

import static dev.aevum.model.batch.Memory.DOUBLE;

import java.lang.foreign.MemorySegment;

/// The values of several columns as small numbers: moved and divided by the mean and the deviation
/// of the first rows, which never change, so that single precision is enough; and the running mean
/// and deviation of those numbers.
///
/// Block: per column `[origin f64][unit f64][mean f64][squares f64]`. A flyweight: [#open] first.
/// One thread.
final class ColumnScales {
  private static final int COLUMN = 32;
  private static final double LARGEST = 1e30;
  private static final double LEAST_DEVIATION = 1e-6;

  private final int columns;
  private final double[] scaled;
  private MemorySegment block = MemorySegment.NULL;
  private long base;

  ColumnScales(int columns) {
    this.columns = columns;
    this.scaled = new double[columns];
  }

  int width() {
    return COLUMN * columns;
  }

  void open(MemorySegment opened, long at) {
    block = opened;
    base = at;
  }

  /// Takes the origin and the unit from the first rows, `[f64 x columns] x rows` at `first`.
  void begin(MemorySegment rows, long first, int count) {
    for (int c = 0; c < columns; c++) {
      double mean = 0;
      for (int i = 0; i < count; i++) {
        mean += value(rows, first, i, c) / count;
      }
      double deviation = 0;
      for (int i = 0; i < count; i++) {
        deviation += Math.abs(value(rows, first, i, c) / 2 - mean / 2) / count;
      }
      double unit = deviation > 0 ? deviation : mean == 0 ? 0.5 : Math.abs(mean) / 2;
      block.set(DOUBLE, base + (long) COLUMN * c, mean);
      block.set(DOUBLE, base + (long) COLUMN * c + 8, Math.max(unit, Double.MIN_NORMAL));
    }
  }

  private double value(MemorySegment rows, long first, int row, int column) {
    return rows.get(DOUBLE, first + 8L * ((long) row * columns + column));
  }

  /// Reads a row; [#scaled] gives its numbers until the next one.
  void read(double[] row) {
    for (int c = 0; c < columns; c++) {
      double origin = block.get(DOUBLE, base + (long) COLUMN * c);
      double unit = block.get(DOUBLE, base + (long) COLUMN * c + 8);
      scaled[c] = Math.clamp((row[c] / 2 - origin / 2) / unit, -LARGEST, LARGEST);
    }
  }

  double scaled(int column) {
    return scaled[column];
  }

  /// The value that has this number.
  double value(int column, double number) {
    double origin = block.get(DOUBLE, base + (long) COLUMN * column);
    double unit = block.get(DOUBLE, base + (long) COLUMN * column + 8);
    return Math.clamp(2 * (origin / 2 + number * unit), -Double.MAX_VALUE, Double.MAX_VALUE);
  }

  /// The unit in which a column's numbers are, halved.
  double unit(int column) {
    return block.get(DOUBLE, base + (long) COLUMN * column + 8);
  }

  /// Deviation of the numbers of `rows` rows, never 0.
  double deviation(int column, long rows) {
    double squares = block.get(DOUBLE, base + (long) COLUMN * column + 24);
    return Math.max(LEAST_DEVIATION, Math.sqrt(squares / Math.max(1, rows)));
  }

  /// Distance of the row that was read from the mean, in deviations.
  double distance(int column, long rows) {
    double mean = block.get(DOUBLE, base + (long) COLUMN * column + 16);
    return (scaled[column] - mean) / deviation(column, rows);
  }

  /// Learns the row that was read, after `rows` others (B. Welford 1962).
  void learn(long rows) {
    for (int c = 0; c < columns; c++) {
      long at = base + (long) COLUMN * c;
      double mean = block.get(DOUBLE, at + 16);
      double change = scaled[c] - mean;
      double next = mean + change / (rows + 1);
      block.set(DOUBLE, at + 16, next);
      block.set(DOUBLE, at + 24, block.get(DOUBLE, at + 24) + change * (scaled[c] - next));
    }
  }
}
