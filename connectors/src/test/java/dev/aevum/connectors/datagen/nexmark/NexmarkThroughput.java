package dev.aevum.connectors.datagen.nexmark;

import dev.aevum.model.batch.Column;
import java.util.Arrays;
import org.apache.arrow.memory.RootAllocator;

/// Prints how many bids a second one core generates, by columns wanted. Run by hand.
final class NexmarkThroughput {
  private NexmarkThroughput() {}

  public static void main(String[] args) {
    try (RootAllocator allocator = new RootAllocator();
        NexmarkGenerator generator = new NexmarkGenerator(allocator, 1, 1000)) {
      for (int round = 0; round < 3; round++) {
        for (String columns : new String[] {"0", "0,2,5", "0,1,2,5", "0,1,2,3,4,5,6"}) {
          boolean[] needed = new boolean[7];
          Arrays.stream(columns.split(",")).forEach(c -> needed[Integer.parseInt(c)] = true);
          run(generator, columns, needed);
        }
      }
    }
  }

  private static void run(NexmarkGenerator generator, String columns, boolean[] needed) {
    long rows = 20_000_000;
    long start = System.nanoTime();
    for (long done = 0; done < rows; done += 4096) {
      for (Column column : generator.columns(Entity.BID, done, 4096, needed)) {
        if (column != null) {
          column.close();
        }
      }
    }
    double seconds = (System.nanoTime() - start) / 1e9;
    System.out.printf("columns %s: %.1f M bids/s%n", columns, rows / seconds / 1e6);
  }
}
