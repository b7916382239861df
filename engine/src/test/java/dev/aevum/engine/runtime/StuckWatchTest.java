package dev.aevum.engine.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import dev.aevum.executor.step.RunningOperator;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class StuckWatchTest {
  private long seconds = 100;
  private List<RunningOperator> running = List.of();
  private final List<String> lines = new ArrayList<>();
  private final StuckWatch watch =
      new StuckWatch(() -> running, () -> TimeUnit.SECONDS.toNanos(seconds), lines::add);

  private void lookAfter(int more) {
    seconds += more;
    watch.look();
  }

  @Test
  void anOperatorIsReportedOnceForEachTimeItIsStuck() {
    RunningOperator join = new RunningOperator(1, 16_400, "join", 7);
    RunningOperator other = new RunningOperator(0, 16_401, "aggregate", 8);
    running = List.of(join, other);
    watch.look();
    lookAfter(9);
    assertThat(lines).isEmpty();
    running = List.of(join);
    lookAfter(1);
    assertThat(lines)
        .singleElement()
        .asString()
        .startsWith("event=step_stuck seconds=10")
        .contains("join", "worker=1", "view=16400");
    lookAfter(60);
    assertThat(lines).hasSize(1);
    // It went on, and is stuck at other work later.
    running = List.of(new RunningOperator(1, 16_400, "join", 900));
    lookAfter(1);
    lookAfter(9);
    assertThat(lines).hasSize(1);
    lookAfter(1);
    assertThat(lines).hasSize(2);
  }

  @Test
  void workThatEndsIsForgotten() {
    RunningOperator join = new RunningOperator(1, 16_400, "join", 7);
    running = List.of(join);
    watch.look();
    running = List.of();
    lookAfter(5);
    running = List.of(join);
    lookAfter(5);
    lookAfter(9);
    assertThat(lines).isEmpty();
  }
}
