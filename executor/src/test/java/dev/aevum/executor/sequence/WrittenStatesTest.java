package dev.aevum.executor.sequence;

import static org.assertj.core.api.Assertions.assertThat;

import dev.aevum.executor.function.FunctionRegistry;
import dev.aevum.model.batch.Column;
import dev.aevum.model.batch.ColumnWriter;
import dev.aevum.model.batch.Field;
import dev.aevum.model.text.PgText;
import dev.aevum.model.text.TextStyle;
import dev.aevum.planner.plan.function.SequenceSignature;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;
import org.apache.arrow.memory.RootAllocator;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// States of each sequence function as they were written on an earlier day (`written/NAME-vN.gz`)
/// are read today, and the rows that follow get the results of that day.
///
/// A new version of a form gets files of its own, by a run with `-Daevum.written.write=true`; those
/// of earlier versions stay as they are.
class WrittenStatesTest {
  private static final Path FOLDER =
      Path.of("src/test/resources/dev/aevum/executor/sequence/written");
  private static final SequenceFunctions FUNCTIONS =
      FunctionRegistry.standard().sequenceFunctions();
  private static final int[] WRITTEN_AFTER = {5, 40, 700};
  private static final int ROWS_AFTER = 40;

  /// Small forests and horizons, so that the files are small.
  private static Map<String, Object> options(String name) {
    return switch (name) {
      case "random_cut_forest" -> Map.of("trees", 10L, "sample_size", 32L);
      case "half_space_trees" -> Map.of("trees", 5L);
      case "forecast" -> Map.of("horizon", 3L, "max_period", 48L);
      case "spike_and_dip" -> Map.of("confidence", 95.0, "history", 50L);
      default -> Map.of();
    };
  }

  static List<String> files() throws IOException {
    if (Boolean.getBoolean("aevum.written.write")) {
      Files.createDirectories(FOLDER);
      for (SequenceSignature s : FUNCTIONS.signatures()) {
        Path file = FOLDER.resolve(s.name() + "-v" + s.layout() + ".gz");
        if (!Files.exists(file)) {
          write(file, written(s));
        }
      }
    }
    try (var files = Files.list(FOLDER)) {
      return files.map(f -> f.getFileName().toString()).sorted().toList();
    }
  }

  private static void write(Path file, String text) throws IOException {
    try (var out = new GZIPOutputStream(Files.newOutputStream(file))) {
      out.write(text.getBytes(StandardCharsets.UTF_8));
    }
  }

  private static String read(String file) throws IOException {
    try (var in = new GZIPInputStream(Files.newInputStream(FOLDER.resolve(file)))) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  private static SequenceSignature signature(String name) {
    return FUNCTIONS.signatures().stream().filter(s -> s.name().equals(name)).findFirst().get();
  }

  private static SequenceModel model(SequenceSignature s) {
    return FUNCTIONS.function(s).factory().create(options(s.name()), s.leastArguments());
  }

  /// A daily shape with noise, a shift, a spike and some missing values.
  private static double[] row(int at, int columns) {
    SplittableRandom random = new SplittableRandom(1000 + at);
    double[] values = new double[columns];
    for (int c = 0; c < columns; c++) {
      double noise = random.nextDouble() + random.nextDouble() + random.nextDouble() - 1.5;
      values[c] = Math.abs(at % 24 - 12) * (c + 1) + noise + (at > 350 ? 6 : 0);
    }
    if (at % 97 == 50) {
      values[0] = Double.NaN;
    } else if (at % 181 == 20) {
      values[0] += 40;
    }
    return values;
  }

  /// A key's model and the block that is its state.
  private static final class Key {
    final SequenceSignature signature;
    final SequenceModel model;
    final SequenceModel spare;
    byte[] block;
    int tier;

    Key(SequenceSignature signature, int tier, byte[] block) {
      this.signature = signature;
      this.model = model(signature);
      this.spare = model(signature);
      this.tier = tier;
      this.block = block;
    }

    static Key begun(SequenceSignature signature) {
      Key key = new Key(signature, 0, new byte[model(signature).widths()[0]]);
      key.model.open(MemorySegment.ofArray(key.block), 0, 0);
      key.model.begin(7);
      return key;
    }

    /// The results of the rows, a line each.
    List<String> fold(int from, int to) {
      List<Field> fields = signature.columns();
      try (RootAllocator allocator = new RootAllocator()) {
        ColumnWriter[] out = new ColumnWriter[fields.size()];
        for (int i = 0; i < out.length; i++) {
          out[i] = new ColumnWriter(allocator, fields.get(i).type(), to - from);
        }
        for (int i = from; i < to; i++) {
          model.open(MemorySegment.ofArray(block), 0, tier);
          while (model.isFull()) {
            spare.open(MemorySegment.ofArray(block), 0, tier);
            block = new byte[model.widths()[++tier]];
            model.open(MemorySegment.ofArray(block), 0, tier);
            model.moveFrom(spare);
          }
          model.fold(i * 3_600_000_000L, row(i, signature.leastArguments()), out);
        }
        String[] lines = new String[to - from];
        Arrays.fill(lines, "");
        for (ColumnWriter writer : out) {
          try (Column column = writer.finish()) {
            for (int i = 0; i < lines.length; i++) {
              lines[i] += "|" + (column.isNull(i) ? "" : PgText.text(column, i, TextStyle.DEFAULT));
            }
          }
          writer.close();
        }
        return List.of(lines);
      }
    }
  }

  private static String written(SequenceSignature signature) {
    StringBuilder text = new StringBuilder();
    for (int after : WRITTEN_AFTER) {
      Key key = Key.begun(signature);
      var _ = key.fold(0, after);
      text.append(after).append(' ').append(key.tier).append(' ');
      text.append(HexFormat.of().formatHex(key.block)).append('\n');
      key.fold(after, after + ROWS_AFTER).forEach(line -> text.append(line).append('\n'));
    }
    return text.toString();
  }

  @ParameterizedTest
  @MethodSource("files")
  void isReadAndGoesOn(String file) throws IOException {
    SequenceSignature signature = signature(file.substring(0, file.lastIndexOf("-v")));
    List<String> lines = read(file).lines().toList();
    assertThat(lines).hasSize(WRITTEN_AFTER.length * (1 + ROWS_AFTER));
    for (int i = 0; i < lines.size(); i += 1 + ROWS_AFTER) {
      String[] head = lines.get(i).split(" ");
      int after = Integer.parseInt(head[0]);
      Key key = new Key(signature, Integer.parseInt(head[1]), HexFormat.of().parseHex(head[2]));
      List<String> results = key.fold(after, after + ROWS_AFTER);
      assertThat(results)
          .as(file + " after " + after + " rows")
          .isEqualTo(lines.subList(i + 1, i + 1 + ROWS_AFTER));
    }
  }

  @org.junit.jupiter.api.Test
  void eachFunctionHasStatesOfItsVersion() throws IOException {
    List<String> wanted = new ArrayList<>();
    for (SequenceSignature s : FUNCTIONS.signatures()) {
      wanted.add(s.name() + "-v" + s.layout() + ".gz");
    }
    assertThat(files()).containsAll(wanted);
  }
}
