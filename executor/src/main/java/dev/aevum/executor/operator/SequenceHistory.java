package dev.aevum.executor.operator;

import static dev.aevum.model.batch.Memory.INT;
import static dev.aevum.model.batch.Memory.LONG;

import dev.aevum.model.codec.ByteSink;
import dev.aevum.model.codec.KeyCodec;
import dev.aevum.storage.state.HashState;
import dev.aevum.storage.state.OrderedState;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.Predicate;

/// The rows of keys with the results that were given for them, and per key where its anchor is.
///
/// A row: `partition key, time (flipped, big-endian), encoded row` to `[copies i32][results i32]
/// ([length i32][result])...`. A key: `[anchor time i64][rows from there on i64][last time i64]
/// [replayed i64][forgotten i64][begun i64]`.
final class SequenceHistory {
  private final OrderedState rows;
  private final HashState keys;
  private final ByteSink sink = new ByteSink();

  SequenceHistory(OrderedState rows, HashState keys) {
    this.rows = rows;
    this.keys = keys;
  }

  /// The time of a row's bytes.
  static long time(byte[] row) {
    return Long.reverseBytes(MemorySegment.ofArray(row).get(LONG, 0)) ^ Long.MIN_VALUE;
  }

  /// A row (time, then the encoded columns) with its copies and the results that were given.
  static final class Row {
    private final byte[] bytes;
    private final List<byte[]> results;
    private int count;
    private boolean changed;
    private boolean altered;

    Row(byte[] bytes, int count, List<byte[]> results) {
      this.bytes = bytes;
      this.count = count;
      this.results = results;
    }

    byte[] bytes() {
      return bytes;
    }

    int count() {
      return count;
    }

    List<byte[]> results() {
      return results;
    }

    /// Whether this step has changed how many copies there are.
    boolean isChanged() {
      return changed;
    }

    /// Whether the table has it otherwise.
    boolean isAltered() {
      return changed || altered;
    }

    void alter() {
      altered = true;
    }

    /// There are as many copies as results.
    void settle() {
      count = results.size();
    }
  }

  long entries() {
    return rows.entries();
  }

  Key open(byte[] key, long hash) {
    return new Key(key, hash);
  }

  /// Forgets keys of which no rows are kept, and whose last row is before `time`.
  void dropIdle(long time) {
    for (long at = keys.nextSlot(0); at >= 0; at = keys.nextSlot(at + 1)) {
      long block = keys.valueOffset(at);
      MemorySegment values = keys.values();
      if (values.get(LONG, block + 8) == 0 && values.get(LONG, block + 16) < time) {
        keys.remove(at);
      }
    }
  }

  /// Keys of which rows are kept that lie below `bound`.
  void below(long bound, Consumer<Key> to) {
    List<Key> found = new ArrayList<>();
    for (long at = keys.nextSlot(0); at >= 0; at = keys.nextSlot(at + 1)) {
      long block = keys.valueOffset(at);
      MemorySegment values = keys.values();
      if (values.get(LONG, block + 8) > 0 && values.get(LONG, block) < bound) {
        found.add(keyAt(at));
      }
    }
    found.forEach(to);
  }

  void forEach(Predicate<byte[]> condition, Consumer<Key> to) {
    List<Key> found = new ArrayList<>();
    for (long at = keys.nextSlot(0); at >= 0; at = keys.nextSlot(at + 1)) {
      Key key = keyAt(at);
      if (condition.test(key.bytes)) {
        found.add(key);
      }
    }
    found.forEach(to);
  }

  private Key keyAt(long slot) {
    byte[] key = new byte[keys.keyLength(slot)];
    MemorySegment.copy(
        keys.keys(), keys.keyOffset(slot), MemorySegment.ofArray(key), 0, key.length);
    return open(key, KeyCodec.hash(MemorySegment.ofArray(key), 0, key.length));
  }

  /// A key while a step works on it.
  final class Key {
    private final byte[] bytes;
    private final long hash;
    private long anchorTime = Long.MIN_VALUE;
    private long kept;
    private long lastTime = Long.MIN_VALUE;
    private long replayed;
    private long forgotten;

    /// Rows that this step changes; not in the table yet.
    private final TreeMap<byte[], Row> changed = new TreeMap<>(Arrays::compareUnsigned);

    private Key(byte[] bytes, long hash) {
      this.bytes = bytes;
      this.hash = hash;
      MemorySegment key = MemorySegment.ofArray(bytes);
      long at = keys.find(key, 0, bytes.length, hash);
      if (at >= 0) {
        MemorySegment v = keys.values();
        long block = keys.valueOffset(at);
        anchorTime = v.get(LONG, block);
        kept = v.get(LONG, block + 8);
        lastTime = v.get(LONG, block + 16);
        replayed = v.get(LONG, block + 24);
        forgotten = v.get(LONG, block + 32);
      }
    }

    void save() {
      long at = keys.findOrInsert(MemorySegment.ofArray(bytes), 0, bytes.length, hash);
      MemorySegment v = keys.values();
      long block = keys.valueOffset(at);
      v.set(LONG, block, anchorTime);
      v.set(LONG, block + 8, kept);
      v.set(LONG, block + 16, lastTime);
      v.set(LONG, block + 24, replayed);
      v.set(LONG, block + 32, forgotten);
      v.set(LONG, block + 40, 1);
    }

    /// Rows from here on are replayed.
    long anchorTime() {
      return anchorTime;
    }

    /// Copies of rows from the anchor on.
    long rows() {
      return kept;
    }

    /// Of the latest row that was folded.
    long lastTime() {
      return lastTime;
    }

    long replayed() {
      return replayed;
    }

    long forgotten() {
      return forgotten;
    }

    void learned(long time) {
      lastTime = Math.max(lastTime, time);
    }

    void countReplayed() {
      replayed += kept;
    }

    void countForgotten(long weight) {
      forgotten += weight;
    }

    /// Nothing so far is replayed, or where `drops` kept.
    void barrier(boolean drops) {
      if (lastTime > Long.MIN_VALUE) {
        pass(lastTime + 1, drops, row -> {});
      }
    }

    /// Adds copies of a row at or after the anchor, or takes them away.
    void change(byte[] row, long weight) {
      Row r = row(row);
      int next = Math.toIntExact(r.count + weight);
      if (next < 0) {
        throw new IllegalStateException("a row was taken back that never came");
      }
      r.count = next;
      r.changed = true;
      kept += weight;
      changed.put(row, r);
    }

    /// The row as it is kept; an empty one when it is not there.
    Row row(byte[] row) {
      Row known = changed.get(row);
      if (known != null) {
        return known;
      }
      locate(row);
      return rows.get(sink.segment(), 0, sink.position())
          ? read(row)
          : new Row(row, 0, new ArrayList<>());
    }

    private void locate(byte[] row) {
      sink.reset();
      sink.appendBytes(bytes, 0, bytes.length);
      sink.appendBytes(row, 0, row.length);
    }

    private Row read(byte[] row) {
      MemorySegment v = rows.valueSegment();
      long at = rows.valueOffset();
      int count = v.get(INT, at);
      int given = v.get(INT, at + 4);
      List<byte[]> results = new ArrayList<>(given);
      at += 8;
      for (int i = 0; i < given; i++) {
        byte[] result = new byte[v.get(INT, at)];
        MemorySegment.copy(v, at + 4, MemorySegment.ofArray(result), 0, result.length);
        results.add(result);
        at += 4 + result.length;
      }
      return new Row(row, count, results);
    }

    /// Keeps the row with its results; forgets it when there is no copy of it.
    void put(Row row) {
      locate(row.bytes);
      int keyLength = sink.position();
      if (row.count == 0) {
        rows.remove(sink.segment(), 0, keyLength, hash);
        return;
      }
      sink.appendInt(row.count);
      sink.appendInt(row.results.size());
      for (byte[] result : row.results) {
        sink.appendInt(result.length);
        sink.appendBytes(result, 0, result.length);
      }
      rows.put(
          sink.segment(),
          0,
          keyLength,
          hash,
          sink.segment(),
          keyLength,
          sink.position() - keyLength);
    }

    /// All rows from `time` on, in order, those that this step has changed as they are now.
    void walk(long time, Consumer<Row> to) {
      TreeMap<byte[], Row> all = new TreeMap<>(Arrays::compareUnsigned);
      stored(
          time,
          row -> {
            all.put(row.bytes, row);
            return true;
          });
      changed.forEach((bytesOfRow, row) -> {
        if (time(bytesOfRow) >= time) {
          all.put(bytesOfRow, row);
        }
      });
      all.values().forEach(to);
    }

    /// The rows that the table has from `time` on, in order, as long as `to` wants more.
    private void stored(long time, Predicate<Row> to) {
      sink.reset();
      sink.appendBytes(bytes, 0, bytes.length);
      sink.appendLongBig(time ^ Long.MIN_VALUE);
      boolean more = rows.seekAtLeast(sink.segment(), 0, sink.position());
      while (more && isOfKey()) {
        byte[] row = new byte[rows.keyLength() - bytes.length];
        MemorySegment.copy(
            rows.keySegment(),
            rows.keyOffset() + bytes.length,
            MemorySegment.ofArray(row),
            0,
            row.length);
        more = to.test(read(row)) && rows.next();
      }
    }

    private boolean isOfKey() {
      return rows.keyLength() >= bytes.length + 8
          && MemorySegment.mismatch(
                  rows.keySegment(),
                  rows.keyOffset(),
                  rows.keyOffset() + bytes.length,
                  MemorySegment.ofArray(bytes),
                  0,
                  bytes.length)
              < 0;
    }

    /// The time at which the last `count` copies begin: with all rows of that time. What this step
    /// has changed is in the table.
    long timeOfLast(long count) {
      if (count == 0) {
        return lastTime + 1;
      }
      long[] left = {kept};
      long[] time = {anchorTime};
      stored(
          anchorTime,
          row -> {
            long t = time(row.bytes);
            if (t > time[0] && left[0] < count) {
              return false;
            }
            time[0] = t;
            left[0] -= row.count;
            return true;
          });
      return left[0] < count ? time[0] : lastTime + 1;
    }

    /// Moves the anchor to `until`; `to` sees the rows that it passes, in order. What this step has
    /// changed is in the table.
    ///
    /// @param drops whether they are kept no more
    void pass(long until, boolean drops, Consumer<Row> to) {
      List<Row> passed = new ArrayList<>();
      stored(anchorTime, row -> time(row.bytes) < until && passed.add(row));
      for (Row row : passed) {
        to.accept(row);
        kept -= row.count;
        if (drops) {
          locate(row.bytes);
          rows.remove(sink.segment(), 0, sink.position(), hash);
        }
      }
      anchorTime = until;
    }
  }
}
