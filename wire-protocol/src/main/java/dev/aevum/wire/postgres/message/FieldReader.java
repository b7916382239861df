package dev.aevum.wire.postgres.message;

import dev.aevum.model.error.ErrorCode;
import dev.aevum.model.error.SqlException;

/// Reads the fields of one message; every read is checked against the end of the message. Errors:
/// 08P01 for a message too short, unterminated or too long, 22021 for text that is not UTF-8.
final class FieldReader {
  private final byte[] bytes;
  private int at;

  FieldReader(byte[] bytes) {
    this.bytes = bytes;
  }

  int position() {
    return at;
  }

  boolean atEnd() {
    return at == bytes.length;
  }

  byte readByte() {
    need(1);
    return bytes[at++];
  }

  short readShort() {
    need(2);
    short value = BigEndian.shortAt(bytes, at);
    at += 2;
    return value;
  }

  int readInt() {
    need(4);
    int value = BigEndian.intAt(bytes, at);
    at += 4;
    return value;
  }

  /// A count of fields that take at least `bytesEach` each.
  int readCount(int bytesEach) {
    int count = readShort() & 0xffff;
    if ((long) count * bytesEach > bytes.length - at) {
      throw tooShort();
    }
    return count;
  }

  /// Text up to the next zero byte.
  String readText() {
    int end = at;
    while (end < bytes.length && bytes[end] != 0) {
      end++;
    }
    if (end == bytes.length) {
      throw new SqlException(ErrorCode.PROTOCOL_VIOLATION, "invalid string in message");
    }
    String text = Utf8Text.decode(bytes, at, end - at);
    at = end + 1;
    return text;
  }

  void skip(int count) {
    if (count < 0) {
      throw new SqlException(ErrorCode.PROTOCOL_VIOLATION, "invalid message format");
    }
    need(count);
    at += count;
  }

  void end() {
    if (at != bytes.length) {
      throw new SqlException(ErrorCode.PROTOCOL_VIOLATION, "invalid message format");
    }
  }

  private void need(int count) {
    if (bytes.length - at < count) {
      throw tooShort();
    }
  }

  private static SqlException tooShort() {
    return new SqlException(ErrorCode.PROTOCOL_VIOLATION, "insufficient data left in message");
  }
}
