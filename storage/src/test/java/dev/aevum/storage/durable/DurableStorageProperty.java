package dev.aevum.storage.durable;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.aevum.model.batch.BatchWriter;
import dev.aevum.model.batch.DeltaBatch;
import dev.aevum.model.step.Position;
import dev.aevum.model.type.SimpleType;
import dev.aevum.model.type.SqlType;
import dev.aevum.storage.contents.ContentsLayout;
import dev.aevum.storage.contents.ContentsReader;
import dev.aevum.storage.contents.ContentsVersion;
import dev.aevum.storage.contents.Run;
import dev.aevum.storage.contents.RunBuilder;
import dev.aevum.storage.file.LocalFileSystem;
import dev.aevum.storage.log.StepFrame;
import dev.aevum.storage.log.StepLog;
import dev.aevum.storage.rocksdb.RocksStore;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.apache.arrow.memory.RootAllocator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// State of all kinds and contents through crashes: the folder is copied at random moments (before
/// and after applies and flushes), sometimes with a torn end of the step log, and opened anew with
/// another number of workers. What comes back is the state of the step that it says it is at.
class DurableStorageProperty {
  private static final List<SqlType> TYPES = List.of(SimpleType.BIGINT, SimpleType.TEXT);

  /// Nothing happens in the background: the test says when.
  private static final Applier.Options BY_HAND =
      new Applier.Options(1_000_000, 1L << 40, 1L << 40, 1 << 30, 1L << 40);

  private static final DurableStorage.Options OPTIONS =
      new DurableStorage.Options(
          new StepLog.Options(4000, 1 << 20), new RocksStore.Options(16 << 20, 8 << 20), BY_HAND);

  @TempDir Path temp;

  private final RootAllocator allocator = new RootAllocator();

  @AfterEach
  void nothingLeaks() {
    assertThat(allocator.getAllocatedMemory()).isZero();
    allocator.close();
  }

  private DurableStorage open(Path folder) {
    return DurableStorage.open(
        new LocalFileSystem(),
        folder,
        OPTIONS,
        cause -> {
          throw new AssertionError(cause);
        },
        sink -> {
          throw new AssertionError("hold " + sink + " lost");
        });
  }

  /// A crash: what another process would find on the disk now. Files that go while they are copied
  /// make no such moment: then once more.
  private static void copy(Path from, Path to) throws IOException {
    for (int attempt = 0; ; attempt++) {
      try {
        copyOnce(from, to);
        return;
      } catch (NoSuchFileException e) {
        if (attempt == 20) {
          throw e;
        }
        try (Stream<Path> files = Files.walk(to)) {
          for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
            Files.delete(file);
          }
        }
      }
    }
  }

  private static void copyOnce(Path from, Path to) throws IOException {
    try (Stream<Path> files = Files.walk(from)) {
      for (Path file : files.toList()) {
        Path target = to.resolve(from.relativize(file).toString());
        if (Files.isDirectory(file)) {
          Files.createDirectories(target);
        } else {
          Files.copy(file, target);
        }
      }
    }
  }

  private static void tear(Path folder, Random random) throws IOException {
    try (Stream<Path> files = Files.list(folder.resolve("log"))) {
      Path last = files.sorted().toList().getLast();
      try (RandomAccessFile file = new RandomAccessFile(last.toFile(), "rw")) {
        file.setLength(Math.max(16, file.length() - random.nextInt(300)));
      }
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4})
  void aCrashLosesNothingThatWasCommitted(long seed) throws Exception {
    System.out.println("seed " + seed);
    Random random = new Random(seed);
    Map<Long, Map<String, String>> states = new HashMap<>();
    Map<Long, Map<String, Long>> contents = new HashMap<>();
    states.put(0L, new TreeMap<>());
    contents.put(0L, new TreeMap<>());
    Path folder = temp.resolve("data0");
    for (int life = 0; life < 6; life++) {
      Path next = temp.resolve("data" + (life + 1));
      boolean torn;
      try (DurableStorage storage = open(folder)) {
        Storage.Recovered at = storage.recover(List.of(new ContentsLayout(5, TYPES, List.of(0))));
        long step = at.step();
        assertThat(contentsOf(storage.contents().current())).isEqualTo(contents.get(step));
        assertThat(at.manifest().clockMicros()).isEqualTo(step * 10);
        if (step > 0) {
          assertThat(at.manifest().sources())
              .containsEntry(5, new Position("at " + step, step * 3, step));
        }
        try (WorkerTables tables =
            new WorkerTables(
                storage, allocator, 1 + random.nextInt(3), new TreeMap<>(states.get(step)))) {
          tables.check();
          Map<String, Long> rows = new TreeMap<>(contents.get(step));
          int steps = random.nextInt(25);
          for (int i = 0; i < steps; i++) {
            step++;
            tables.change(random);
            Run run = changeRows(random, rows);
            storage.commit(changes(step, tables.drain(), run), () -> {});
            states.put(step, new TreeMap<>(tables.model));
            contents.put(step, new TreeMap<>(rows));
            storage.awaitPublished();
            if (random.nextInt(6) == 0) {
              storage.applier().applyNow();
              assertThat(storage.usage().appliedStep()).isEqualTo(step);
              assertThat(storage.usage().pendingBytes()).isZero();
            }
            if (random.nextInt(10) == 0) {
              storage.applier().flushNow();
            }
            assertThat(contentsOf(storage.contents().current())).isEqualTo(rows);
          }
          tables.check();
          torn = random.nextBoolean() && storage.usage().flushedStep() + 5 < step;
          copy(folder, next);
        }
      }
      if (torn) {
        tear(next, random);
      }
      folder = next;
    }
  }

  private static StepChanges changes(long step, List<byte[]> state, Run run) {
    return new StepChanges(
        step,
        new StepFrame.Manifest(
            Map.of(5, new Position("at " + step, step * 3, step)),
            Map.of(),
            Map.of(),
            step * 10,
            1),
        state,
        Map.of(5, run),
        Set.of());
  }

  private Run changeRows(Random random, Map<String, Long> rows) {
    RunBuilder builder = new RunBuilder();
    try (BatchWriter writer = new BatchWriter(allocator, TYPES, true, 16)) {
      for (int i = random.nextInt(20); i > 0; i--) {
        long key = random.nextInt(30);
        String text = "text " + random.nextInt(3);
        String name = key + "/" + text;
        long weight = rows.getOrDefault(name, 0L) > 0 && random.nextBoolean() ? -1 : 1;
        writer.column(0).appendLong(key);
        writer.column(1).appendText(text);
        writer.endRow(weight);
        rows.merge(name, weight, Long::sum);
        rows.remove(name, 0L);
      }
      try (DeltaBatch batch = writer.finish()) {
        builder.add(new ContentsLayout(5, TYPES, List.of(0)), batch);
      }
    }
    return builder.build();
  }

  private Map<String, Long> contentsOf(ContentsVersion version) {
    Map<String, Long> rows = new TreeMap<>();
    long total = 0;
    try (ContentsReader reader = version.read(5, List.of(0, 1), new byte[0], allocator)) {
      for (DeltaBatch batch = reader.next(); batch != null; batch = reader.next()) {
        try (DeltaBatch b = batch) {
          for (int i = 0; i < b.rows(); i++) {
            rows.put(b.column(0).longAt(i) + "/" + b.column(1).textAt(i), b.weightAt(i));
            total += b.weightAt(i);
          }
        }
      }
    }
    assertThat(version.rows(5)).isEqualTo(total);
    return rows;
  }

  @Test
  void aDroppedRelationAndItsStateLeaveTheDisk() {
    Path folder = temp.resolve("dropped");
    ContentsLayout layout = new ContentsLayout(5, TYPES, List.of(0));
    try (DurableStorage storage = open(folder)) {
      storage.recover(List.of(layout));
      try (WorkerTables tables = new WorkerTables(storage, allocator, 1, new TreeMap<>())) {
        Random random = new Random(9);
        Map<String, Long> rows = new TreeMap<>();
        tables.change(random);
        storage.commit(changes(1, tables.drain(), changeRows(random, rows)), () -> {});
        storage.awaitPublished();
        storage.applier().applyNow();
        tables.drop();
        storage.commit(
            new StepChanges(
                2,
                new StepFrame.Manifest(Map.of(), Map.of(), Map.of(), 20, 1),
                tables.drain(),
                Map.of(),
                Set.of(5)),
            () -> {});
        storage.awaitPublished();
        assertThat(storage.contents().current().has(5)).isFalse();
      }
    }
    try (DurableStorage storage = open(folder)) {
      assertThat(storage.recover(List.of(layout)).step()).isEqualTo(2);
      assertThat(contentsOf(storage.contents().current())).isEmpty();
      try (WorkerTables tables = new WorkerTables(storage, allocator, 2, new TreeMap<>())) {
        tables.check();
      }
    }
  }

  @Test
  void readersKeepTheirVersionWhileItMovesToDisk() {
    try (DurableStorage storage = open(temp.resolve("versions"))) {
      storage.recover(List.of(new ContentsLayout(5, TYPES, List.of(0))));
      Random random = new Random(4);
      Map<String, Long> rows = new TreeMap<>();
      Map<ContentsVersion, Map<String, Long>> versions = new HashMap<>();
      for (long step = 1; step <= 30; step++) {
        storage.commit(changes(step, List.of(new byte[0]), changeRows(random, rows)), () -> {});
        storage.awaitPublished();
        versions.put(storage.contents().current(), new TreeMap<>(rows));
        storage.applier().applyNow();
        versions.put(storage.contents().current(), new TreeMap<>(rows));
      }
      versions.forEach((version, then) -> assertThat(contentsOf(version)).isEqualTo(then));
      assertThat(storage.usage().contentsBytes()).isZero();
    }
  }

  @Test
  void framesAreReadForSinks() {
    try (DurableStorage storage = open(temp.resolve("frames"))) {
      storage.recover(List.of(new ContentsLayout(5, TYPES, List.of(0))));
      storage.hold(3, 0);
      Random random = new Random(4);
      Map<String, Long> rows = new TreeMap<>();
      List<Long> announced = new ArrayList<>();
      for (long step = 1; step <= 20; step++) {
        long now = step;
        storage.commit(
            changes(step, List.of(new byte[3000]), changeRows(random, rows)),
            () -> announced.add(now));
      }
      storage.awaitPublished();
      assertThat(announced).hasSize(20).isSorted();
      List<Long> steps = new ArrayList<>();
      storage.frames(7, 15, frame -> steps.add(frame.step()));
      assertThat(steps).containsExactly(8L, 9L, 10L, 11L, 12L, 13L, 14L, 15L);
      assertThatThrownBy(
              () -> storage.commit(changes(30, List.of(), changeRows(random, rows)), () -> {}))
          .hasMessage("step 30 after step 20");
    }
  }
}
