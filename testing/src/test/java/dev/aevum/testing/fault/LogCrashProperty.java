package dev.aevum.testing.fault;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.aevum.model.step.Position;
import dev.aevum.storage.file.DataFolder;
import dev.aevum.storage.log.CatalogLog;
import dev.aevum.storage.log.StepFrame;
import dev.aevum.storage.log.StepLog;
import dev.aevum.testing.fault.FaultyFileSystem.Tear;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Step log, catalogue log and data folder: crash at every file operation of a random workload,
/// under every way of tearing what was not synced; what was acknowledged is there, the rest is
/// there or not, in order; and the log goes on working.
class LogCrashProperty {
  private static final Path ROOT = Path.of("/data");
  private static final StepLog.Options SMALL = new StepLog.Options(400, 1 << 20);
  private static final int SEEDS = 2;

  private static StepFrame frame(long step, Random random) {
    byte[] state = new byte[random.nextInt(200)];
    byte[] contents = new byte[random.nextInt(100)];
    random.nextBytes(state);
    random.nextBytes(contents);
    Map<Integer, Position> sources = Map.of(1, new Position("0:" + step));
    return new StepFrame(
        step,
        new StepFrame.Manifest(sources, Map.of(1, step), Map.of("rows", step), step * 10, 1),
        List.of(state),
        contents);
  }

  private static void assertSame(StepFrame actual, StepFrame expected) {
    assertThat(actual.step()).isEqualTo(expected.step());
    assertThat(actual.manifest()).isEqualTo(expected.manifest());
    assertThat(actual.state()).hasSize(1);
    assertThat(actual.state().getFirst()).isEqualTo(expected.state().getFirst());
    assertThat(actual.contents()).isEqualTo(expected.contents());
  }

  /// What a run did before its crash.
  private static final class History {
    final List<StepFrame> appended = new ArrayList<>();
    long acknowledged = -1;
    long flushed = -1;
  }

  private static StepLog open(FaultyFileSystem files, CountDownLatch failed) {
    return new StepLog(files, ROOT.resolve("log"), SMALL, cause -> failed.countDown(), hold -> {});
  }

  /// Appends groups of frames, waiting for each group; true if there was no crash.
  private static boolean run(FaultyFileSystem files, long seed, int groups, History history) {
    Random random = new Random(seed);
    AtomicReference<CountDownLatch> done = new AtomicReference<>(new CountDownLatch(1));
    try (DataFolder folder = DataFolder.open(files, ROOT);
        StepLog log =
            new StepLog(files, folder.log(), SMALL, c -> done.get().countDown(), h -> {})) {
      long step = log.lastStep();
      for (int g = 0; g < groups; g++) {
        int size = 1 + random.nextInt(3);
        done.set(new CountDownLatch(size));
        CountDownLatch latch = done.get();
        for (int i = 0; i < size; i++) {
          step += 1 + random.nextInt(2);
          StepFrame frame = frame(step, random);
          history.appended.add(frame);
          long appended = step;
          log.append(
              frame,
              () -> {
                history.acknowledged = appended;
                latch.countDown();
              });
        }
        waitFor(files, latch);
        if (random.nextInt(3) == 0) {
          history.flushed = Math.max(0, history.acknowledged - random.nextInt(4));
          log.flushed(history.flushed);
        }
      }
      return true;
    } catch (RuntimeException crash) {
      assertThat(files.crashed()).as("only crashes end a run: %s", crash).isTrue();
      return false;
    }
  }

  private static void waitFor(FaultyFileSystem files, CountDownLatch latch) {
    try {
      while (!latch.await(1, TimeUnit.MILLISECONDS)) {
        if (files.crashed()) {
          throw new CrashException(files.operations());
        }
      }
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  @ParameterizedTest
  @EnumSource(Tear.class)
  void stepLogSurvivesACrashAtEveryOperation(Tear tear) {
    for (long seed = 1; seed <= SEEDS; seed++) {
      System.out.println("seed " + seed);
      boolean complete = false;
      for (int at = 1; !complete; at++) {
        FaultyFileSystem files = new FaultyFileSystem();
        files.crashAt(at);
        History history = new History();
        complete = run(files, seed, 12, history);
        FaultyFileSystem disk = files.restart(tear, new Random(seed * 1000 + at));
        checkRecovered(disk, history, at);
        History more = new History();
        assertThat(run(disk, seed + 77, 2, more)).isTrue();
      }
    }
  }

  private static void checkRecovered(FaultyFileSystem disk, History history, int at) {
    CountDownLatch failed = new CountDownLatch(1);
    try (DataFolder folder = DataFolder.open(disk, ROOT);
        StepLog log = open(disk, failed)) {
      assertThat(log.lastStep()).as("crash %d", at).isGreaterThanOrEqualTo(history.acknowledged);
      List<StepFrame> found = new ArrayList<>();
      log.read(log.firstStep() - 1, Long.MAX_VALUE, found::add);
      Map<Long, StepFrame> expected = new TreeMap<>();
      for (StepFrame frame : history.appended) {
        if (frame.step() >= log.firstStep() && frame.step() <= log.lastStep()) {
          expected.put(frame.step(), frame);
        }
      }
      assertThat(found.stream().map(StepFrame::step)).containsExactlyElementsOf(expected.keySet());
      found.forEach(f -> assertSame(f, expected.get(f.step())));
      boolean allKept =
          history.appended.stream()
              .filter(f -> f.step() > history.flushed && f.step() <= log.lastStep())
              .allMatch(f -> expected.containsKey(f.step()));
      assertThat(allKept).as("frames after the flushed step are kept").isTrue();
      assertThat(folder.root()).isEqualTo(ROOT);
    }
  }

  @ParameterizedTest
  @EnumSource(Tear.class)
  void catalogueSurvivesACrashAtEveryOperation(Tear tear) {
    for (long seed = 1; seed <= SEEDS; seed++) {
      boolean complete = false;
      for (int at = 1; !complete; at++) {
        FaultyFileSystem files = new FaultyFileSystem();
        files.createDirectories(ROOT);
        files.crashAt(at + files.operations());
        Map<Long, String> known = new TreeMap<>();
        Map<Long, String> maybe = new HashMap<>();
        complete = runCatalogue(files, new Random(seed), known, maybe);
        FaultyFileSystem disk = files.restart(tear, new Random(seed * 1000 + at));
        Map<Long, String> found = new TreeMap<>();
        try (CatalogLog log = new CatalogLog(disk, ROOT)) {
          log.replay(0, (version, record) -> found.put(version, new String(record)));
          assertThat(found.keySet()).as("crash %d", at).containsAll(known.keySet());
          found.forEach((v, r) -> assertThat(r).isIn(known.get(v), maybe.get(v)));
          assertThat(log.append("next".getBytes()))
              .isGreaterThan(known.keySet().stream().mapToLong(v -> v).max().orElse(0));
        }
      }
    }
  }

  private static boolean runCatalogue(
      FaultyFileSystem files, Random random, Map<Long, String> known, Map<Long, String> maybe) {
    try (CatalogLog log = new CatalogLog(files, ROOT)) {
      for (int i = 0; i < 15; i++) {
        String record = "record " + random.nextInt();
        maybe.put(log.version() + 1, record);
        known.put(log.append(record.getBytes()), record);
        if (random.nextInt(4) == 0) {
          Set<Long> kept = new HashSet<>(known.keySet());
          kept.removeIf(v -> random.nextBoolean() && v != log.version());
          maybe.putAll(known);
          known.keySet().retainAll(kept);
          log.compact(kept);
        }
      }
      return true;
    } catch (CrashException crash) {
      return false;
    }
  }

  @Test
  void aFailedSyncIsFatal() throws Exception {
    FaultyFileSystem files = new FaultyFileSystem();
    AtomicReference<Throwable> fatal = new AtomicReference<>();
    CountDownLatch told = new CountDownLatch(1);
    try (DataFolder folder = DataFolder.open(files, ROOT);
        StepLog log =
            new StepLog(
                files,
                folder.log(),
                SMALL,
                cause -> {
                  fatal.set(cause);
                  told.countDown();
                },
                h -> {})) {
      files.failSyncAt(3);
      Random random = new Random(1);
      List<Long> acknowledged = new ArrayList<>();
      log.append(frame(1, random), () -> acknowledged.add(1L));
      assertThat(told.await(10, TimeUnit.SECONDS)).isTrue();
      assertThat(fatal.get()).hasMessageContaining("sync failed on purpose");
      assertThat(acknowledged).isEmpty();
      assertThatThrownBy(() -> log.append(frame(2, random), () -> {}))
          .hasMessageContaining("closed");
    }
  }

  @Test
  void damageBeforeSyncedFramesIsRefused() throws Exception {
    FaultyFileSystem files = new FaultyFileSystem();
    History history = new History();
    assertThat(run(files, 5, 1, history)).isTrue();
    assertThat(run(files, 6, 1, history)).isTrue();
    Path log = ROOT.resolve("log");
    Path first = log.resolve(files.list(log).getFirst());
    files.damage(first, 60);
    assertThatThrownBy(() -> open(files, new CountDownLatch(1)))
        .hasMessageContaining("is damaged: bad record at byte 16");
  }

  @Test
  void holdsKeepSegmentsUpToABound() throws Exception {
    FaultyFileSystem files = new FaultyFileSystem();
    List<Integer> lost = new ArrayList<>();
    Random random = new Random(3);
    try (DataFolder folder = DataFolder.open(files, ROOT);
        StepLog log =
            new StepLog(
                files,
                folder.log(),
                new StepLog.Options(300, 3000),
                c -> {
                  throw new IllegalStateException(c);
                },
                lost::add)) {
      log.hold(42, 5);
      for (long step = 1; step <= 200; step++) {
        CountDownLatch done = new CountDownLatch(1);
        log.append(frame(step, random), done::countDown);
        assertThat(done.await(10, TimeUnit.SECONDS)).isTrue();
        log.flushed(step);
        if (step == 12) {
          assertThat(log.firstStep()).isLessThanOrEqualTo(6);
          assertThat(lost).isEmpty();
        }
      }
      assertThat(lost).containsExactly(42);
      assertThat(log.sizeBytes()).isLessThan(1000);
      assertThatThrownBy(() -> log.read(5, 200, f -> {})).hasMessageContaining("no longer kept");
    }
  }

  @Test
  void aFolderHasOneServerAndOneVersion() throws Exception {
    FaultyFileSystem files = new FaultyFileSystem();
    try (DataFolder folder = DataFolder.open(files, ROOT)) {
      assertThat(files.exists(folder.state())).isTrue();
      assertThatThrownBy(() -> DataFolder.open(files, ROOT))
          .hasMessage("data folder \"/data\" is used by another server");
    }
    files.delete(ROOT.resolve("VERSION"));
    assertThatThrownBy(() -> DataFolder.open(files, ROOT))
        .hasMessage("folder \"/data\" is not empty and not a data folder");
    try (FaultyFileSystem.AppendFile version = files.create(ROOT.resolve("VERSION"))) {
      version.append(new byte[] {'9'}, 0, 1);
    }
    assertThatThrownBy(() -> DataFolder.open(files, ROOT))
        .hasMessage("data folder \"/data\" has format version 9, this server reads version 1");
  }

  @ParameterizedTest
  @EnumSource(Tear.class)
  void aFolderOpensAfterACrashOfItsMaking(Tear tear) {
    boolean complete = false;
    for (int at = 1; !complete; at++) {
      FaultyFileSystem files = new FaultyFileSystem();
      files.crashAt(at);
      try (DataFolder folder = DataFolder.open(files, ROOT)) {
        complete = folder.root().equals(ROOT);
      } catch (CrashException crash) {
        assertThat(files.crashed()).isTrue();
      }
      FaultyFileSystem disk = files.restart(tear, new Random(at));
      try (DataFolder folder = DataFolder.open(disk, ROOT)) {
        assertThat(disk.exists(folder.tmp())).isTrue();
      }
    }
  }
}
