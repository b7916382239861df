package dev.aevum.connectors.datagen.nexmark;

import static dev.aevum.connectors.datagen.nexmark.Draws.below;
import static dev.aevum.connectors.datagen.nexmark.Draws.draw;
import static dev.aevum.connectors.datagen.nexmark.NexmarkBuffers.data;
import static dev.aevum.connectors.datagen.nexmark.NexmarkBuffers.wanted;
import static dev.aevum.model.batch.Memory.LONG;

import dev.aevum.model.batch.FixedColumn;
import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;

/// Fills columns of auctions: id, itemName, description, initialBid, reserve, dateTime, expires,
/// seller, category, extra.
final class AuctionColumns {
  private static final int EVENTS_OPEN = 1666;
  private static final int SIZE_AVERAGE = 452;
  private static final int POOL_LIMIT = NexmarkTables.POOL - 128;

  private final NexmarkBuffers buffers;
  private final Timeline time;
  private final long mixedSeed;

  AuctionColumns(NexmarkBuffers buffers, Timeline time, long mixedSeed) {
    this.buffers = buffers;
    this.time = time;
    this.mixedSeed = mixedSeed;
  }

  void fill(@Nullable FixedColumn[] out, long firstOrdinal, int rows) {
    fillNumbers(out, firstOrdinal, rows);
    if (wanted(out[1]) || wanted(out[2]) || wanted(out[9])) {
      fillTexts(out, firstOrdinal, rows);
    }
  }

  private void fillNumbers(@Nullable FixedColumn[] out, long firstOrdinal, int rows) {
    for (int row = 0; row < rows; row++) {
      long ordinal = firstOrdinal + row;
      long event = Entity.AUCTION.event(ordinal);
      long start = Draws.mix(mixedSeed + event);
      long at = (long) row << 3;
      boolean hotSeller = below(draw(start, 1), 4) > 0;
      int k = hotSeller ? 2 : 3;
      if (wanted(out[0])) {
        data(out[0]).set(LONG, at, 1000 + ordinal);
      }
      if (wanted(out[3])) {
        data(out[3]).set(LONG, at, initialBid(start, k));
      }
      if (wanted(out[4])) {
        long reserve = initialBid(start, k) + buffers.tables.priceOf(draw(start, k + 2));
        data(out[4]).set(LONG, at, reserve);
      }
      if (wanted(out[5])) {
        data(out[5]).set(LONG, at, time.micros(event));
      }
      if (wanted(out[6])) {
        data(out[6]).set(LONG, at, expires(event, draw(start, k + 3)));
      }
      if (wanted(out[7])) {
        long block = ordinal / 3;
        long seller =
            hotSeller ? block / 100 * 100 : NexmarkBuffers.activePerson(block, draw(start, 2));
        data(out[7]).set(LONG, at, 1000 + seller);
      }
      if (wanted(out[8])) {
        data(out[8]).set(LONG, at, 10 + below(draw(start, k), 5));
      }
    }
  }

  private void fillTexts(@Nullable FixedColumn[] out, long firstOrdinal, int rows) {
    MemorySegment names = data(out[1], buffers.poolB);
    MemorySegment descriptions = data(out[2], buffers.poolB);
    MemorySegment extras = data(out[9], buffers.poolA);
    for (int row = 0; row < rows; row++) {
      long start = Draws.mix(mixedSeed + Entity.AUCTION.event(firstOrdinal + row));
      int k = below(draw(start, 1), 4) > 0 ? 6 : 7;
      int nameLength = 3 + (int) below(draw(start, k), 17);
      int descriptionLength = 3 + (int) below(draw(start, k + 2), 97);
      if (wanted(out[1])) {
        int offset = (int) below(draw(start, k + 1), POOL_LIMIT);
        buffers.poolB.putSlice(names, row, offset, nameLength);
      }
      if (wanted(out[2])) {
        int offset = (int) below(draw(start, k + 3), POOL_LIMIT);
        buffers.poolB.putSlice(descriptions, row, offset, descriptionLength);
      }
      if (wanted(out[9])) {
        buffers.putExtra(extras, row, start, k + 4, SIZE_AVERAGE - nameLength - descriptionLength);
      }
    }
  }

  private long initialBid(long start, int k) {
    return buffers.tables.priceOf(draw(start, k + 1));
  }

  private long expires(long event, long draw) {
    long horizon = time.millis(event + EVENTS_OPEN) - time.millis(event);
    return (time.millis(event) + 1 + below(draw, Math.max(2 * horizon, 1))) * 1000;
  }
}
