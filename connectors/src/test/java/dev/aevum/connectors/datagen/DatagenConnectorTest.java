package dev.aevum.connectors.datagen;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.aevum.connectors.spi.SourceReader;
import dev.aevum.connectors.spi.SourceReader.Polled;
import dev.aevum.connectors.spi.SourceSpec;
import dev.aevum.model.batch.Column;
import dev.aevum.model.batch.DeltaBatch;
import dev.aevum.model.batch.Field;
import dev.aevum.model.batch.Schema;
import dev.aevum.model.error.SqlException;
import dev.aevum.model.step.Budget;
import dev.aevum.model.step.Position;
import dev.aevum.model.text.PgText;
import dev.aevum.model.text.TextStyle;
import dev.aevum.model.type.DecimalType;
import dev.aevum.model.type.SimpleType;
import dev.aevum.model.type.SqlType;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.arrow.memory.RootAllocator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class DatagenConnectorTest {
  private final RootAllocator allocator = new RootAllocator();
  private final AtomicReference<Instant> now =
      new AtomicReference<>(Instant.parse("2026-01-01T00:00:00Z"));
  private final DatagenConnector connector = new DatagenConnector(now::get);

  @AfterEach
  void nothingIsLeft() {
    assertThat(allocator.getAllocatedMemory()).isZero();
    allocator.close();
  }

  private SourceSpec spec(Map<String, String> options, Object... columns) {
    List<Field> fields = new ArrayList<>();
    for (int i = 0; i < columns.length; i += 2) {
      fields.add(new Field((String) columns[i], (SqlType) columns[i + 1], true));
    }
    return new SourceSpec(
        1,
        "t",
        new Schema(fields),
        options,
        Collections.nCopies(fields.size(), false),
        Collections.nCopies(fields.size(), true),
        allocator);
  }

  private static List<String> take(SourceReader reader, int budget) {
    List<String> rows = new ArrayList<>();
    Polled polled = reader.poll(new Budget(budget, 1 << 20));
    while (polled != null) {
      try (DeltaBatch batch = polled.batch()) {
        for (int row = 0; row < batch.rows(); row++) {
          List<String> cells = new ArrayList<>();
          for (Column c : batch.columns()) {
            cells.add(PgText.text(c, row, TextStyle.DEFAULT));
          }
          rows.add(String.join("|", cells));
        }
      }
      polled = reader.poll(new Budget(budget, 1 << 20));
    }
    return rows;
  }

  @Test
  void nexmarkTablesByName() {
    SourceSpec spec =
        spec(
            Map.of("dataset", "nexmark", "entity", "bid", "events", "100000", "pace", "max"),
            "datetime",
            SimpleType.TIMESTAMPTZ,
            "auction",
            SimpleType.INTEGER,
            "price",
            SimpleType.BIGINT,
            "url",
            SimpleType.TEXT);
    connector.validateSource(spec);
    assertThat(connector.replayable(spec.options())).isTrue();
    List<String> all;
    try (SourceReader reader = connector.openSource(spec, null, null)) {
      all = take(reader, 4096);
      assertThat(reader.finished()).isTrue();
    }
    assertThat(all).hasSize(92_000);
    assertThat(all.getFirst())
        .startsWith("2024-12-31 23:59:00.004+00|1009|7266675|https://www.nexmark.com/zyj/");
    // From any position, in any pieces: the same rows.
    try (SourceReader reader = connector.openSource(spec, new Position("50003@0"), null)) {
      assertThat(take(reader, 7)).isEqualTo(all.subList(46_000, 92_000));
    }
    try (SourceReader reader = connector.openSource(spec, null, new Position("50003@0"))) {
      assertThat(take(reader, 1)).isEqualTo(all.subList(0, 46_000));
    }
  }

  @Test
  void rowsComeAtTheirRateAndCatchUpIsBounded() {
    SourceSpec spec =
        spec(
            Map.of("dataset", "payments", "rate", "10", "rows", "1000"),
            "id",
            SimpleType.BIGINT,
            "ts",
            SimpleType.TIMESTAMP);
    Position position;
    try (SourceReader reader = connector.openSource(spec, null, null)) {
      assertThat(take(reader, 100)).isEmpty();
      now.set(now.get().plusMillis(250));
      assertThat(take(reader, 100))
          .containsExactly("1|2026-01-01 00:00:00", "2|2026-01-01 00:00:00.1");
      position = reader.position();
    }
    // What has come can be made again at once, as long as its times have not moved.
    Position first = new Position("0@" + position.encoded().split("@")[1]);
    try (SourceReader reader = connector.openSource(spec, first, position)) {
      assertThat(take(reader, 100))
          .containsExactly("1|2026-01-01 00:00:00", "2|2026-01-01 00:00:00.1");
      assertThat(reader.finished()).isTrue();
    }
    assertThat(connector.repeats(spec.options(), first, position)).isTrue();
    now.set(now.get().plusSeconds(3600));
    try (SourceReader reader = connector.openSource(spec, position, null)) {
      List<String> rows = take(reader, 7);
      assertThat(rows).hasSize(100);
      assertThat(rows.getFirst()).isEqualTo("3|2026-01-01 00:59:50.25");
      assertThat(connector.replayable(spec.options())).isFalse();
      assertThat(connector.repeats(spec.options(), first, reader.position())).isFalse();
    }
  }

  @Test
  void paymentsBalanceAndTheSameSeedGivesTheSameRows() {
    Map<String, String> options = new HashMap<>();
    options.put("dataset", "payments");
    options.put("rows", "5000");
    options.put("pace", "max");
    options.put("start_time", "2026-01-01");
    options.put("disorder", "2 seconds");
    options.put("late_share", "0.01");
    Object[] columns = {
      "from_account",
      SimpleType.BIGINT,
      "to_account",
      SimpleType.BIGINT,
      "amount",
      new DecimalType(18, 4),
      "merchant",
      SimpleType.TEXT,
      "ts",
      SimpleType.TIMESTAMPTZ
    };
    SourceSpec spec = spec(options, columns);
    connector.validateSource(spec);
    List<String> rows;
    try (SourceReader reader = connector.openSource(spec, null, null)) {
      rows = take(reader, 1000);
    }
    try (SourceReader reader = connector.openSource(spec, null, null)) {
      assertThat(take(reader, 33)).isEqualTo(rows);
    }
    assertThat(rows).hasSize(5000);
    int late = 0;
    for (String row : rows) {
      String[] cells = row.split("\\|");
      assertThat(cells[0]).isNotEqualTo(cells[1]);
      assertThat(cells[2]).matches("\\d+\\.\\d\\d00");
      late += cells[4].startsWith("2025-12-31 23:5") ? 1 : 0;
    }
    assertThat(late).isBetween(10, 5000);
  }

  @Test
  void everyDatasetHasItsColumns() {
    for (String dataset : DatagenSettings.DATASETS) {
      Map<String, String> options = new HashMap<>(Map.of("dataset", dataset, "pace", "max"));
      options.put(dataset.equals("nexmark") ? "events" : "rows", "1000");
      if (dataset.equals("nexmark")) {
        options.put("entity", "auction");
      }
      List<Object> columns = new ArrayList<>();
      try (Dataset open = DatagenSettings.of(options).open(allocator)) {
        open.fields().forEach(f -> columns.addAll(List.of(f.name(), f.type())));
      }
      SourceSpec spec = spec(options, columns.toArray());
      connector.validateSource(spec);
      try (SourceReader reader = connector.openSource(spec, null, null)) {
        assertThat(take(reader, 100)).as(dataset).hasSize(dataset.equals("nexmark") ? 60 : 1000);
      }
    }
  }

  @Test
  void wrongNamesAndTypesAreErrorsAtCreate() {
    Map<String, String> options = Map.of("dataset", "ticks");
    assertThatThrownBy(() -> connector.validateSource(spec(options, "symbl", SimpleType.TEXT)))
        .isInstanceOfSatisfying(
            SqlException.class,
            e -> {
              assertThat(e.sqlState()).isEqualTo("42703");
              assertThat(e.hint()).isEqualTo("Did you mean \"symbol\"?");
            });
    assertThatThrownBy(() -> connector.validateSource(spec(options, "symbol", SimpleType.BIGINT)))
        .isInstanceOfSatisfying(
            SqlException.class, e -> assertThat(e.sqlState()).isEqualTo("42804"));
    assertThatThrownBy(() ->
            connector.validateSource(spec(Map.of("dataset", "tick"), "symbol", SimpleType.TEXT)))
        .isInstanceOfSatisfying(
            SqlException.class, e -> assertThat(e.sqlState()).isEqualTo("22023"));
  }
}
