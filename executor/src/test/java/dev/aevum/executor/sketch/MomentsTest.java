package dev.aevum.executor.sketch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.aevum.executor.sketch.Moments.Shape;
import java.math.BigDecimal;
import java.math.MathContext;
import java.util.Random;
import org.junit.jupiter.api.Test;

/// Moments equal exact arithmetic, whatever came and went, and keep digits where sums of squares in
/// floating point lose them.
class MomentsTest {
  private static final MathContext DIGITS = new MathContext(60);

  private static double exactVariance(double[] values) {
    BigDecimal n = BigDecimal.valueOf(values.length);
    BigDecimal sum = BigDecimal.ZERO;
    BigDecimal squares = BigDecimal.ZERO;
    for (double value : values) {
      BigDecimal v = new BigDecimal(value);
      sum = sum.add(v);
      squares = squares.add(v.multiply(v));
    }
    return squares
        .multiply(n)
        .subtract(sum.multiply(sum))
        .divide(n.multiply(n), DIGITS)
        .doubleValue();
  }

  private static Moments of(Shape shape, double... values) {
    Moments moments = new Moments(shape);
    for (double value : values) {
      moments.add(value, 1);
    }
    return moments;
  }

  @Test
  void aLargeOffsetCostsNoDigits() {
    Random random = new Random(1);
    double[] values = random.doubles(1000).map(d -> 1e9 + d).toArray();
    assertThat(of(Shape.TWO, values).variance(false)).isEqualTo(exactVariance(values));
    double[] plain = random.doubles(1000).map(d -> d * 1024).toArray();
    double[] moved = new double[plain.length];
    for (int i = 0; i < plain.length; i++) {
      // On a grid that both share, so that only the offset differs.
      plain[i] = Math.rint(plain[i] * 1024) / 1024;
      moved[i] = plain[i] + 0x1p40;
    }
    assertThat(of(Shape.FOUR, moved).skewness()).isEqualTo(of(Shape.FOUR, plain).skewness());
    assertThat(of(Shape.FOUR, moved).kurtosis()).isEqualTo(of(Shape.FOUR, plain).kurtosis());
  }

  @Test
  void whateverCameAndWentLeavesTheSameBytes() {
    for (long seed = 0; seed < 100; seed++) {
      Random random = new Random(seed);
      Moments kept = new Moments(Shape.FOUR);
      Moments busy = new Moments(Shape.FOUR);
      for (int i = 0; i < 50; i++) {
        double stays = value(random);
        double goes = value(random);
        int weight = 1 + random.nextInt(3);
        kept.add(stays, weight);
        busy.add(goes, 2);
        busy.add(stays, weight);
        busy.add(goes, -2);
      }
      assertThat(Sketches.encode(busy)).as("seed " + seed).isEqualTo(Sketches.encode(kept));
      Moments parts = new Moments(Shape.FOUR);
      parts.merge(Sketches.decode(Sketches.encode(kept)));
      parts.merge(busy);
      kept.merge(Sketches.decode(Sketches.encode(kept)));
      assertThat(Sketches.encode(parts)).as("seed " + seed).isEqualTo(Sketches.encode(kept));
    }
  }

  private static double value(Random random) {
    return switch (random.nextInt(6)) {
      case 0 -> random.nextInt(10);
      case 1 -> random.nextGaussian() * 1e308 % 1e308;
      case 2 -> random.nextGaussian() * Double.MIN_NORMAL;
      case 3 -> Double.MIN_VALUE;
      case 4 -> 1e9 + random.nextDouble();
      default -> random.nextGaussian();
    };
  }

  @Test
  void varianceIsThatOfExactArithmetic() {
    for (long seed = 0; seed < 100; seed++) {
      Random random = new Random(seed);
      double[] values = random.doubles(1 + random.nextInt(40)).map(d -> d * 1e6 - 3e5).toArray();
      assertThat(of(Shape.TWO, values).variance(false))
          .as("seed " + seed)
          .isEqualTo(exactVariance(values));
      assertThat(of(Shape.TWO, values).deviation(false))
          .as("seed " + seed)
          .isCloseTo(Math.sqrt(exactVariance(values)), within(4 * Math.ulp(3e5)));
    }
  }

  @Test
  void theGreatestNumbersHaveADeviationAndNoVariance() {
    Moments moments = of(Shape.TWO, 1e308, -1e308);
    assertThat(moments.deviation(false)).isEqualTo(1e308);
    assertThat(moments.variance(false)).isInfinite();
    Moments tiny = of(Shape.TWO, Double.MIN_VALUE, -Double.MIN_VALUE);
    assertThat(tiny.deviation(false)).isEqualTo(Double.MIN_VALUE);
  }

  @Test
  void aLineIsFound() {
    Moments moments = new Moments(Shape.PAIR);
    for (int x = 0; x < 10; x++) {
      moments.add(3 * x + 2, x, 1);
    }
    assertThat(moments.slope()).isEqualTo(3);
    assertThat(moments.intercept()).isEqualTo(2);
    assertThat(moments.correlation()).isEqualTo(1);
    assertThat(moments.determination()).isEqualTo(1);
    assertThat(moments.covariance(true)).isEqualTo(27.5);
  }

  @Test
  void integersOfAllSizesAreExact() {
    Moments moments = new Moments(Shape.TWO);
    moments.addInteger(Long.MAX_VALUE, 1);
    moments.addInteger(Long.MIN_VALUE, 1);
    BigDecimal range = new BigDecimal(Long.MAX_VALUE).subtract(new BigDecimal(Long.MIN_VALUE));
    assertThat(new BigDecimal(moments.integerNumerator())).isEqualTo(range.multiply(range));
    moments.addInteger(Long.MIN_VALUE, -1);
    moments.addInteger(Long.MAX_VALUE, 1_000_000_000_000L);
    moments.addInteger(Long.MAX_VALUE, -1_000_000_000_000L);
    assertThat(moments.integerNumerator()).isZero();
  }
}
