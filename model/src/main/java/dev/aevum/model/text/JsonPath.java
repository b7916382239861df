package dev.aevum.model.text;

import static dev.aevum.model.batch.Memory.BYTE;

import dev.aevum.model.codec.ByteSink;
import dev.aevum.model.codec.JsonScan;
import java.lang.foreign.MemorySegment;

/// A place in a value of type json or jsonb, moved by steps: into a member by key, into an element
/// by index. Found by a scan over the text; nothing is parsed that is not passed.
///
/// A flyweight for many values in turn; one thread. It reads the segment given to [#start].
///
/// Source: PostgreSQL, "JSON Functions and Operators", 9.16.
public final class JsonPath {
  private final boolean canonical;
  private final ByteSink scratch = new ByteSink();
  private MemorySegment s = MemorySegment.NULL;
  private long from;
  private long to;

  /// `canonical`: values are jsonb, where keys are unique; of json's equal keys the last counts.
  public JsonPath(boolean canonical) {
    this.canonical = canonical;
  }

  /// Stands at the whole value.
  public void start(MemorySegment segment, long offset, int length) {
    s = segment;
    from = JsonScan.blanks(segment, offset, offset + length);
    to = JsonScan.valueEnd(segment, from, offset + length);
  }

  /// The first byte of the value here, which tells its type: `{`, `[`, `"`, `t`, `f`, `n`; else a
  /// number.
  public byte kind() {
    return s.get(BYTE, from);
  }

  /// Whether the value here is an object or an array.
  public boolean isContainer() {
    return kind() == '{' || kind() == '[';
  }

  /// Goes into the member with that key. False, and no further use before [#start], if there is
  /// none or this is no object.
  public boolean member(MemorySegment key, long offset, int length) {
    if (kind() != '{') {
      return false;
    }
    long foundFrom = -1;
    long foundTo = -1;
    long at = JsonScan.blanks(s, from + 1, to);
    while (s.get(BYTE, at) != '}') {
      at = s.get(BYTE, at) == ',' ? JsonScan.blanks(s, at + 1, to) : at;
      long keyEnd = JsonScan.stringEnd(s, at);
      boolean found = isKey(at + 1, keyEnd - 1, key, offset, length);
      at = JsonScan.blanks(s, JsonScan.blanks(s, keyEnd, to) + 1, to);
      long end = JsonScan.valueEnd(s, at, to);
      if (found) {
        foundFrom = at;
        foundTo = end;
        if (canonical) {
          break;
        }
      }
      at = JsonScan.blanks(s, end, to);
    }
    return found(foundFrom, foundTo);
  }

  private boolean found(long start, long end) {
    from = start;
    to = end;
    return start >= 0;
  }

  private boolean isKey(long at, long end, MemorySegment key, long offset, int length) {
    boolean escaped = false;
    for (long i = at; i < end && !escaped; i++) {
      escaped = s.get(BYTE, i) == '\\';
    }
    if (!escaped) {
      return end - at == length
          && MemorySegment.mismatch(s, at, end, key, offset, offset + length) < 0;
    }
    scratch.reset();
    JsonScan.unescape(s, at, end, scratch);
    return scratch.position() == length
        && MemorySegment.mismatch(scratch.segment(), 0, length, key, offset, offset + length) < 0;
  }

  /// Goes into element `index`, from 0; a negative one counts from the end. False as in [#member].
  public boolean element(long index) {
    if (kind() != '[') {
      return false;
    }
    long wanted = index < 0 ? index + size() : index;
    if (wanted < 0) {
      return false;
    }
    long at = JsonScan.blanks(s, from + 1, to);
    for (long i = 0; s.get(BYTE, at) != ']'; i++) {
      at = s.get(BYTE, at) == ',' ? JsonScan.blanks(s, at + 1, to) : at;
      long end = JsonScan.valueEnd(s, at, to);
      if (i == wanted) {
        return found(at, end);
      }
      at = JsonScan.blanks(s, end, to);
    }
    return false;
  }

  /// Elements of the array here.
  public int size() {
    int size = 0;
    long at = JsonScan.blanks(s, from + 1, to);
    while (s.get(BYTE, at) != ']') {
      at = s.get(BYTE, at) == ',' ? JsonScan.blanks(s, at + 1, to) : at;
      at = JsonScan.blanks(s, JsonScan.valueEnd(s, at, to), to);
      size++;
    }
    return size;
  }

  /// Appends the value here as it is written.
  public void append(ByteSink out) {
    out.appendBytes(s, from, (int) (to - from));
  }

  /// Appends what `->>` gives: a string's characters, else the value as it is written. False, and
  /// nothing appended, for JSON's null.
  ///
  /// Errors: 22P05, 22P02 for characters that no text has, which json may hold.
  public boolean appendText(ByteSink out) {
    switch (kind()) {
      case 'n' -> {
        return false;
      }
      case '"' -> JsonScan.unescape(s, from + 1, to - 1, out);
      default -> append(out);
    }
    return true;
  }
}
