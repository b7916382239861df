package dev.aevum.model.type;

/// The layout of a column's data buffer: Arrow's layout for the type, little endian.
public enum PhysicalType {
  /// One bit a row, least significant first.
  BOOL(0),
  INT16(2),
  INT32(4),
  INT64(8),
  /// Two's complement, low 64 bits first: Arrow's decimal128.
  INT128(16),
  FLOAT32(4),
  FLOAT64(8),
  /// uuid: the 16 bytes in text order. interval: int64 microseconds, int32 days, int32 months.
  FIXED16(16),
  /// Arrow's string view, 16 bytes: int32 length, then up to 12 bytes inline, or 4 bytes prefix,
  /// int32 buffer index, int32 offset.
  VARLEN(16);

  private final int width;

  PhysicalType(int width) {
    this.width = width;
  }

  /// Bytes a row in the data buffer; 0 for [#BOOL].
  public int width() {
    return width;
  }
}
