package dev.aevum.executor.learning;

import dev.aevum.model.batch.Field;
import dev.aevum.model.type.SimpleType;
import dev.aevum.planner.plan.ModelSpec;
import dev.aevum.planner.plan.function.LearningSignature;
import dev.aevum.planner.plan.function.LearningSignature.Task;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/// Prints the rows a CPU second that each algorithm learns and predicts, alone; its name keeps it
/// out of the suite (see benchmarks/RESULTS.md).
final class LearningSpeed {
  private static final int ROWS = 200_000;
  private static final boolean[] NUMERIC = {true, true, true, true, true, true, false, false};

  /// A learner's rows and targets.
  private record Data(Features[] rows, double[] targets) {}

  private static Data data(Task task) {
    SplittableRandom random = new SplittableRandom(1);
    Features[] rows = new Features[ROWS];
    double[] targets = new double[ROWS];
    for (int i = 0; i < ROWS; i++) {
      rows[i] = new Features(NUMERIC);
      double sum = random.nextDouble() - 0.5;
      for (int f = 0; f < NUMERIC.length; f++) {
        if (NUMERIC[f]) {
          rows[i].numbers[f] = random.nextDouble();
          sum += (f - 2.5) * rows[i].numbers[f];
        } else {
          rows[i].categories[f] = 1 + random.nextInt(10);
          sum += rows[i].categories[f] > 5 ? 1 : 0;
        }
      }
      targets[i] =
          switch (task) {
            case REGRESSION -> sum;
            case TWO_CLASSES, CLASSES -> sum > 0.5 ? 1 : 0;
            case CLUSTERS -> 0;
          };
    }
    return new Data(rows, targets);
  }

  private static long cpu() {
    return ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
  }

  private static String perSecond(long nanos) {
    return String.format("%,d", Math.round(ROWS / (nanos / 1e9) / 1000) * 1000);
  }

  private static String measured(Learner model, Data data) {
    Prediction said = new Prediction();
    long start = cpu();
    for (int i = 0; i < ROWS; i++) {
      model.learn(data.rows[i], data.targets[i]);
    }
    long learned = cpu();
    for (int i = 0; i < ROWS; i++) {
      model.predict(data.rows[i], 2, said);
    }
    return perSecond(learned - start) + " | " + perSecond(cpu() - learned);
  }

  @Test
  void print() {
    LearningAlgorithms algorithms = new LearningAlgorithms();
    List<Field> features = new ArrayList<>();
    for (int f = 0; f < NUMERIC.length; f++) {
      features.add(new Field("x" + f, NUMERIC[f] ? SimpleType.DOUBLE : SimpleType.TEXT, true));
    }
    Field target = new Field("y", SimpleType.DOUBLE, true);
    for (LearningSignature s : algorithms.signatures()) {
      ModelSpec spec = new ModelSpec(s.name(), s.task(), Map.of(), target, List.of(), features);
      Data data = data(s.task());
      var _ = measured(algorithms.learner(spec), data);
      System.out.println(
          "| `" + s.name() + "` | " + measured(algorithms.learner(spec), data) + " |");
    }
  }
}
