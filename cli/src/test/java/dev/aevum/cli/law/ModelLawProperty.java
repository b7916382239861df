package dev.aevum.cli.law;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The law of models: predictions and prequential metrics are those of a fold over the rows in
/// event-time order, by a reference of its own, however the rows came: in which batches, out of
/// order within the lateness, with how many workers, with how many restarts, with or without
/// PARTITION BY.
class ModelLawProperty {
  @TempDir private Path folder;

  private record Event(int second, String site, ReferenceBayes.Row row) {}

  private static Event event(Random random, int second) {
    String y = "class " + random.nextInt(3);
    Double x = random.nextInt(9) == 0 ? null : random.nextGaussian() * 2 + y.charAt(6);
    String c = random.nextInt(9) == 0 ? null : "c" + random.nextInt(4) * (y.charAt(6) - '0');
    return new Event(second, "s" + random.nextInt(3), new ReferenceBayes.Row(x, c, y));
  }

  private static String text(@Nullable String value) {
    return value == null ? "NULL" : "'" + value + "'";
  }

  private static String values(Event e) {
    return "('%s', TIMESTAMPTZ '2026-01-01 00:00:00Z' + INTERVAL '%d seconds', %s, %s, '%s')"
        .formatted(e.site, e.second, e.row.x(), text(e.row.c()), e.row.y());
  }

  private static void run(LawDatabase database, String sql) {
    assertThat(database.execute(sql)).as(sql).isNull();
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6})
  void modelsAreFoldsInEventTimeOrder(long seed) {
    Random random = new Random(seed);
    boolean partitioned = seed % 2 == 0;
    int count = 200 + random.nextInt(1200);
    List<Event> events = new ArrayList<>();
    Map<Event, Double> arrival = new java.util.HashMap<>();
    Map<String, ReferenceBayes> references = new TreeMap<>();
    for (int i = 0; i < count; i++) {
      Event e = event(random, i);
      events.add(e);
      arrival.put(e, i + 8 * random.nextDouble());
      references
          .computeIfAbsent(partitioned ? e.site : "", s -> new ReferenceBayes(true))
          .learn(e.row);
    }
    events.sort(Comparator.comparing(arrival::get));
    try (LawDatabase database = new LawDatabase(folder, 1 + random.nextInt(4))) {
      run(
          database,
          "CREATE STREAM events (site TEXT, ts TIMESTAMPTZ, x DOUBLE PRECISION, c TEXT, y TEXT,"
              + " WATERMARK FOR ts AS ts - INTERVAL '10 seconds')");
      run(
          database,
          "CREATE MODEL m PREDICT y TEXT USING naive_bayes "
              + (partitioned
                  ? "PARTITION BY site AS SELECT site, ts, x, c, y FROM events"
                  : "AS SELECT ts, x, c, y FROM events"));
      int from = 0;
      while (from < count) {
        int to = Math.min(count, from + 1 + random.nextInt(random.nextBoolean() ? 5 : 300));
        run(
            database,
            "INSERT INTO events VALUES "
                + String.join(
                    ", ",
                    events.subList(from, to).stream().map(ModelLawProperty::values).toList()));
        from = to;
        if (random.nextInt(4) == 0) {
          database.restart(1 + random.nextInt(4), random);
        }
      }
      // Past it all: only the watermark counts.
      run(database, "INSERT INTO events VALUES ('z', '2026-02-01 00:00:00Z', 0, '', '')");
      references.forEach((site, reference) -> {
        compareFigures(database, partitioned ? site : null, reference, seed);
        for (int i = 0; i < 10; i++) {
          comparePrediction(database, partitioned ? site : null, reference, event(random, 0));
        }
      });
    }
  }

  private static void comparePrediction(
      LawDatabase database, @Nullable String site, ReferenceBayes reference, Event e) {
    String arguments =
        "(m, %s%s::double precision, %s::text)"
            .formatted(site == null ? "" : "'" + site + "', ", e.row.x(), text(e.row.c()));
    List<@Nullable Object> said =
        database.values("SELECT predict" + arguments + ", predict_proba" + arguments).getFirst();
    Map<String, Double> wanted = reference.predict(e.row.x(), e.row.c());
    String best = reference.best(wanted);
    assertThat(said.get(0)).as(arguments).hasToString(best);
    assertThat((Double) said.get(1)).as(arguments).isCloseTo(wanted.get(best), within(1e-9));
  }

  private static void compareFigures(
      LawDatabase database, @Nullable String site, ReferenceBayes reference, long seed) {
    String where = site == null ? "" : " WHERE partition = '" + site + "'";
    List<List<@Nullable Object>> rows =
        database.values(
            "SELECT scope, metric, rows, value, trivial FROM aevum.model_metrics" + where);
    assertThat(rows).as("seed " + seed).hasSize(4);
    for (List<@Nullable Object> row : rows) {
      int last = "all".equals(String.valueOf(row.get(0))) ? reference.rows() : 1000;
      ReferenceBayes.Figures wanted = reference.figures(last);
      boolean loss = "logloss".equals(String.valueOf(row.get(1)));
      String name = "seed " + seed + " " + row;
      assertThat(row.get(2)).as(name).isEqualTo((long) Math.min(last, reference.rows()));
      assertThat((Double) row.get(3))
          .as(name)
          .isCloseTo(loss ? wanted.loss() : wanted.right(), within(1e-9));
      assertThat((Double) row.get(4))
          .as(name)
          .isCloseTo(loss ? wanted.trivialLoss() : wanted.trivialRight(), within(1e-9));
    }
  }
}
