package dev.aevum.connectors.file;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.util.Arrays;

/// Cuts a file into records with one reused buffer: lines, or for separated values lines outside
/// quotes. A record lies in [#bytes] from [#start] for [#length] bytes, without its line end, until
/// the next call. One thread.
final class LineBuffer {
  /// What [#next] found.
  enum Found {
    RECORD,
    /// A record longer than the bound: its bytes were skipped up to the line end.
    TOO_LONG,
    /// No complete record up to the file's present end.
    NOTHING
  }

  private static final int INITIAL = 1 << 18;
  static final int MAX_RECORD = 16 << 20;

  private final FileChannel channel;
  private final long limit;
  private final int quote;
  private byte[] bytes = new byte[INITIAL];
  private long base;
  private int next;
  private int filled;
  private int scanned;
  private boolean inQuotes;
  private boolean skipping;
  private int start;
  private int length;

  /// `offset`: where to begin. `limit`: bytes from there on do not exist. `quote`: line ends
  /// between two of these are part of the record; negative for none.
  LineBuffer(FileChannel channel, long offset, long limit, int quote) {
    this.channel = channel;
    this.base = offset;
    this.limit = limit;
    this.quote = quote;
  }

  byte[] bytes() {
    return bytes;
  }

  int start() {
    return start;
  }

  int length() {
    return length;
  }

  /// The file offset of the record found last.
  long startOffset() {
    return base + start;
  }

  /// The file offset after the record found last and its line end.
  long endOffset() {
    return base + next;
  }

  /// The next record. `complete`: what stands at the end without a line end is a record too.
  Found next(boolean complete) throws IOException {
    while (true) {
      int end = lineEnd();
      if (end >= 0) {
        return record(end, end + 1);
      }
      if (!fill()) {
        if (!complete || (next == filled && !skipping)) {
          return Found.NOTHING;
        }
        return record(filled, filled);
      }
    }
  }

  private Found record(int end, int after) {
    start = next;
    length = end - start;
    if (length > 0 && bytes[end - 1] == '\r') {
      length--;
    }
    next = after;
    scanned = after;
    inQuotes = false;
    boolean skipped = skipping;
    skipping = false;
    return skipped ? Found.TOO_LONG : Found.RECORD;
  }

  private int lineEnd() {
    int at = scanned;
    byte[] b = bytes;
    int end = filled;
    if (quote < 0) {
      while (at < end && b[at] != '\n') {
        at++;
      }
    } else {
      boolean quoted = inQuotes;
      while (at < end && (quoted || b[at] != '\n')) {
        quoted ^= b[at] == quote;
        at++;
      }
      inQuotes = quoted;
    }
    scanned = at;
    return at < end ? at : -1;
  }

  /// Reads more of the file; false when there is no more now.
  private boolean fill() throws IOException {
    if (filled == bytes.length) {
      makeRoom();
    }
    long left = limit - (base + filled);
    int most = (int) Math.min(bytes.length - filled, left);
    if (most <= 0) {
      return false;
    }
    int read = channel.read(ByteBuffer.wrap(bytes, filled, most), base + filled);
    if (read <= 0) {
      return false;
    }
    filled += read;
    return true;
  }

  private void makeRoom() {
    if (next > 0) {
      System.arraycopy(bytes, next, bytes, 0, filled - next);
      base += next;
      filled -= next;
      scanned -= next;
      next = 0;
    } else if (bytes.length < MAX_RECORD) {
      bytes = Arrays.copyOf(bytes, 2 * bytes.length);
    } else {
      // Too long: forget what was read of it, and an unclosed quote with it.
      skipping = true;
      inQuotes = false;
      base += filled;
      filled = 0;
      scanned = 0;
    }
  }
}
