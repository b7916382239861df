package dev.aevum.engine.source;

import static org.assertj.core.api.Assertions.assertThat;

import dev.aevum.connectors.spi.SourceReader;
import dev.aevum.executor.kernel.CatalogLookup;
import dev.aevum.executor.kernel.EvaluationContext;
import dev.aevum.executor.kernel.SessionEnvironment;
import dev.aevum.model.batch.Column;
import dev.aevum.model.batch.DeltaBatch;
import dev.aevum.model.batch.FixedColumn;
import dev.aevum.model.batch.Memory;
import dev.aevum.model.step.Budget;
import dev.aevum.model.step.Position;
import dev.aevum.model.step.Watermarks;
import dev.aevum.model.text.TextStyle;
import dev.aevum.model.type.SimpleType;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class SourceRunnerTest {
  /// Gives a batch of one row whenever the test asks for it.
  private static final class OneRow implements SourceReader {
    private final BlockingQueue<DeltaBatch> batches = new ArrayBlockingQueue<>(2);
    private int given;

    void give(BufferAllocator allocator, long value) {
      try (FixedColumn column = new FixedColumn(allocator, SimpleType.BIGINT, 1)) {
        column.data().set(Memory.LONG, 0, value);
        batches.add(new DeltaBatch(1, new Column[] {column.finish()}, null));
      }
    }

    @Override
    public @Nullable Polled poll(Budget budget) {
      DeltaBatch next = batches.poll();
      if (next == null) {
        return null;
      }
      given++;
      return new Polled(0, next, List.of());
    }

    @Override
    public boolean finished() {
      return false;
    }

    @Override
    public boolean gavePresent() {
      return given > 0;
    }

    @Override
    public Position position() {
      return new Position(Integer.toString(given));
    }

    @Override
    public void pause() {}

    @Override
    public void resume() {}

    @Override
    public Status status() {
      return new Status(Status.State.RUNNING, null, given, 0, 0);
    }

    @Override
    public void close() {}
  }

  /// The watermark's expression here asks a session for nothing.
  private static final class NoSession implements SessionEnvironment {
    private static IllegalStateException unasked() {
      return new IllegalStateException("there is no session");
    }

    @Override
    public TextStyle textStyle() {
      throw unasked();
    }

    @Override
    public String user() {
      throw unasked();
    }

    @Override
    public String database() {
      throw unasked();
    }

    @Override
    public List<String> searchPath(boolean implicit) {
      throw unasked();
    }

    @Override
    public int backendProcessId() {
      throw unasked();
    }

    @Override
    public String version() {
      throw unasked();
    }

    @Override
    public @Nullable String setting(String name) {
      throw unasked();
    }

    @Override
    public String setSetting(String name, String value, boolean local) {
      throw unasked();
    }

    @Override
    public long clockMicros() {
      throw unasked();
    }

    @Override
    public long randomBits() {
      throw unasked();
    }

    @Override
    public CatalogLookup catalog() {
      throw unasked();
    }
  }

  /// Else the rows of a batch that is counted but not queued would be late by their own watermark.
  @Test
  void noIdleWatermarkWhileABatchIsOnItsWay() throws Exception {
    try (RootAllocator allocator = new RootAllocator()) {
      BlockingQueue<Long> seen = new ArrayBlockingQueue<>(2);
      BlockingQueue<SourceRunner> runners = new ArrayBlockingQueue<>(1);
      BlockingQueue<Boolean> awake = new ArrayBlockingQueue<>(2);
      OneRow reader = new OneRow();
      WatermarkTracker tracker =
          new WatermarkTracker(
              (context, batch, rows) -> {
                SourceRunner self = runners.peek();
                seen.add(self == null ? 0 : self.idleWatermark());
                return batch.column(0).retain();
              },
              0,
              Watermarks.NONE);
      try (SourceRunner runner =
          new SourceRunner(
              "test",
              reader,
              tracker,
              () -> new EvaluationContext(allocator, new NoSession(), 0),
              new Position("0", 100, 10),
              () -> 0L,
              () -> awake.add(true),
              () -> false,
              Long.MAX_VALUE)) {
        runners.add(runner);
        runner.start();
        assertThat(runner.tookPresent()).as("nothing came yet").isFalse();
        reader.give(allocator, 10);
        assertThat(awake.poll(20, TimeUnit.SECONDS)).isTrue();
        assertThat(runner.tookPresent()).as("what was there waits").isFalse();
        assertThat(runner.idleWatermark()).as("a row waits").isEqualTo(Watermarks.NONE);
        assertThat(runner.rows()).as("goes on from where it was opened").isEqualTo(101);
        take(runner, 10);
        assertThat(runner.idleWatermark()).as("no row waits").isEqualTo(10);

        // The thread marks the present after it has woken the test.
        while (!runner.tookPresent()) {
          Thread.onSpinWait();
        }
        reader.give(allocator, 20);
        assertThat(awake.poll(20, TimeUnit.SECONDS)).isTrue();
        assertThat(runner.tookPresent()).as("more than what was there waits").isTrue();
        take(runner, 20);
        assertThat(seen)
            .as("while batches were counted")
            .containsExactly(Watermarks.NONE, Watermarks.NONE);
      }
    }
  }

  /// Files are read one after the other: the second may begin before the first one's end.
  @Test
  void partitionsThatEndedDoNotHoldTheWatermarkBackAndThoseToComeDo() {
    try (RootAllocator allocator = new RootAllocator()) {
      WatermarkTracker tracker =
          new WatermarkTracker(
              (context, batch, rows) -> batch.column(0).retain(), 0, Watermarks.NONE);
      EvaluationContext context = new EvaluationContext(allocator, new NoSession(), 0);
      tracker.partitions(2);
      observe(tracker, context, allocator, 0, 100);
      assertThat(tracker.watermark(0)).as("the second is still to come").isEqualTo(Watermarks.NONE);
      tracker.end(0);
      assertThat(tracker.watermark(0)).isEqualTo(Watermarks.NONE);
      observe(tracker, context, allocator, 1, 10);
      assertThat(tracker.watermark(0)).as("the first has ended").isEqualTo(10);
      observe(tracker, context, allocator, 1, 50);
      assertThat(tracker.watermark(0)).isEqualTo(50);
      tracker.end(1);
      assertThat(tracker.watermark(0)).as("all have ended").isEqualTo(100);
    }
  }

  private static void observe(
      WatermarkTracker tracker,
      EvaluationContext context,
      BufferAllocator allocator,
      int partition,
      long value) {
    try (Column column = FixedColumn.counting(allocator, value, 1);
        DeltaBatch batch = new DeltaBatch(1, new Column[] {column.retain()}, null)) {
      tracker.observe(context, partition, batch, 0);
    }
  }

  private static void take(SourceRunner runner, long watermark) {
    SourceRunner.Ready ready = runner.take();
    assertThat(ready).isNotNull();
    assertThat(ready.watermark()).isEqualTo(watermark);
    ready.batch().close();
  }
}
