package dev.aevum.executor.function;

import static dev.aevum.model.batch.Memory.BYTE;

import dev.aevum.model.error.ErrorCode;
import dev.aevum.model.error.SqlException;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;

/// A LIKE pattern as the pieces between its `%`: bytes to equal, and places of `_`, which match one
/// character. The first and last piece are anchored unless the pattern begins or ends with `%`; the
/// others are found leftmost first. Matches UTF-8 bytes in place.
final class LikePattern {
  /// A piece: `any[i]` where byte i is a `_`.
  @SuppressWarnings("ArrayRecordComponent") // Never compared.
  private record Piece(byte[] bytes, boolean[] any, boolean hasAny) {
    int length() {
      return bytes.length;
    }
  }

  private final List<Piece> pieces = new ArrayList<>();
  private final boolean anchoredStart;
  private final boolean anchoredEnd;
  private final boolean foldsAscii;

  /// `foldsAscii`: upper-case ASCII of the text equals lower case; the pattern must be lower case
  /// already.
  ///
  /// Errors: 22025 for an escape character at the end.
  LikePattern(byte[] pattern, boolean foldsAscii) {
    this.foldsAscii = foldsAscii;
    byte[] bytes = new byte[pattern.length];
    boolean[] any = new boolean[pattern.length];
    int length = 0;
    boolean lastWasPercent = false;
    boolean startsAnchored = true;
    for (int i = 0; i < pattern.length; i++) {
      byte b = pattern[i];
      lastWasPercent = b == '%';
      if (b == '%') {
        startsAnchored &= i > 0;
        addPiece(bytes, any, length, startsAnchored && pieces.isEmpty());
        length = 0;
        continue;
      }
      any[length] = b == '_';
      if (b == '\\') {
        if (++i == pattern.length) {
          throw new SqlException(
              ErrorCode.INVALID_ESCAPE_SEQUENCE, "LIKE pattern must not end with escape character");
        }
        b = pattern[i];
      }
      bytes[length++] = b;
    }
    anchoredStart = startsAnchored;
    anchoredEnd = !lastWasPercent;
    if (!lastWasPercent) {
      pieces.add(cut(bytes, any, length));
    }
  }

  private void addPiece(byte[] bytes, boolean[] any, int length, boolean evenIfEmpty) {
    if (length > 0 || evenIfEmpty) {
      pieces.add(cut(bytes, any, length));
    }
  }

  private static Piece cut(byte[] bytes, boolean[] any, int length) {
    boolean has = false;
    for (int i = 0; i < length; i++) {
      has |= any[i];
    }
    return new Piece(
        java.util.Arrays.copyOf(bytes, length), java.util.Arrays.copyOf(any, length), has);
  }

  boolean matches(MemorySegment text, long offset, int length) {
    int at = 0;
    int first = 0;
    int last = pieces.size();
    if (anchoredStart && last > 0) {
      at = matchAt(pieces.get(0), text, offset, length, 0);
      if (at < 0) {
        return false;
      }
      first = 1;
      if (last == 1) {
        return !anchoredEnd || at == length;
      }
    }
    if (anchoredEnd && last > first) {
      last--;
    }
    for (int i = first; i < last; i++) {
      at = find(pieces.get(i), text, offset, length, at);
      if (at < 0) {
        return false;
      }
    }
    return last == pieces.size() || endsWith(pieces.get(last), text, offset, length, at);
  }

  /// End of the leftmost match at or after `from`, or -1.
  private int find(Piece piece, MemorySegment text, long offset, int length, int from) {
    int latest = length - piece.length();
    for (int start = from; start <= latest; start++) {
      int end = matchAt(piece, text, offset, length, start);
      if (end >= 0) {
        return end;
      }
    }
    return -1;
  }

  private boolean endsWith(Piece piece, MemorySegment text, long offset, int length, int from) {
    if (!piece.hasAny()) {
      int start = length - piece.length();
      return start >= from && matchAt(piece, text, offset, length, start) == length;
    }
    for (int start = from; start <= length - piece.length(); start++) {
      if (matchAt(piece, text, offset, length, start) == length) {
        return true;
      }
    }
    return false;
  }

  /// End of the match that begins at `start`, or -1.
  private int matchAt(Piece piece, MemorySegment text, long offset, int length, int start) {
    int at = start;
    if (at < length && piece.hasAny() && continues(text.get(BYTE, offset + at))) {
      return -1; // Not the border of a character.
    }
    for (int i = 0; i < piece.length(); i++) {
      if (at >= length) {
        return -1;
      }
      byte b = text.get(BYTE, offset + at++);
      if (piece.any()[i]) {
        while (at < length && continues(text.get(BYTE, offset + at))) {
          at++;
        }
      } else if (b != piece.bytes()[i] && !(foldsAscii && fold(b) == piece.bytes()[i])) {
        return -1;
      }
    }
    return at;
  }

  private static boolean continues(byte b) {
    return (b & 0xC0) == 0x80;
  }

  private static byte fold(byte b) {
    return b >= 'A' && b <= 'Z' ? (byte) (b + 32) : b;
  }
}
