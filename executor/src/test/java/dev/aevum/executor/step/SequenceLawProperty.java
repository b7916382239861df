package dev.aevum.executor.step;

import static org.assertj.core.api.Assertions.assertThat;

import dev.aevum.model.batch.Field;
import dev.aevum.model.batch.Schema;
import dev.aevum.model.step.Watermarks;
import dev.aevum.model.type.SimpleType;
import dev.aevum.model.type.SqlType;
import dev.aevum.planner.plan.PlanNode;
import dev.aevum.planner.plan.PlanNode.SequenceNode;
import dev.aevum.planner.plan.SequenceCall;
import dev.aevum.planner.plan.Traits;
import dev.aevum.planner.plan.function.SequenceSignature;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// What holds for every sequence function, whatever it computes: the result is that of the set of
/// rows, to the bit. The whole input in one step on one worker is the reference.
class SequenceLawProperty {
  /// Key, time, two values.
  private static final List<SqlType> TYPES =
      List.of(SimpleType.BIGINT, SimpleType.TIMESTAMP, SimpleType.DOUBLE, SimpleType.DOUBLE);

  private static final int SEEDS = 6;
  private static final int VIEW = 9;

  static List<String> functions() {
    return Plans.FUNCTIONS.sequences().stream().map(SequenceSignature::name).toList();
  }

  @ParameterizedTest
  @MethodSource("functions")
  void finalResultsDoNotDependOnArrivalStepsWorkersOrRestarts(String name) {
    for (long seed = 1; seed <= SEEDS; seed++) {
      SplittableRandom random = new SplittableRandom(seed);
      List<Bag.Row> rows = rows(random, 40 + random.nextInt(160));
      SequenceNode node = node(name, Plans.stream(1, 1, TYPES), false, Map.of());
      Bag expected = whole(name, rows, Map.of());
      Run run = new Run(node, random);
      try {
        long watermark = Watermarks.NONE;
        List<Bag.Row> rest = shuffled(rows, random);
        while (!rest.isEmpty()) {
          int count = 1 + random.nextInt(rest.size());
          List<Bag.Row> now = rest.subList(0, count);
          rest = rest.subList(count, rest.size());
          watermark = Math.max(watermark, least(rest));
          run.step(now, watermark);
        }
        run.end();
        assertThat(run.result()).as("%s, seed %d", name, seed).isEqualTo(expected.weights());
      } finally {
        run.close();
      }
    }
  }

  @ParameterizedTest
  @MethodSource("functions")
  void provisionalResultsAreThoseOfTheRowsSoFar(String name) {
    for (long seed = 1; seed <= SEEDS; seed++) {
      SplittableRandom random = new SplittableRandom(seed);
      List<Bag.Row> rows = rows(random, 30 + random.nextInt(90));
      SequenceNode node = node(name, Plans.stream(1, 1, TYPES), true, Map.of());
      Run run = new Run(node, random);
      try {
        long watermark = Watermarks.NONE;
        List<Bag.Row> rest = shuffled(rows, random);
        List<Bag.Row> present = new ArrayList<>();
        while (!rest.isEmpty()) {
          int count = 1 + random.nextInt(rest.size());
          List<Bag.Row> now = rest.subList(0, count);
          rest = rest.subList(count, rest.size());
          present.addAll(now);
          watermark = Math.max(watermark, least(rest));
          run.step(now, watermark);
          assertThat(run.result())
              .as("%s, seed %d, %d rows", name, seed, present.size())
              .isEqualTo(whole(name, present, Map.of()).weights());
        }
        run.end();
        assertThat(run.result())
            .as("%s, seed %d", name, seed)
            .isEqualTo(whole(name, rows, Map.of()).weights());
      } finally {
        run.close();
      }
    }
  }

  @ParameterizedTest
  @MethodSource("functions")
  void whatIsTakenBackWithinTheBoundNeverWas(String name) {
    for (long seed = 1; seed <= SEEDS; seed++) {
      SplittableRandom random = new SplittableRandom(seed);
      SequenceNode node = node(name, Plans.scan(1, false, TYPES), false, Map.of());
      Run run = new Run(node, random);
      List<Bag.Row> present = new ArrayList<>();
      try {
        List<Bag.Row> rest = shuffled(rows(random, 30 + random.nextInt(90)), random);
        while (!rest.isEmpty()) {
          int count = 1 + random.nextInt(rest.size());
          List<Bag.Row> changes = new ArrayList<>(rest.subList(0, count));
          rest = rest.subList(count, rest.size());
          present.addAll(changes);
          for (int i = random.nextInt(4); i > 0 && present.size() > 1; i--) {
            changes.add(new Bag.Row(present.remove(random.nextInt(present.size())).values(), -1));
          }
          run.step(changes, Watermarks.NONE);
          assertThat(run.result())
              .as("%s, seed %d, %d rows", name, seed, present.size())
              .isEqualTo(whole(name, present, Map.of()).weights());
        }
      } finally {
        run.close();
      }
    }
  }

  /// The anchor moves all the time, and changes never reach behind it.
  @ParameterizedTest
  @MethodSource("functions")
  void aShortReplayIsAsGoodWithinItsBound(String name) {
    Map<String, Object> options = Map.of("replay", 5L);
    SplittableRandom random = new SplittableRandom(7);
    SequenceNode node = node(name, Plans.scan(1, false, TYPES), false, options);
    Run run = new Run(node, random);
    List<Bag.Row> present = new ArrayList<>();
    try {
      List<Bag.Row> rows = new ArrayList<>(rows(random, 120));
      rows.sort(Comparator.comparingLong(r -> time(r) == null ? 0 : time(r)));
      for (Bag.Row row : rows) {
        List<Bag.Row> changes = new ArrayList<>(List.of(row));
        present.add(row);
        List<Bag.Row> late =
            present.stream()
                .filter(r -> r.values().getFirst().equals(row.values().getFirst()))
                .filter(r -> time(r) != null)
                .toList();
        if (random.nextInt(3) == 0 && late.size() > 4) {
          Bag.Row gone = late.get(late.size() - 1 - random.nextInt(4));
          present.remove(gone);
          changes.add(new Bag.Row(gone.values(), -1));
        }
        run.step(changes, Watermarks.NONE);
      }
      assertThat(run.result()).isEqualTo(whole(name, present, Map.of()).weights());
    } finally {
      run.close();
    }
  }

  @ParameterizedTest
  @MethodSource("functions")
  void aChangeBeforeTheBoundTakesItsResultAlongAndNothingElse(String name) {
    Map<String, Object> options = Map.of("on_retract", "forget");
    List<Bag.Row> rows = new ArrayList<>();
    for (int i = 0; i < 40; i++) {
      rows.add(new Bag.Row(List.of(1L, i * 1000L, i % 7 * 1.5, i % 3 * 1.0), 1));
    }
    SplittableRandom random = new SplittableRandom(3);
    Run run = new Run(node(name, Plans.scan(1, false, TYPES), false, options), random);
    try {
      run.step(rows, Watermarks.NONE);
      Map<List<@Nullable Object>, Long> before = Map.copyOf(run.result());
      run.step(List.of(new Bag.Row(rows.get(20).values(), -1)), Watermarks.NONE);
      Map<List<@Nullable Object>, Long> left = new HashMap<>(before);
      left.keySet().removeIf(r -> r.subList(0, 4).equals(rows.get(20).values()));
      assertThat(left).hasSize(39);
      assertThat(run.result()).isEqualTo(left);
    } finally {
      run.close();
    }
  }

  @ParameterizedTest
  @MethodSource("functions")
  void aRetractionStopsTheViewWhereThatIsAskedFor(String name) {
    Map<String, Object> options = Map.of("on_retract", "error");
    SplittableRandom random = new SplittableRandom(3);
    Run run = new Run(node(name, Plans.scan(1, false, TYPES), false, options), random);
    Bag.Row row = new Bag.Row(List.of(1L, 5L, 1.0, 2.0), 1);
    try {
      run.step(List.of(row), Watermarks.NONE);
      assertThat(run.lane.failures).isEmpty();
      run.lane.step(
          List.of(new Lane.Change(1, TYPES, List.of(new Bag.Row(row.values(), -1)))), Map.of());
      assertThat(run.lane.failures).singleElement().asString().contains("was taken back");
    } finally {
      run.close();
    }
  }

  @ParameterizedTest
  @MethodSource("functions")
  void anotherKeyChangesNothing(String name) {
    SplittableRandom random = new SplittableRandom(11);
    List<Bag.Row> rows = rows(random, 150);
    List<Bag.Row> fewer = rows.stream().filter(r -> !r.values().getFirst().equals(0L)).toList();
    Map<List<@Nullable Object>, Long> all = new HashMap<>(whole(name, rows, Map.of()).weights());
    all.keySet().removeIf(r -> Long.valueOf(0).equals(r.getFirst()));
    assertThat(all).isEqualTo(whole(name, fewer, Map.of()).weights());
  }

  /// Values that no series has: every row comes out, and nothing but a number or NULL in it.
  @ParameterizedTest
  @MethodSource("functions")
  void strangeValuesGiveFiniteResults(String name) {
    double[] strange = {0, -0.0, 1e308, -1e308, Double.MIN_VALUE, Double.NaN, 1, 1, 1, 1e-300};
    List<Bag.Row> rows = new ArrayList<>();
    for (int i = 0; i < 400; i++) {
      double x = i < 100 ? 7 : strange[i % strange.length];
      double y = i % 50 == 3 ? Double.POSITIVE_INFINITY : strange[(i * 7 + 1) % strange.length];
      rows.add(new Bag.Row(List.of(1L, i * 1000L, x, y), 1));
    }
    Bag got = whole(name, rows, Map.of());
    assertThat(got.weights().values().stream().mapToLong(w -> w).sum()).isEqualTo(400);
    for (List<@Nullable Object> row : got.weights().keySet()) {
      for (Object value : row.subList(TYPES.size(), row.size())) {
        if (value instanceof Double d) {
          assertThat(d).as("%s of %s", name, row).isFinite();
        }
      }
    }
  }

  // Runs.

  /// A view that is stopped now and then and goes on with another number of workers.
  private static final class Run {
    private final SequenceNode node;
    private final SplittableRandom random;
    private final StateStore stored = new StateStore();
    private Lane lane;

    Run(SequenceNode node, SplittableRandom random) {
      this.node = node;
      this.random = random;
      this.lane = new Lane(1 + random.nextInt(4), stored).deploy(VIEW, Plans.view(node));
    }

    void step(List<Bag.Row> rows, long watermark) {
      lane.step(List.of(new Lane.Change(1, TYPES, rows)), Map.of(1, watermark));
      assertThat(lane.failures).isEmpty();
      if (random.nextInt(3) == 0) {
        Bag got = java.util.Objects.requireNonNull(lane.views.get(VIEW));
        lane.close();
        lane = new Lane(1 + random.nextInt(4), stored).deploy(VIEW, Plans.view(node));
        lane.views.put(VIEW, got);
      }
    }

    void end() {
      lane.step(List.of(), Map.of(1, Watermarks.END));
      assertThat(lane.failures).isEmpty();
    }

    Map<List<@Nullable Object>, Long> result() {
      return java.util.Objects.requireNonNull(lane.views.get(VIEW)).weights();
    }

    void close() {
      lane.close();
    }
  }

  private static Bag whole(String name, List<Bag.Row> rows, Map<String, Object> options) {
    SequenceNode node = node(name, Plans.stream(1, 1, TYPES), false, options);
    try (Lane lane = new Lane(1).deploy(VIEW, Plans.view(node))) {
      lane.step(List.of(new Lane.Change(1, TYPES, rows)), Map.of(1, Watermarks.END));
      assertThat(lane.failures).isEmpty();
      return java.util.Objects.requireNonNull(lane.views.get(VIEW));
    }
  }

  private static SequenceNode node(
      String name, PlanNode input, boolean provisional, Map<String, Object> options) {
    SequenceSignature signature =
        Plans.FUNCTIONS.sequences().stream()
            .filter(s -> s.name().equals(name))
            .findFirst()
            .orElseThrow();
    Map<String, Object> all = new TreeMap<>(options);
    if (signature.option("warmup") != null) {
      all.put("warmup", 8L);
    }
    if (signature.option("horizon") != null) {
      all.put("horizon", 3L);
    }
    List<Field> columns = signature.columns(SimpleType.TIMESTAMP);
    List<Field> fields = new ArrayList<>(input.schema().fields());
    fields.addAll(columns);
    int arguments = Math.min(2, signature.mostArguments());
    SequenceCall call =
        new SequenceCall(
            signature,
            IntStream.range(0, arguments).mapToObj(i -> 2 + i).toList(),
            all,
            IntStream.range(0, columns.size()).boxed().toList());
    return new SequenceNode(
        Plans.exchange(input, List.of(0)),
        List.of(0),
        1,
        List.of(call),
        provisional,
        new Schema(fields),
        Traits.UNKNOWN);
  }

  // Rows.

  private static @Nullable Long time(Bag.Row row) {
    return (Long) row.values().get(1);
  }

  /// A time at or before all rows that are to come.
  private static long least(List<Bag.Row> rest) {
    return rest.stream()
        .filter(r -> time(r) != null)
        .mapToLong(r -> java.util.Objects.requireNonNull(time(r)))
        .min()
        .orElse(1_000_000_000L);
  }

  private static List<Bag.Row> rows(SplittableRandom random, int count) {
    List<Bag.Row> rows = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      List<@Nullable Object> row = new ArrayList<>();
      row.add((long) random.nextInt(3));
      row.add(random.nextInt(40) == 0 ? null : (Object) (random.nextLong(count) * 60_000_000L));
      row.add(random.nextInt(15) == 0 ? null : (Object) (random.nextInt(50) / 4.0));
      row.add(random.nextInt(20) == 0 ? 1000.0 : random.nextDouble());
      rows.add(new Bag.Row(Collections.unmodifiableList(row), 1));
    }
    // Equal rows too.
    rows.add(rows.getFirst());
    return rows;
  }

  /// Somewhat out of order, or wholly.
  private static List<Bag.Row> shuffled(List<Bag.Row> rows, SplittableRandom random) {
    List<Bag.Row> all = new ArrayList<>(rows);
    for (int i = all.size() - 1; i > 0; i--) {
      Collections.swap(all, i, random.nextInt(i + 1));
    }
    if (random.nextBoolean()) {
      Map<Bag.Row, Long> places = new java.util.IdentityHashMap<>();
      all.forEach(
          r -> places.put(r, (time(r) == null ? 0 : time(r)) + random.nextLong(300_000_000L)));
      all.sort(Comparator.comparingLong(places::get));
    }
    return all;
  }
}
