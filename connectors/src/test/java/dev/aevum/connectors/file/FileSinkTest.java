package dev.aevum.connectors.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.aevum.connectors.spi.SinkSpec;
import dev.aevum.connectors.spi.SinkWriter;
import dev.aevum.model.batch.BatchWriter;
import dev.aevum.model.batch.DeltaBatch;
import dev.aevum.model.batch.Field;
import dev.aevum.model.batch.Schema;
import dev.aevum.model.error.SqlException;
import dev.aevum.model.type.SimpleType;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Map;
import org.apache.arrow.memory.RootAllocator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FileSinkTest {
  private final RootAllocator allocator = new RootAllocator();
  private final FileConnector connector = new FileConnector();
  @TempDir Path folder;

  @AfterEach
  void nothingIsLeft() {
    assertThat(allocator.getAllocatedMemory()).isZero();
    allocator.close();
  }

  private SinkSpec spec(int id, boolean appendOnly, Map<String, String> options) {
    Schema schema =
        new Schema(
            List.of(
                new Field("id", SimpleType.BIGINT, false),
                new Field("name", SimpleType.TEXT, true),
                new Field("at", SimpleType.TIMESTAMPTZ, true)));
    return new SinkSpec(id, "s", schema, List.of(), appendOnly, options);
  }

  private void write(SinkWriter writer, long step, long id, String name, long weight) {
    try (BatchWriter rows =
        new BatchWriter(
            allocator,
            List.of(SimpleType.BIGINT, SimpleType.TEXT, SimpleType.TIMESTAMPTZ),
            true,
            1)) {
      rows.column(0).appendLong(id);
      if (name == null) {
        rows.column(1).appendNull();
      } else {
        rows.column(1).appendText(name);
      }
      rows.column(2).appendLong(id * 1_500_000);
      rows.endRow(weight);
      try (DeltaBatch batch = rows.finish()) {
        writer.write(step, List.of(batch));
      }
    }
  }

  @Test
  void continuesAfterTheLastCompleteStep() throws IOException {
    Path file = folder.resolve("out.jsonl");
    SinkSpec spec = spec(7, true, Map.of("path", file.toString(), "format", "json"));
    connector.validateSink(spec);
    try (SinkWriter writer = connector.openSink(spec)) {
      assertThat(writer.committedStep()).isZero();
      write(writer, 3, 1, "a\"b\n", 1);
      write(writer, 5, 2, null, 2);
    }
    // A step that was cut off by a crash: rows without the mark.
    Files.writeString(file, "{\"id\":99,", StandardOpenOption.APPEND);
    try (SinkWriter writer = connector.openSink(spec)) {
      assertThat(writer.committedStep()).isEqualTo(5);
      write(writer, 6, 3, "c", 1);
    }
    assertThat(Files.readAllLines(file))
        .containsExactly(
            "{\"id\":1,\"name\":\"a\\\"b\\n\",\"at\":\"1970-01-01T00:00:01.5+00:00\"}",
            "{\"id\":2,\"name\":null,\"at\":\"1970-01-01T00:00:03+00:00\"}",
            "{\"id\":2,\"name\":null,\"at\":\"1970-01-01T00:00:03+00:00\"}",
            "{\"id\":3,\"name\":\"c\",\"at\":\"1970-01-01T00:00:04.5+00:00\"}");
    assertThatThrownBy(() -> connector.openSink(spec(8, true, spec.options())))
        .isInstanceOfSatisfying(
            SqlException.class, e -> assertThat(e.sqlState()).isEqualTo("55006"));
    assertThatThrownBy(() -> connector.validateSink(spec))
        .isInstanceOfSatisfying(
            SqlException.class, e -> assertThat(e.sqlState()).isEqualTo("42710"));
    Files.writeString(file, "");
    assertThatThrownBy(() -> connector.openSink(spec))
        .isInstanceOfSatisfying(
            SqlException.class, e -> assertThat(e.sqlState()).isEqualTo("XX001"));
  }

  @Test
  void changesNeedAChangelog() throws IOException {
    Path file = folder.resolve("out.csv");
    Map<String, String> options =
        Map.of("path", file.toString(), "format", "csv", "header", "true");
    assertThatThrownBy(() -> connector.validateSink(spec(1, false, options)))
        .isInstanceOfSatisfying(
            SqlException.class,
            e -> {
              assertThat(e.sqlState()).isEqualTo("0A000");
              assertThat(e.hint()).contains("changelog = true");
            });
    Map<String, String> changes = new java.util.HashMap<>(options);
    changes.put("changelog", "true");
    SinkSpec spec = spec(1, false, changes);
    connector.validateSink(spec);
    try (SinkWriter writer = connector.openSink(spec)) {
      write(writer, 1, 1, "a,b", 1);
      write(writer, 2, 1, "a,b", -1);
      write(writer, 2, 1, "", 1);
    }
    assertThat(Files.readAllLines(file))
        .containsExactly(
            "op,id,name,at",
            "insert,1,\"a,b\",1970-01-01 00:00:01.5+00",
            "delete,1,\"a,b\",1970-01-01 00:00:01.5+00",
            "insert,1,\"\",1970-01-01 00:00:01.5+00");
  }
}
