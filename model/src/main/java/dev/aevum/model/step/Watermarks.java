package dev.aevum.model.step;

/// Watermarks are int64 microseconds since 1970-01-01 UTC, per stream, monotone.
public final class Watermarks {
  /// Nothing is known yet: no row is late.
  public static final long NONE = Long.MIN_VALUE;

  /// The input has ended: everything is final.
  public static final long END = Long.MAX_VALUE;

  private Watermarks() {}

  /// `watermark + offset` that keeps NONE and END.
  public static long plus(long watermark, long offsetMicros) {
    return watermark == NONE || watermark == END
        ? watermark
        : Math.addExact(watermark, offsetMicros);
  }
}
