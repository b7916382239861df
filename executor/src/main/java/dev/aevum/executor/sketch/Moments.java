package dev.aevum.executor.sketch;

import dev.aevum.model.codec.ByteSink;
import java.math.BigInteger;

/// Count and exact sums of powers of one column, or of two columns and their product: variance,
/// covariance, regression, skewness, kurtosis without the loss of digits that sums of squares have
/// in floating point. Results are rounded once. Linear.
///
/// Of two columns `x` is the first given (PostgreSQL's dependent `Y`).
public final class Moments implements Sketch {
  /// What is summed.
  public enum Shape {
    /// x, x^2.
    TWO,
    /// x, x^2, x^3, x^4.
    FOUR,
    /// x, x^2, y, y^2, xy.
    PAIR
  }

  private static final int X = 0;
  private static final int XX = 1;
  private static final int CUBE = 2;
  private static final int FOURTH = 3;
  private static final int Y = 2;
  private static final int YY = 3;
  private static final int XY = 4;

  private final Shape shape;
  private final ExactSum[] sums;
  private final Factor x = new Factor();
  private final Factor y = new Factor();
  private final Factor product = new Factor();
  private final Factor square = new Factor();
  private long count;
  private long special;

  public Moments(Shape shape) {
    this.shape = shape;
    this.sums = new ExactSum[shape == Shape.TWO ? 2 : shape == Shape.FOUR ? 4 : 5];
    for (int i = 0; i < sums.length; i++) {
      sums[i] = new ExactSum();
    }
  }

  int columns() {
    return shape == Shape.PAIR ? 2 : 1;
  }

  public Shape shape() {
    return shape;
  }

  public void add(double value, long weight) {
    count += weight;
    if (!Double.isFinite(value)) {
      special += weight;
      return;
    }
    x.set(value);
    addPowers(weight);
  }

  public void addInteger(long value, long weight) {
    count += weight;
    x.setInteger(value);
    addPowers(weight);
  }

  private void addPowers(long weight) {
    sums[X].add(x, weight);
    square.setProduct(x, x);
    sums[XX].add(square, weight);
    if (shape == Shape.FOUR) {
      product.setProduct(square, x);
      sums[CUBE].add(product, weight);
      product.setProduct(square, square);
      sums[FOURTH].add(product, weight);
    }
  }

  /// A row of two columns.
  public void add(double first, double second, long weight) {
    count += weight;
    if (!Double.isFinite(first) || !Double.isFinite(second)) {
      special += weight;
      return;
    }
    x.set(first);
    y.set(second);
    addPowers(weight);
    sums[Y].add(y, weight);
    product.setProduct(y, y);
    sums[YY].add(product, weight);
    product.setProduct(x, y);
    sums[XY].add(product, weight);
  }

  public long count() {
    return count;
  }

  /// Rows with NaN or an infinity: nothing but the count can be said then.
  public boolean isSpecial() {
    return special != 0;
  }

  /// n times the sum of squares less the square of the sum, over integers: never negative.
  public BigInteger integerNumerator() {
    Dyadic numerator = spread(XX, X, X);
    return numerator.unscaled().shiftLeft(numerator.exponent());
  }

  private Dyadic sum(int power) {
    return sums[power].value();
  }

  /// n S_ab - S_a S_b: n^2 times a covariance.
  private Dyadic spread(int product2, int a, int b) {
    return sum(product2).times(count).minus(sum(a).times(sum(b)));
  }

  private Dyadic pairs(boolean sample) {
    return Dyadic.of(count).times(sample ? count - 1 : count);
  }

  public double mean() {
    return sum(X).over(Dyadic.of(count));
  }

  public double meanOfSecond() {
    return sum(Y).over(Dyadic.of(count));
  }

  public double variance(boolean sample) {
    return spread(XX, X, X).over(pairs(sample));
  }

  public double deviation(boolean sample) {
    return spread(XX, X, X).rootOver(pairs(sample));
  }

  public double covariance(boolean sample) {
    return spread(XY, X, Y).over(pairs(sample));
  }

  /// Sum of squared distances of the first column from its mean.
  public double squares() {
    return spread(XX, X, X).over(Dyadic.of(count));
  }

  public double squaresOfSecond() {
    return spread(YY, Y, Y).over(Dyadic.of(count));
  }

  public double products() {
    return spread(XY, X, Y).over(Dyadic.of(count));
  }

  /// NaN where a column is constant.
  public double correlation() {
    Dyadic below = spread(XX, X, X).times(spread(YY, Y, Y));
    Dyadic above = spread(XY, X, Y);
    if (below.signum() == 0) {
      return Double.NaN;
    }
    return above.signum() * above.times(above).rootOver(below);
  }

  /// Change of the first column by one of the second; NaN where the second is constant.
  public double slope() {
    Dyadic below = spread(YY, Y, Y);
    return below.signum() == 0 ? Double.NaN : spread(XY, X, Y).over(below);
  }

  /// The first column where the line has the second at 0; NaN where the second is constant.
  public double intercept() {
    Dyadic below = spread(YY, Y, Y);
    if (below.signum() == 0) {
      return Double.NaN;
    }
    Dyadic above = sum(X).times(sum(YY)).minus(sum(Y).times(sum(XY)));
    return above.over(below);
  }

  /// NaN where the second column is constant, 1 where the first is.
  public double determination() {
    Dyadic xx = spread(XX, X, X);
    Dyadic yy = spread(YY, Y, Y);
    if (yy.signum() == 0) {
      return Double.NaN;
    }
    if (xx.signum() == 0) {
      return 1;
    }
    Dyadic xy = spread(XY, X, Y);
    return xy.times(xy).over(xx.times(yy));
  }

  /// Of the population; NaN where all values are equal.
  public double skewness() {
    Dyadic second = spread(XX, X, X);
    if (second.signum() == 0) {
      return Double.NaN;
    }
    // n^3 times the third central moment.
    Dyadic third =
        sum(CUBE)
            .times(count)
            .times(count)
            .minus(sum(XX).times(sum(X)).times(count).times(3))
            .plus(sum(X).times(sum(X)).times(sum(X)).times(2));
    double root = third.times(third).rootOver(second.times(second).times(second));
    return third.signum() * root;
  }

  /// Of the population, less the 3 of a normal distribution; NaN where all values are equal.
  public double kurtosis() {
    Dyadic second = spread(XX, X, X);
    if (second.signum() == 0) {
      return Double.NaN;
    }
    Dyadic x1 = sum(X);
    Dyadic squared = x1.times(x1);
    // n^4 times the fourth central moment.
    Dyadic fourth =
        sum(FOURTH)
            .times(count)
            .times(count)
            .times(count)
            .minus(sum(CUBE).times(x1).times(count).times(count).times(4))
            .plus(sum(XX).times(squared).times(count).times(6))
            .minus(squared.times(squared).times(3));
    Dyadic below = second.times(second);
    return fourth.minus(below.times(3)).over(below);
  }

  @Override
  public int kind() {
    return Sketches.MOMENTS;
  }

  @Override
  public void merge(Sketch other) {
    if (!(other instanceof Moments o) || o.shape != shape) {
      throw Sketches.mismatch(this, other);
    }
    count += o.count;
    special += o.special;
    for (int i = 0; i < sums.length; i++) {
      sums[i].merge(o.sums[i]);
    }
  }

  @Override
  @SuppressWarnings("EnumOrdinal") // new shapes go to the end
  public void encode(ByteSink out) {
    out.appendByte(shape.ordinal());
    SketchOutput.signed(out, count);
    SketchOutput.signed(out, special);
    for (ExactSum sum : sums) {
      sum.encode(out);
    }
  }

  static Moments decode(SketchInput in) {
    Moments moments = new Moments(Shape.values()[in.number(Shape.values().length - 1)]);
    moments.count = in.signed();
    moments.special = in.signed();
    for (int i = 0; i < moments.sums.length; i++) {
      moments.sums[i] = ExactSum.decode(in);
    }
    return moments;
  }
}
