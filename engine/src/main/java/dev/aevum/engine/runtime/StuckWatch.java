package dev.aevum.engine.runtime;

import dev.aevum.executor.step.RunningOperator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Says in the log which operator a step has been at for ten seconds, once for each time it
/// happens. A thread of its own looks every second; how long it has been is measured by the clock.
final class StuckWatch implements AutoCloseable {
  private static final long EVERY_SECONDS = 1;
  private static final long STUCK_NANOS = TimeUnit.SECONDS.toNanos(10);
  private static final Logger LOG = LoggerFactory.getLogger(StuckWatch.class);

  private final Supplier<List<RunningOperator>> running;
  private final LongSupplier nanoClock;
  private final Consumer<String> report;
  private final CountDownLatch stop = new CountDownLatch(1);
  private final Map<RunningOperator, Long> since = new HashMap<>();
  private final Set<RunningOperator> reported = new HashSet<>();
  private final Thread thread;

  /// @param running what workers are at now
  /// @param report told each line, for the log
  StuckWatch(
      Supplier<List<RunningOperator>> running, LongSupplier nanoClock, Consumer<String> report) {
    this.running = running;
    this.nanoClock = nanoClock;
    this.report = report;
    this.thread = Thread.ofPlatform().name("aevum-stuck-watch").daemon(true).unstarted(this::watch);
  }

  /// A running watch that writes to the log.
  static StuckWatch start(Supplier<List<RunningOperator>> running, LongSupplier nanoClock) {
    StuckWatch watch = new StuckWatch(running, nanoClock, LOG::warn);
    watch.thread.start();
    return watch;
  }

  private void watch() {
    try {
      while (!stop.await(EVERY_SECONDS, TimeUnit.SECONDS)) {
        look();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /// An operator that is at the same work in looks ten seconds apart is stuck there.
  void look() {
    long now = nanoClock.getAsLong();
    Set<RunningOperator> current = new HashSet<>(running.get());
    since.keySet().retainAll(current);
    reported.retainAll(current);
    for (RunningOperator operator : current) {
      long first = since.computeIfAbsent(operator, o -> now);
      if (now - first >= STUCK_NANOS && reported.add(operator)) {
        report.accept(
            "event=step_stuck seconds="
                + TimeUnit.NANOSECONDS.toSeconds(now - first)
                + " at="
                + operator);
      }
    }
  }

  @Override
  public void close() {
    stop.countDown();
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
