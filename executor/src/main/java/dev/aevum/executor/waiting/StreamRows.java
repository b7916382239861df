package dev.aevum.executor.waiting;

import static dev.aevum.model.batch.Memory.LONG;

import dev.aevum.model.batch.BatchWriter;
import dev.aevum.model.batch.Column;
import dev.aevum.model.batch.DeltaBatch;
import dev.aevum.model.codec.ByteSink;
import dev.aevum.model.codec.RowCodec;
import dev.aevum.model.step.Watermarks;
import dev.aevum.model.type.SqlType;
import dev.aevum.planner.plan.SortKey;
import dev.aevum.storage.state.JournalState;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;
import org.apache.arrow.memory.BufferAllocator;
import org.jspecify.annotations.Nullable;

/// Rows in event-time order: as they arrive *waiting* for the watermark, then held by their
/// operator, by id, until it drops them. Rows that outlive their step are in the journal, by
/// ordinals of arrival.
public final class StreamRows implements AutoCloseable {
  /// Takes restored rows; the batch is borrowed.
  @FunctionalInterface
  public interface Restored {
    void take(DeltaBatch batch);
  }

  /// Whoever keeps ids of released rows: told when rows move.
  @FunctionalInterface
  public interface Holder {
    /// A row of chunk c that is at r has the id `moves[c][r]` from now on; null where a chunk
    /// stays.
    ///
    /// @param all any held row may have moved; false: only such as came in this step
    void move(int[][] moves, boolean all);
  }

  /// What is known of a chunk besides its rows.
  private static final class Chunk {
    final long[] hashes;
    final long[] ordinals;
    final long[] times;

    /// Bits: rows that are held, rows that wait.
    final long[] held;

    final long[] waiting;
    int waitingCount;
    long firstTime = Long.MAX_VALUE;
    boolean isStored;

    Chunk(int rows) {
      hashes = new long[rows];
      ordinals = new long[rows];
      times = new long[rows];
      held = new long[(rows + 63) >>> 6];
      waiting = new long[held.length];
    }
  }

  private static final int MIN_COMPACTED = 1 << 16;

  private final RowStore store;
  private final List<SqlType> types;
  private final BufferAllocator allocator;
  private final JournalState journal;
  private final RowCodec codec;
  private @Nullable Chunk[] chunks = new Chunk[16];

  /// Chunks with waiting rows, in order of arrival.
  private int[] waitingChunks = new int[16];

  private int waitingChunkCount;
  private int[] fresh = new int[16];
  private int freshCount;
  private long nextOrdinal;
  private int[] released = new int[1024];
  private long[] releasedTimes = new long[1024];
  private int[] scratch = new int[0];
  private int[] order = new int[0];
  private int[] sortedIds = new int[0];
  private long[] sortedTimes = new long[0];
  private int releasedCount;
  private long chunkRows;
  private final TieOrder ties;
  private final ByteSink key = new ByteSink();
  private final ByteSink value = new ByteSink();

  /// Rows with equal times are ordered by `ties`, then by arrival.
  public static StreamRows sorted(
      BufferAllocator allocator, List<SqlType> types, List<SortKey> ties, JournalState journal) {
    return new StreamRows(allocator, types, journal, rows -> new RowTies(rows, ties));
  }

  /// Rows of one partition with equal times are ordered by their encoding: the order is that of the
  /// set of rows, whenever they come. Partitions are not ordered among each other.
  public static StreamRows byEncoding(
      BufferAllocator allocator, List<SqlType> types, JournalState journal) {
    return new StreamRows(allocator, types, journal, rows -> new EncodedTies(rows, types));
  }

  private StreamRows(
      BufferAllocator allocator,
      List<SqlType> types,
      JournalState journal,
      Function<StreamRows, TieOrder> ties) {
    this.allocator = allocator;
    this.types = types;
    this.store = new RowStore(allocator, types);
    this.journal = journal;
    this.codec = new RowCodec(types);
    this.ties = ties.apply(this);
  }

  /// Takes a batch over; all of its rows wait. `times`, and `hashes` of the partition's key, are by
  /// row.
  public void add(DeltaBatch batch, long[] times, long[] hashes) {
    int chunk = place(batch, times, hashes);
    Chunk c = chunk(chunk);
    for (int i = 0; i < batch.rows(); i++) {
      c.ordinals[i] = nextOrdinal++;
    }
    await(chunk, c, batch.rows());
    if (freshCount == fresh.length) {
      fresh = Arrays.copyOf(fresh, freshCount * 2);
    }
    fresh[freshCount++] = chunk;
  }

  private int place(DeltaBatch batch, long[] times, long[] hashes) {
    int rows = batch.rows();
    int chunk = store.add(batch);
    if (chunk >= chunks.length) {
      chunks = Arrays.copyOf(chunks, Math.max(chunk + 1, chunks.length * 2));
    }
    Chunk c = new Chunk(rows);
    System.arraycopy(times, 0, c.times, 0, rows);
    System.arraycopy(hashes, 0, c.hashes, 0, rows);
    fill(c.held, rows);
    chunks[chunk] = c;
    chunkRows += rows;
    return chunk;
  }

  private void await(int chunk, Chunk c, int rows) {
    fill(c.waiting, rows);
    c.waitingCount = rows;
    for (int i = 0; i < rows; i++) {
      c.firstTime = Math.min(c.firstTime, c.times[i]);
    }
    appendWaiting(chunk);
  }

  private void appendWaiting(int chunk) {
    if (waitingChunkCount == waitingChunks.length) {
      waitingChunks = Arrays.copyOf(waitingChunks, waitingChunkCount * 2);
    }
    waitingChunks[waitingChunkCount++] = chunk;
  }

  private static void fill(long[] bits, int rows) {
    Arrays.fill(bits, 0, rows >>> 6, -1L);
    if ((rows & 63) != 0) {
      bits[rows >>> 6] = (1L << (rows & 63)) - 1;
    }
  }

  private Chunk chunk(int chunk) {
    return Objects.requireNonNull(chunks[chunk]);
  }

  // Release.

  /// Collects the waiting rows with a time before `bound`, in order; returns how many.
  public int release(long bound, boolean all) {
    releasedCount = 0;
    int left = 0;
    boolean sorted = true;
    for (int w = 0; w < waitingChunkCount; w++) {
      int number = waitingChunks[w];
      Chunk c = chunk(number);
      if (all || c.firstTime < bound) {
        sorted &= take(number, c, bound, all);
      }
      if (c.waitingCount > 0) {
        waitingChunks[left++] = number;
      }
    }
    waitingChunkCount = left;
    if (!sorted) {
      sort();
    }
    sortTies();
    return releasedCount;
  }

  private void sortTies() {
    for (int from = 0; from < releasedCount; ) {
      int to = from + 1;
      while (to < releasedCount && releasedTimes[to] == releasedTimes[from]) {
        to++;
      }
      if (to > from + 1) {
        ties.sort(released, from, to);
      }
      from = to;
    }
  }

  private boolean take(int number, Chunk c, long bound, boolean all) {
    boolean sorted = true;
    long first = Long.MAX_VALUE;
    long last = releasedCount == 0 ? Long.MIN_VALUE : releasedTimes[releasedCount - 1];
    if (releasedCount + c.waitingCount > released.length) {
      int larger = Math.max(releasedCount + c.waitingCount, released.length * 2);
      released = Arrays.copyOf(released, larger);
      releasedTimes = Arrays.copyOf(releasedTimes, larger);
    }
    for (int word = 0; word < c.waiting.length; word++) {
      for (long bits = c.waiting[word]; bits != 0; bits &= bits - 1) {
        int row = (word << 6) + Long.numberOfTrailingZeros(bits);
        long time = c.times[row];
        if (time < bound || all) {
          c.waiting[word] &= ~(1L << row);
          c.waitingCount--;
          released[releasedCount] = RowStore.id(number, row);
          releasedTimes[releasedCount++] = time;
          sorted &= time >= last;
          last = time;
        } else {
          first = Math.min(first, time);
        }
      }
    }
    c.firstTime = first;
    return sorted;
  }

  /// Merges ascending runs, so that nearly sorted input costs little; stable.
  private void sort() {
    if (scratch.length < releasedCount) {
      int larger = Math.max(releasedCount, scratch.length * 2);
      scratch = new int[larger];
      order = new int[larger];
      sortedIds = new int[larger];
      sortedTimes = new long[larger];
    }
    for (int i = 0; i < releasedCount; i++) {
      order[i] = i;
    }
    int[] runs = new int[16];
    int runCount = 0;
    for (int from = 0; from < releasedCount; ) {
      int to = from + 1;
      while (to < releasedCount && releasedTimes[to] >= releasedTimes[to - 1]) {
        to++;
      }
      if (runCount + 1 >= runs.length) {
        runs = Arrays.copyOf(runs, runs.length * 2);
      }
      runs[runCount++] = from;
      from = to;
    }
    runs[runCount] = releasedCount;
    while (runCount > 1) {
      int merged = 0;
      for (int r = 0; r < runCount; r += 2) {
        int end = r + 2 <= runCount ? runs[r + 2] : runs[r + 1];
        if (r + 1 < runCount) {
          merge(runs[r], runs[r + 1], end);
        }
        runs[merged++] = runs[r];
      }
      runs[merged] = releasedCount;
      runCount = merged;
    }
    for (int i = 0; i < releasedCount; i++) {
      sortedIds[i] = released[order[i]];
      sortedTimes[i] = releasedTimes[order[i]];
    }
    System.arraycopy(sortedIds, 0, released, 0, releasedCount);
    System.arraycopy(sortedTimes, 0, releasedTimes, 0, releasedCount);
  }

  private void merge(int from, int middle, int to) {
    System.arraycopy(order, from, scratch, from, to - from);
    int left = from;
    int right = middle;
    for (int i = from; i < to; i++) {
      boolean takeLeft =
          right >= to
              || left < middle && releasedTimes[scratch[left]] <= releasedTimes[scratch[right]];
      order[i] = takeLeft ? scratch[left++] : scratch[right++];
    }
  }

  /// The id of the `i`th released row.
  public int released(int i) {
    return released[i];
  }

  public long releasedTime(int i) {
    return releasedTimes[i];
  }

  public long ordinal(int id) {
    return chunk(RowStore.chunkOf(id)).ordinals[RowStore.rowOf(id)];
  }

  public long hash(int id) {
    return chunk(RowStore.chunkOf(id)).hashes[RowStore.rowOf(id)];
  }

  /// The columns of all rows.
  public RowStore store() {
    return store;
  }

  /// Nothing needs the row any more.
  public void drop(int id) {
    int number = RowStore.chunkOf(id);
    int row = RowStore.rowOf(id);
    Chunk c = chunk(number);
    c.held[row >>> 6] &= ~(1L << row);
    if (c.isStored) {
      removeStored(c.ordinals[row], c.hashes[row]);
    }
    store.release(id);
    if (store.chunk(number) == null) {
      chunkRows -= c.hashes.length;
      chunks[number] = null;
    }
  }

  private void removeStored(long ordinal, long hash) {
    key.reset();
    key.appendLongBig(ordinal);
    journal.remove(key.segment(), 0, key.position(), hash);
  }

  // The end of a step.

  /// Writes what has outlived its first step to the journal, and gives memory of sparse chunks
  /// back.
  public void seal(Holder holder) {
    for (int i = 0; i < freshCount; i++) {
      Chunk c = chunks[fresh[i]];
      if (c != null && !c.isStored) {
        write(fresh[i], c);
      }
    }
    boolean everything = chunkRows > 2 * store.heldRows() + MIN_COMPACTED;
    List<Integer> sparse = new ArrayList<>();
    for (int i = 0; i < (everything ? store.chunkCount() : freshCount); i++) {
      int number = everything ? i : fresh[i];
      Chunk c = chunks[number];
      if (c != null && store.held(number) * 2 < c.hashes.length) {
        sparse.add(number);
      }
    }
    if (!sparse.isEmpty()) {
      int[][] moves = new int[store.chunkCount()][];
      compact(sparse, moves);
      holder.move(moves, everything);
    }
    freshCount = 0;
  }

  private void write(int number, Chunk c) {
    Column[] columns = store.columnsOf(RowStore.id(number, 0));
    for (int row = 0; row < c.hashes.length; row++) {
      if ((c.held[row >>> 6] >>> row & 1) != 0) {
        key.reset();
        key.appendLongBig(c.ordinals[row]);
        value.reset();
        codec.encode(columns, row, value);
        journal.put(
            key.segment(), 0, key.position(), c.hashes[row], value.segment(), 0, value.position());
      }
    }
    c.isStored = true;
  }

  /// Gathers the held rows of chunks into full ones; `moves` gets the new id by old row.
  private void compact(List<Integer> sparse, int[][] moves) {
    // In order of arrival, as waiting chunks are to be.
    sparse.sort((x, y) -> Long.compare(chunk(x).ordinals[0], chunk(y).ordinals[0]));
    int[] ids = new int[RowStore.CHUNK_ROWS];
    int count = 0;
    for (int number : sparse) {
      Chunk c = chunk(number);
      moves[number] = new int[c.hashes.length];
      for (int row = 0; row < c.hashes.length; row++) {
        if ((c.held[row >>> 6] >>> row & 1) != 0) {
          ids[count++] = RowStore.id(number, row);
          if (count == ids.length) {
            gather(ids, count, moves);
            count = 0;
          }
        }
      }
    }
    gather(ids, count, moves);
    int left = 0;
    for (int w = 0; w < waitingChunkCount; w++) {
      if (moves.length <= waitingChunks[w] || moves[waitingChunks[w]] == null) {
        waitingChunks[left++] = waitingChunks[w];
      }
    }
    waitingChunkCount = left;
    for (int number : sparse) {
      free(number);
    }
    rebuildWaiting();
  }

  private void gather(int[] ids, int count, int[][] moves) {
    if (count == 0) {
      return;
    }
    long[] hashes = new long[count];
    long[] times = new long[count];
    for (int i = 0; i < count; i++) {
      Chunk from = chunk(RowStore.chunkOf(ids[i]));
      hashes[i] = from.hashes[RowStore.rowOf(ids[i])];
      times[i] = from.times[RowStore.rowOf(ids[i])];
    }
    int number = place(store.gatherRows(ids, count), times, hashes);
    Chunk to = chunk(number);
    to.isStored = true;
    for (int i = 0; i < count; i++) {
      Chunk from = chunk(RowStore.chunkOf(ids[i]));
      int row = RowStore.rowOf(ids[i]);
      to.ordinals[i] = from.ordinals[row];
      if ((from.waiting[row >>> 6] >>> row & 1) != 0) {
        to.waiting[i >>> 6] |= 1L << i;
        to.waitingCount++;
        to.firstTime = Math.min(to.firstTime, times[i]);
      }
      Objects.requireNonNull(moves[RowStore.chunkOf(ids[i])])[row] = RowStore.id(number, i);
    }
  }

  private void free(int number) {
    Chunk c = chunk(number);
    for (int row = 0; row < c.hashes.length; row++) {
      if ((c.held[row >>> 6] >>> row & 1) != 0) {
        store.release(RowStore.id(number, row));
      }
    }
    chunkRows -= c.hashes.length;
    chunks[number] = null;
  }

  private void rebuildWaiting() {
    List<Integer> numbers = new ArrayList<>();
    for (int i = 0; i < chunks.length; i++) {
      Chunk c = chunks[i];
      if (c != null && c.waitingCount > 0) {
        numbers.add(i);
      }
    }
    numbers.sort((x, y) -> Long.compare(chunk(x).ordinals[0], chunk(y).ordinals[0]));
    waitingChunkCount = 0;
    numbers.forEach(this::appendWaiting);
  }

  // Restart.

  /// Reads the journal: all rows wait. `taker` is asked for times and hashes of each batch through
  /// [#addRestored].
  public void restore(Restored taker) {
    List<byte[]> entries = new ArrayList<>();
    journal.takeRestored((k, keyOffset, keyLength, v, valueOffset, valueLength) -> {
      byte[] entry = new byte[keyLength + valueLength];
      MemorySegment.copy(k, keyOffset, MemorySegment.ofArray(entry), 0, keyLength);
      MemorySegment.copy(v, valueOffset, MemorySegment.ofArray(entry), keyLength, valueLength);
      entries.add(entry);
    });
    entries.sort((x, y) -> Arrays.compareUnsigned(x, 0, 8, y, 0, 8));
    for (int from = 0; from < entries.size(); from += DeltaBatch.TARGET_ROWS) {
      int to = Math.min(entries.size(), from + DeltaBatch.TARGET_ROWS);
      try (BatchWriter out = new BatchWriter(allocator, types, false, to - from)) {
        for (byte[] entry : entries.subList(from, to)) {
          codec.decode(MemorySegment.ofArray(entry), 8, entry.length - 8, out, 0);
          out.endRow();
        }
        restoredOrdinals = new long[to - from];
        for (int i = from; i < to; i++) {
          restoredOrdinals[i - from] = ordinal(entries.get(i));
        }
        try (DeltaBatch batch = out.finish()) {
          taker.take(batch);
        }
      }
    }
    if (!entries.isEmpty()) {
      nextOrdinal = ordinal(entries.getLast()) + 1;
    }
  }

  private long[] restoredOrdinals = new long[0];

  private static long ordinal(byte[] entry) {
    return Long.reverseBytes(MemorySegment.ofArray(entry).get(LONG, 0));
  }

  /// Takes over a batch that [#restore] has handed out (retained).
  public void addRestored(DeltaBatch batch, long[] times, long[] hashes) {
    int number = place(batch, times, hashes);
    Chunk c = chunk(number);
    System.arraycopy(restoredOrdinals, 0, c.ordinals, 0, batch.rows());
    c.isStored = true;
    await(number, c, batch.rows());
  }

  /// The least time of all held rows, [Watermarks#NONE] when there are none.
  public long oldest() {
    long oldest = Long.MAX_VALUE;
    for (Chunk c : chunks) {
      for (int row = 0; c != null && row < c.times.length; row++) {
        if ((c.held[row >>> 6] >>> row & 1) != 0) {
          oldest = Math.min(oldest, c.times[row]);
        }
      }
    }
    return oldest == Long.MAX_VALUE ? Watermarks.NONE : oldest;
  }

  @Override
  public void close() {
    store.close();
  }
}
