package dev.aevum.executor.sketch;

import dev.aevum.model.codec.ByteSink;
import java.math.BigInteger;

/// What [SketchInput] reads.
final class SketchOutput {
  private SketchOutput() {}

  static void signed(ByteSink out, long value) {
    out.appendVarint(value << 1 ^ value >> 63);
  }

  static void real(ByteSink out, double value) {
    out.appendLong(Double.doubleToLongBits(value));
  }

  static void integer(ByteSink out, BigInteger value) {
    if (value.signum() == 0) {
      out.appendVarint(0);
      return;
    }
    byte[] bytes = value.toByteArray();
    out.appendVarint(bytes.length);
    out.appendBytes(bytes);
  }
}
