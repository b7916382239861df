package dev.aevum.executor.learning;

import dev.aevum.model.codec.ByteSink;

/// Writes what [StateReader] reads.
final class StateBytes {
  private StateBytes() {}

  static void append(ByteSink out, double value) {
    out.appendLong(Double.doubleToRawLongBits(value));
  }

  static void append(ByteSink out, double[] values, int count) {
    out.appendInt(count);
    for (int i = 0; i < count; i++) {
      append(out, values[i]);
    }
  }

  static void append(ByteSink out, byte[] bytes) {
    out.appendInt(bytes.length);
    out.appendBytes(bytes);
  }
}
