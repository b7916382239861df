package dev.aevum.wire.postgres.message;

import dev.aevum.model.error.ErrorCode;
import dev.aevum.model.error.SqlException;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;

/// Client text, checked: PostgreSQL takes no invalid UTF-8 and no zero byte (22021).
public final class Utf8Text {
  private Utf8Text() {}

  public static String decode(byte[] bytes, int offset, int length) {
    if (isPlain(bytes, offset, length)) {
      return new String(bytes, offset, length, StandardCharsets.ISO_8859_1);
    }
    check(bytes, offset, length);
    return new String(bytes, offset, length, StandardCharsets.UTF_8);
  }

  /// Throws 22021 where the bytes are no UTF-8 text or hold a zero byte.
  public static void check(byte[] bytes, int offset, int length) {
    if (isPlain(bytes, offset, length)) {
      return;
    }
    for (int i = offset; i < offset + length; i++) {
      if (bytes[i] == 0) {
        throw invalid(bytes, i, 1);
      }
    }
    CharsetDecoder decoder =
        StandardCharsets.UTF_8
            .newDecoder()
            .onMalformedInput(CodingErrorAction.REPORT)
            .onUnmappableCharacter(CodingErrorAction.REPORT);
    ByteBuffer in = ByteBuffer.wrap(bytes, offset, length);
    CharBuffer scratch = CharBuffer.allocate(Math.min(length, 4096) + 2);
    CoderResult result;
    do {
      scratch.clear();
      result = decoder.decode(in, scratch, true);
    } while (result.isOverflow());
    if (result.isError()) {
      int at = in.position();
      throw invalid(bytes, at, Math.min(expectedLength(bytes[at]), offset + length - at));
    }
  }

  /// Only bytes 1 to 127.
  private static boolean isPlain(byte[] bytes, int offset, int length) {
    for (int i = offset; i < offset + length; i++) {
      if (bytes[i] <= 0) {
        return false;
      }
    }
    return true;
  }

  private static int expectedLength(byte lead) {
    int b = lead & 0xff;
    return b >= 0xf0 && b < 0xf8 ? 4 : b >= 0xe0 && b < 0xf0 ? 3 : b >= 0xc0 && b < 0xe0 ? 2 : 1;
  }

  private static SqlException invalid(byte[] bytes, int at, int count) {
    StringBuilder hex = new StringBuilder();
    for (int i = 0; i < count; i++) {
      hex.append(i == 0 ? "0x" : " 0x")
          .append(Character.forDigit(bytes[at + i] >> 4 & 15, 16))
          .append(Character.forDigit(bytes[at + i] & 15, 16));
    }
    return new SqlException(
        ErrorCode.CHARACTER_NOT_IN_REPERTOIRE,
        "invalid byte sequence for encoding \"UTF8\": " + hex);
  }
}
