package dev.aevum.executor.sketch;

import dev.aevum.executor.numeric.PgNumeric;
import dev.aevum.model.codec.ByteSink;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.Map;
import java.util.TreeMap;

/// Count, sum and sum of squares of numeric values. PostgreSQL's results show digits by the
/// greatest display scale among the rows, so rows are counted by scale: then a retraction takes
/// back digits as exactly as it takes back value. Linear.
public final class NumericMoments implements Sketch {
  private static final int MOST_SCALE = 16_383;

  private long count;
  private long special;
  private final TreeMap<Integer, Long> scales = new TreeMap<>();
  private BigDecimal sum = BigDecimal.ZERO;
  private BigDecimal squares = BigDecimal.ZERO;

  public void add(PgNumeric value, long weight) {
    count += weight;
    if (!value.isFinite()) {
      special += weight;
      return;
    }
    BigDecimal decimal = value.decimal();
    addScale(decimal.scale(), weight);
    BigDecimal factor = BigDecimal.valueOf(weight);
    sum = sum.add(decimal.multiply(factor));
    squares = squares.add(decimal.multiply(decimal).multiply(factor));
  }

  private void addScale(int scale, long weight) {
    if (scales.merge(scale, weight, Long::sum) == 0) {
      scales.remove(scale);
    }
  }

  public long count() {
    return count;
  }

  public boolean isSpecial() {
    return special != 0;
  }

  /// n times the sum of squares less the square of the sum.
  public BigDecimal numerator() {
    int scale = scales.isEmpty() ? 0 : scales.lastKey();
    BigDecimal numerator = squares.multiply(BigDecimal.valueOf(count)).subtract(sum.multiply(sum));
    return numerator.setScale(2 * scale);
  }

  @Override
  public int kind() {
    return Sketches.NUMERIC_MOMENTS;
  }

  @Override
  public void merge(Sketch other) {
    if (!(other instanceof NumericMoments o)) {
      throw Sketches.mismatch(this, other);
    }
    count += o.count;
    special += o.special;
    o.scales.forEach(this::addScale);
    sum = sum.add(o.sum);
    squares = squares.add(o.squares);
  }

  @Override
  public void encode(ByteSink out) {
    SketchOutput.signed(out, count);
    SketchOutput.signed(out, special);
    out.appendVarint(scales.size());
    for (Map.Entry<Integer, Long> entry : scales.entrySet()) {
      SketchOutput.signed(out, entry.getKey());
      SketchOutput.signed(out, entry.getValue());
    }
    encode(sum, out);
    encode(squares, out);
  }

  private static void encode(BigDecimal value, ByteSink out) {
    BigDecimal stripped = value.signum() == 0 ? BigDecimal.ZERO : value.stripTrailingZeros();
    SketchOutput.integer(out, stripped.unscaledValue());
    SketchOutput.signed(out, stripped.scale());
  }

  static NumericMoments decode(SketchInput in) {
    NumericMoments moments = new NumericMoments();
    moments.count = in.signed();
    moments.special = in.signed();
    int scales = in.number(in.left());
    for (int i = 0; i < scales; i++) {
      int scale = scale(in.signed());
      moments.addScale(scale, in.signed());
    }
    moments.sum = decimal(in);
    moments.squares = decimal(in);
    return moments;
  }

  private static BigDecimal decimal(SketchInput in) {
    BigInteger unscaled = in.integer();
    return new BigDecimal(unscaled, scale(in.signed()));
  }

  private static int scale(long scale) {
    SketchInput.require(Math.abs(scale) <= 16L * MOST_SCALE);
    return (int) scale;
  }
}
