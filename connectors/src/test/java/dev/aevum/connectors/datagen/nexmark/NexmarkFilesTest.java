package dev.aevum.connectors.datagen.nexmark;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.arrow.memory.RootAllocator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NexmarkFilesTest {
  /// The published checksums for 100,000 events, seed 1, rate 1000.
  private static final Map<String, String> PUBLISHED =
      new TreeMap<>(
          Map.of(
              "auction.csv", "6ce2c1c4b69641319cf1cc5254283daf6451e07a5127bb06c7268729df8f7dd4",
              "auction.jsonl", "7b49533771c58cc30c4b2a5f8d48e2573df0a50ce09619b99a532376632592b3",
              "bid.csv", "afbac22bc436ece3a06fd9642d7cf831163523df7ee08d25f4010afe9515cb13",
              "bid.jsonl", "e68e46c17166cd8eaeeb038fb691ccada868fd90bb67b446e63cd22552ac8a2e",
              "events.jsonl", "137884dbe442e202132c4ff0a9c0dc2c7d490761c82b845a4d9073292aa24239",
              "person.csv", "5c32af9805a4f234cab5ca39bceca359d050b01e4b3b059a8b22f4e72337d816",
              "person.jsonl", "c6cf369eca566c3c22db537012f779cc216bc396b24fe64cf64296bada5a2d1c"));

  @Test
  void filesHaveThePublishedChecksums(@TempDir Path directory) throws Exception {
    try (RootAllocator allocator = new RootAllocator()) {
      new NexmarkFiles(allocator, 1, 1000).writeAll(directory, 100_000);
      assertThat(allocator.getAllocatedMemory()).isZero();
    }
    Map<String, String> found = new TreeMap<>();
    for (String name : PUBLISHED.keySet()) {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      digest.update(Files.readAllBytes(directory.resolve(name)));
      found.put(name, HexFormat.of().formatHex(digest.digest()));
    }
    assertThat(found).isEqualTo(PUBLISHED);
  }

  @Test
  void partsHoldTheMergedLinesByBlock(@TempDir Path directory) throws IOException {
    try (RootAllocator allocator = new RootAllocator()) {
      NexmarkFiles files = new NexmarkFiles(allocator, 7, 500);
      ByteArrayOutputStream all = new ByteArrayOutputStream();
      files.writeMerged(1234, 0, 1, all);
      List<String> lines = all.toString(StandardCharsets.US_ASCII).lines().toList();
      files.writeParts(directory, 1234, 3);
      for (int part = 0; part < 3; part++) {
        int wanted = part;
        List<String> expected =
            java.util.stream.IntStream.range(0, lines.size())
                .filter(i -> i / 50 % 3 == wanted)
                .mapToObj(lines::get)
                .toList();
        assertThat(Files.readAllLines(directory.resolve("events.part-" + part + "-of-3.jsonl")))
            .isEqualTo(expected);
      }
    }
  }
}
