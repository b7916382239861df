package dev.aevum.executor.sketch;

import dev.aevum.model.error.ErrorCode;
import dev.aevum.model.error.SqlException;
import java.math.BigInteger;
import java.util.Arrays;

/// Reads the bytes of a sketch, which may be anything: every step past the end is an error of the
/// value (22P03).
final class SketchInput {
  private final byte[] bytes;
  private int at;

  SketchInput(byte[] bytes) {
    this.bytes = bytes;
  }

  static SqlException malformed() {
    return new SqlException(ErrorCode.INVALID_BINARY_REPRESENTATION, "malformed sketch");
  }

  static void require(boolean condition) {
    if (!condition) {
      throw malformed();
    }
  }

  int left() {
    return bytes.length - at;
  }

  int unsignedByte() {
    require(at < bytes.length);
    return bytes[at++] & 0xff;
  }

  long varint() {
    long value = 0;
    for (int shift = 0; shift < 64; shift += 7) {
      int next = unsignedByte();
      value |= (long) (next & 0x7f) << shift;
      if (next < 0x80) {
        return value;
      }
    }
    throw malformed();
  }

  long signed() {
    long value = varint();
    return value >>> 1 ^ -(value & 1);
  }

  /// A number from 0 to `most`.
  int number(int most) {
    long value = varint();
    require(value >= 0 && value <= most);
    return (int) value;
  }

  double real() {
    return Double.longBitsToDouble(word());
  }

  long word() {
    long bits = 0;
    for (int i = 0; i < 64; i += 8) {
      bits |= (long) unsignedByte() << i;
    }
    return bits;
  }

  byte[] bytes(int count) {
    require(count >= 0 && count <= left());
    at += count;
    return Arrays.copyOfRange(bytes, at - count, at);
  }

  BigInteger integer() {
    int length = number(left());
    return length == 0 ? BigInteger.ZERO : new BigInteger(bytes(length));
  }

  void end() {
    require(at == bytes.length);
  }
}
