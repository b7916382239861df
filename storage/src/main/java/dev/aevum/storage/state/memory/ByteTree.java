package dev.aevum.storage.state.memory;

import static dev.aevum.model.batch.Memory.INT;
import static dev.aevum.model.batch.Memory.LONG;
import static dev.aevum.storage.state.memory.RawMemory.ALL;

import java.lang.foreign.MemorySegment;
import org.apache.arrow.memory.BufferAllocator;

/// A B+tree of entry addresses in memcmp order of the entries' keys. An entry has its key's length
/// at [#KEY_LENGTH] and the key at [#KEY]. Leaves are linked both ways; separators are copies of
/// keys, so entries come and go without touching inner nodes. A node is freed when it becomes empty
/// and never merged before (Johnson and Shasha, "B-trees with inserts and deletes: why
/// free-at-empty is better than merge-at-half", 1993).
///
/// One cursor, moved by [#seekAtLeast], [#seekBelow], [#next] and [#previous]; [#insert] and
/// [#removeAtCursor] invalidate it.
final class ByteTree implements AutoCloseable {
  static final int KEY_LENGTH = 8;
  static final int KEY = 24;

  private static final int CAPACITY = 64;
  private static final int COUNT = 8;
  private static final int PREVIOUS = 16;
  private static final int NEXT = 24;
  private static final int REFS = 32;
  private static final int SEPARATORS = REFS + CAPACITY * 8;
  private static final int LEAF_SIZE = REFS + CAPACITY * 8;
  private static final int INNER_SIZE = SEPARATORS + CAPACITY * 8;
  private static final int MAX_DEPTH = 24;

  private final Arena nodes;
  private final Arena separators;
  private final long[] pathNode = new long[MAX_DEPTH];
  private final int[] pathSlot = new int[MAX_DEPTH];
  private long root;

  /// Inner levels above the leaves.
  private int depth;

  private long cursorLeaf;
  private int cursorSlot;
  private boolean exact;

  ByteTree(BufferAllocator allocator) {
    nodes = new Arena(allocator);
    separators = new Arena(allocator);
  }

  private static int count(long node) {
    return ALL.get(INT, node + COUNT);
  }

  private static void setCount(long node, int count) {
    ALL.set(INT, node + COUNT, count);
  }

  private static long ref(long node, int slot) {
    return ALL.get(LONG, node + REFS + ((long) slot << 3));
  }

  private static void setRef(long node, int slot, long ref) {
    ALL.set(LONG, node + REFS + ((long) slot << 3), ref);
  }

  private static long separator(long node, int slot) {
    return ALL.get(LONG, node + SEPARATORS + ((long) slot << 3));
  }

  private static void setSeparator(long node, int slot, long separator) {
    ALL.set(LONG, node + SEPARATORS + ((long) slot << 3), separator);
  }

  private static int compare(MemorySegment key, long offset, int length, long entry) {
    return RawMemory.compare(key, offset, length, entry + KEY, ALL.get(INT, entry + KEY_LENGTH));
  }

  /// The entry under the cursor.
  long entry() {
    return ref(cursorLeaf, cursorSlot);
  }

  /// Puts another entry of an equal key in the place of the one under the cursor.
  void replaceAtCursor(long entry) {
    setRef(cursorLeaf, cursorSlot, entry);
  }

  /// Leaves the cursor before the smallest entry with a key >= the given one; whether it is equal.
  /// The cursor's slot may be one past the end of its leaf.
  private void descend(MemorySegment key, long offset, int length) {
    exact = false;
    if (root == 0) {
      cursorLeaf = 0;
      return;
    }
    long node = root;
    for (int level = 0; level < depth; level++) {
      int low = 0;
      int high = count(node) - 1;
      while (low < high) {
        int middle = (low + high) >>> 1;
        if (compare(key, offset, length, separator(node, middle)) >= 0) {
          low = middle + 1;
        } else {
          high = middle;
        }
      }
      pathNode[level] = node;
      pathSlot[level] = low;
      node = ref(node, low);
    }
    cursorLeaf = node;
    cursorSlot = lowerBound(node, key, offset, length);
  }

  private int lowerBound(long leaf, MemorySegment key, long offset, int length) {
    int low = 0;
    int high = count(leaf);
    while (low < high) {
      int middle = (low + high) >>> 1;
      int order = compare(key, offset, length, ref(leaf, middle));
      if (order == 0) {
        exact = true;
        return middle;
      }
      if (order > 0) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  }

  /// Moves to the entry of exactly that key. After false, [#insert] puts an entry of that key.
  boolean seek(MemorySegment key, long offset, int length) {
    descend(key, offset, length);
    return exact;
  }

  boolean seekAtLeast(MemorySegment key, long offset, int length) {
    descend(key, offset, length);
    return cursorLeaf != 0 && (cursorSlot < count(cursorLeaf) || toNextLeaf());
  }

  boolean seekBelow(MemorySegment key, long offset, int length) {
    descend(key, offset, length);
    return cursorLeaf != 0 && previous();
  }

  boolean next() {
    cursorSlot++;
    return cursorSlot < count(cursorLeaf) || toNextLeaf();
  }

  private boolean toNextLeaf() {
    long next = ALL.get(LONG, cursorLeaf + NEXT);
    if (next == 0) {
      return false;
    }
    cursorLeaf = next;
    cursorSlot = 0;
    return true;
  }

  boolean previous() {
    if (cursorSlot == 0) {
      long previous = ALL.get(LONG, cursorLeaf + PREVIOUS);
      if (previous == 0) {
        return false;
      }
      cursorLeaf = previous;
      cursorSlot = count(previous);
    }
    cursorSlot--;
    return true;
  }

  private long newNode(int size) {
    long node = nodes.allocate(size);
    setCount(node, 0);
    ALL.set(LONG, node + PREVIOUS, 0L);
    ALL.set(LONG, node + NEXT, 0L);
    return node;
  }

  /// Puts `entry` where the last [#seek] for its key, which was false, left the cursor.
  void insert(long entry) {
    if (root == 0) {
      root = newNode(LEAF_SIZE);
      depth = 0;
      cursorLeaf = root;
      cursorSlot = 0;
    }
    if (count(cursorLeaf) == CAPACITY) {
      splitLeaf(entry);
    } else {
      insertRef(cursorLeaf, cursorSlot, entry);
    }
  }

  private static void insertRef(long node, int slot, long ref) {
    int count = count(node);
    long from = node + REFS + ((long) slot << 3);
    MemorySegment.copy(ALL, from, ALL, from + 8, (long) (count - slot) << 3);
    setRef(node, slot, ref);
    setCount(node, count + 1);
  }

  /// At the right end of the tree the left leaf stays full: keys often come in order.
  private void splitLeaf(long entry) {
    long left = cursorLeaf;
    long right = newNode(LEAF_SIZE);
    long next = ALL.get(LONG, left + NEXT);
    int keep = next == 0 && cursorSlot == CAPACITY ? CAPACITY : CAPACITY / 2;
    int moved = CAPACITY - keep;
    MemorySegment.copy(ALL, left + REFS + keep * 8L, ALL, right + REFS, moved * 8L);
    setCount(left, keep);
    setCount(right, moved);
    ALL.set(LONG, right + PREVIOUS, left);
    ALL.set(LONG, right + NEXT, next);
    ALL.set(LONG, left + NEXT, right);
    if (next != 0) {
      ALL.set(LONG, next + PREVIOUS, right);
    }
    if (cursorSlot <= keep && keep < CAPACITY) {
      insertRef(left, cursorSlot, entry);
    } else {
      insertRef(right, cursorSlot - keep, entry);
    }
    insertChild(depth - 1, copyKey(ref(right, 0)), left, right);
  }

  private long copyKey(long entry) {
    int length = ALL.get(INT, entry + KEY_LENGTH);
    long copy = separators.allocate(KEY + RawMemory.align8(length));
    ALL.set(INT, copy + KEY_LENGTH, length);
    MemorySegment.copy(ALL, entry + KEY, ALL, copy + KEY, length);
    return copy;
  }

  /// Adds `right` behind `left`, divided by `separator`, to the inner node of `level` on the path.
  private void insertChild(int level, long separator, long left, long right) {
    if (level < 0) {
      long top = newNode(INNER_SIZE);
      setRef(top, 0, left);
      setRef(top, 1, right);
      setSeparator(top, 0, separator);
      setCount(top, 2);
      root = top;
      depth++;
      if (depth == MAX_DEPTH) {
        throw new IllegalStateException("ordered state is too deep");
      }
      return;
    }
    long node = pathNode[level];
    int slot = pathSlot[level];
    if (count(node) < CAPACITY) {
      insertSeparated(node, slot, separator, right);
      return;
    }
    long sibling = newNode(INNER_SIZE);
    int keep = CAPACITY / 2;
    int moved = CAPACITY - keep;
    MemorySegment.copy(ALL, node + REFS + keep * 8L, ALL, sibling + REFS, moved * 8L);
    MemorySegment.copy(
        ALL, node + SEPARATORS + keep * 8L, ALL, sibling + SEPARATORS, (moved - 1) * 8L);
    long middle = separator(node, keep - 1);
    setCount(node, keep);
    setCount(sibling, moved);
    if (slot < keep) {
      insertSeparated(node, slot, separator, right);
    } else {
      insertSeparated(sibling, slot - keep, separator, right);
    }
    insertChild(level - 1, middle, node, sibling);
  }

  /// In an inner node with room: `right` behind the child at `slot`.
  private static void insertSeparated(long node, int slot, long separator, long right) {
    int count = count(node);
    long from = node + SEPARATORS + ((long) slot << 3);
    MemorySegment.copy(ALL, from, ALL, from + 8, (long) (count - 1 - slot) << 3);
    setSeparator(node, slot, separator);
    insertRef(node, slot + 1, right);
  }

  /// Takes out the entry that the last [#seek], which was true, found.
  void removeAtCursor() {
    removeRef(cursorLeaf, cursorSlot);
    if (count(cursorLeaf) > 0) {
      return;
    }
    long previous = ALL.get(LONG, cursorLeaf + PREVIOUS);
    long next = ALL.get(LONG, cursorLeaf + NEXT);
    if (previous != 0) {
      ALL.set(LONG, previous + NEXT, next);
    }
    if (next != 0) {
      ALL.set(LONG, next + PREVIOUS, previous);
    }
    nodes.free(cursorLeaf);
    removeChild(depth - 1);
  }

  private static void removeRef(long node, int slot) {
    int count = count(node);
    long to = node + REFS + ((long) slot << 3);
    MemorySegment.copy(ALL, to + 8, ALL, to, (long) (count - 1 - slot) << 3);
    setCount(node, count - 1);
  }

  private void removeChild(int level) {
    if (level < 0) {
      root = 0;
      depth = 0;
      return;
    }
    long node = pathNode[level];
    int slot = pathSlot[level];
    int count = count(node);
    if (count == 1) {
      nodes.free(node);
      removeChild(level - 1);
      return;
    }
    int gone = Math.max(0, slot - 1);
    separators.free(separator(node, gone));
    long to = node + SEPARATORS + ((long) gone << 3);
    MemorySegment.copy(ALL, to + 8, ALL, to, (long) (count - 2 - gone) << 3);
    removeRef(node, slot);
    while (depth > 0 && count(root) == 1) {
      long child = ref(root, 0);
      nodes.free(root);
      root = child;
      depth--;
    }
  }

  /// Moves to the first entry of all.
  boolean seekFirst() {
    if (root == 0) {
      return false;
    }
    long node = root;
    for (int level = 0; level < depth; level++) {
      node = ref(node, 0);
    }
    cursorLeaf = node;
    cursorSlot = 0;
    return true;
  }

  long sizeBytes() {
    return nodes.sizeBytes() + separators.sizeBytes();
  }

  @Override
  public void close() {
    nodes.close();
    separators.close();
    root = 0;
    depth = 0;
    cursorLeaf = 0;
  }
}
