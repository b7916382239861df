package dev.aevum.connectors.format;

import dev.aevum.connectors.datagen.nexmark.Entity;
import dev.aevum.connectors.datagen.nexmark.NexmarkFiles;
import dev.aevum.connectors.spi.SourceSpec;
import dev.aevum.model.batch.Schema;
import dev.aevum.model.error.SqlException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Collections;
import java.util.Map;
import org.apache.arrow.memory.RootAllocator;

/// Prints how many Nexmark bids a second one core decodes from JSON and CSV. Run by hand.
final class DecodingThroughput {
  private DecodingThroughput() {}

  public static void main(String[] args) throws IOException {
    try (RootAllocator allocator = new RootAllocator()) {
      NexmarkFiles files = new NexmarkFiles(allocator, 1, 1000);
      ByteArrayOutputStream json = new ByteArrayOutputStream();
      files.writeJson(Entity.BID, 100_000, json);
      ByteArrayOutputStream csv = new ByteArrayOutputStream();
      files.writeCsv(Entity.BID, 100_000, csv);
      for (int round = 0; round < 4; round++) {
        run(allocator, "json, all columns", true, json.toByteArray());
        run(allocator, "csv, all columns", false, csv.toByteArray());
      }
    }
  }

  private static void run(RootAllocator allocator, String what, boolean json, byte[] text) {
    SourceSpec spec =
        new SourceSpec(
            1,
            "bid",
            new Schema(Entity.BID.fields()),
            Map.of(),
            Collections.nCopies(7, false),
            Collections.nCopies(7, true),
            allocator);
    long rows = 0;
    long start = cpuNanos();
    try (RowAppender out = new RowAppender(spec, 7)) {
      RowDecoder decoder =
          new RowFormat(json, false, CsvDialect.DEFAULT).decoder(out, Entity.BID.fields());
      for (int repeat = 0; repeat < 10; repeat++) {
        int from = json ? 0 : indexOfLine(text, 0) + 1;
        while (from < text.length) {
          int end = indexOfLine(text, from);
          SqlException refused = decoder.decode(text, from, end - from);
          if (refused != null) {
            throw refused;
          }
          out.endRow();
          rows++;
          if (out.rows() == 4096) {
            out.finish().close();
          }
          from = end + 1;
        }
      }
    }
    double seconds = (cpuNanos() - start) / 1e9;
    System.out.printf(
        "%s: %.2f M rows, %.0f MB a CPU-second%n",
        what, rows / seconds / 1e6, text.length * 10 / seconds / 1e6);
  }

  /// CPU time, so that a busy machine does not matter.
  private static long cpuNanos() {
    return java.lang.management.ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
  }

  private static int indexOfLine(byte[] text, int from) {
    int at = from;
    while (text[at] != '\n') {
      at++;
    }
    return at;
  }
}
