package dev.aevum.cli.law;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The law of models for every algorithm: what a model predicts and how it was judged is, to the
/// bit, what a model says that learned the same rows in event-time order at once, whatever the
/// history: batches, arrival out of order, equal times, workers, restarts.
class ModelHistoryLawProperty {
  @TempDir private Path folder;

  private record Event(int second, String values) {
    String text() {
      return "('s%d', TIMESTAMPTZ '2026-01-01 00:00:00Z' + INTERVAL '%d seconds', %s)"
          .formatted(second % 3, second, values);
    }
  }

  private static void run(LawDatabase database, String sql) {
    assertThat(database.execute(sql)).as(sql).isNull();
  }

  private static void define(LawDatabase database, boolean partitioned) {
    run(
        database,
        "CREATE STREAM events (site TEXT, ts TIMESTAMPTZ, "
            + ModelKinds.COLUMNS
            + ", WATERMARK FOR ts AS ts - INTERVAL '10 seconds')");
    for (ModelKinds kind : ModelKinds.values()) {
      run(database, kind.create("events", partitioned, true));
    }
  }

  private static void insert(LawDatabase database, List<Event> events) {
    run(
        database,
        "INSERT INTO events VALUES "
            + String.join(", ", events.stream().map(Event::text).toList()));
  }

  /// Past it all: only the watermark counts.
  private static void close(LawDatabase database) {
    run(
        database,
        "INSERT INTO events VALUES ('z', '2026-02-01 00:00:00Z', NULL, NULL, NULL, NULL, NULL)");
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4})
  void allKindsAreFoldsInEventTimeOrder(long seed) {
    Random random = new Random(seed);
    boolean partitioned = seed % 2 == 0;
    List<Event> inOrder = new ArrayList<>();
    List<Event> arriving = new ArrayList<>();
    List<Double> arrivals = new ArrayList<>();
    int count = 300 + random.nextInt(900);
    for (int i = 0; i < count; i++) {
      // Some times are those of several rows.
      inOrder.add(new Event(i - random.nextInt(2) * (i % 4), ModelKinds.row(random)));
      arrivals.add(i + 5 * random.nextDouble());
    }
    List<Integer> places = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      places.add(i);
    }
    places.sort(Comparator.comparing(arrivals::get));
    places.forEach(i -> arriving.add(inOrder.get(i)));
    try (LawDatabase database = new LawDatabase(folder, 1 + random.nextInt(2));
        LawDatabase straight = new LawDatabase(null, 1)) {
      define(straight, partitioned);
      insert(straight, inOrder);
      close(straight);
      define(database, partitioned);
      int from = 0;
      while (from < count) {
        int to = Math.min(count, from + 1 + random.nextInt(random.nextBoolean() ? 5 : 200));
        insert(database, arriving.subList(from, to));
        from = to;
        if (random.nextInt(4) == 0) {
          database.restart(1 + random.nextInt(2), random);
        }
      }
      close(database);
      database.restart(1 + random.nextInt(2), random);
      for (String sql : ModelKinds.FIGURES) {
        compare(database, straight, sql, seed);
      }
      for (ModelKinds kind : ModelKinds.values()) {
        String site = partitioned ? "s" + random.nextInt(3) : null;
        for (String sql : kind.questions(site, random)) {
          compare(database, straight, sql, seed);
        }
      }
    }
  }

  private static void compare(LawDatabase database, LawDatabase straight, String sql, long seed) {
    var wanted = straight.values(sql);
    assertThat(wanted).as("seed " + seed + " " + sql).isNotEmpty();
    assertThat(database.values(sql)).as("seed " + seed + " " + sql).isEqualTo(wanted);
  }
}
