package dev.aevum.executor.pattern;

import dev.aevum.executor.waiting.RowStore;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// What is kept of one partition. Rows are known by their place in the *window*, 0 for the oldest
/// that is kept; all places move together in [#cut].
final class PartitionMatch {
  private static final int LINK = 3;
  private static final byte[] NO_BYTES = new byte[0];
  private static final int[] NO_INTS = new int[0];
  private static final long[] NO_LONGS = new long[0];

  /// Encoded partition key, where it is not a short one.
  private final byte[] longKey;

  final long hash;

  /// Rows by their ids in the [RowStore], and which variables' row-local conditions each satisfies.
  int[] rows = NO_INTS;

  long[] labels = NO_LONGS;

  /// Event times; for patterns with WITHIN only.
  long[] times = NO_LONGS;

  int size;

  /// Rows before the window.
  long dropped;

  /// Rows whose labels are known.
  int labelled;

  /// The next row to be taken.
  int position;

  /// The first start that is not settled. Starts settle in order.
  int unsettled;

  /// Behind the last row of all matches so far.
  int covered;

  /// Behind the last row that has its output; for patterns that give every row.
  int shown;

  long matchNumber;

  /// Entries: threads and candidates, by start, then preference. See [Matcher].
  int[] entries = NO_INTS;

  int entryCount;

  /// Of starts that share their work ([SharedStarts]), three a row: the distance to the start it
  /// leads to (0: it is the root of a group; -1: of one that has ended), how far behind it that has
  /// come to be, and the length of its candidate (-1: none).
  private int[] links = NO_INTS;

  /// Entries stand behind the last row's LABEL: what follows is not looked at yet.
  boolean isOpen;

  /// Path nodes: parent (-1 none), LABEL instruction, registers, and where conditions have running
  /// aggregates the number of its state in [#sums]. A parent comes before its children.
  int[] nodes = NO_INTS;

  private int nodeWidth = 2;

  /// Running aggregates behind nodes; null until a condition asks for them.
  @Nullable PathSums sums;

  int nodeCount;
  int nodeLimit = 64;

  /// Marks of whoever drives: in the list of touched partitions; has a timer.
  boolean isTouched;

  long timer = Long.MAX_VALUE;

  /// What its record says, if it has one: see [PartitionRecords].
  boolean hasRecord;

  long recordNumber;
  long recordRest;

  /// The key itself where it has [#SHORT_KEY] bytes: looking it up then reads no other object.
  private final byte firstByte;

  private final long otherBytes;
  private final boolean isShort;

  private static final int SHORT_KEY = 9;
  private static final VarHandle LONGS =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

  PartitionMatch(byte[] key, long hash) {
    this.hash = hash;
    this.isShort = key.length == SHORT_KEY;
    this.longKey = isShort ? NO_BYTES : key;
    this.firstByte = isShort ? key[0] : 0;
    this.otherBytes = isShort ? (long) LONGS.get(key, 1) : 0;
  }

  /// Encoded partition key; not to be changed.
  byte[] key() {
    if (!isShort) {
      return longKey;
    }
    byte[] key = new byte[SHORT_KEY];
    key[0] = firstByte;
    LONGS.set(key, 1, otherBytes);
    return key;
  }

  /// Reads what taking a row reads.
  long read() {
    return (long) rows.length
        + labels.length
        + times.length
        + entries.length
        + nodes.length
        + links.length
        + timer;
  }

  /// Whether this is the partition of that key.
  boolean isOf(byte[] keys, int from, int to) {
    if (isShort) {
      return to - from == SHORT_KEY
          && keys[from] == firstByte
          && (long) LONGS.get(keys, from + 1) == otherBytes;
    }
    return Arrays.equals(longKey, 0, longKey.length, keys, from, to);
  }

  void addRow(int row, boolean timed, long time) {
    if (size == rows.length) {
      int larger = Math.max(2, size + (size >> 1) + 1);
      rows = Arrays.copyOf(rows, larger);
      labels = Arrays.copyOf(labels, larger);
      if (timed) {
        times = Arrays.copyOf(times, larger);
      }
    }
    rows[size] = row;
    if (timed) {
      times[size] = time;
    }
    size++;
  }

  /// Becomes a partition of `rows` taken rows, without entries and nodes, whose arrays have room
  /// for `most` rows and nodes; the rows themselves are set by the caller.
  void reset(int most, boolean timed, int count) {
    if (rows.length < most) {
      rows = new int[most];
      labels = new long[most];
      times = timed ? new long[most] : NO_LONGS;
    }
    if (nodes.length < nodeWidth * most) {
      nodes = new int[nodeWidth * most];
    }
    size = count;
    labelled = count;
    position = count;
    unsettled = 0;
    covered = 0;
    shown = 0;
    dropped = 0;
    matchNumber = 0;
    isOpen = false;
    entryCount = 0;
    nodeCount = 0;
    nodeLimit = 64;
    sums = null;
  }

  /// Takes over what another partition holds, without its links, key and record.
  void copy(PartitionMatch from, int stride) {
    rows = Arrays.copyOf(from.rows, from.size);
    labels = Arrays.copyOf(from.labels, from.size);
    times = from.times.length == 0 ? NO_LONGS : Arrays.copyOf(from.times, from.size);
    size = from.size;
    dropped = from.dropped;
    labelled = from.labelled;
    position = from.position;
    unsettled = from.unsettled;
    covered = from.covered;
    shown = from.shown;
    matchNumber = from.matchNumber;
    entryCount = 0;
    addEntries(from.entries, from.entryCount * stride, stride);
    isOpen = from.isOpen;
    nodeWidth = from.nodeWidth;
    nodeCount = from.nodeCount;
    nodes = Arrays.copyOf(from.nodes, nodeCount * nodeWidth);
    nodeLimit = Math.max(64, 2 * nodeCount);
    sums = from.sums == null ? null : from.sums.copy();
  }

  /// Rows have other ids from now on: see [StreamRows.Holder].
  void move(int[][] moves) {
    for (int i = 0; i < size; i++) {
      rows[i] = moved(rows[i], moves);
    }
  }

  static int moved(int row, int[][] moves) {
    int[] moved = moves[RowStore.chunkOf(row)];
    return moved == null ? row : moved[RowStore.rowOf(row)];
  }

  /// Drops the first `count` rows of the window.
  void cut(int count, int stride) {
    if (count == 0) {
      return;
    }
    System.arraycopy(rows, count, rows, 0, size - count);
    System.arraycopy(labels, count, labels, 0, size - count);
    if (times.length > 0) {
      System.arraycopy(times, count, times, 0, size - count);
    }
    if (links.length > 0) {
      System.arraycopy(
          links, LINK * count, links, 0, Math.min(links.length, LINK * size) - LINK * count);
    }
    size -= count;
    dropped += count;
    labelled -= count;
    position -= count;
    unsettled -= count;
    covered -= count;
    shown -= count;
    for (int e = 0, at = 0; e < entryCount; e++, at += stride) {
      entries[at + Matcher.START] -= count;
      entries[at + Matcher.END] -= count;
    }
  }

  // Entries.

  /// The entries, with room for `length` ints.
  int[] roomForEntries(int length) {
    if (entries.length < length) {
      entries = new int[length];
    }
    return entries;
  }

  void addEntries(int[] from, int length, int stride) {
    int at = entryCount * stride;
    if (entries.length < at + length) {
      entries = Arrays.copyOf(entries, Math.max(at + length, entries.length * 2));
    }
    System.arraycopy(from, 0, entries, at, length);
    entryCount += length / stride;
  }

  void setEntries(int[] from, int length, int stride) {
    entryCount = 0;
    addEntries(from, length, stride);
  }

  // Links of starts.

  void addLink(int start, boolean alive, boolean complete) {
    int at = LINK * start;
    if (at + LINK > links.length) {
      links = Arrays.copyOf(links, Math.max(LINK * rows.length, at + LINK));
    }
    links[at] = alive ? 0 : -1;
    links[at + 1] = 0;
    links[at + 2] = complete ? 0 : -1;
  }

  /// The start under which the group of `start` runs, or ran.
  int root(int start) {
    int s = start;
    while (links[LINK * s] > 0) {
      int to = s + links[LINK * s];
      int further = links[LINK * to];
      if (further <= 0) {
        return to;
      }
      // What `to` knows does not change any more: `s` takes it over and leads to where that leads.
      int end = links[LINK * to + 2];
      if (end >= 0 && to + end > s + links[LINK * s + 1]) {
        links[LINK * s + 2] = to + end - s;
      }
      links[LINK * s] = to + further - s;
      links[LINK * s + 1] = to + links[LINK * to + 1] - s;
      s = to + further;
    }
    return s;
  }

  /// Threads of the start's group are left.
  boolean isAlive(int start) {
    return links[LINK * root(start)] == 0;
  }

  /// Behind the candidate of a start, -1 if it has none.
  int endOf(int start) {
    int found = links[LINK * start + 2] < 0 ? -1 : start + links[LINK * start + 2];
    for (int s = start; links[LINK * s] > 0; ) {
      int to = s + links[LINK * s];
      int end = links[LINK * to + 2];
      if (end >= 0 && to + end > s + links[LINK * s + 1]) {
        found = to + end;
      }
      s = to;
    }
    return found;
  }

  /// No thread of the group is left.
  void endGroup(int root) {
    links[LINK * root] = -1;
  }

  /// All starts of the group have a candidate that ends before `position`.
  void complete(int root, int position) {
    links[LINK * root + 2] = position - root;
  }

  /// From `position` on the group of `older` is part of that of `newer`.
  void link(int older, int newer, int position) {
    links[LINK * older] = newer - older;
    links[LINK * older + 1] = position - older;
  }

  // Paths.

  /// Adds the node of the row at `row`, which instruction `pc` maps.
  int addNode(int parent, int pc, PathRegisters registers, int touched, int row) {
    int held = registers.count();
    int width = 2 + held + (registers.summed() ? 1 : 0);
    int at = nodeCount * width;
    if (at + width > nodes.length) {
      nodes = Arrays.copyOf(nodes, Math.max(2 * width, at * 2));
    }
    nodes[at] = parent;
    nodes[at + 1] = pc;
    for (int r = 0; r < held; r++) {
      int before = parent < 0 ? PathRegisters.NONE : nodes[parent * width + 2 + r];
      boolean sets =
          (touched >>> r & 1) != 0
              && (before == PathRegisters.NONE || !registers.registers().get(r).first());
      nodes[at + 2 + r] = sets ? (int) (dropped + row) : before;
    }
    if (registers.summed()) {
      nodes[at + width - 1] = PathSums.NONE;
    }
    nodeWidth = width;
    return nodeCount++;
  }

  /// The number of a node's state in [#sums]; for patterns whose nodes have one.
  int sumsOf(int node) {
    return nodes[node * nodeWidth + nodeWidth - 1];
  }

  void setSums(int node, int number) {
    nodes[node * nodeWidth + nodeWidth - 1] = number;
  }

  /// No node knows a state.
  void forgetSums() {
    for (int node = 0; node < nodeCount; node++) {
      setSums(node, PathSums.NONE);
    }
  }

  void setNode(int node, int parent, int pc) {
    nodes[node * nodeWidth] = parent;
    nodes[node * nodeWidth + 1] = pc;
  }

  /// What a register holds behind a node: a number of [#indexOf], or [PathRegisters#NONE].
  int register(int node, int register) {
    return node < 0 ? PathRegisters.NONE : nodes[node * nodeWidth + 2 + register];
  }

  /// Place in the window of a row that a register holds.
  int indexOf(int held) {
    return held - (int) dropped;
  }

  int parent(int node) {
    return nodes[node * nodeWidth];
  }

  int labelOf(int node) {
    return nodes[node * nodeWidth + 1];
  }

  /// Forgets path nodes that no entry needs, once there are many.
  void collectNodes(int stride) {
    if (entryCount == 0) {
      nodeCount = 0;
      return;
    }
    if (nodeCount <= nodeLimit) {
      return;
    }
    int[] moved = new int[nodeCount];
    for (int e = 0, at = 0; e < entryCount; e++, at += stride) {
      for (int n = entries[at + Matcher.NODE]; n >= 0 && moved[n] == 0; n = parent(n)) {
        moved[n] = 1;
      }
    }
    int live = 0;
    for (int n = 0; n < nodeCount; n++) {
      if (moved[n] != 0) {
        int parent = parent(n);
        System.arraycopy(nodes, n * nodeWidth, nodes, live * nodeWidth, nodeWidth);
        nodes[live * nodeWidth] = parent < 0 ? -1 : moved[parent];
        moved[n] = live++;
      }
    }
    for (int e = 0, at = 0; e < entryCount; e++, at += stride) {
      int node = entries[at + Matcher.NODE];
      entries[at + Matcher.NODE] = node < 0 ? -1 : moved[node];
    }
    nodeCount = live;
    nodeLimit = Math.max(64, 2 * live);
  }

  /// Bytes on the heap, about.
  long sizeBytes() {
    return 160L
        + longKey.length
        + 4L * (rows.length + entries.length + nodes.length + links.length)
        + 8L * (labels.length + times.length)
        + (sums == null ? 0 : sums.sizeBytes());
  }
}
