package dev.aevum.executor.waiting;

import static dev.aevum.model.batch.Memory.INT;
import static dev.aevum.model.batch.Memory.LONG;

import dev.aevum.executor.kernel.Scatter;
import dev.aevum.model.batch.Column;
import dev.aevum.model.batch.ColumnWriter;
import dev.aevum.model.batch.DeltaBatch;
import dev.aevum.model.batch.FixedColumn;
import dev.aevum.model.batch.Memory;
import dev.aevum.model.type.SqlType;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.arrow.memory.BufferAllocator;
import org.jspecify.annotations.Nullable;

/// The rows that partitions refer to: batches as they came, *chunks*. A row id is the chunk's
/// number and the row in it; ids of a chunk are used again once nobody holds a row of it.
public final class RowStore implements AutoCloseable {
  /// Rows of a chunk: 2 to this.
  public static final int CHUNK_BITS = 14;

  public static final int CHUNK_ROWS = 1 << CHUNK_BITS;
  private static final int MAX_CHUNKS = 1 << 31 - CHUNK_BITS;

  private final BufferAllocator allocator;
  private final List<SqlType> types;
  private @Nullable DeltaBatch[] chunks = new DeltaBatch[16];
  private Column[][] columns = new Column[16][];
  private int[] held = new int[16];
  private int count;
  private int[] free = new int[16];
  private int freeCount;
  private long heldRows;

  public RowStore(BufferAllocator allocator, List<SqlType> types) {
    this.allocator = allocator;
    this.types = List.copyOf(types);
  }

  /// Takes a batch of at most [#CHUNK_ROWS] rows over; its rows are held once each.
  public int add(DeltaBatch batch) {
    if (batch.rows() > CHUNK_ROWS || batch.rows() == 0) {
      throw new IllegalArgumentException(batch.rows() + " rows");
    }
    int chunk = freeCount > 0 ? free[--freeCount] : count++;
    if (chunk >= MAX_CHUNKS) {
      throw new IllegalStateException("too many rows");
    }
    if (chunk == chunks.length) {
      chunks = Arrays.copyOf(chunks, chunk * 2);
      columns = Arrays.copyOf(columns, chunk * 2);
      held = Arrays.copyOf(held, chunk * 2);
    }
    chunks[chunk] = batch;
    columns[chunk] = batch.columns().toArray(Column[]::new);
    held[chunk] = batch.rows();
    heldRows += batch.rows();
    return chunk;
  }

  public static int id(int chunk, int row) {
    return chunk << CHUNK_BITS | row;
  }

  public static int chunkOf(int id) {
    return id >>> CHUNK_BITS;
  }

  public static int rowOf(int id) {
    return id & CHUNK_ROWS - 1;
  }

  public void release(int id) {
    int chunk = chunkOf(id);
    heldRows--;
    if (--held[chunk] == 0) {
      DeltaBatch batch = chunks[chunk];
      if (batch != null) {
        batch.close();
      }
      chunks[chunk] = null;
      columns[chunk] = new Column[0];
      if (freeCount == free.length) {
        free = Arrays.copyOf(free, freeCount * 2);
      }
      free[freeCount++] = chunk;
    }
  }

  public long heldRows() {
    return heldRows;
  }

  public int chunkCount() {
    return count;
  }

  public int held(int chunk) {
    return held[chunk];
  }

  @Nullable DeltaBatch chunk(int chunk) {
    return chunks[chunk];
  }

  public Column column(int id, int column) {
    return columns[chunkOf(id)][column];
  }

  public Column[] columnsOf(int id) {
    return columns[chunkOf(id)];
  }

  /// Bytes of all chunks; buffers that they share with others count in full.
  public long sizeBytes() {
    long size = 0;
    for (DeltaBatch c : chunks) {
      size += c == null ? 0 : c.sizeBytes();
    }
    return size;
  }

  /// Values of a column at rows, dense; the caller owns it.
  public Column gather(int column, int[] ids, int count) {
    SqlType type = types.get(column);
    return switch (type.physical()) {
      case INT64, FLOAT64 -> longs(type, column, ids, count);
      case INT32, FLOAT32 -> ints(type, column, ids, count);
      case BOOL, INT16, INT128, FIXED16, VARLEN -> {
        try (ColumnWriter out = new ColumnWriter(allocator, type, count)) {
          for (int i = 0; i < count; i++) {
            out.appendFrom(columns[chunkOf(ids[i])][column], rowOf(ids[i]));
          }
          yield out.finish();
        }
      }
    };
  }

  private Column longs(SqlType type, int column, int[] ids, int count) {
    try (FixedColumn out = new FixedColumn(allocator, type, count)) {
      MemorySegment to = out.data();
      int last = -1;
      MemorySegment from = Memory.EMPTY;
      boolean nulls = false;
      for (int i = 0; i < count; i++) {
        int chunk = chunkOf(ids[i]);
        if (chunk != last) {
          Column c = columns[chunk][column];
          from = c.data();
          nulls |= c.mayHaveNulls();
          last = chunk;
        }
        to.set(LONG, (long) i << 3, from.get(LONG, (long) rowOf(ids[i]) << 3));
      }
      if (nulls) {
        validity(column, ids, count, out);
      }
      return out.finish();
    }
  }

  private Column ints(SqlType type, int column, int[] ids, int count) {
    try (FixedColumn out = new FixedColumn(allocator, type, count)) {
      MemorySegment to = out.data();
      int last = -1;
      MemorySegment from = Memory.EMPTY;
      boolean nulls = false;
      for (int i = 0; i < count; i++) {
        int chunk = chunkOf(ids[i]);
        if (chunk != last) {
          Column c = columns[chunk][column];
          from = c.data();
          nulls |= c.mayHaveNulls();
          last = chunk;
        }
        to.set(INT, (long) i << 2, from.get(INT, (long) rowOf(ids[i]) << 2));
      }
      if (nulls) {
        validity(column, ids, count, out);
      }
      return out.finish();
    }
  }

  private void validity(int column, int[] ids, int count, FixedColumn out) {
    MemorySegment validity = out.validity();
    for (int i = 0; i < count; i++) {
      if (columns[chunkOf(ids[i])][column].isNull(rowOf(ids[i]))) {
        Memory.clearBit(validity, i);
      }
    }
  }

  /// The whole rows, dense.
  public DeltaBatch gatherRows(int[] ids, int rows) {
    List<Column> made = new ArrayList<>();
    try {
      for (int c = 0; c < types.size(); c++) {
        made.add(gather(c, ids, rows));
      }
      DeltaBatch batch = new DeltaBatch(rows, made.toArray(Column[]::new), null);
      made.clear();
      return batch;
    } finally {
      made.forEach(Column::close);
    }
  }

  /// Spreads `values` of the rows at `positions` over `rows` rows, the others NULL; takes `values`.
  public static Column spread(
      BufferAllocator allocator, Column values, int[] positions, int count, int rows) {
    if (count == rows) {
      return values;
    }
    try (values;
        Scatter out = new Scatter(allocator, values.type(), rows)) {
      out.put(values, positions, count);
      return out.finish();
    }
  }

  @Override
  public void close() {
    for (DeltaBatch c : chunks) {
      if (c != null) {
        c.close();
      }
    }
    Arrays.fill(chunks, null);
    count = 0;
    freeCount = 0;
    heldRows = 0;
  }
}
