package dev.aevum.executor.learning;

import static org.assertj.core.api.Assertions.assertThat;

import dev.aevum.model.batch.Field;
import dev.aevum.model.codec.ByteSink;
import dev.aevum.model.type.SimpleType;
import dev.aevum.planner.plan.ModelSpec;
import dev.aevum.planner.plan.function.LearningSignature;
import dev.aevum.planner.plan.function.LearningSignature.Task;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Models that are written and read at any row go on as if they had not been; bad input leaves
/// finite answers.
class ModelStateProperty {
  private static final LearningAlgorithms ALGORITHMS = new LearningAlgorithms();
  private static final boolean[] NUMERIC = {true, false, true};
  private static final List<Field> FEATURES =
      List.of(
          new Field("a", SimpleType.DOUBLE, true),
          new Field("b", SimpleType.TEXT, true),
          new Field("c", SimpleType.DOUBLE, true));

  private record Row(double a, long b, double c, double number, String name) {}

  private static Row row(SplittableRandom random) {
    double a = random.nextInt(10) == 0 ? Double.NaN : random.nextDouble() * 100;
    long b = random.nextInt(8) == 0 ? Features.MISSING : 1 + random.nextInt(20);
    double c = random.nextInt(50) == 0 ? 1e300 * random.nextDouble() : random.nextGaussian();
    int cls = random.nextInt(4);
    return new Row(a, b, c, random.nextGaussian() * 1000, cls == 3 ? "né" : "c" + cls);
  }

  private static ModelSpec spec(LearningSignature algorithm) {
    SqlTarget target = SqlTarget.of(algorithm.task());
    return new ModelSpec(
        algorithm.name(), algorithm.task(), Map.of(), target.field(), List.of(), FEATURES);
  }

  private record SqlTarget(Field field) {
    static SqlTarget of(Task task) {
      return new SqlTarget(
          new Field(
              "y",
              switch (task) {
                case REGRESSION, CLUSTERS -> SimpleType.DOUBLE;
                case TWO_CLASSES -> SimpleType.BOOLEAN;
                case CLASSES -> SimpleType.TEXT;
              },
              true));
    }
  }

  private static void learn(ModelState state, Task task, Row row) {
    Features features = features(row);
    String name = task == Task.TWO_CLASSES ? Boolean.toString(row.number > 0) : row.name;
    byte[] bytes = name.getBytes(StandardCharsets.UTF_8);
    state.learn(features, row.number, ModelInput.hash(bytes), () -> bytes);
  }

  private static Features features(Row row) {
    Features features = new Features(NUMERIC);
    features.number(0, row.a);
    features.categories[1] = row.b;
    features.number(2, row.c);
    return features;
  }

  private static byte[] bytes(ModelState state) {
    ByteSink sink = new ByteSink();
    state.encode(sink);
    return sink.toBytes();
  }

  private static byte[] published(ModelState state) {
    ByteSink sink = new ByteSink();
    state.publish(sink);
    return sink.toBytes();
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6})
  void restartAtAnyRowChangesNothing(long seed) {
    for (LearningSignature algorithm : ALGORITHMS.signatures()) {
      SplittableRandom random = new SplittableRandom(seed);
      ModelSpec spec = spec(algorithm);
      ModelState straight = new ModelState(spec, ALGORITHMS);
      ModelState restarted = new ModelState(spec, ALGORITHMS);
      int rows = 200 + random.nextInt(2000);
      for (int i = 0; i < rows; i++) {
        Row row = row(random);
        learn(straight, algorithm.task(), row);
        learn(restarted, algorithm.task(), row);
        if (random.nextInt(50) == 0) {
          restarted = ModelState.decode(spec, ALGORITHMS, bytes(restarted));
        }
      }
      boolean same = Arrays.equals(bytes(restarted), bytes(straight));
      assertThat(same).as(algorithm.name() + " seed " + seed).isTrue();
      assertThat(Arrays.equals(published(restarted), published(straight))).isTrue();
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {7, 8, 9})
  void answersAreFinite(long seed) {
    for (LearningSignature algorithm : ALGORITHMS.signatures()) {
      SplittableRandom random = new SplittableRandom(seed);
      ModelSpec spec = spec(algorithm);
      ModelState state = new ModelState(spec, ALGORITHMS);
      for (int i = 0; i < 300; i++) {
        learn(state, algorithm.task(), row(random));
      }
      PublishedModel.Predictor model = PublishedModel.predictor(spec, ALGORITHMS, published(state));
      for (int i = 0; i < 100; i++) {
        Prediction said = model.predict(features(row(random)));
        if (algorithm.task() == Task.REGRESSION || algorithm.task() == Task.CLUSTERS) {
          assertThat(said.value).as(algorithm.name() + " seed " + seed).isFinite();
        } else {
          double sum = 0;
          for (int c = 0; c < said.classes(); c++) {
            sum += said.probability(c);
          }
          assertThat(sum).as(algorithm.name() + " seed " + seed).isBetween(0.999999, 1.000001);
        }
      }
    }
  }
}
