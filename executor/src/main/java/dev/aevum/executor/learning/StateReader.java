package dev.aevum.executor.learning;

import dev.aevum.model.error.ErrorCode;
import dev.aevum.model.error.SqlException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/// Reads what a [dev.aevum.model.codec.ByteSink] was given.
///
/// Errors: XX001 where the bytes end early, 0A000 for a form of a later server.
public final class StateReader {
  private final ByteBuffer bytes;
  private int version;

  public StateReader(byte[] bytes) {
    this.bytes = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
  }

  static SqlException corrupt(String what) {
    return new SqlException(ErrorCode.DATA_CORRUPTED, "state of a model is corrupt: " + what);
  }

  public int readByte() {
    require(1);
    return bytes.get() & 0xff;
  }

  /// Reads the version of the form of all that follows; [#version] has it from then on.
  void readVersion(int newest) {
    version = readByte();
    if (version < 1 || version > newest) {
      throw new SqlException(
          ErrorCode.FEATURE_NOT_SUPPORTED,
          "a model was written in version "
              + version
              + " of its form; this server reads up to version "
              + newest,
          null,
          "Start the server that wrote it, or a later one; or DROP and CREATE the model, which"
              + " learns anew from what its inputs hold.",
          null,
          null);
    }
  }

  /// The version that [#readVersion] read.
  int version() {
    return version;
  }

  public int readInt() {
    require(4);
    return bytes.getInt();
  }

  /// A count of things of `width` bytes that follow.
  int readCount(int width) {
    int count = readInt();
    if (count < 0 || (long) count * width > bytes.remaining()) {
      throw corrupt("a count of " + count);
    }
    return count;
  }

  public long readLong() {
    require(8);
    return bytes.getLong();
  }

  public double readDouble() {
    return Double.longBitsToDouble(readLong());
  }

  byte[] readBytes() {
    byte[] read = new byte[readCount(1)];
    bytes.get(read);
    return read;
  }

  double[] readDoubles() {
    double[] read = new double[readCount(8)];
    for (int i = 0; i < read.length; i++) {
      read[i] = bytes.getDouble();
    }
    return read;
  }

  private void require(int count) {
    if (bytes.remaining() < count) {
      throw corrupt("it ends early");
    }
  }
}
