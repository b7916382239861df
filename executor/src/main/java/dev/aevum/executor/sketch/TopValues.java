package dev.aevum.executor.sketch;

import dev.aevum.model.codec.ByteSink;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;

/// The most frequent values, from a bounded number of counters: a value without one takes over the
/// least counter, and may then be counted too high by what that one had. The excess of a count is
/// at most rows / counters. Takes values in, never back.
///
/// Source: space saving (Metwally, Agrawal, El Abbadi 2005); merged as in Agarwal and others 2012.
public final class TopValues implements Sketch {
  /// Counters for each value asked for.
  public static final int COUNTERS = 10;

  public static final int MOST = 10_000;

  /// Without a bound of counters: exact.
  public static final int UNBOUNDED = Integer.MAX_VALUE;

  /// A value, as the bytes it was added with.
  @SuppressWarnings("ArrayRecordComponent") // Never compared.
  public record Top(byte[] value, long count, long excess) {}

  private final int wanted;
  private final int room;
  private int size;
  private byte[][] values = new byte[16][];
  private long[] counts = new long[16];
  private long[] excesses = new long[16];

  /// Open addressing from a value's hash to its place + 1.
  private int[] index = new int[64];

  /// Places with the least count on top; `at` is where a place stands in it.
  private int[] heap = new int[16];

  private int[] at = new int[16];

  /// `wanted`: how many values are asked for; `room`: counters.
  public TopValues(int wanted, int room) {
    this.wanted = wanted;
    this.room = room;
  }

  public TopValues(int wanted) {
    this(wanted, COUNTERS * wanted);
  }

  public int wanted() {
    return wanted;
  }

  public void add(byte[] bytes, int length, long weight) {
    add(bytes, length, weight, 0);
  }

  private void add(byte[] bytes, int length, long weight, long excess) {
    int place = find(bytes, length);
    if (place >= 0) {
      counts[place] += weight;
      excesses[place] += excess;
      sink(at[place]);
      return;
    }
    if (size < room) {
      insert(Arrays.copyOf(bytes, length), weight, excess);
      return;
    }
    int least = heap[0];
    forget(least);
    values[least] = Arrays.copyOf(bytes, length);
    excesses[least] = counts[least] + excess;
    counts[least] += weight;
    enter(least);
    sink(0);
  }

  private void insert(byte[] value, long weight, long excess) {
    if (size == values.length) {
      values = Arrays.copyOf(values, 2 * size);
      counts = Arrays.copyOf(counts, 2 * size);
      excesses = Arrays.copyOf(excesses, 2 * size);
      heap = Arrays.copyOf(heap, 2 * size);
      at = Arrays.copyOf(at, 2 * size);
      index = new int[8 * size];
      for (int i = 0; i < size; i++) {
        enter(i);
      }
    }
    values[size] = value;
    counts[size] = weight;
    excesses[size] = excess;
    heap[size] = size;
    at[size] = size;
    enter(size);
    size++;
    rise(size - 1);
  }

  private static int hash(byte[] bytes, int length) {
    int hash = 1;
    for (int i = 0; i < length; i++) {
      hash = 31 * hash + bytes[i];
    }
    hash *= 0x9e3779b9;
    return hash ^ hash >>> 15;
  }

  private int find(byte[] bytes, int length) {
    int mask = index.length - 1;
    for (int i = hash(bytes, length) & mask; index[i] != 0; i = i + 1 & mask) {
      byte[] value = values[index[i] - 1];
      if (value.length == length && Arrays.equals(value, 0, length, bytes, 0, length)) {
        return index[i] - 1;
      }
    }
    return -1;
  }

  private void enter(int place) {
    int mask = index.length - 1;
    int i = hash(values[place], values[place].length) & mask;
    while (index[i] != 0) {
      i = i + 1 & mask;
    }
    index[i] = place + 1;
  }

  /// Takes a place out of the index and closes the gap.
  private void forget(int place) {
    int mask = index.length - 1;
    int gap = hash(values[place], values[place].length) & mask;
    while (index[gap] != place + 1) {
      gap = gap + 1 & mask;
    }
    index[gap] = 0;
    for (int i = gap + 1 & mask; index[i] != 0; i = i + 1 & mask) {
      byte[] value = values[index[i] - 1];
      int home = hash(value, value.length) & mask;
      if ((i - home & mask) >= (i - gap & mask)) {
        index[gap] = index[i];
        index[i] = 0;
        gap = i;
      }
    }
  }

  private void rise(int from) {
    int i = from;
    while (i > 0 && counts[heap[i]] < counts[heap[(i - 1) / 2]]) {
      swap(i, (i - 1) / 2);
      i = (i - 1) / 2;
    }
  }

  private void sink(int from) {
    int i = from;
    while (true) {
      int least = i;
      for (int child = 2 * i + 1; child <= 2 * i + 2 && child < size; child++) {
        if (counts[heap[child]] < counts[heap[least]]) {
          least = child;
        }
      }
      if (least == i) {
        return;
      }
      swap(i, least);
      i = least;
    }
  }

  private void swap(int i, int k) {
    int place = heap[i];
    heap[i] = heap[k];
    heap[k] = place;
    at[heap[i]] = i;
    at[heap[k]] = k;
  }

  /// The wanted values, the most frequent first, equally frequent ones by bytes.
  public List<Top> top() {
    List<Top> all = all();
    return all.subList(0, Math.min(wanted, all.size()));
  }

  private List<Top> all() {
    List<Top> all = new ArrayList<>();
    for (int i = 0; i < size; i++) {
      all.add(new Top(values[i], counts[i], excesses[i]));
    }
    all.sort(
        Comparator.comparingLong((Top t) -> -t.count)
            .thenComparing(Top::value, Arrays::compareUnsigned));
    return all;
  }

  @Override
  public int kind() {
    return Sketches.TOP_VALUES;
  }

  /// A value that one side does not count may have been there as often as that side's least.
  @Override
  public void merge(Sketch other) {
    if (!(other instanceof TopValues o) || o.wanted != wanted) {
      throw Sketches.mismatch(this, other);
    }
    long least = size >= room ? counts[heap[0]] : 0;
    long otherLeast = o.size >= o.room ? o.counts[o.heap[0]] : 0;
    List<Top> sums = new ArrayList<>();
    for (Top top : all()) {
      int place = o.find(top.value, top.value.length);
      long more = place >= 0 ? o.counts[place] : otherLeast;
      long excess = place >= 0 ? o.excesses[place] : otherLeast;
      sums.add(new Top(top.value, top.count + more, top.excess + excess));
    }
    for (Top top : o.all()) {
      if (find(top.value, top.value.length) < 0) {
        sums.add(new Top(top.value, top.count + least, top.excess + least));
      }
    }
    sums.sort(
        Comparator.comparingLong((Top t) -> -t.count)
            .thenComparing(Top::value, Arrays::compareUnsigned));
    size = 0;
    Arrays.fill(index, 0);
    sums.subList(0, Math.min(room, sums.size()))
        .forEach(t -> add(t.value, t.value.length, t.count, t.excess));
  }

  @Override
  public void encode(ByteSink out) {
    out.appendVarint(wanted);
    out.appendVarint(room);
    out.appendVarint(size);
    for (Top top : all()) {
      out.appendVarint(top.value.length);
      out.appendBytes(top.value);
      out.appendVarint(top.count);
      out.appendVarint(top.excess);
    }
  }

  static TopValues decode(SketchInput in) {
    int wanted = in.number(MOST);
    int room = in.number(UNBOUNDED);
    SketchInput.require(wanted > 0 && room > 0);
    TopValues sketch = new TopValues(wanted, room);
    int size = in.number(Math.min(room, in.left() / 3));
    for (int i = 0; i < size; i++) {
      int length = in.number(in.left());
      byte[] value = in.bytes(length);
      long count = in.varint();
      long excess = in.varint();
      SketchInput.require(count > 0 && excess >= 0 && sketch.find(value, length) < 0);
      sketch.insert(value, count, excess);
    }
    return sketch;
  }
}
