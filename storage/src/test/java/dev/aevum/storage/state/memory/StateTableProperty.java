package dev.aevum.storage.state.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.aevum.model.batch.Memory;
import dev.aevum.model.codec.KeyCodec;
import dev.aevum.model.step.ObjectId;
import dev.aevum.model.step.Shards;
import dev.aevum.storage.state.HashState;
import dev.aevum.storage.state.MultiState;
import dev.aevum.storage.state.OrderedState;
import dev.aevum.storage.state.SlicedState;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Random;
import java.util.TreeMap;
import org.apache.arrow.memory.RootAllocator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The contract of state tables against Java maps: random operations in steps, every few steps a
/// drain, now and then a new table from what was drained.
class StateTableProperty {
  private static final ObjectId ID = new ObjectId(7, 3);

  private final RootAllocator allocator = new RootAllocator();
  private final StoredEntries stored = new StoredEntries();

  @AfterEach
  void nothingLeaks() {
    assertThat(allocator.getAllocatedMemory()).isZero();
    allocator.close();
  }

  private MemoryStateBackend backend() {
    return new MemoryStateBackend(allocator, 0, Shards.COUNT, stored);
  }

  private static MemorySegment seg(byte[] bytes) {
    return MemorySegment.ofArray(bytes);
  }

  private static long hash(byte[] key) {
    return KeyCodec.hash(seg(key), 0, key.length);
  }

  private static byte[] randomKey(Random random, int space, boolean fixed) {
    int n = random.nextInt(space);
    byte[] key = new byte[fixed ? 12 : 8 + n % 30];
    ByteBuffer.wrap(key).putLong(n * 0x9e3779b97f4a7c15L);
    return key;
  }

  private static byte[] timed(long time, byte[] key) {
    return ByteBuffer.allocate(8 + key.length).putLong(time ^ Long.MIN_VALUE).put(key).array();
  }

  private static NavigableMap<byte[], byte[]> bytesMap() {
    return new TreeMap<>(Arrays::compareUnsigned);
  }

  private static long readLong(byte[] bytes) {
    return seg(bytes).get(Memory.LONG, 0);
  }

  private static void show(long seed) {
    System.out.println("seed " + seed);
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6})
  void hashStateIsAMap(long seed) {
    show(seed);
    Random random = new Random(seed);
    boolean fixed = random.nextBoolean();
    int space = random.nextBoolean() ? 40 : 20_000;
    NavigableMap<byte[], Long> expected = new TreeMap<>(Arrays::compareUnsigned);
    MemoryStateBackend backend = backend();
    HashState table = backend.hash(ID, 16);
    for (int step = 0; step < 60; step++) {
      int removes = random.nextInt(100);
      table.reserve(500);
      for (int i = 0; i < 500; i++) {
        byte[] key = randomKey(random, space, fixed);
        if (random.nextInt(100) < removes) {
          long slot = table.find(seg(key), 0, key.length, hash(key));
          assertThat(slot != -1).isEqualTo(expected.remove(key) != null);
          if (slot != -1) {
            table.remove(slot);
          }
        } else {
          long slot = table.findOrInsert(seg(key), 0, key.length, hash(key));
          assertThat(table.inserted()).isEqualTo(!expected.containsKey(key));
          long at = table.valueOffset(slot);
          long sum = table.values().get(Memory.LONG, at) + i + 1;
          table.values().set(Memory.LONG, at, sum);
          assertThat(expected.merge(key, i + 1L, Long::sum)).isEqualTo(sum);
        }
      }
      assertThat(table.entries()).isEqualTo(expected.size());
      if (random.nextInt(3) > 0) {
        table.drainDirty(stored);
        checkStored(expected);
        checkWalk(table, expected);
        if (random.nextInt(8) == 0) {
          backend.close();
          backend = backend();
          table = backend.hash(ID, 16);
          assertThat(table.entries()).isEqualTo(expected.size());
        }
      }
    }
    backend.close();
  }

  private void checkStored(NavigableMap<byte[], Long> expected) {
    assertThat(stored.map).hasSize(expected.size());
    stored.map.forEach((k, v) -> {
      assertThat(k.shard()).isEqualTo(Shards.ofHash(hash(k.key())));
      assertThat(readLong(v)).isEqualTo(expected.get(k.key()));
    });
  }

  private static void checkWalk(HashState table, NavigableMap<byte[], Long> expected) {
    int seen = 0;
    for (long s = table.nextSlot(0); s != -1; s = table.nextSlot(s + 1)) {
      byte[] key = StoredEntries.bytes(table.keys(), table.keyOffset(s), table.keyLength(s));
      assertThat(table.values().get(Memory.LONG, table.valueOffset(s)))
          .isEqualTo(expected.get(key));
      seen++;
    }
    assertThat(seen).isEqualTo(expected.size());
  }

  @Test
  void drainHandsEachTouchedEntryOnce() {
    try (MemoryStateBackend backend = backend()) {
      HashState table = backend.hash(ID, 8);
      byte[] key = {1, 2, 3};
      for (int i = 0; i < 5; i++) {
        table.findOrInsert(seg(key), 0, 3, hash(key));
      }
      backend.drainDirty(stored);
      assertThat(stored.events).isEqualTo(1);
      backend.drainDirty(stored);
      assertThat(stored.events).isEqualTo(1);
      byte[] brief = {9};
      table.remove(table.findOrInsert(seg(brief), 0, 1, hash(brief)));
      backend.drainDirty(stored);
      assertThat(stored.events).as("an entry storage never knew").isEqualTo(1);
    }
  }

  @Test
  void anObjectIsOpenedOnceAndDropped() {
    try (MemoryStateBackend backend = backend()) {
      HashState table = backend.hash(ID, 8);
      table.findOrInsert(seg(new byte[3]), 0, 3, hash(new byte[3]));
      assertThatThrownBy(() -> backend.multi(ID)).hasMessageContaining("open already");
      backend.drainDirty(stored);
      assertThat(stored.map).hasSize(1);
      assertThat(backend.sizeBytes(ID)).isPositive().isEqualTo(backend.sizeBytes());
      backend.drop(ID);
      assertThat(backend.hash(ID, 8).entries()).isZero();
      backend.drainDirty(stored);
      assertThat(stored.map).isEmpty();
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void slicedStateIsAMapByTime(long seed) {
    show(seed);
    Random random = new Random(seed);
    NavigableMap<Long, NavigableMap<byte[], Long>> expected = new TreeMap<>();
    MemoryStateBackend backend = backend();
    SlicedState table = backend.sliced(ID, 8);
    long low = -50;
    for (int step = 0; step < 80; step++) {
      for (int i = 0; i < 200; i++) {
        long time = low + random.nextInt(20);
        byte[] key = randomKey(random, 30, false);
        HashState slice = table.slice(time);
        long slot = slice.findOrInsert(seg(key), 0, key.length, hash(key));
        long sum = slice.values().get(Memory.LONG, slice.valueOffset(slot)) + 1;
        slice.values().set(Memory.LONG, slice.valueOffset(slot), sum);
        assertThat(
                expected
                    .computeIfAbsent(time, t -> new TreeMap<>(Arrays::compareUnsigned))
                    .merge(key, 1L, Long::sum))
            .isEqualTo(sum);
      }
      if (random.nextBoolean()) {
        low += random.nextInt(15);
        table.dropBefore(low);
        expected.headMap(low).clear();
      }
      long time = table.firstTime();
      List<Long> times = new ArrayList<>();
      while (time != Long.MAX_VALUE) {
        times.add(time);
        time = table.nextTime(time);
      }
      assertThat(times).containsExactlyElementsOf(expected.keySet());
      if (random.nextInt(3) > 0) {
        table.drainDirty(stored);
        checkSlices(expected);
        if (random.nextInt(6) == 0) {
          backend.close();
          backend = backend();
          table = backend.sliced(ID, 8);
        }
      }
      assertThat(table.entries()).isEqualTo(expected.values().stream().mapToLong(Map::size).sum());
    }
    backend.close();
  }

  private void checkSlices(NavigableMap<Long, NavigableMap<byte[], Long>> expected) {
    NavigableMap<byte[], Long> flat = new TreeMap<>(Arrays::compareUnsigned);
    expected.forEach((t, m) -> m.forEach((k, v) -> flat.put(timed(t, k), v)));
    assertThat(stored.map).hasSize(flat.size());
    stored.map.forEach((k, v) -> assertThat(readLong(v)).isEqualTo(flat.get(k.key())));
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4})
  void multiStateIsAMapOfMultisets(long seed) {
    show(seed);
    Random random = new Random(seed);
    int keySpace = random.nextBoolean() ? 5 : 500;
    NavigableMap<byte[], NavigableMap<byte[], Long>> expected =
        new TreeMap<>(Arrays::compareUnsigned);
    MemoryStateBackend backend = backend();
    MultiState table = backend.multi(ID);
    long low = 0;
    boolean drops = random.nextBoolean();
    for (int step = 0; step < 60; step++) {
      for (int i = 0; i < 300; i++) {
        byte[] key = timed(low + random.nextInt(10), randomKey(random, keySpace, false));
        byte[] row = randomKey(random, 60, false);
        long weight = random.nextInt(5) - 2;
        Map<byte[], Long> rows =
            expected.computeIfAbsent(key, k -> new TreeMap<>(Arrays::compareUnsigned));
        long want = rows.merge(row, weight, Long::sum);
        if (want == 0) {
          rows.remove(row);
        }
        assertThat(table.add(seg(key), 0, key.length, hash(key), seg(row), 0, row.length, weight))
            .isEqualTo(want);
      }
      if (drops && random.nextInt(3) == 0) {
        low += random.nextInt(8);
        table.dropBefore(low);
        expected.headMap(timed(low, new byte[0])).clear();
      }
      checkRows(table, expected);
      if (random.nextInt(3) > 0) {
        table.drainDirty(stored);
        long rows = expected.values().stream().mapToLong(Map::size).sum();
        assertThat(stored.map).hasSize((int) rows);
        assertThat(table.entries()).isEqualTo(rows);
        checkRows(table, expected);
        if (random.nextInt(6) == 0) {
          backend.close();
          backend = backend();
          table = backend.multi(ID);
        }
      }
    }
    MultiState last = table;
    expected.forEach((key, rows) -> rows.forEach((row, w) -> take(last, key, row, w)));
    table.drainDirty(stored);
    assertThat(stored.map).isEmpty();
    assertThat(table.entries()).isZero();
    backend.close();
  }

  private static void take(MultiState table, byte[] key, byte[] row, long weight) {
    long left = table.add(seg(key), 0, key.length, hash(key), seg(row), 0, row.length, -weight);
    assertThat(left).isZero();
  }

  private static void checkRows(
      MultiState table, NavigableMap<byte[], NavigableMap<byte[], Long>> expected) {
    expected.forEach((key, rows) -> {
      NavigableMap<byte[], Long> seen = new TreeMap<>(Arrays::compareUnsigned);
      boolean more = table.seek(seg(key), 0, key.length, hash(key));
      while (more) {
        byte[] row = StoredEntries.bytes(table.rowSegment(), table.rowOffset(), table.rowLength());
        assertThat(seen.put(row, table.rowWeight())).isNull();
        more = table.next();
      }
      assertThat(seen).isEqualTo(rows);
    });
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6})
  void orderedStateIsASortedMap(long seed) {
    show(seed);
    Random random = new Random(seed);
    int space = random.nextBoolean() ? 300 : 30_000;
    NavigableMap<byte[], byte[]> expected = bytesMap();
    MemoryStateBackend backend = backend();
    OrderedState table = backend.ordered(ID);
    for (int step = 0; step < 60; step++) {
      int removes = random.nextInt(100);
      for (int i = 0; i < 400; i++) {
        byte[] key = orderedKey(random, space);
        if (random.nextInt(100) < removes) {
          assertThat(table.remove(seg(key), 0, key.length, hash(key)))
              .isEqualTo(expected.remove(key) != null);
        } else {
          byte[] value = new byte[random.nextInt(20)];
          random.nextBytes(value);
          table.put(seg(key), 0, key.length, hash(key), seg(value), 0, value.length);
          expected.put(key, value);
        }
        checkSeeks(table, expected, orderedKey(random, space));
      }
      if (random.nextInt(4) == 0) {
        byte[] a = orderedKey(random, space);
        byte[] b = orderedKey(random, space);
        byte[] from = Arrays.compareUnsigned(a, b) < 0 ? a : b;
        byte[] to = from == a ? b : a;
        table.removeRange(from, to);
        expected.subMap(from, to).clear();
      }
      checkOrder(table, expected);
      if (random.nextInt(3) > 0) {
        table.drainDirty(stored);
        assertThat(stored.map).hasSize(expected.size());
        stored.map.forEach((k, v) -> assertThat(v).isEqualTo(expected.get(k.key())));
        if (random.nextInt(8) == 0) {
          backend.close();
          backend = backend();
          table = backend.ordered(ID);
          checkOrder(table, expected);
        }
      }
    }
    while (!expected.isEmpty()) {
      byte[] key = expected.pollFirstEntry().getKey();
      assertThat(table.remove(seg(key), 0, key.length, hash(key))).isTrue();
    }
    assertThat(table.entries()).isZero();
    assertThat(table.seekAtLeast(seg(new byte[0]), 0, 0)).isFalse();
    backend.close();
  }

  private static byte[] orderedKey(Random random, int space) {
    int n = random.nextInt(space);
    return ByteBuffer.allocate(8 + n % 3).putInt(n % 7).putInt(n).array();
  }

  private static byte[] current(OrderedState table) {
    return StoredEntries.bytes(table.keySegment(), table.keyOffset(), table.keyLength());
  }

  private static void checkSeeks(
      OrderedState table, NavigableMap<byte[], byte[]> expected, byte[] probe) {
    Map.Entry<byte[], byte[]> at = expected.ceilingEntry(probe);
    assertThat(table.seekAtLeast(seg(probe), 0, probe.length)).isEqualTo(at != null);
    if (at != null) {
      assertThat(current(table)).isEqualTo(at.getKey());
      assertThat(table.valueLength()).isEqualTo(at.getValue().length);
    }
    Map.Entry<byte[], byte[]> below = expected.lowerEntry(probe);
    assertThat(table.seekBelow(seg(probe), 0, probe.length)).isEqualTo(below != null);
    if (below != null) {
      assertThat(current(table)).isEqualTo(below.getKey());
    }
    assertThat(table.get(seg(probe), 0, probe.length)).isEqualTo(expected.containsKey(probe));
  }

  private static void checkOrder(OrderedState table, NavigableMap<byte[], byte[]> expected) {
    assertThat(table.entries()).isEqualTo(expected.size());
    boolean more = table.seekAtLeast(seg(new byte[0]), 0, 0);
    for (var entry : expected.entrySet()) {
      assertThat(more).isTrue();
      assertThat(current(table)).isEqualTo(entry.getKey());
      assertThat(
              table
                  .valueSegment()
                  .asSlice(table.valueOffset(), table.valueLength())
                  .toArray(ValueLayout.JAVA_BYTE))
          .isEqualTo(entry.getValue());
      more = table.next();
    }
    assertThat(more).isFalse();
    byte[] end = new byte[20];
    Arrays.fill(end, (byte) -1);
    more = table.seekBelow(seg(end), 0, end.length);
    for (byte[] key : expected.descendingKeySet()) {
      assertThat(more).isTrue();
      assertThat(current(table)).isEqualTo(key);
      more = table.previous();
    }
    assertThat(more).isFalse();
  }

  @Test
  void addLongRemovesAtZero() {
    try (MemoryStateBackend backend = backend()) {
      OrderedState table = backend.ordered(ID);
      byte[] key = {1, 2};
      assertThat(table.addLong(seg(key), 0, 2, 0, 3)).isEqualTo(3);
      assertThat(table.addLong(seg(key), 0, 2, 0, -1)).isEqualTo(2);
      assertThat(table.get(seg(key), 0, 2)).isTrue();
      assertThat(table.valueLong()).isEqualTo(2);
      table.drainDirty(stored);
      assertThat(stored.map).hasSize(1);
      assertThat(table.addLong(seg(key), 0, 2, 0, -2)).isZero();
      assertThat(table.entries()).isZero();
      table.drainDirty(stored);
      assertThat(stored.map).isEmpty();
    }
  }

  @Test
  void removingMostEntriesGivesMemoryBack() {
    try (MemoryStateBackend backend = backend()) {
      HashState table = backend.hash(ID, 8);
      ByteBuffer key = ByteBuffer.allocate(100);
      for (int i = 0; i < 20_000; i++) {
        byte[] k = key.putInt(0, i).array();
        table.findOrInsert(seg(k), 0, k.length, hash(k));
      }
      table.drainDirty(stored);
      long full = table.sizeBytes();
      for (int i = 0; i < 19_000; i++) {
        byte[] k = key.putInt(0, i).array();
        table.remove(table.find(seg(k), 0, k.length, hash(k)));
      }
      table.drainDirty(stored);
      assertThat(table.sizeBytes()).isLessThan(full / 2);
      byte[] k = key.putInt(0, 19_500).array();
      assertThat(table.find(seg(k), 0, k.length, hash(k))).isNotEqualTo(-1);
    }
  }
}
