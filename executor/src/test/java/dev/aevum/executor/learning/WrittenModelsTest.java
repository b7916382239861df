package dev.aevum.executor.learning;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.aevum.model.batch.Field;
import dev.aevum.model.codec.ByteSink;
import dev.aevum.model.error.SqlException;
import dev.aevum.model.type.SimpleType;
import dev.aevum.planner.plan.ModelSpec;
import dev.aevum.planner.plan.function.LearningSignature;
import dev.aevum.planner.plan.function.LearningSignature.Task;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Models as they were written on an earlier day (`written/NAME-vN.gz`) are read today, and say of
/// the rows that follow what they said on that day.
///
/// A new version of the form gets files of its own, by a run with `-Daevum.written.write=true`;
/// those of earlier versions stay as they are.
class WrittenModelsTest {
  private static final Path FOLDER =
      Path.of("src/test/resources/dev/aevum/executor/learning/written");
  private static final LearningAlgorithms ALGORITHMS = new LearningAlgorithms();
  private static final boolean[] NUMERIC = {true, false, true};
  private static final int[] WRITTEN_AFTER = {3, 50, 1500};
  private static final int ROWS_AFTER = 20;
  private static final List<Field> FEATURES =
      List.of(
          new Field("a", SimpleType.DOUBLE, true),
          new Field("b", SimpleType.TEXT, true),
          new Field("c", SimpleType.DOUBLE, true));

  static List<String> files() throws IOException {
    if (Boolean.getBoolean("aevum.written.write")) {
      Files.createDirectories(FOLDER);
      for (LearningSignature algorithm : ALGORITHMS.signatures()) {
        Path file = FOLDER.resolve(algorithm.name() + "-v" + ModelState.VERSION + ".gz");
        if (!Files.exists(file)) {
          try (var out = new GZIPOutputStream(Files.newOutputStream(file))) {
            out.write(written(algorithm).getBytes(StandardCharsets.UTF_8));
          }
        }
      }
    }
    try (var files = Files.list(FOLDER)) {
      return files.map(f -> f.getFileName().toString()).sorted().toList();
    }
  }

  private static ModelSpec spec(LearningSignature algorithm) {
    Field target =
        new Field(
            "y",
            switch (algorithm.task()) {
              case REGRESSION, CLUSTERS -> SimpleType.DOUBLE;
              case TWO_CLASSES -> SimpleType.BOOLEAN;
              case CLASSES -> SimpleType.TEXT;
            },
            true);
    return new ModelSpec(algorithm.name(), algorithm.task(), Map.of(), target, List.of(), FEATURES);
  }

  private static LearningSignature algorithm(String name) {
    return ALGORITHMS.signatures().stream().filter(a -> a.name().equals(name)).findFirst().get();
  }

  private static Features features(int at) {
    SplittableRandom random = new SplittableRandom(at);
    Features row = new Features(NUMERIC);
    row.number(0, at % 31 == 7 ? Double.NaN : 100 * random.nextDouble());
    row.categories[1] = at % 17 == 3 ? Features.MISSING : 1 + random.nextInt(5);
    row.number(2, random.nextDouble() - 0.5);
    return row;
  }

  private static double target(Features row) {
    double a = Double.isNaN(row.numbers[0]) ? 50 : row.numbers[0];
    return a * row.numbers[2] + 3 * row.categories[1];
  }

  private static void learn(ModelState state, Task task, int from, int to) {
    for (int i = from; i < to; i++) {
      Features row = features(i);
      double y = target(row);
      String name =
          task == Task.TWO_CLASSES ? Boolean.toString(y > 8) : y > 15 ? "high" : y > 5 ? "mid" : "";
      byte[] bytes = name.getBytes(StandardCharsets.UTF_8);
      state.learn(row, y, ModelInput.hash(bytes), () -> bytes);
      state.reached(i);
    }
  }

  private static byte[] encoded(ModelState state) {
    ByteSink sink = new ByteSink();
    state.encode(sink);
    return sink.toBytes();
  }

  private static byte[] published(ModelState state) {
    ByteSink sink = new ByteSink();
    state.publish(sink);
    return sink.toBytes();
  }

  /// What a published version says of the rows.
  private static String said(ModelSpec spec, byte[] published, int from) {
    PublishedModel.Predictor model = PublishedModel.predictor(spec, ALGORITHMS, published);
    StringBuilder text = new StringBuilder();
    for (int i = from; i < from + ROWS_AFTER; i++) {
      Prediction said = model.predict(features(i));
      switch (spec.task()) {
        case REGRESSION -> text.append(said.value);
        case CLUSTERS -> text.append(said.cluster).append(' ').append(said.value);
        case TWO_CLASSES, CLASSES -> {
          for (int c = 0; c < said.classes(); c++) {
            text.append(said.probability(c)).append(' ');
          }
        }
      }
      text.append(' ');
    }
    return text.toString().trim();
  }

  private static String written(LearningSignature algorithm) {
    StringBuilder text = new StringBuilder();
    ModelSpec spec = spec(algorithm);
    for (int after : WRITTEN_AFTER) {
      ModelState state = new ModelState(spec, ALGORITHMS);
      learn(state, algorithm.task(), 0, after);
      text.append(after).append('\n');
      text.append(HexFormat.of().formatHex(encoded(state))).append('\n');
      text.append(HexFormat.of().formatHex(published(state))).append('\n');
      text.append(said(spec, published(state), after)).append('\n');
      learn(state, algorithm.task(), after, after + ROWS_AFTER);
      text.append(said(spec, published(state), after)).append('\n');
    }
    return text.toString();
  }

  @ParameterizedTest
  @MethodSource("files")
  void isReadAndGoesOn(String file) throws IOException {
    LearningSignature algorithm = algorithm(file.substring(0, file.lastIndexOf("-v")));
    ModelSpec spec = spec(algorithm);
    List<String> lines;
    try (var in = new GZIPInputStream(Files.newInputStream(FOLDER.resolve(file)))) {
      lines = new String(in.readAllBytes(), StandardCharsets.UTF_8).lines().toList();
    }
    assertThat(lines).hasSize(5 * WRITTEN_AFTER.length);
    for (int i = 0; i < lines.size(); i += 5) {
      int after = Integer.parseInt(lines.get(i));
      String name = file + " after " + after + " rows";
      byte[] state = HexFormat.of().parseHex(lines.get(i + 1));
      byte[] version = HexFormat.of().parseHex(lines.get(i + 2));
      assertSame(name, said(spec, version, after), lines.get(i + 3), 1e-12);
      ModelState read = ModelState.decode(spec, ALGORITHMS, state);
      assertSame(name, said(spec, published(read), after), lines.get(i + 3), 1e-9);
      learn(read, algorithm.task(), after, after + ROWS_AFTER);
      assertSame(name, said(spec, published(read), after), lines.get(i + 4), 1e-9);
    }
  }

  private static void assertSame(String name, String said, String then, double tolerance) {
    String[] now = said.split(" +");
    String[] before = then.split(" +");
    assertThat(now).as(name).hasSameSizeAs(before);
    for (int i = 0; i < now.length; i++) {
      double wanted = Double.parseDouble(before[i]);
      assertThat(Double.parseDouble(now[i]))
          .as(name + ", figure " + i)
          .isCloseTo(wanted, within(tolerance * Math.max(1, Math.abs(wanted))));
    }
  }

  @Test
  void eachAlgorithmHasModelsOfItsVersion() throws IOException {
    assertThat(files())
        .containsAll(
            ALGORITHMS.signatures().stream()
                .map(a -> a.name() + "-v" + ModelState.VERSION + ".gz")
                .toList());
  }

  @Test
  void aLaterVersionIsRefused() {
    ModelSpec spec = spec(algorithm("linear"));
    byte[] state = encoded(new ModelState(spec, ALGORITHMS));
    state[0]++;
    assertThatThrownBy(() -> ModelState.decode(spec, ALGORITHMS, state))
        .isInstanceOf(SqlException.class)
        .hasMessageContaining("version " + (ModelState.VERSION + 1));
  }
}
