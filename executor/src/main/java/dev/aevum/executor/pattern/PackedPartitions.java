package dev.aevum.executor.pattern;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// Partitions by encoded key where each row is taken as it is released: nearly all hold a row or
/// two, and are kept as *blocks* of 16 ints, which are unpacked into one [PartitionMatch] to be
/// worked on. What does not fit a block is *wide*: it keeps a [PartitionMatch] until it holds no
/// row. Blocks keep their number. One thread.
///
/// A block: hash; shape (counts and flags); the key where it has [#SHORT_KEY] bytes; per row its
/// id, label and, where there is a time limit, time; entries; path nodes.
final class PackedPartitions {
  static final int NONE = -1;

  private static final int WIDTH = 16;
  private static final int WIDTH_BITS = 4;
  private static final int PAGE_BITS = 10;
  private static final int PAGE = 1 << PAGE_BITS;

  private static final int HASH = 0;
  private static final int SHAPE = 1;
  private static final int KEY = 2;
  private static final int BODY = 4;

  /// Of the shape: rows, entries and nodes in 4 bits each, then flags, then the key's first byte.
  private static final int OPEN = 1 << 12;

  private static final int WIDE = 1 << 13;
  private static final int TIMER = 1 << 14;
  private static final int USED = 1 << 15;
  private static final int LONG_KEY = 1 << 16;
  private static final int KEPT = TIMER | USED | LONG_KEY | 0xFF << 24;

  private static final int SHORT_KEY = 9;
  private static final VarHandle LONGS =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

  private final boolean timed;
  private final int rowWidth;
  private final int stride;
  private int[][] pages = new int[4][];

  /// Blocks that were ever in use; those that are not now form a list through their hash.
  private int blocks;

  private int firstFree = NONE;
  private int size;

  /// Hash and block + 1 in one; 0 where there is none. Open addressing.
  private long[] index = new long[64];

  /// By block, where the key is not short.
  private byte[][] longKeys = new byte[0][];

  private @Nullable PartitionMatch[] wide = new PartitionMatch[4];
  private int wideCount;
  private int[] freeWide = new int[4];
  private int freeWideCount;
  private final PartitionMatch unpacked = new PartitionMatch(new byte[0], 0);

  PackedPartitions(boolean timed, int stride) {
    this.timed = timed;
    this.rowWidth = timed ? 4 : 2;
    this.stride = stride;
  }

  /// Instructions and variables fit the ints of a block.
  static boolean fits(MatchPlan plan) {
    return plan.program.size() <= 1000
        && plan.program.slots == 0
        && plan.rules.pathConditions().length <= 32;
  }

  int size() {
    return size;
  }

  /// Numbers of blocks are below this.
  int limit() {
    return blocks;
  }

  // Looking up.

  private static int slot(long hash) {
    return (int) (hash ^ hash >>> 29);
  }

  /// Reads where the partition of a hash is looked for.
  long read(long hash) {
    return index[slot(hash) & index.length - 1];
  }

  /// The block of the key, if there is one.
  int find(byte[] keys, int from, int to, long hash) {
    int slot = slot(hash);
    int mask = index.length - 1;
    int at = slot & mask;
    for (long found = index[at]; found != 0; found = index[at]) {
      int block = (int) found - 1;
      if ((int) (found >>> 32) == slot && isOf(block, keys, from, to)) {
        return block;
      }
      at = (at + 1) & mask;
    }
    return NONE;
  }

  /// Whether `block` is that of the key.
  boolean isOf(int block, byte[] keys, int from, int to) {
    int[] page = pages[block >>> PAGE_BITS];
    int at = (block & PAGE - 1) << WIDTH_BITS;
    int shape = page[at + SHAPE];
    if ((shape & (USED | LONG_KEY)) != USED) {
      return (shape & USED) != 0
          && Arrays.equals(longKeys[block], 0, longKeys[block].length, keys, from, to);
    }
    long key = page[at + KEY] & 0xFFFFFFFFL | (long) page[at + KEY + 1] << 32;
    return to - from == SHORT_KEY
        && (long) LONGS.get(keys, from + 1) == key
        && (byte) (shape >>> 24) == keys[from];
  }

  /// Makes the block of a key that has none.
  int add(byte[] keys, int from, int to, long hash) {
    if (++size * 2 > index.length) {
      grow();
    }
    int block = firstFree;
    if (block == NONE) {
      block = blocks++;
      int page = block >>> PAGE_BITS;
      if (page == pages.length) {
        pages = Arrays.copyOf(pages, page * 2);
      }
      if ((block & PAGE - 1) == 0) {
        pages[page] = new int[PAGE << WIDTH_BITS];
      }
    } else {
      firstFree = pages[block >>> PAGE_BITS][((block & PAGE - 1) << WIDTH_BITS) + HASH];
    }
    int[] page = pages[block >>> PAGE_BITS];
    int at = (block & PAGE - 1) << WIDTH_BITS;
    page[at + HASH] = slot(hash);
    if (to - from == SHORT_KEY) {
      long key = (long) LONGS.get(keys, from + 1);
      page[at + KEY] = (int) key;
      page[at + KEY + 1] = (int) (key >>> 32);
      page[at + SHAPE] = USED | keys[from] << 24;
    } else {
      if (block >= longKeys.length) {
        longKeys = Arrays.copyOf(longKeys, Math.max(block + 1, longKeys.length * 2));
      }
      longKeys[block] = Arrays.copyOfRange(keys, from, to);
      page[at + SHAPE] = USED | LONG_KEY;
    }
    place((long) slot(hash) << 32 | block + 1);
    return block;
  }

  private void place(long entry) {
    int mask = index.length - 1;
    int at = (int) (entry >>> 32) & mask;
    while (index[at] != 0) {
      at = (at + 1) & mask;
    }
    index[at] = entry;
  }

  private void grow() {
    long[] old = index;
    index = new long[old.length * 2];
    for (long entry : old) {
      if (entry != 0) {
        place(entry);
      }
    }
  }

  /// Forgets a partition.
  void remove(int block) {
    int[] page = pages[block >>> PAGE_BITS];
    int base = (block & PAGE - 1) << WIDTH_BITS;
    int slot = page[base + HASH];
    int mask = index.length - 1;
    int at = slot & mask;
    while ((int) index[at] != block + 1) {
      if (index[at] == 0) {
        throw new IllegalStateException("partition is not here");
      }
      at = (at + 1) & mask;
    }
    index[at] = 0;
    for (int next = (at + 1) & mask; index[next] != 0; next = (next + 1) & mask) {
      long moved = index[next];
      index[next] = 0;
      place(moved);
    }
    forgetWide(page, base);
    if (block < longKeys.length) {
      longKeys[block] = new byte[0];
    }
    page[base + SHAPE] = 0;
    page[base + HASH] = firstFree;
    firstFree = block;
    size--;
  }

  private void forgetWide(int[] page, int base) {
    if ((page[base + SHAPE] & WIDE) != 0) {
      int number = page[base + BODY];
      wide[number] = null;
      if (freeWideCount == freeWide.length) {
        freeWide = Arrays.copyOf(freeWide, freeWideCount * 2);
      }
      freeWide[freeWideCount++] = number;
    }
  }

  // Flags.

  private int shape(int block) {
    return pages[block >>> PAGE_BITS][((block & PAGE - 1) << WIDTH_BITS) + SHAPE];
  }

  boolean isUsed(int block) {
    return (shape(block) & USED) != 0;
  }

  /// It holds no row.
  boolean isEmpty(int block) {
    return (shape(block) & (WIDE | 0xF)) == 0;
  }

  boolean hasTimer(int block) {
    return (shape(block) & TIMER) != 0;
  }

  void setTimer(int block, boolean has) {
    int[] page = pages[block >>> PAGE_BITS];
    int at = ((block & PAGE - 1) << WIDTH_BITS) + SHAPE;
    page[at] = has ? page[at] | TIMER : page[at] & ~TIMER;
  }

  // Packing.

  /// The partition, to be worked on until [#store] or the next call.
  PartitionMatch load(int block) {
    int[] page = pages[block >>> PAGE_BITS];
    int at = (block & PAGE - 1) << WIDTH_BITS;
    int shape = page[at + SHAPE];
    if ((shape & WIDE) != 0) {
      PartitionMatch p = wide[page[at + BODY]];
      if (p == null) {
        throw new IllegalStateException("partition is not here");
      }
      return p;
    }
    PartitionMatch p = unpacked;
    int rows = shape & 0xF;
    int entries = shape >>> 4 & 0xF;
    int nodes = shape >>> 8 & 0xF;
    p.reset(WIDTH, timed, rows);
    p.isOpen = (shape & OPEN) != 0;
    at += BODY;
    for (int i = 0; i < rows; i++, at += rowWidth) {
      p.rows[i] = page[at];
      p.labels[i] = page[at + 1] & 0xFFFFFFFFL;
      if (timed) {
        p.times[i] = page[at + 2] & 0xFFFFFFFFL | (long) page[at + 3] << 32;
      }
    }
    int[] to = p.roomForEntries(entries * stride);
    for (int e = 0, i = 0; e < entries; e++, i += stride) {
      int entry = page[at++];
      to[i + Matcher.PC] = (entry & 0x3FF) - 2;
      to[i + Matcher.START] = entry >>> 10 & 0xF;
      to[i + Matcher.NODE] = (entry >>> 14 & 0xF) - 1;
      to[i + Matcher.END] = entry >>> 18 & 0xF;
    }
    p.entryCount = entries;
    for (int n = 0; n < nodes; n++) {
      int node = page[at++];
      p.setNode(n, (node & 0xF) - 1, node >>> 4);
    }
    p.nodeCount = nodes;
    return p;
  }

  /// Keeps what [#load] gave, and what has become of it. All of its rows have been taken.
  void store(int block, PartitionMatch p) {
    int[] page = pages[block >>> PAGE_BITS];
    int base = (block & PAGE - 1) << WIDTH_BITS;
    int kept = page[base + SHAPE] & KEPT;
    if (p.size == 0) {
      forgetWide(page, base);
      page[base + SHAPE] = kept;
      return;
    }
    if (p != unpacked) {
      return;
    }
    if (!fits(p)) {
      widen(page, base, p);
      return;
    }
    page[base + SHAPE] =
        kept | p.size | p.entryCount << 4 | p.nodeCount << 8 | (p.isOpen ? OPEN : 0);
    int at = base + BODY;
    for (int i = 0; i < p.size; i++, at += rowWidth) {
      page[at] = p.rows[i];
      page[at + 1] = (int) p.labels[i];
      if (timed) {
        page[at + 2] = (int) p.times[i];
        page[at + 3] = (int) (p.times[i] >>> 32);
      }
    }
    for (int e = 0, i = 0; e < p.entryCount; e++, i += stride) {
      int pc = p.entries[i + Matcher.PC];
      int end = pc < 0 ? p.entries[i + Matcher.END] : 0;
      page[at++] =
          pc + 2
              | p.entries[i + Matcher.START] << 10
              | p.entries[i + Matcher.NODE] + 1 << 14
              | end << 18;
    }
    for (int n = 0; n < p.nodeCount; n++) {
      page[at++] = p.parent(n) + 1 | p.labelOf(n) << 4;
    }
  }

  private boolean fits(PartitionMatch p) {
    if (p.position != p.size || p.unsettled != 0) {
      return false;
    }
    int room = WIDTH - BODY - p.size * rowWidth - p.entryCount;
    if (p.nodeCount > room) {
      p.nodeLimit = 0;
      p.collectNodes(stride);
    }
    return p.nodeCount <= room;
  }

  private void widen(int[] page, int base, PartitionMatch p) {
    int number = freeWideCount > 0 ? freeWide[--freeWideCount] : wideCount++;
    if (number == wide.length) {
      wide = Arrays.copyOf(wide, number * 2);
    }
    PartitionMatch made = new PartitionMatch(new byte[0], 0);
    made.copy(p, stride);
    wide[number] = made;
    page[base + SHAPE] = page[base + SHAPE] & KEPT | WIDE;
    page[base + BODY] = number;
  }

  /// Rows of the block have other ids from now on: see [StreamRows.Holder].
  void move(int block, int[][] moves) {
    int[] page = pages[block >>> PAGE_BITS];
    int at = (block & PAGE - 1) << WIDTH_BITS;
    int shape = page[at + SHAPE];
    if ((shape & WIDE) != 0) {
      load(block).move(moves);
      return;
    }
    at += BODY;
    for (int rows = shape & 0xF; rows > 0; rows--, at += rowWidth) {
      page[at] = PartitionMatch.moved(page[at], moves);
    }
  }

  /// Bytes of all partitions, wide ones about.
  long sizeBytes() {
    return 8L * index.length
        + (long) (blocks + PAGE - 1 >>> PAGE_BITS << PAGE_BITS) * WIDTH * Integer.BYTES
        + 400L * (wideCount - freeWideCount);
  }
}
