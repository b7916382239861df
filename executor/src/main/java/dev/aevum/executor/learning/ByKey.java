package dev.aevum.executor.learning;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// Values by the bytes of a key, found without making an object. One thread.
///
/// @param <T> what is kept
public final class ByKey<T> {
  /// A key and its value.
  public static final class Entry<T> {
    private final byte[] key;
    private final long hash;
    private final int order;

    /// The owner's.
    public T value;

    private Entry(byte[] key, long hash, int order, T value) {
      this.key = key;
      this.hash = hash;
      this.order = order;
      this.value = value;
    }

    public byte[] key() {
      return key;
    }

    public long hash() {
      return hash;
    }
  }

  private @Nullable Entry<T>[] table = newTable(16);
  private int size;
  private int nextOrder;

  @SuppressWarnings("unchecked")
  private static <T> @Nullable Entry<T>[] newTable(int length) {
    return (Entry<T>[]) new Entry<?>[length];
  }

  public int size() {
    return size;
  }

  public @Nullable Entry<T> find(MemorySegment key, long offset, int length, long hash) {
    int mask = table.length - 1;
    for (int at = Numbering.spread(hash) & mask; ; at = (at + 1) & mask) {
      Entry<T> entry = table[at];
      if (entry == null) {
        return null;
      }
      if (entry.hash == hash && equal(entry.key, key, offset, length)) {
        return entry;
      }
    }
  }

  private static boolean equal(byte[] known, MemorySegment key, long offset, int length) {
    return known.length == length
        && MemorySegment.mismatch(
                MemorySegment.ofArray(known), 0, length, key, offset, offset + length)
            < 0;
  }

  /// Adds a key that is not there.
  public Entry<T> add(byte[] key, long hash, T value) {
    if (2 * ++size > table.length) {
      List<Entry<T>> all = unordered();
      table = newTable(2 * table.length);
      all.forEach(this::place);
    }
    Entry<T> entry = new Entry<>(key, hash, nextOrder++, value);
    place(entry);
    return entry;
  }

  private void place(Entry<T> entry) {
    int mask = table.length - 1;
    int at = Numbering.spread(entry.hash) & mask;
    while (table[at] != null) {
      at = (at + 1) & mask;
    }
    table[at] = entry;
  }

  public void remove(Entry<T> entry) {
    int mask = table.length - 1;
    int hole = Numbering.spread(entry.hash) & mask;
    while (table[hole] != entry) {
      if (table[hole] == null) {
        return;
      }
      hole = (hole + 1) & mask;
    }
    size--;
    int at = hole;
    while (true) {
      table[hole] = null;
      Entry<T> next;
      do {
        at = (at + 1) & mask;
        next = table[at];
        if (next == null) {
          return;
        }
      } while (isBetween(hole, Numbering.spread(next.hash) & mask, at));
      table[hole] = next;
      hole = at;
    }
  }

  /// Whether `home` lies after `hole` on the way to `at`, so that the entry must stay.
  private static boolean isBetween(int hole, int home, int at) {
    return hole <= at ? hole < home && home <= at : hole < home || home <= at;
  }

  private List<Entry<T>> unordered() {
    List<Entry<T>> all = new ArrayList<>();
    for (Entry<T> entry : table) {
      if (entry != null) {
        all.add(entry);
      }
    }
    return all;
  }

  /// In the order in which they were added.
  public void forEach(Consumer<Entry<T>> action) {
    List<Entry<T>> all = unordered();
    all.sort((a, b) -> Integer.compare(a.order, b.order));
    all.forEach(action);
  }
}
