package dev.aevum.executor.step;

import com.sun.management.ThreadMXBean;
import dev.aevum.executor.operator.ShardRange;
import dev.aevum.executor.spi.StepInput;
import dev.aevum.executor.spi.StepInput.RelationChange;
import dev.aevum.executor.spi.StepOutput;
import dev.aevum.model.batch.BatchWriter;
import dev.aevum.model.batch.DeltaBatch;
import dev.aevum.model.type.SimpleType;
import dev.aevum.model.type.SqlType;
import dev.aevum.planner.plan.PlanNode;
import dev.aevum.storage.state.StateBackend;
import dev.aevum.storage.state.memory.MemoryStateBackend;
import dev.aevum.storage.state.memory.StateLoader;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadInfo;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;

/// Rows a second and bytes allocated on the heap per row of the step path, by kind of view. Not a
/// test: `main` prints a line for each. Arguments: workers (1), rows a step (65536), seconds (4).
final class StepBenchmark {
  private static final int STREAM = 102;
  private static final List<SqlType> TYPES =
      List.of(
          SimpleType.BIGINT,
          SimpleType.BIGINT,
          SimpleType.BIGINT,
          SimpleType.TIMESTAMP,
          SimpleType.TEXT);

  private StepBenchmark() {}

  public static void main(String[] arguments) {
    int workers = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 1;
    int rows = arguments.length > 1 ? Integer.parseInt(arguments[1]) : 65536;
    int seconds = arguments.length > 2 ? Integer.parseInt(arguments[2]) : 4;
    plans()
        .forEach((name, plan) -> {
          if (arguments.length <= 3 || name.contains(arguments[3])) {
            run(name, plan, workers, rows, seconds);
          }
        });
  }

  private static Map<String, PlanNode> plans() {
    PlanNode stream = Plans.stream(STREAM, 3, TYPES);
    Map<String, PlanNode> plans = new LinkedHashMap<>();
    plans.put(
        "pass",
        Plans.calc(stream, null, List.of(Plans.column(stream, 0), Plans.column(stream, 4))));
    plans.put(
        "project",
        Plans.calc(
            stream,
            null,
            List.of(
                Plans.column(stream, 0),
                Plans.callOf("+", Plans.column(stream, 1), Plans.column(stream, 2)))));
    plans.put(
        "filter",
        Plans.calc(
            stream,
            Plans.callOf("<", Plans.column(stream, 0), Plans.bigint(500)),
            List.of(Plans.column(stream, 0), Plans.column(stream, 4))));
    plans.put("count by key", counts(stream, List.of(0)));
    plans.put("count by text", counts(stream, List.of(4)));
    plans.put("distinct count by key", distinct(stream));
    PlanNode tumble = Plans.window(stream, 3, 1_000_000, 1_000_000);
    PlanNode hop = Plans.window(stream, 3, 10_000_000, 2_000_000);
    plans.put("tumble count on close", windowed(tumble, true));
    plans.put("tumble count on update", windowed(tumble, false));
    plans.put("hop count on close", windowed(hop, true));
    plans.put("join", Plans.join(tumble, tumble, List.of(6, 1), List.of(6, 1), null));
    return plans;
  }

  private static PlanNode counts(PlanNode in, List<Integer> keys) {
    return Plans.aggregate(
        in,
        keys,
        List.of(Plans.call("count", in, -1), Plans.call("sum", in, 2), Plans.call("max", in, 2)));
  }

  private static PlanNode distinct(PlanNode in) {
    return Plans.aggregate(in, List.of(0), List.of(Plans.call("count", in, 2, true, -1)));
  }

  private static PlanNode windowed(PlanNode window, boolean onClose) {
    return Plans.aggregate(
        window,
        List.of(5, 6, 0),
        List.of(Plans.call("count", window, -1), Plans.call("max", window, 2)),
        1,
        onClose);
  }

  private static void run(String name, PlanNode plan, int workers, int rowsAStep, int seconds) {
    try (BufferAllocator allocator = new RootAllocator()) {
      List<StateBackend> backends = new ArrayList<>();
      for (int w = 0; w < workers; w++) {
        ShardRange s = ShardRange.of(w, workers);
        backends.add(new MemoryStateBackend(allocator, s.from(), s.to(), StateLoader.NONE));
      }
      List<List<RelationChange>> input = input(allocator, rowsAStep);
      try (StepEngine engine =
          new StepEngine(
              allocator, backends, Plans.FUNCTIONS, new Lane.TestSession(), System::nanoTime)) {
        engine.deploy(200, Plans.view(plan));
        long step = 0;
        long warm = System.nanoTime() + seconds * 1_000_000_000L;
        while (System.nanoTime() < warm) {
          step = step(engine, input, step);
        }
        long begin = System.nanoTime();
        long bytes = allocated();
        long cpu = workerCpuNanos();
        long first = step;
        while (System.nanoTime() - begin < seconds * 1_000_000_000L) {
          step = step(engine, input, step);
        }
        long nanos = System.nanoTime() - begin;
        long rows = (step - first) * rowsAStep;
        System.out.printf(
            "%-26s %8.2f M rows/s  %6.1f ns/row  %6.1f CPU ns/row  %7.2f B/row%n",
            name,
            rows * 1e3 / nanos,
            (double) nanos / rows,
            (double) (workerCpuNanos() - cpu) / rows,
            (double) (allocated() - bytes) / rows);
        for (OperatorStatus o : engine.operators()) {
          System.out.printf(
              "    %-12s push %6.1f flush %6.1f ns/row out %d state %d%n",
              o.name(),
              (double) o.pushNanos() * workers / (step * rowsAStep),
              (double) o.flushNanos() * workers / (step * rowsAStep),
              o.rowsOut(),
              o.stateBytes());
        }
      } finally {
        input.forEach(i -> i.forEach(c -> c.batch().close()));
      }
    }
  }

  private static long allocated() {
    ThreadMXBean bean = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    return bean.getTotalThreadAllocatedBytes();
  }

  private static long workerCpuNanos() {
    ThreadMXBean bean = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    long nanos = 0;
    for (long id : bean.getAllThreadIds()) {
      ThreadInfo info = bean.getThreadInfo(id);
      if (info != null && info.getThreadName().startsWith("aevum-worker")) {
        nanos += bean.getThreadCpuTime(id);
      }
    }
    return nanos;
  }

  private static long step(StepEngine engine, List<List<RelationChange>> input, long last) {
    long step = last + 1;
    // Time repeats with the input: the watermark stays behind it.
    StepOutput out =
        engine.run(new StepInput(step, step, input.get((int) (step % input.size())), Map.of()));
    out.changes().forEach(c -> c.batch().close());
    out.late().forEach(l -> l.batch().close());
    if (!out.failures().isEmpty()) {
      throw new IllegalStateException(out.failures().getFirst().cause());
    }
    return step;
  }

  private static List<List<RelationChange>> input(BufferAllocator allocator, int rowsAStep) {
    Random random = new Random(1);
    List<List<RelationChange>> steps = new ArrayList<>();
    for (int s = 0; s < 4; s++) {
      List<RelationChange> changes = new ArrayList<>();
      for (int at = 0; at < rowsAStep; at += DeltaBatch.TARGET_ROWS) {
        changes.add(new RelationChange(STREAM, 0, batch(allocator, random, s)));
      }
      steps.add(changes);
    }
    return steps;
  }

  private static DeltaBatch batch(BufferAllocator allocator, Random random, int step) {
    try (BatchWriter w = new BatchWriter(allocator, TYPES, false, DeltaBatch.TARGET_ROWS)) {
      for (int i = 0; i < DeltaBatch.TARGET_ROWS; i++) {
        long key = random.nextInt(10_000);
        w.column(0).appendLong(key);
        w.column(1).appendLong(random.nextInt(1_000_000));
        w.column(2).appendLong(random.nextInt(1000));
        w.column(3).appendLong(step * 100_000L + random.nextInt(100_000));
        w.column(4).appendText("channel-with-a-long-name-" + key % 100);
        w.endRow();
      }
      return w.finish();
    }
  }
}
