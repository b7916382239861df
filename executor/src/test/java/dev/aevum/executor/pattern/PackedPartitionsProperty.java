package dev.aevum.executor.pattern;

import static org.assertj.core.api.Assertions.assertThat;

import dev.aevum.model.codec.KeyCodec;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What is stored of a partition is what is loaded, whatever else comes, goes and moves.
class PackedPartitionsProperty {
  private static final int STRIDE = Matcher.SLOTS;

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
  void loadsWhatWasStored(long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    boolean timed = random.nextBoolean();
    PackedPartitions partitions = new PackedPartitions(timed, STRIDE);
    Map<String, String> expected = new HashMap<>();
    for (int i = 0; i < 30_000; i++) {
      byte[] key = key(random);
      long hash = hash(key);
      int block = partitions.find(key, 0, key.length, hash);
      String name = Arrays.toString(key);
      assertThat(block >= 0).as("seed %d, %s", seed, name).isEqualTo(expected.containsKey(name));
      if (block >= 0) {
        assertThat(partitions.isOf(block, key, 0, key.length)).isTrue();
        assertThat(text(partitions.load(block), timed)).isEqualTo(expected.get(name));
      } else {
        block = partitions.add(key, 0, key.length, hash);
      }
      if (random.nextInt(3) == 0) {
        partitions.remove(block);
        expected.remove(name);
        continue;
      }
      PartitionMatch p = partitions.load(block);
      change(p, timed, random);
      String stored = text(p, timed);
      boolean timer = random.nextBoolean();
      partitions.setTimer(block, timer);
      partitions.store(block, p);
      assertThat(partitions.hasTimer(block)).isEqualTo(timer);
      assertThat(partitions.isEmpty(block)).isEqualTo(p.size == 0);
      expected.put(name, stored);
    }
    assertThat(partitions.size()).isEqualTo(expected.size());
  }

  @ParameterizedTest
  @ValueSource(longs = {11, 12, 13})
  void movesRows(long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    PackedPartitions partitions = new PackedPartitions(true, STRIDE);
    int[][] moves = {null, new int[64]};
    for (int i = 0; i < 64; i++) {
      moves[1][i] = (2 << 14) + 63 - i;
    }
    List<int[]> rows = new ArrayList<>();
    for (int i = 0; i < 500; i++) {
      byte[] key = {(byte) i, (byte) (i >> 8)};
      PartitionMatch p = partitions.load(partitions.add(key, 0, 2, hash(key)));
      int count = random.nextInt(6);
      for (int r = 0; r < count; r++) {
        p.addRow((random.nextInt(2) << 14) + random.nextInt(64), true, r);
      }
      p.labelled = count;
      p.position = count;
      rows.add(Arrays.copyOf(p.rows, count));
      partitions.store(i, p);
    }
    for (int i = 0; i < 500; i++) {
      partitions.move(i, moves);
      int[] moved = Arrays.copyOf(partitions.load(i).rows, partitions.load(i).size);
      int[] wanted =
          Arrays.stream(rows.get(i))
              .map(row -> row >>> 14 == 0 ? row : moves[1][row & 0x3FFF])
              .toArray();
      assertThat(moved).as("seed %d, %d", seed, i).isEqualTo(wanted);
    }
  }

  private static byte[] key(SplittableRandom random) {
    int number = random.nextInt(300);
    byte[] key = new byte[number % 3 == 0 ? 14 : 9];
    key[0] = (byte) (number % 2);
    key[1] = (byte) number;
    key[8] = (byte) (number >> 8);
    return key;
  }

  /// Few hashes: keys collide.
  private static long hash(byte[] key) {
    return KeyCodec.hash(MemorySegment.ofArray(key), 0, key.length) & 0x3F;
  }

  /// What taking rows may leave: rows, threads in order of starts, paths that end at them.
  private static void change(PartitionMatch p, boolean timed, SplittableRandom random) {
    int rows = random.nextInt(random.nextInt(10) == 0 ? 20 : 3);
    p.cut(Math.min(p.size, random.nextInt(3)), STRIDE);
    while (p.size < rows) {
      p.addRow(random.nextInt(), timed, random.nextLong());
      p.labels[p.size - 1] = random.nextInt() & 0xFFFFFFFFL;
    }
    if (random.nextInt(4) == 0) {
      p.cut(p.size, STRIDE);
    }
    p.labelled = p.size;
    p.position = p.size;
    p.unsettled = 0;
    p.covered = 0;
    p.shown = 0;
    p.dropped = 0;
    p.isOpen = random.nextBoolean();
    p.entryCount = 0;
    p.nodeCount = 0;
    PathRegisters none = new PathRegisters(List.of(), new int[0], new boolean[0], false);
    for (int start = 0; start < p.size; start++) {
      for (int e = random.nextInt(3); e > 0; e--) {
        int node = -1;
        for (int row = start; row < p.size; row++) {
          node = p.addNode(node, random.nextInt(1000), none, 0, row);
        }
        boolean candidate = random.nextInt(3) == 0;
        p.addEntries(
            new int[] {
              candidate ? -1 - random.nextInt(2) : random.nextInt(1000),
              start,
              node,
              candidate ? start + random.nextInt(p.size - start + 1) : -random.nextInt(9)
            },
            STRIDE,
            STRIDE);
      }
    }
  }

  /// Everything that is to be kept; paths by what they say, as their nodes may be packed.
  private static String text(PartitionMatch p, boolean timed) {
    StringBuilder out = new StringBuilder();
    out.append(p.size).append(p.size > 0 && p.isOpen).append(p.position).append(p.labelled);
    for (int i = 0; i < p.size; i++) {
      out.append(' ').append(p.rows[i]).append('/').append(p.labels[i]);
      out.append(timed ? "@" + p.times[i] : "");
    }
    for (int e = 0; e < (p.size == 0 ? 0 : p.entryCount); e++) {
      int at = e * STRIDE;
      int pc = p.entries[at + Matcher.PC];
      out.append(" [").append(pc).append(' ').append(p.entries[at + Matcher.START]);
      out.append(pc < 0 ? " " + p.entries[at + Matcher.END] : "");
      for (int n = p.entries[at + Matcher.NODE]; n >= 0; n = p.parent(n)) {
        out.append(" <").append(p.labelOf(n));
      }
      out.append(']');
    }
    return out.toString();
  }
}
