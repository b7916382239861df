package dev.aevum.connectors.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.aevum.connectors.spi.SourceReader;
import dev.aevum.connectors.spi.SourceReader.Polled;
import dev.aevum.connectors.spi.SourceReader.Status;
import dev.aevum.connectors.spi.SourceSpec;
import dev.aevum.model.batch.Column;
import dev.aevum.model.batch.Field;
import dev.aevum.model.batch.Schema;
import dev.aevum.model.error.SqlException;
import dev.aevum.model.step.Budget;
import dev.aevum.model.step.Position;
import dev.aevum.model.text.PgText;
import dev.aevum.model.text.TextStyle;
import dev.aevum.model.type.SimpleType;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import org.apache.arrow.memory.RootAllocator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class FileConnectorTest {
  private final RootAllocator allocator = new RootAllocator();
  private final FileConnector connector = new FileConnector();
  private final List<String> rows = new ArrayList<>();
  private final List<String> errors = new ArrayList<>();
  @TempDir Path folder;

  @AfterEach
  void nothingIsLeft() {
    assertThat(allocator.getAllocatedMemory()).isZero();
    allocator.close();
  }

  private SourceSpec spec(String... options) {
    Map<String, String> map = new HashMap<>();
    for (int i = 0; i < options.length; i += 2) {
      map.put(options[i], options[i + 1]);
    }
    List<Field> fields = new ArrayList<>();
    fields.add(new Field("id", SimpleType.BIGINT, false));
    fields.add(new Field("name", SimpleType.TEXT, true));
    fields.addAll(connector.hiddenColumns(map));
    return new SourceSpec(
        1,
        "t",
        new Schema(fields),
        map,
        List.of(true, false, false, false),
        Collections.nCopies(4, true),
        allocator);
  }

  private void take(Polled polled) {
    try (var batch = polled.batch()) {
      for (int row = 0; row < batch.rows(); row++) {
        List<String> cells = new ArrayList<>();
        for (Column c : batch.columns().subList(0, 2)) {
          cells.add(c.isNull(row) ? "~" : PgText.text(c, row, TextStyle.DEFAULT));
        }
        rows.add(String.join("|", cells));
      }
      polled.errors().forEach(e -> errors.add(e.offset() + " " + e.sqlState() + " " + e.text()));
    }
  }

  private void until(SourceReader reader, Budget budget, BooleanSupplier enough) {
    while (!enough.getAsBoolean()) {
      Polled polled = reader.poll(budget);
      if (polled == null) {
        Status status = reader.status();
        assertThat(status.state())
            .as(String.valueOf(status.reason()))
            .isNotEqualTo(Status.State.FAILED);
        assertThat(Thread.currentThread().isInterrupted())
            .as("out of time: " + rows.size() + " rows, " + status)
            .isFalse();
        Thread.onSpinWait();
      } else {
        take(polled);
      }
    }
  }

  private void readAll(SourceReader reader) {
    until(reader, new Budget(100_000, 1 << 20), reader::finished);
  }

  @Test
  void readsTheFilesOfAGlobInOrderWithBadRowsAside() throws IOException {
    Files.writeString(folder.resolve("b.jsonl"), "{\"id\":3}\n\n{\"id\":4,\"name\":\"d\"}");
    Files.writeString(
        folder.resolve("a.jsonl"), "{\"id\":1,\"name\":\"a\"}\r\nnonsense\n{\"id\":2}\n");
    SourceSpec spec = spec("path", folder + "/*.jsonl", "format", "json");
    connector.validateSource(spec);
    try (SourceReader reader = connector.openSource(spec, null, null)) {
      readAll(reader);
      assertThat(reader.status().state()).isEqualTo(Status.State.FINISHED);
      assertThat(reader.status().rows()).isEqualTo(4);
      assertThat(reader.status().badRows()).isEqualTo(1);
    }
    assertThat(rows).containsExactly("1|a", "2|~", "3|~", "4|d");
    assertThat(errors).containsExactly("21 22P02 nonsense");
  }

  @Test
  void eachFileIsAPartitionThatEnds() throws IOException {
    Files.writeString(folder.resolve("a.jsonl"), "{\"id\":1}\n{\"id\":2}\n\n");
    Files.writeString(folder.resolve("b.jsonl"), "");
    Files.writeString(folder.resolve("c.jsonl"), "{\"id\":3}");
    SourceSpec spec = spec("path", folder + "/*.jsonl", "format", "json");
    Position middle = null;
    List<String> seen = new ArrayList<>();
    try (SourceReader reader = connector.openSource(spec, null, null)) {
      while (!reader.finished()) {
        Polled polled = reader.poll(new Budget(1, 1 << 20));
        if (polled != null) {
          assertThat(reader.partitions()).isEqualTo(3);
          seen.add(polled.partition() + ":" + polled.batch().rows() + (polled.last() ? "!" : ""));
          middle = polled.partition() == 2 ? middle : reader.position();
          take(polled);
        }
      }
    }
    assertThat(seen).containsExactly("0:1", "0:1", "0:0!", "1:0!", "2:1", "2:0!");
    seen.clear();
    try (SourceReader reader = connector.openSource(spec, middle, null)) {
      while (!reader.finished()) {
        Polled polled = reader.poll(new Budget(1, 1 << 20));
        if (polled != null) {
          seen.add(polled.partition() + ":" + polled.batch().rows() + (polled.last() ? "!" : ""));
          take(polled);
        }
      }
    }
    assertThat(seen).as("after a restart").containsExactly("0:0!", "1:0!", "2:1", "2:0!");
    assertThat(rows).containsExactly("1|~", "2|~", "3|~", "3|~");
  }

  @Test
  void continuesAtEveryPositionWithoutLossOrRepetition() throws IOException {
    Files.writeString(
        folder.resolve("a.csv"),
        "\ufeffname,ID,x\n\"a\"\"b\",1,\n\"two\nlines\",2,z\nc,bad,\n,4,\n");
    Files.writeString(folder.resolve("b.csv"), "id\n5\n6");
    SourceSpec spec = spec("path", folder + "/*.csv", "format", "csv", "header", "true");
    connector.validateSource(spec);
    Position position = null;
    for (int i = 0; i < 20 && rows.size() < 6; i++) {
      try (SourceReader reader = connector.openSource(spec, position, null)) {
        int wanted = rows.size() + 1;
        until(reader, new Budget(1, 1 << 20), () -> rows.size() == wanted || reader.finished());
        position = reader.position();
      }
    }
    assertThat(rows).containsExactly("1|a\"b", "2|two\nlines", "4|~", "5|~", "6|~");
  }

  @Test
  void oneRowAStepGivesTheSameRowsAndUntilEndsThere() throws IOException {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < 10_000; i++) {
      text.append("{\"id\":").append(i).append("}\n");
    }
    Files.writeString(folder.resolve("a.jsonl"), text);
    SourceSpec spec = spec("path", folder + "/a.jsonl", "format", "json", "follow", "true");
    Position middle;
    try (SourceReader reader = connector.openSource(spec, null, null)) {
      until(reader, new Budget(7, 1 << 20), () -> rows.size() >= 5000);
      middle = reader.position();
    }
    int half = rows.size();
    rows.clear();
    try (SourceReader reader = connector.openSource(spec, null, middle)) {
      readAll(reader);
    }
    assertThat(rows).hasSize(half).last().isEqualTo((half - 1) + "|~");
    try (SourceReader reader = connector.openSource(spec, middle, null)) {
      until(reader, new Budget(100_000, 1 << 20), () -> rows.size() == 10_000);
    }
    assertThat(rows).last().isEqualTo("9999|~");
    assertThat(rows).doesNotHaveDuplicates();
  }

  @Test
  void followsNewLinesNewFilesRotationAndTruncation() throws IOException {
    Path log = folder.resolve("a.log");
    Files.writeString(log, "{\"id\":1}\n{\"id\":2");
    SourceSpec spec =
        spec(
            "path", folder + "/*.log", "format", "json", "follow", "true", "poll_interval", "1 ms");
    connector.validateSource(spec);
    Budget budget = new Budget(1000, 1 << 20);
    try (SourceReader reader = connector.openSource(spec, null, null)) {
      until(reader, budget, () -> rows.size() == 1);
      until(reader, budget, () -> reader.status().state() == Status.State.IDLE);
      Files.writeString(log, "2}\n", StandardOpenOption.APPEND);
      until(reader, budget, () -> rows.size() == 2);
      Files.writeString(folder.resolve("b.log"), "{\"id\":3}\n");
      until(reader, budget, () -> rows.size() == 3);
      // Rotation: the old file keeps what was not read yet, under a name outside of the glob.
      Files.writeString(log, "{\"id\":4}\n", StandardOpenOption.APPEND);
      Files.move(log, folder.resolve("a.log.1"));
      Files.writeString(log, "{\"id\":5}\n");
      until(reader, budget, () -> rows.size() == 5);
      Files.writeString(
          log, "{\"id\":6, \"name\":\"longer than before\"}\n", StandardOpenOption.APPEND);
      until(reader, budget, () -> rows.size() == 6);
      Files.writeString(log, "{\"id\":7}\n");
      until(reader, budget, () -> rows.size() == 7);
    }
    assertThat(rows)
        .containsExactly("1|~", "22|~", "3|~", "4|~", "5|~", "6|longer than before", "7|~");
    assertThat(errors).hasSize(1).allMatch(e -> e.contains("01000"));
  }

  @Test
  void aRestartFindsRotatedFilesAgain() throws IOException {
    Path log = folder.resolve("a.log");
    Files.writeString(log, "{\"id\":1}\n");
    SourceSpec spec =
        spec(
            "path",
            folder + "/*.log*",
            "format",
            "json",
            "follow",
            "true",
            "poll_interval",
            "1 ms");
    Budget budget = new Budget(1000, 1 << 20);
    Position position;
    try (SourceReader reader = connector.openSource(spec, null, null)) {
      until(reader, budget, () -> rows.size() == 1);
      position = reader.position();
    }
    Files.writeString(log, "{\"id\":2}\n", StandardOpenOption.APPEND);
    Files.move(log, folder.resolve("a.log.1"));
    Files.writeString(log, "{\"id\":3}\n");
    try (SourceReader reader = connector.openSource(spec, position, null)) {
      until(reader, budget, () -> rows.size() == 3);
      until(reader, budget, () -> reader.status().state() == Status.State.IDLE);
    }
    assertThat(rows).containsExactlyInAnyOrder("1|~", "2|~", "3|~");
    assertThat(errors).isEmpty();
  }

  @Test
  void problemsAreErrorsAtCreate() throws IOException {
    assertThatThrownBy(
            () -> connector.validateSource(spec("path", folder + "/no.jsonl", "format", "json")))
        .isInstanceOfSatisfying(
            SqlException.class, e -> assertThat(e.sqlState()).isEqualTo("58030"))
        .hasMessageContaining("could not open file");
    assertThatThrownBy(() -> connector.validateSource(spec("pat", "x", "format", "json")))
        .isInstanceOfSatisfying(
            SqlException.class, e -> assertThat(e.hint()).isEqualTo("Did you mean \"path\"?"));
    Path file = Files.writeString(folder.resolve("x.csv"), "ID,Id\n1,2\n");
    assertThatThrownBy(() ->
            connector.validateSource(
                spec("path", file.toString(), "format", "csv", "header", "true")))
        .isInstanceOfSatisfying(
            SqlException.class, e -> assertThat(e.sqlState()).isEqualTo("42702"));
    Files.writeString(file, "idd,name\n1,2\n");
    assertThatThrownBy(() ->
            connector.validateSource(
                spec("path", file.toString(), "format", "csv", "header", "true")))
        .isInstanceOfSatisfying(
            SqlException.class,
            e -> {
              assertThat(e.sqlState()).isEqualTo("42703");
              assertThat(e.hint()).isEqualTo("Did you mean \"idd\"?");
            });
  }

  @Test
  void aTooLongRowIsRefusedAndTheNextOneRead() throws IOException {
    Path file = folder.resolve("long.jsonl");
    try (var out = Files.newBufferedWriter(file)) {
      out.write("{\"id\":1}\n{\"id\":2,\"name\":\"");
      String block = "x".repeat(1 << 20);
      for (int i = 0; i < 17; i++) {
        out.write(block);
      }
      out.write("\"}\n{\"id\":3}\n");
    }
    SourceSpec spec = spec("path", file.toString(), "format", "json");
    try (SourceReader reader = connector.openSource(spec, null, null)) {
      readAll(reader);
    }
    assertThat(rows).containsExactly("1|~", "3|~");
    assertThat(errors).hasSize(1).allMatch(e -> e.contains("54000"));
  }
}
