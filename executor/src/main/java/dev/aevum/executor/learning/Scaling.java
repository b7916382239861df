package dev.aevum.executor.learning;

import dev.aevum.model.codec.ByteSink;

/// Numbers less their running mean, by their running deviation.
final class Scaling {
  private final Gaussian[] columns;

  Scaling(int features) {
    this.columns = new Gaussian[features];
    for (int f = 0; f < features; f++) {
      columns[f] = new Gaussian();
    }
  }

  void learn(Features row) {
    for (int f = 0; f < columns.length; f++) {
      if (row.isNumber(f) && !Double.isNaN(row.numbers[f])) {
        columns[f].add(row.numbers[f]);
      }
    }
  }

  double scaled(int feature, double x) {
    return (x - columns[feature].mean) / columns[feature].scale();
  }

  double mean(int feature) {
    return columns[feature].mean;
  }

  double scale(int feature) {
    return columns[feature].scale();
  }

  /// Takes the figures of another over.
  void copy(Scaling from) {
    for (int f = 0; f < columns.length; f++) {
      Gaussian to = columns[f];
      Gaussian other = from.columns[f];
      to.count = other.count;
      to.mean = other.mean;
      to.squares = other.squares;
      to.least = other.least;
      to.most = other.most;
    }
  }

  void encode(ByteSink out) {
    for (Gaussian column : columns) {
      column.encode(out);
    }
  }

  void decode(StateReader in) {
    for (Gaussian column : columns) {
      column.decode(in);
    }
  }
}
