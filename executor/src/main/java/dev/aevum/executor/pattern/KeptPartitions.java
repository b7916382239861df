package dev.aevum.executor.pattern;

import static dev.aevum.model.batch.Memory.INT;

import dev.aevum.model.batch.BatchWriter;
import dev.aevum.model.batch.Column;
import dev.aevum.model.batch.DeltaBatch;
import dev.aevum.model.codec.ByteSink;
import dev.aevum.model.codec.KeyCodec;
import dev.aevum.model.codec.RowCodec;
import dev.aevum.model.step.Watermarks;
import dev.aevum.storage.state.OrderedState;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import org.apache.arrow.memory.BufferAllocator;
import org.jspecify.annotations.Nullable;

/// What a [RevisingMatchOperator] keeps, told: its partitions, their oldest row, all rows. Nothing
/// is counted before it is asked for. One thread.
final class KeptPartitions {
  /// The oldest row is looked for in so many partitions.
  static final int MOST_LOOKED_AT = 20_000;

  private static final long UNKNOWN = -1;

  private final OrderedState rows;
  private final BufferAllocator allocator;
  private final RowCodec codec;
  private final KeyCodec partitionCodec;
  private final int[] partitionColumns;

  /// By which rows are ordered first, ascending; else -1.
  private final int timeColumn;

  private long count = UNKNOWN;
  private boolean wasThere;

  KeptPartitions(
      OrderedState rows,
      BufferAllocator allocator,
      MatchPlan plan,
      RowCodec codec,
      KeyCodec partitionCodec,
      int[] partitionColumns) {
    this.rows = rows;
    this.allocator = allocator;
    this.codec = codec;
    this.partitionCodec = partitionCodec;
    this.partitionColumns = partitionColumns;
    this.timeColumn = plan.isAscending() ? plan.timeColumn : -1;
  }

  /// A partition is about to change.
  void before(byte[] partition) {
    wasThere = count != UNKNOWN && isThere(partition);
  }

  /// It has changed.
  void after(byte[] partition) {
    if (count != UNKNOWN) {
      count += (isThere(partition) ? 1 : 0) - (wasThere ? 1 : 0);
    }
  }

  private boolean isThere(byte[] partition) {
    return seek(partition) && isPrefixed(partition);
  }

  long count() {
    if (count == UNKNOWN) {
      long[] found = new long[1];
      visit(Long.MAX_VALUE, row -> found[0]++);
      count = found[0];
    }
    return count;
  }

  /// Microseconds; [Watermarks#NONE] where the order is none by time, or partitions are too many.
  long oldest() {
    if (timeColumn < 0 || count() > MOST_LOOKED_AT) {
      return Watermarks.NONE;
    }
    long[] oldest = {Long.MAX_VALUE};
    visit(
        MOST_LOOKED_AT,
        first -> {
          if (!first.column(timeColumn).isNull(0)) {
            oldest[0] = Math.min(oldest[0], MatchPlan.timeOf(first.column(timeColumn), 0));
          }
        });
    return oldest[0] == Long.MAX_VALUE ? Watermarks.NONE : oldest[0];
  }

  List<byte[]> rows() {
    List<byte[]> all = new ArrayList<>();
    for (boolean there = seek(new byte[0]); there; there = rows.next()) {
      byte[] row = currentRow();
      for (long n = rows.valueLong(); n > 0; n--) {
        all.add(row);
      }
    }
    return all;
  }

  /// The first row of each partition.
  private void visit(long most, Consumer<DeltaBatch> first) {
    ByteSink key = new ByteSink();
    boolean there = seek(new byte[0]);
    for (long i = 0; there && i < most; i++) {
      byte[] row = currentRow();
      try (BatchWriter out = new BatchWriter(allocator, codec.types(), false, 1)) {
        codec.decode(row, out);
        out.endRow();
        try (DeltaBatch batch = out.finish()) {
          first.accept(batch);
          key.reset();
          Column[] partition =
              Arrays.stream(partitionColumns).mapToObj(batch::column).toArray(Column[]::new);
          partitionCodec.encode(partition, 0, key);
        }
      }
      byte @Nullable [] behind = behind(key.toBytes());
      there = behind != null && seek(behind);
    }
  }

  /// The least key that is greater than all that begin with `prefix`.
  private static byte @Nullable [] behind(byte[] prefix) {
    for (int i = prefix.length - 1; i >= 0; i--) {
      if (prefix[i] != -1) {
        byte[] next = Arrays.copyOf(prefix, i + 1);
        next[i]++;
        return next;
      }
    }
    return null;
  }

  private boolean seek(byte[] key) {
    return rows.seekAtLeast(MemorySegment.ofArray(key), 0, key.length);
  }

  private boolean isPrefixed(byte[] prefix) {
    return rows.keyLength() >= prefix.length
        && MemorySegment.mismatch(
                rows.keySegment(),
                rows.keyOffset(),
                rows.keyOffset() + prefix.length,
                MemorySegment.ofArray(prefix),
                0,
                prefix.length)
            < 0;
  }

  /// A key ends in the row and its length.
  private byte[] currentRow() {
    long end = rows.keyOffset() + rows.keyLength() - 4;
    int length = rows.keySegment().get(INT, end);
    byte[] row = new byte[length];
    MemorySegment.copy(rows.keySegment(), end - length, MemorySegment.ofArray(row), 0, length);
    return row;
  }
}
