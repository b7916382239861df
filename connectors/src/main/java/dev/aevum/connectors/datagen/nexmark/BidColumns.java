package dev.aevum.connectors.datagen.nexmark;

import static dev.aevum.connectors.datagen.nexmark.Draws.below;
import static dev.aevum.connectors.datagen.nexmark.Draws.draw;
import static dev.aevum.connectors.datagen.nexmark.NexmarkBuffers.data;
import static dev.aevum.connectors.datagen.nexmark.NexmarkBuffers.wanted;
import static dev.aevum.model.batch.Memory.LONG;

import dev.aevum.model.batch.FixedColumn;
import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;

/// Fills columns of bids: auction, bidder, price, channel, url, dateTime, extra.
final class BidColumns {
  private static final int EXTRA_AVERAGE = 68;

  private final NexmarkBuffers buffers;
  private final Timeline time;
  private final long mixedSeed;

  BidColumns(NexmarkBuffers buffers, Timeline time, long mixedSeed) {
    this.buffers = buffers;
    this.time = time;
    this.mixedSeed = mixedSeed;
  }

  void fill(@Nullable FixedColumn[] out, long firstOrdinal, int rows) {
    if (wanted(out[5])) {
      fillTimes(data(out[5]), firstOrdinal, rows);
    }
    boolean keys = wanted(out[0]) || wanted(out[1]) || wanted(out[2]);
    boolean texts = wanted(out[3]) || wanted(out[4]) || wanted(out[6]);
    if (keys) {
      fillKeys(out, firstOrdinal, rows);
    }
    if (texts) {
      fillTexts(out, firstOrdinal, rows);
    }
  }

  private void fillTimes(MemorySegment times, long firstOrdinal, int rows) {
    for (int row = 0; row < rows; row++) {
      times.set(LONG, (long) row << 3, time.micros(Entity.BID.event(firstOrdinal + row)));
    }
  }

  private void fillKeys(@Nullable FixedColumn[] out, long firstOrdinal, int rows) {
    MemorySegment auctions = data(out[0]);
    MemorySegment bidders = data(out[1]);
    MemorySegment prices = data(out[2]);
    boolean wantAuction = wanted(out[0]);
    boolean wantBidder = wanted(out[1]);
    boolean wantPrice = wanted(out[2]);
    for (int row = 0; row < rows; row++) {
      long ordinal = firstOrdinal + row;
      long block = ordinal / 46;
      long start = Draws.mix(mixedSeed + Entity.BID.event(ordinal));
      int k = hotAuction(start) ? 2 : 3;
      boolean hotBidder = below(draw(start, k), 4) > 0;
      if (wantAuction) {
        auctions.set(LONG, (long) row << 3, 1000 + auction(block, start, k == 2));
      }
      if (wantBidder) {
        long bidder =
            hotBidder
                ? block / 100 * 100 + 1
                : NexmarkBuffers.activePerson(block, draw(start, k + 1));
        bidders.set(LONG, (long) row << 3, 1000 + bidder);
      }
      if (wantPrice) {
        long draw = draw(start, hotBidder ? k + 1 : k + 2);
        prices.set(LONG, (long) row << 3, buffers.tables.priceOf(draw));
      }
    }
  }

  private void fillTexts(@Nullable FixedColumn[] out, long firstOrdinal, int rows) {
    MemorySegment channels = data(out[3], buffers.channels);
    MemorySegment urls = data(out[4], buffers.urls);
    MemorySegment extras = data(out[6], buffers.poolA);
    boolean wantChannel = wanted(out[3]);
    boolean wantUrl = wanted(out[4]);
    boolean wantExtra = wanted(out[6]);
    for (int row = 0; row < rows; row++) {
      long start = Draws.mix(mixedSeed + Entity.BID.event(firstOrdinal + row));
      int k = hotAuction(start) ? 2 : 3;
      k += below(draw(start, k), 4) > 0 ? 2 : 3;
      if (wantChannel || wantUrl) {
        long known = below(draw(start, k), 2);
        long draw = draw(start, k + 1);
        int channel = (int) (known > 0 ? below(draw, 4) : 4 + below(draw, 10_000));
        if (wantChannel) {
          buffers.channels.putWord(channels, row, channel);
        }
        if (wantUrl) {
          buffers.urls.putWord(urls, row, channel);
        }
      }
      if (wantExtra) {
        buffers.putExtra(extras, row, start, k + 2, EXTRA_AVERAGE);
      }
    }
  }

  private static boolean hotAuction(long start) {
    return below(draw(start, 1), 2) > 0;
  }

  private static long auction(long block, long start, boolean hot) {
    long last = 3 * block + 2;
    if (hot) {
      return last / 100 * 100;
    }
    long oldest = Math.max(last - 100, 0);
    return oldest + below(draw(start, 2), last - oldest + 11);
  }
}
