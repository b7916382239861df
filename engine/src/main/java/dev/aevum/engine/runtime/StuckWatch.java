package dev.aevum.engine.runtime;

import dev.aevum.executor.step.RunningOperator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Says in the log which operator a step has been at for ten seconds, once for each time it
/// happens. A thread of its own.
final class StuckWatch implements AutoCloseable {
  private static final long EVERY_SECONDS = 5;
  private static final int LOOKS = 2;
  private static final Logger LOG = LoggerFactory.getLogger(StuckWatch.class);

  private final Supplier<List<RunningOperator>> running;
  private final CountDownLatch stop = new CountDownLatch(1);
  private final Map<RunningOperator, Integer> seen = new HashMap<>();
  private final Thread thread;

  StuckWatch(Supplier<List<RunningOperator>> running) {
    this.running = running;
    this.thread = Thread.ofPlatform().name("aevum-stuck-watch").daemon(true).start(this::watch);
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

  /// An operator that is seen at the same work in consecutive looks is stuck there.
  private void look() {
    Set<RunningOperator> now = new HashSet<>(running.get());
    seen.keySet().retainAll(now);
    for (RunningOperator operator : now) {
      if (seen.merge(operator, 1, Integer::sum) == LOOKS + 1) {
        LOG.warn("event=step_stuck seconds={} at={}", EVERY_SECONDS * LOOKS, operator);
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
