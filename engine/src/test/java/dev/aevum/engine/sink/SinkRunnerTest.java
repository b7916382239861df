package dev.aevum.engine.sink;

import static org.assertj.core.api.Assertions.assertThat;

import dev.aevum.connectors.spi.SinkWriter;
import dev.aevum.model.batch.Column;
import dev.aevum.model.batch.DeltaBatch;
import dev.aevum.model.batch.FixedColumn;
import dev.aevum.model.type.SimpleType;
import dev.aevum.storage.contents.ContentsLayout;
import dev.aevum.storage.contents.Run;
import dev.aevum.storage.contents.RunBuilder;
import dev.aevum.storage.durable.StepChanges;
import dev.aevum.storage.durable.VolatileStorage;
import dev.aevum.storage.log.StepFrame;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/// What a sink shows of itself while its target is away, and when it is away for too long.
class SinkRunnerTest {
  private static final ContentsLayout LAYOUT =
      new ContentsLayout(7, List.of(SimpleType.BIGINT), List.of(0));
  private static final StepFrame.Manifest NOTHING =
      new StepFrame.Manifest(Map.of(), Map.of(), Map.of(), 0, 0);

  /// A target that does not answer until it is told to.
  private static final class Away implements SinkWriter {
    final CountDownLatch reached = new CountDownLatch(1);
    final CountDownLatch back = new CountDownLatch(1);
    final CountDownLatch closed = new CountDownLatch(1);
    private volatile @Nullable String why;
    private volatile long committed;

    @Override
    public long committedStep() {
      return committed;
    }

    @Override
    public void write(long step, List<DeltaBatch> changes) {
      why = "could not connect";
      reached.countDown();
      try {
        back.await();
      } catch (InterruptedException e) {
        throw new IllegalStateException(e);
      }
      why = null;
      committed = step;
    }

    @Override
    public @Nullable String retrying() {
      return why;
    }

    @Override
    public void close() {
      closed.countDown();
    }
  }

  private static StepChanges step(BufferAllocator allocator, long number) {
    RunBuilder builder = new RunBuilder();
    try (Column column = FixedColumn.counting(allocator, number * 100, 100);
        DeltaBatch batch = new DeltaBatch(100, new Column[] {column.retain()}, null)) {
      builder.add(LAYOUT, batch);
    }
    Run run = builder.build();
    return new StepChanges(number, NOTHING, List.of(), Map.of(LAYOUT.relation(), run), Set.of());
  }

  @Test
  void aTargetThatIsAwayIsShownAndOneThatIsAwayForTooLongFailsTheSink() throws Exception {
    AtomicReference<SinkRunner> runners = new AtomicReference<>();
    try (RootAllocator allocator = new RootAllocator();
        VolatileStorage storage = new VolatileStorage(10_000, sink -> runners.get().lost())) {
      storage.recover(List.of(LAYOUT));
      Away target = new Away();
      try (SinkRunner runner =
          new SinkRunner(1, "out", LAYOUT, 0, () -> target, storage, allocator)) {
        runners.set(runner);
        runner.start();
        storage.commit(step(allocator, 1), () -> {});
        runner.published(1);
        assertThat(target.reached.await(20, TimeUnit.SECONDS)).isTrue();
        assertThat(runner.state()).isEqualTo("RETRYING");
        assertThat(runner.reason()).isEqualTo("could not connect");
        assertThat(runner.committed()).isZero();

        long step = 1;
        while (!runner.state().equals("FAILED") && step < 1000) {
          step++;
          storage.commit(step(allocator, step), () -> {});
        }
        assertThat(runner.reason()).contains("after step 0 are no longer kept");
        assertThat(step).as("steps that fit").isBetween(3L, 100L);

        runner.published(step);
        target.back.countDown();
        assertThat(target.closed.await(20, TimeUnit.SECONDS)).isTrue();
        assertThat(runner.state()).isEqualTo("FAILED");
      }
    }
  }

  /// Counts what it is told.
  private static final class Counting implements SinkWriter {
    final List<Long> empty = new CopyOnWriteArrayList<>();
    final List<Long> full = new CopyOnWriteArrayList<>();

    /// The first value of each batch: its step, times 100.
    final List<Long> first = new CopyOnWriteArrayList<>();

    final CountDownLatch told = new CountDownLatch(1);
    private final long stand;

    Counting(long stand) {
      this.stand = stand;
    }

    @Override
    public long committedStep() {
      return stand;
    }

    @Override
    public void write(long step, List<DeltaBatch> changes) {
      (changes.isEmpty() ? empty : full).add(step);
      changes.forEach(batch -> first.add(batch.column(0).longAt(0)));
      told.countDown();
    }

    @Override
    public void close() {}
  }

  private static StepChanges silent(long number) {
    return new StepChanges(number, NOTHING, List.of(), Map.of(), Set.of());
  }

  @Test
  void aTargetIsToldOfStepsWithoutRowsNowAndThenSoThatTheLogCanLetThemGo() throws Exception {
    try (RootAllocator allocator = new RootAllocator();
        VolatileStorage storage = new VolatileStorage(10_000_000, sink -> {})) {
      storage.recover(List.of(LAYOUT));
      Counting target = new Counting(0);
      try (SinkRunner runner =
          new SinkRunner(1, "out", LAYOUT, 0, () -> target, storage, allocator)) {
        runner.start();
        for (long step = 1; step <= 300; step++) {
          storage.commit(silent(step), () -> {});
        }
        runner.published(300);
        assertThat(target.told.await(20, TimeUnit.SECONDS)).isTrue();
      }
      assertThat(target.empty).containsExactly(300L);
      assertThat(target.full).isEmpty();
    }
  }

  @Test
  void afterARestartWritingGoesOnBehindTheStepThatTheTargetHas() throws Exception {
    try (RootAllocator allocator = new RootAllocator();
        VolatileStorage storage = new VolatileStorage(10_000_000, sink -> {})) {
      storage.recover(List.of(LAYOUT));
      Counting target = new Counting(2);
      try (SinkRunner runner =
          new SinkRunner(1, "out", LAYOUT, 0, () -> target, storage, allocator)) {
        runner.start();
        for (long step = 1; step <= 5; step++) {
          storage.commit(step(allocator, step), () -> {});
        }
        runner.published(5);
        assertThat(target.told.await(20, TimeUnit.SECONDS)).isTrue();
      }
      assertThat(target.first).containsExactly(300L, 400L, 500L);
      assertThat(target.full).endsWith(5L).isSorted();
    }
  }
}
