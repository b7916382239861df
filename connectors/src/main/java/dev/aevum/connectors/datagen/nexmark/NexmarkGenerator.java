package dev.aevum.connectors.datagen.nexmark;

import dev.aevum.model.batch.Column;
import dev.aevum.model.batch.FixedColumn;
import org.apache.arrow.memory.BufferAllocator;
import org.jspecify.annotations.Nullable;

/// Makes columns of Nexmark events: any rows of any entity, only the columns asked for, without an
/// object per row. Most strings are views into shared pools and cost 16 bytes each. One thread;
/// several generators with the same seed and rate share the work of a stream without talking to
/// each other.
public final class NexmarkGenerator implements AutoCloseable {
  private final BufferAllocator allocator;
  private final Timeline time;
  private final NexmarkBuffers buffers;
  private final long mixedSeed;

  /// `rate`: events of event time per second.
  public NexmarkGenerator(BufferAllocator allocator, long seed, long rate) {
    this.allocator = allocator;
    this.time = new Timeline(rate);
    this.buffers = new NexmarkBuffers(allocator, new NexmarkTables());
    this.mixedSeed = Draws.mix(seed);
  }

  /// The event times of this generator.
  public Timeline time() {
    return time;
  }

  /// Rows `firstOrdinal` and on of `entity`. The result has one entry per field of the entity,
  /// owned by the caller; null where `needed` is false.
  public @Nullable Column[] columns(Entity entity, long firstOrdinal, int rows, boolean[] needed) {
    @Nullable FixedColumn[] open = new FixedColumn[needed.length];
    try {
      for (int c = 0; c < open.length; c++) {
        if (needed[c]) {
          open[c] = new FixedColumn(allocator, entity.fields().get(c).type(), rows);
        }
      }
      switch (entity) {
        case PERSON ->
            new PersonColumns(allocator, buffers, time, mixedSeed).fill(open, firstOrdinal, rows);
        case AUCTION -> new AuctionColumns(buffers, time, mixedSeed).fill(open, firstOrdinal, rows);
        case BID -> new BidColumns(buffers, time, mixedSeed).fill(open, firstOrdinal, rows);
      }
      @Nullable Column[] made = new Column[open.length];
      for (int c = 0; c < open.length; c++) {
        FixedColumn column = open[c];
        made[c] = column == null ? null : column.finish();
      }
      return made;
    } finally {
      for (FixedColumn column : open) {
        if (column != null) {
          column.close();
        }
      }
    }
  }

  @Override
  public void close() {
    buffers.close();
  }
}
