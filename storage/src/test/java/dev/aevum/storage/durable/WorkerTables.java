package dev.aevum.storage.durable;

import static org.assertj.core.api.Assertions.assertThat;

import dev.aevum.model.batch.Memory;
import dev.aevum.model.codec.KeyCodec;
import dev.aevum.model.step.ObjectId;
import dev.aevum.model.step.Shards;
import dev.aevum.storage.state.DirtyEncoder;
import dev.aevum.storage.state.HashState;
import dev.aevum.storage.state.MultiState;
import dev.aevum.storage.state.OrderedState;
import dev.aevum.storage.state.SlicedState;
import dev.aevum.storage.state.StateBackend;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.apache.arrow.memory.BufferAllocator;

/// A table of each kind on each of some workers, changed at random beside a model of all of them.
final class WorkerTables implements AutoCloseable {
  private static final ObjectId HASH = new ObjectId(5, 1);
  private static final ObjectId SLICED = new ObjectId(5, 2);
  private static final ObjectId MULTI = new ObjectId(5, 3);
  private static final ObjectId ORDERED = new ObjectId(5, 4);

  private final int workers;
  private final List<StateBackend> backends = new ArrayList<>();
  private final List<HashState> hashes = new ArrayList<>();
  private final List<SlicedState> sliced = new ArrayList<>();
  private final List<MultiState> multis = new ArrayList<>();
  private final List<OrderedState> ordered = new ArrayList<>();

  /// Kind, key (and row) to value, as text.
  final Map<String, String> model;

  private long low;

  WorkerTables(
      DurableStorage storage, BufferAllocator allocator, int workers, Map<String, String> model) {
    this.workers = workers;
    this.model = model;
    int from = 0;
    for (int worker = 0; worker < workers; worker++) {
      int to = from;
      while (to < Shards.COUNT && Shards.owner(to, workers) == worker) {
        to++;
      }
      StateBackend backend = storage.backend(allocator, from, to);
      backends.add(backend);
      hashes.add(backend.hash(HASH, 8));
      sliced.add(backend.sliced(SLICED, 8));
      multis.add(backend.multi(MULTI));
      ordered.add(backend.ordered(ORDERED));
      from = to;
    }
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static MemorySegment seg(byte[] bytes) {
    return MemorySegment.ofArray(bytes);
  }

  private static long hash(byte[] key) {
    return KeyCodec.hash(seg(key), 0, key.length);
  }

  private int owner(byte[] key) {
    return Shards.owner(Shards.ofHash(hash(key)), workers);
  }

  private static byte[] timed(long time, String key) {
    byte[] rest = bytes(key);
    return ByteBuffer.allocate(8 + rest.length).putLong(time ^ Long.MIN_VALUE).put(rest).array();
  }

  /// Some random changes of every table.
  void change(Random random) {
    for (int i = 0; i < 30; i++) {
      String name = "key " + random.nextInt(60);
      long value = random.nextInt(1000) + 1;
      switch (random.nextInt(6)) {
        case 0 -> putHash(name, value);
        case 1 -> removeHash(name);
        case 2 -> putSlice(low + random.nextInt(5), name, value);
        case 3 -> addRow(low + random.nextInt(5), name, "row " + random.nextInt(4), random);
        case 4 -> putOrdered(name, "value " + value);
        default -> removeOrdered(name);
      }
    }
    if (random.nextInt(4) == 0) {
      low += random.nextInt(3);
      sliced.forEach(t -> t.dropBefore(low));
      multis.forEach(t -> t.dropBefore(low));
      model.keySet().removeIf(k -> isTimed(k) && time(k) < low);
    }
  }

  private static boolean isTimed(String key) {
    return key.startsWith("s/") || key.startsWith("m/");
  }

  private static long time(String key) {
    return Long.parseLong(key.split("/", 4)[1]);
  }

  private void putHash(String name, long value) {
    byte[] key = bytes(name);
    HashState table = hashes.get(owner(key));
    long slot = table.findOrInsert(seg(key), 0, key.length, hash(key));
    table.values().set(Memory.LONG, table.valueOffset(slot), value);
    model.put("h/" + name, "" + value);
  }

  private void removeHash(String name) {
    byte[] key = bytes(name);
    HashState table = hashes.get(owner(key));
    long slot = table.find(seg(key), 0, key.length, hash(key));
    if (slot != -1) {
      table.remove(slot);
    }
    model.remove("h/" + name);
  }

  private void putSlice(long time, String name, long value) {
    byte[] key = bytes(name);
    HashState slice = sliced.get(owner(key)).slice(time);
    long slot = slice.findOrInsert(seg(key), 0, key.length, hash(key));
    slice.values().set(Memory.LONG, slice.valueOffset(slot), value);
    model.put("s/" + time + "/" + name, "" + value);
  }

  private void addRow(long time, String name, String row, Random random) {
    byte[] key = timed(time, name);
    byte[] rowBytes = bytes(row);
    String entry = "m/" + time + "/" + name + "/" + row;
    long have = Long.parseLong(model.getOrDefault(entry, "0"));
    long weight = have > 0 && random.nextBoolean() ? -have : 1;
    multis
        .get(owner(key))
        .add(seg(key), 0, key.length, hash(key), seg(rowBytes), 0, rowBytes.length, weight);
    model.put(entry, "" + (have + weight));
    model.remove(entry, "0");
  }

  private void putOrdered(String name, String value) {
    byte[] key = bytes(name);
    byte[] v = bytes(value);
    ordered.get(owner(key)).put(seg(key), 0, key.length, hash(key), seg(v), 0, v.length);
    model.put("o/" + name, value);
  }

  private void removeOrdered(String name) {
    byte[] key = bytes(name);
    ordered.get(owner(key)).remove(seg(key), 0, key.length, hash(key));
    model.remove("o/" + name);
  }

  /// The dirty sections of a step.
  List<byte[]> drain() {
    List<byte[]> sections = new ArrayList<>();
    for (StateBackend backend : backends) {
      DirtyEncoder encoder = new DirtyEncoder();
      backend.drainDirty(encoder);
      sections.addAll(encoder.take());
    }
    return sections;
  }

  void drop() {
    for (StateBackend backend : backends) {
      List.of(HASH, SLICED, MULTI, ORDERED).forEach(backend::drop);
    }
    model.clear();
  }

  /// All tables hold what the model says.
  void check() {
    Map<String, String> found = new TreeMap<>();
    for (int w = 0; w < workers; w++) {
      slots(hashes.get(w), "h/", found);
      SlicedState slices = sliced.get(w);
      for (long t = slices.firstTime(); t != Long.MAX_VALUE; t = slices.nextTime(t)) {
        slots(slices.slice(t), "s/" + t + "/", found);
      }
      OrderedState table = ordered.get(w);
      for (boolean more = table.seekAtLeast(seg(new byte[0]), 0, 0); more; more = table.next()) {
        found.put(
            "o/" + text(table.keySegment(), table.keyOffset(), table.keyLength()),
            text(table.valueSegment(), table.valueOffset(), table.valueLength()));
      }
    }
    model.keySet().stream().filter(k -> k.startsWith("m/")).forEach(k -> row(k, found));
    assertThat(found).isEqualTo(model);
    long rows = multis.stream().mapToLong(MultiState::entries).sum();
    assertThat(rows).isEqualTo(model.keySet().stream().filter(k -> k.startsWith("m/")).count());
  }

  private void row(String entry, Map<String, String> found) {
    String[] parts = entry.split("/", 4);
    byte[] key = timed(Long.parseLong(parts[1]), parts[2]);
    MultiState table = multis.get(owner(key));
    boolean more = table.seek(seg(key), 0, key.length, hash(key));
    while (more) {
      if (text(table.rowSegment(), table.rowOffset(), table.rowLength()).equals(parts[3])) {
        found.put(entry, "" + table.rowWeight());
      }
      more = table.next();
    }
  }

  private static void slots(HashState table, String kind, Map<String, String> found) {
    for (long s = table.nextSlot(0); s != -1; s = table.nextSlot(s + 1)) {
      found.put(
          kind + text(table.keys(), table.keyOffset(s), table.keyLength(s)),
          "" + table.values().get(Memory.LONG, table.valueOffset(s)));
    }
  }

  private static String text(MemorySegment segment, long offset, int length) {
    byte[] bytes = new byte[length];
    MemorySegment.copy(segment, Memory.BYTE, offset, bytes, 0, length);
    return new String(bytes, StandardCharsets.UTF_8);
  }

  @Override
  public void close() {
    backends.forEach(StateBackend::close);
  }
}
