package dev.aevum.executor.sketch;

import dev.aevum.model.codec.ByteSink;
import dev.aevum.model.error.ErrorCode;
import dev.aevum.model.error.SqlException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Locale;

/// Sketches as bytes: `0x53`, the format's version, the kind, the sketch. The format is stored and
/// kept by users: it only grows.
public final class Sketches {
  static final int HYPER_LOG_LOG = 1;
  static final int VALUE_BUCKETS = 2;
  static final int RANK = 3;
  static final int TOP_VALUES = 4;
  static final int COUNT_MIN = 5;
  static final int MOMENTS = 6;
  static final int NUMERIC_MOMENTS = 7;
  static final int HISTOGRAM = 8;
  static final int NOTHING = 9;
  static final int FAILURE = 10;
  private static final int MAGIC = 0x53;
  private static final int VERSION = 1;

  private Sketches() {}

  public static void encode(Sketch sketch, ByteSink out) {
    out.appendByte(MAGIC);
    out.appendByte(VERSION);
    out.appendByte(sketch.kind());
    sketch.encode(out);
  }

  public static byte[] encode(Sketch sketch) {
    ByteSink out = new ByteSink();
    encode(sketch, out);
    return out.toBytes();
  }

  public static Sketch decode(MemorySegment segment, long offset, int length) {
    byte[] bytes = new byte[length];
    MemorySegment.copy(segment, ValueLayout.JAVA_BYTE, offset, bytes, 0, length);
    return decode(bytes);
  }

  /// Errors: 22P03 for bytes that are no sketch.
  public static Sketch decode(byte[] bytes) {
    SketchInput in = new SketchInput(bytes);
    if (in.unsignedByte() != MAGIC || in.unsignedByte() != VERSION) {
      throw SketchInput.malformed();
    }
    Sketch sketch =
        switch (in.unsignedByte()) {
          case HYPER_LOG_LOG -> HyperLogLog.decode(in);
          case VALUE_BUCKETS -> ValueBuckets.decode(in);
          case RANK -> RankSketch.decode(in);
          case TOP_VALUES -> TopValues.decode(in);
          case COUNT_MIN -> CountMin.decode(in);
          case MOMENTS -> Moments.decode(in);
          case NUMERIC_MOMENTS -> NumericMoments.decode(in);
          case HISTOGRAM -> Histogram.decode(in);
          case NOTHING -> new MergedSketch();
          case FAILURE -> MergedSketch.decodeFailure(in);
          default -> throw SketchInput.malformed();
        };
    in.end();
    return sketch;
  }

  static SqlException mismatch(Sketch one, Sketch other) {
    return new SqlException(
        ErrorCode.INVALID_PARAMETER_VALUE, "cannot merge " + name(one) + " and " + name(other));
  }

  /// In words, for messages.
  public static String name(Sketch sketch) {
    return switch (sketch) {
      case HyperLogLog s -> "a sketch of distinct values";
      case ValueBuckets s -> "a sketch of percentiles";
      case RankSketch s -> "a sketch of ranks";
      case TopValues s -> "a sketch of top values";
      case CountMin s -> "a sketch of counts";
      case Moments s ->
          String.format(Locale.ROOT, "a sketch of statistics of %d columns", s.columns());
      case NumericMoments s -> "exact moments";
      case Histogram s -> "a histogram";
      case MergedSketch s -> "an empty sketch";
    };
  }
}
