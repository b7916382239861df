package dev.aevum.testing.fault;

import static org.assertj.core.api.Assertions.assertThat;

import dev.aevum.model.batch.BatchWriter;
import dev.aevum.model.batch.DeltaBatch;
import dev.aevum.model.batch.Memory;
import dev.aevum.model.codec.KeyCodec;
import dev.aevum.model.error.SqlException;
import dev.aevum.model.step.ObjectId;
import dev.aevum.model.type.SimpleType;
import dev.aevum.model.type.SqlType;
import dev.aevum.storage.contents.ContentsLayout;
import dev.aevum.storage.contents.ContentsReader;
import dev.aevum.storage.contents.Run;
import dev.aevum.storage.contents.RunBuilder;
import dev.aevum.storage.durable.Applier;
import dev.aevum.storage.durable.DurableStorage;
import dev.aevum.storage.durable.StepChanges;
import dev.aevum.storage.durable.Storage;
import dev.aevum.storage.log.StepFrame;
import dev.aevum.storage.log.StepLog;
import dev.aevum.storage.rocksdb.RocksStore;
import dev.aevum.storage.state.DirtyEncoder;
import dev.aevum.storage.state.HashState;
import dev.aevum.storage.state.StateBackend;
import dev.aevum.testing.fault.FaultyFileSystem.Tear;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import org.apache.arrow.memory.RootAllocator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The whole of durable storage under crashes: steps and DDL records while RocksDB applies and
/// flushes in the background, a crash at every file operation of the logs. After it RocksDB has
/// what it flushed, the logs what they synced, and together they are the state of one step: at
/// least the last that was announced, and equal to what the uninterrupted run had at that step.
class StorageCrashProperty {
  private static final List<SqlType> TYPES = List.of(SimpleType.BIGINT);
  private static final ContentsLayout LAYOUT = new ContentsLayout(3, TYPES, List.of(0));
  private static final ObjectId GROUPS = new ObjectId(3, 1);
  private static final int STEPS = 10;
  private static final DurableStorage.Options OPTIONS =
      new DurableStorage.Options(
          new StepLog.Options(150, 1 << 20),
          new RocksStore.Options(8 << 20, 4 << 20),
          new Applier.Options(100_000, 300, 1 << 20, 2, 1 << 20));

  @TempDir Path temp;

  private final RootAllocator allocator = new RootAllocator();

  @AfterEach
  void nothingLeaks() {
    assertThat(allocator.getAllocatedMemory()).isZero();
    allocator.close();
  }

  /// Counts per key: in a state table and, as rows, in contents. The model of a step is this map.
  private final Map<Long, Map<Long, Long>> models = new HashMap<>();

  private DurableStorage open(FaultyFileSystem files, Path root) {
    return DurableStorage.open(files, root, OPTIONS, cause -> {}, sink -> {});
  }

  @Test
  void everyCrashLeavesTheStateOfAStep() {
    long seed = 20240611;
    System.out.println("seed " + seed);
    Random tears = new Random(seed);
    boolean complete = false;
    for (int at = 4; !complete; at++) {
      Path root = temp.resolve("crash" + at);
      FaultyFileSystem files = new FaultyFileSystem();
      files.crashAt(at);
      long[] announced = new long[1];
      List<Long> catalogue = new ArrayList<>();
      complete = run(files, root, seed, STEPS, announced, catalogue);
      Tear tear = Tear.values()[tears.nextInt(Tear.values().length)];
      FaultyFileSystem disk = files.restart(tear, tears);
      List<Long> found = new ArrayList<>();
      try (DurableStorage storage = open(disk, root)) {
        storage.catalogue().replay(0, (version, record) -> found.add(version));
        assertThat(found).as("crash %d", at).containsAll(catalogue);
      }
      assertThat(run(disk, root, seed, STEPS + 3, announced, new ArrayList<>())).isTrue();
      assertThat(announced[0]).isEqualTo(STEPS + 3);
    }
  }

  /// Runs from where storage stands up to step `last`; false when a crash came before. Each step's
  /// changes depend on seed and step only.
  private boolean run(
      FaultyFileSystem files,
      Path root,
      long seed,
      int last,
      long[] announced,
      List<Long> catalogue) {
    try (DurableStorage storage = open(files, root)) {
      Storage.Recovered at = storage.recover(List.of(LAYOUT));
      assertThat(at.step()).as("what was announced").isGreaterThanOrEqualTo(announced[0]);
      Map<Long, Long> model =
          new TreeMap<>(models.computeIfAbsent(at.step(), s -> new TreeMap<>()));
      assertThat(rows(storage)).as("contents at step %d", at.step()).isEqualTo(model);
      try (StateBackend backend = storage.backend(allocator, 0, 256)) {
        HashState groups = backend.hash(GROUPS, 8);
        assertThat(groups(groups)).as("state at step %d", at.step()).isEqualTo(model);
        for (long step = at.step() + 1; step <= last; step++) {
          Random random = new Random(seed + step);
          Run run = step(random, groups, model);
          DirtyEncoder dirty = new DirtyEncoder();
          backend.drainDirty(dirty);
          models.putIfAbsent(step, new TreeMap<>(model));
          assertThat(models.get(step)).as("steps are determined").isEqualTo(model);
          long now = step;
          storage.commit(changes(step, dirty.take(), run), () -> announced[0] = now);
          if (random.nextInt(3) > 0) {
            storage.awaitPublished();
          }
          if (random.nextInt(4) == 0) {
            catalogue.add(storage.catalogue().append(new byte[] {1, 2, 3}));
          }
        }
        storage.awaitPublished();
      }
      return !files.crashed();
    } catch (CrashException | SqlException crash) {
      assertThat(files.crashed()).as("only crashes end a run: %s", crash).isTrue();
      return false;
    }
  }

  private static StepChanges changes(long step, List<byte[]> state, Run run) {
    StepFrame.Manifest manifest =
        new StepFrame.Manifest(Map.of(), Map.of(), Map.of("step", step), step, 0);
    return new StepChanges(step, manifest, state, Map.of(3, run), Set.of());
  }

  private Run step(Random random, HashState groups, Map<Long, Long> model) {
    RunBuilder builder = new RunBuilder();
    try (BatchWriter writer = new BatchWriter(allocator, TYPES, true, 16)) {
      for (int i = 0; i < 6; i++) {
        long key = random.nextInt(12);
        long have = model.getOrDefault(key, 0L);
        long weight = have > 0 && random.nextBoolean() ? -have : 1 + random.nextInt(3);
        writer.column(0).appendLong(key);
        writer.endRow(weight);
        add(groups, key, weight);
        model.merge(key, weight, Long::sum);
        model.remove(key, 0L);
      }
      try (DeltaBatch batch = writer.finish()) {
        builder.add(LAYOUT, batch);
      }
    }
    return builder.build();
  }

  private static void add(HashState groups, long key, long weight) {
    byte[] bytes = ByteBuffer.allocate(8).putLong(key).array();
    MemorySegment segment = MemorySegment.ofArray(bytes);
    long slot = groups.findOrInsert(segment, 0, 8, KeyCodec.hash(segment, 0, 8));
    long at = groups.valueOffset(slot);
    long sum = groups.values().get(Memory.LONG, at) + weight;
    groups.values().set(Memory.LONG, at, sum);
    if (sum == 0) {
      groups.remove(slot);
    }
  }

  private static Map<Long, Long> groups(HashState groups) {
    Map<Long, Long> found = new TreeMap<>();
    for (long s = groups.nextSlot(0); s != -1; s = groups.nextSlot(s + 1)) {
      long key = Long.reverseBytes(groups.keys().get(Memory.LONG, groups.keyOffset(s)));
      found.put(key, groups.values().get(Memory.LONG, groups.valueOffset(s)));
    }
    return found;
  }

  private Map<Long, Long> rows(DurableStorage storage) {
    Map<Long, Long> found = new TreeMap<>();
    try (ContentsReader reader =
        storage.contents().current().read(3, List.of(0), new byte[0], allocator)) {
      for (DeltaBatch batch = reader.next(); batch != null; batch = reader.next()) {
        try (DeltaBatch b = batch) {
          for (int i = 0; i < b.rows(); i++) {
            found.put(b.column(0).longAt(i), b.weightAt(i));
          }
        }
      }
    }
    return found;
  }
}
