package dev.aevum.executor.aggregate;

import dev.aevum.executor.sketch.Moments;
import dev.aevum.executor.sketch.Moments.Shape;

/// A figure that moments give, by PostgreSQL's name. NULL (NaN here) where PostgreSQL's is. Of two
/// arguments the first is the dependent one.
public enum Statistic {
  VAR_POP(Shape.TWO, 1, m -> m.variance(false)),
  VAR_SAMP(Shape.TWO, 2, m -> m.variance(true)),
  STDDEV_POP(Shape.TWO, 1, m -> m.deviation(false)),
  STDDEV_SAMP(Shape.TWO, 2, m -> m.deviation(true)),
  SKEWNESS(Shape.FOUR, 1, Moments::skewness),
  KURTOSIS(Shape.FOUR, 1, Moments::kurtosis),
  COVAR_POP(Shape.PAIR, 1, m -> m.covariance(false)),
  COVAR_SAMP(Shape.PAIR, 2, m -> m.covariance(true)),
  CORR(Shape.PAIR, 1, Moments::correlation),
  REGR_AVGX(Shape.PAIR, 1, Moments::meanOfSecond),
  REGR_AVGY(Shape.PAIR, 1, Moments::mean),
  REGR_SXX(Shape.PAIR, 1, Moments::squaresOfSecond),
  REGR_SYY(Shape.PAIR, 1, Moments::squares),
  REGR_SXY(Shape.PAIR, 1, Moments::products),
  REGR_SLOPE(Shape.PAIR, 1, Moments::slope),
  REGR_INTERCEPT(Shape.PAIR, 1, Moments::intercept),
  REGR_R2(Shape.PAIR, 1, Moments::determination);

  @FunctionalInterface
  private interface Figure {
    double of(Moments moments);
  }

  private final Shape shape;
  private final int leastRows;

  /// A method without state.
  @SuppressWarnings("ImmutableEnumChecker")
  private final Figure figure;

  Statistic(Shape shape, int leastRows, Figure figure) {
    this.shape = shape;
    this.leastRows = leastRows;
    this.figure = figure;
  }

  public Shape shape() {
    return shape;
  }

  /// Whether there are too few rows for a result.
  public boolean isNull(Moments moments) {
    return moments.count() < leastRows;
  }

  /// NaN for NULL; not of special moments.
  public double of(Moments moments) {
    return figure.of(moments);
  }
}
