package dev.aevum.model.type;

/// `numeric(precision, scale)`, 1 to 38 digits, scale 0 to precision: an integer scaled by
/// `10^scale`, in 64 bits up to 18 digits, else in 128.
public record DecimalType(int precision, int scale) implements SqlType {
  public static final int MAX_PRECISION = 38;
  public static final int MAX_SHORT_PRECISION = 18;

  public DecimalType {
    if (precision < 1 || precision > MAX_PRECISION || scale < 0 || scale > precision) {
      throw new IllegalArgumentException("numeric(" + precision + "," + scale + ")");
    }
  }

  @Override
  public PhysicalType physical() {
    return precision <= MAX_SHORT_PRECISION ? PhysicalType.INT64 : PhysicalType.INT128;
  }

  @Override
  public int oid() {
    return 1700;
  }

  @Override
  public int length() {
    return -1;
  }

  @Override
  public int modifier() {
    return ((precision << 16) | scale) + 4;
  }

  @Override
  public String displayName() {
    return "numeric(" + precision + "," + scale + ")";
  }
}
