package dev.aevum.executor.learning;

import dev.aevum.model.codec.ByteSink;

/// Count, mean, spread and range of numbers, updated one by one. Source: Welford 1962.
final class Gaussian {
  private static final double SQRT_2PI = Math.sqrt(2 * Math.PI);

  double count;
  double mean;
  double squares;
  double least = Double.POSITIVE_INFINITY;
  double most = Double.NEGATIVE_INFINITY;

  void add(double x) {
    count++;
    double d = x - mean;
    mean += d / count;
    squares += d * (x - mean);
    least = Math.min(least, x);
    most = Math.max(most, x);
  }

  double deviation() {
    return count < 2 ? 0 : Math.sqrt(squares / (count - 1));
  }

  /// By what numbers are divided to be of the order of one: 1 while they do not differ.
  double scale() {
    double d = deviation();
    return d > 0 && Double.isFinite(d) ? d : 1;
  }

  /// The deviation that densities use: never 0.
  private double width() {
    return Math.max(deviation(), 1e-9 + 1e-9 * Math.abs(mean));
  }

  double logDensity(double x) {
    double width = width();
    double z = (x - mean) / width;
    return -0.5 * z * z - Math.log(width * SQRT_2PI);
  }

  /// How many of the numbers are at most `x`, by the normal distribution within the range.
  double countUpTo(double x) {
    if (count == 0 || x < least) {
      return 0;
    }
    if (x >= most) {
      return count;
    }
    return count * normal((x - mean) / width());
  }

  /// The normal distribution function, error below 1.5e-7. Source: Abramowitz and Stegun 7.1.26.
  static double normal(double z) {
    double x = Math.abs(z) / Math.sqrt(2);
    double t = 1 / (1 + 0.3275911 * x);
    double poly =
        t
            * (0.254829592
                + t * (-0.284496736 + t * (1.421413741 + t * (-1.453152027 + t * 1.061405429))));
    double erf = 1 - poly * Math.exp(-x * x);
    return z >= 0 ? (1 + erf) / 2 : (1 - erf) / 2;
  }

  void encode(ByteSink out) {
    StateBytes.append(out, count);
    StateBytes.append(out, mean);
    StateBytes.append(out, squares);
    StateBytes.append(out, least);
    StateBytes.append(out, most);
  }

  void decode(StateReader in) {
    count = in.readDouble();
    mean = in.readDouble();
    squares = in.readDouble();
    least = in.readDouble();
    most = in.readDouble();
  }
}
