package dev.aevum.executor.step;

import static org.assertj.core.api.Assertions.assertThat;

import dev.aevum.model.step.Watermarks;
import dev.aevum.model.type.SimpleType;
import dev.aevum.model.type.SqlType;
import dev.aevum.planner.plan.Expr;
import dev.aevum.planner.plan.PlanNode;
import dev.aevum.planner.plan.Traits;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/// After every step, what a view has emitted so far equals its query over the present contents,
/// whatever the number of workers and the cut into batches.
final class StepLawProperty {
  static final int TABLE = 100;
  static final int OTHER = 101;
  static final int STREAM = 102;
  private static final int VIEW = 200;
  static final List<SqlType> COLUMNS =
      List.of(
          SimpleType.BIGINT,
          SimpleType.BIGINT,
          SimpleType.TEXT,
          SimpleType.BOOLEAN,
          SimpleType.NUMERIC);
  static final List<SqlType> TIMED =
      List.of(SimpleType.BIGINT, SimpleType.BIGINT, SimpleType.TIMESTAMP);

  @TestFactory
  List<DynamicTest> incrementalEqualsRecomputed() {
    List<DynamicTest> tests = new ArrayList<>();
    plans()
        .forEach((name, plan) -> {
          for (int workers : new int[] {1, 2, 3}) {
            long seed = name.hashCode() * 31L;
            tests.add(
                DynamicTest.dynamicTest(
                    name + " workers=" + workers + " seed=" + seed,
                    () -> run(plan, workers, seed)));
          }
        });
    return tests;
  }

  @TestFactory
  List<DynamicTest> restartsChangeNothing() {
    List<DynamicTest> tests = new ArrayList<>();
    plans()
        .forEach((name, plan) -> {
          long seed = name.hashCode() * 37L;
          tests.add(
              DynamicTest.dynamicTest(name + " seed=" + seed, () -> runWithRestarts(plan, seed)));
        });
    return tests;
  }

  static Map<String, PlanNode> plans() {
    Map<String, PlanNode> plans = new LinkedHashMap<>();
    PlanNode table = Plans.scan(TABLE, false, COLUMNS);
    PlanNode other = Plans.scan(OTHER, false, COLUMNS);
    PlanNode appended = Plans.scan(STREAM + 1, true, COLUMNS);
    plans.put("calc", calc(table));
    plans.put("calc that fails", failing(table));
    plans.put("distinct", Plans.aggregate(table, List.of(0, 2), List.of()));
    plans.put("distinct numeric", Plans.aggregate(table, List.of(4), List.of()));
    plans.put("linear", linear(table, List.of(0)));
    plans.put("linear, two keys", linear(table, List.of(2, 0)));
    plans.put("linear, no keys", linear(table, List.of()));
    plans.put("linear, append only", linear(appended, List.of(0)));
    plans.put("extremes", extremes(table, List.of(0)));
    plans.put("extremes, no keys", extremes(table, List.of()));
    plans.put("extremes, append only", extremes(appended, List.of(0)));
    plans.put("distinct calls", distinctCalls(table, List.of(0)));
    plans.put("filtered calls", filteredCalls(table, List.of(0)));
    plans.put("two levels", linear(Plans.aggregate(table, List.of(0, 1), List.of()), List.of(0)));
    plans.put("join", Plans.join(table, other, List.of(0), List.of(0), null));
    plans.put("join, two keys", Plans.join(table, other, List.of(0, 2), List.of(1, 2), null));
    plans.put(
        "join with residual",
        Plans.join(
            table,
            other,
            List.of(0),
            List.of(0),
            Plans.callOf(
                "<", Plans.column(table, 1), new Expr.ColumnRef(6, SimpleType.BIGINT, true))));
    plans.put("self join", Plans.join(table, table, List.of(0), List.of(1), null));
    plans.put("union", union(table, other));
    plans.put(
        "aggregate over join",
        linear(Plans.join(table, other, List.of(0), List.of(0), null), List.of(1)));
    PlanNode stream = Plans.stream(STREAM, 2, TIMED);
    for (long slide : new long[] {10, 4}) {
      PlanNode window = Plans.window(stream, 2, 10, slide);
      plans.put("window slide " + slide, window);
      plans.put("windowed on update slide " + slide, windowed(window, false));
      plans.put("windowed on close slide " + slide, windowed(window, true));
    }
    PlanNode tumble = Plans.window(stream, 2, 10, 10);
    plans.put(
        "gate",
        new PlanNode.CloseGateNode(
            tumble, 4, 1, tumble.schema(), Plans.traits(true, new Traits.TimeColumn(4, 1))));
    PlanNode counts = windowed(tumble, false);
    PlanNode most =
        Plans.aggregate(counts, List.of(1), List.of(Plans.call("max", counts, 3)), 0, false);
    plans.put(
        "window top",
        Plans.join(
            counts,
            most,
            List.of(1),
            List.of(0),
            Plans.callOf(
                "=", Plans.column(counts, 3), new Expr.ColumnRef(7, SimpleType.BIGINT, true))));
    PlanNode closed = windowed(tumble, true);
    plans.put(
        "window over closed",
        Plans.aggregate(closed, List.of(1), List.of(Plans.call("sum", closed, 3)), 0, true));
    plans.put("window join", Plans.join(tumble, tumble, List.of(3, 0), List.of(3, 1), null));
    return plans;
  }

  private static PlanNode calc(PlanNode in) {
    return Plans.calc(
        in,
        Plans.callOf("<", Plans.column(in, 0), Plans.bigint(4)),
        List.of(
            Plans.column(in, 2),
            Plans.callOf("+", Plans.column(in, 0), Plans.column(in, 1)),
            Plans.column(in, 4)));
  }

  static PlanNode failing(PlanNode in) {
    return Plans.calc(
        in, null, List.of(Plans.callOf("/", Plans.column(in, 1), Plans.column(in, 0))));
  }

  static PlanNode linear(PlanNode in, List<Integer> keys) {
    return Plans.aggregate(
        in,
        keys,
        List.of(Plans.call("count", in, -1), Plans.call("count", in, 1), Plans.call("sum", in, 1)));
  }

  private static PlanNode extremes(PlanNode in, List<Integer> keys) {
    return Plans.aggregate(
        in,
        keys,
        List.of(
            Plans.call("min", in, 1),
            Plans.call("max", in, 1),
            Plans.call("max", in, 2),
            Plans.call("min", in, 4),
            Plans.call("max", in, 4),
            Plans.call("count", in, -1)));
  }

  private static PlanNode distinctCalls(PlanNode in, List<Integer> keys) {
    return Plans.aggregate(
        in,
        keys,
        List.of(
            Plans.call("count", in, 1, true, -1),
            Plans.call("sum", in, 1, true, -1),
            Plans.call("count", in, 2, true, 3),
            Plans.call("sum", in, 4, true, -1),
            Plans.call("sum", in, 4, true, 3),
            Plans.call("count", in, 4, true, -1),
            Plans.call("count", in, -1)));
  }

  private static PlanNode filteredCalls(PlanNode in, List<Integer> keys) {
    return Plans.aggregate(
        in,
        keys,
        List.of(
            Plans.call("count", in, -1, false, 3),
            Plans.call("sum", in, 1, false, 3),
            Plans.call("min", in, 1, false, 3)));
  }

  private static PlanNode union(PlanNode a, PlanNode b) {
    return new PlanNode.UnionAllNode(List.of(a, b), a.schema(), Plans.traits(false));
  }

  private static PlanNode windowed(PlanNode window, boolean onClose) {
    return Plans.aggregate(
        window,
        List.of(3, 4, 0),
        List.of(
            Plans.call("count", window, -1),
            Plans.call("max", window, 1),
            Plans.call("count", window, 1, true, -1)),
        1,
        onClose);
  }

  /// A history of steps and the contents it leads to.
  private static final class History {
    final Random random;
    final Map<Integer, Bag> contents = new HashMap<>();
    long watermark = Watermarks.NONE;
    long now;

    History(long seed) {
      random = new Random(seed);
    }

    void step(Lane lane) {
      List<Lane.Change> changes = new ArrayList<>();
      for (int table : new int[] {TABLE, OTHER, STREAM + 1}) {
        changes.addAll(tableChanges(random, table, contents));
      }
      changes.addAll(streamChanges(random, now, watermark, contents));
      now += random.nextInt(7);
      watermark = Math.max(watermark, now - 6);
      lane.step(changes, Map.of(STREAM, watermark));
    }

    void check(Lane lane, PlanNode plan, int step) {
      assertThat(lane.failures).isEmpty();
      Bag expected = new NaiveEvaluator(contents, watermark).evaluate(plan);
      assertThat(canonical(lane.views.get(VIEW))).as("step " + step).isEqualTo(canonical(expected));
    }
  }

  private static void run(PlanNode plan, int workers, long seed) {
    History history = new History(seed);
    try (Lane lane = new Lane(workers).deploy(VIEW, Plans.view(plan))) {
      for (int step = 0; step < 25; step++) {
        history.step(lane);
        history.check(lane, plan, step);
      }
    }
  }

  /// A new engine every third step, with another number of workers.
  private static void runWithRestarts(PlanNode plan, long seed) {
    History history = new History(seed);
    StateStore stored = new StateStore();
    Map<Integer, Bag> views = new HashMap<>();
    for (int step = 0; step < 18; ) {
      try (Lane lane = new Lane(1 + history.random.nextInt(3), stored)) {
        lane.deploy(VIEW, Plans.view(plan));
        lane.views.putAll(views);
        lane.engine.restoreWatermarks(Map.of(STREAM, history.watermark));
        for (int i = 0; i < 3; i++, step++) {
          history.step(lane);
          history.check(lane, plan, step);
        }
        views.putAll(lane.views);
      }
    }
  }

  /// Some inserts and, but for the append-only relation, some retractions.
  static List<Lane.Change> tableChanges(Random random, int relation, Map<Integer, Bag> contents) {
    Bag bag = contents.computeIfAbsent(relation, r -> new Bag());
    List<Bag.Row> rows = new ArrayList<>();
    for (int i = random.nextInt(12); i > 0; i--) {
      rows.add(new Bag.Row(row(random), 1 + random.nextInt(2) * random.nextInt(2)));
    }
    if (relation != STREAM + 1) {
      for (Bag.Row kept : bag.rows()) {
        if (random.nextInt(4) == 0) {
          rows.add(new Bag.Row(kept.values(), -1 - random.nextLong(kept.weight())));
        }
      }
    } else {
      rows.replaceAll(r -> new Bag.Row(r.values(), 1));
    }
    Collections.shuffle(rows, random);
    rows.forEach(r -> bag.add(r.values(), r.weight()));
    return cut(random, relation, COLUMNS, rows);
  }

  static List<Lane.Change> streamChanges(
      Random random, long now, long watermark, Map<Integer, Bag> contents) {
    Bag bag = contents.computeIfAbsent(STREAM, r -> new Bag());
    List<Bag.Row> rows = new ArrayList<>();
    for (int i = random.nextInt(12); i > 0; i--) {
      long time = now - random.nextInt(12);
      List<@Nullable Object> row =
          Arrays.asList((long) random.nextInt(3), (long) random.nextInt(5), time);
      rows.add(new Bag.Row(row, 1));
      if (time >= watermark) {
        bag.add(row, 1);
      }
    }
    return cut(random, STREAM, TIMED, rows);
  }

  static List<Lane.Change> cut(
      Random random, int relation, List<SqlType> types, List<Bag.Row> rows) {
    List<Lane.Change> changes = new ArrayList<>();
    for (int from = 0; from < rows.size(); ) {
      int to = Math.min(rows.size(), from + 1 + random.nextInt(6));
      changes.add(new Lane.Change(relation, types, rows.subList(from, to)));
      from = to;
    }
    return changes;
  }

  private static List<@Nullable Object> row(Random random) {
    String[] texts = {"", "a", "bc", "a text longer than twelve bytes", "a text longer than it"};
    return Arrays.asList(
        random.nextInt(6) == 0 ? null : (Object) (long) random.nextInt(5),
        random.nextInt(6) == 0 ? null : (Object) (long) (random.nextInt(9) - 4),
        random.nextInt(6) == 0 ? null : texts[random.nextInt(texts.length)],
        random.nextInt(4) == 0 ? null : (Object) random.nextBoolean(),
        random.nextInt(6) == 0
            ? null
            : BigDecimal.valueOf(random.nextInt(4) * 10, 1 + random.nextInt(2) * 2));
  }

  static Map<List<Object>, Long> canonical(Bag bag) {
    Map<List<Object>, Long> made = new HashMap<>();
    bag.weights()
        .forEach((row, w) -> made.merge(row.stream().map(Bag::canonical).toList(), w, Long::sum));
    made.values().removeIf(w -> w == 0);
    return made;
  }

  /// Views over windows hold no more than the open ones, for ever.
  @Test
  void stateOfWindowsStaysBounded() {
    for (Map.Entry<String, PlanNode> e : plans().entrySet()) {
      if (!e.getKey().contains("window") && !e.getKey().equals("gate")) {
        continue;
      }
      History history = new History(5);
      try (Lane lane = new Lane(2).deploy(VIEW, Plans.view(e.getValue()))) {
        for (int step = 0; step < 200; step++) {
          history.step(lane);
          assertThat(lane.failures).isEmpty();
        }
        assertThat(lane.entries()).as(e.getKey()).isLessThan(300);
        lane.step(List.of(), Map.of(STREAM, Watermarks.END));
        assertThat(lane.entries()).as(e.getKey()).isZero();
      }
    }
  }

  @Test
  void retractingEverythingLeavesNoState() {
    for (Map.Entry<String, PlanNode> e : plans().entrySet()) {
      if (e.getKey().contains("window")
          || e.getKey().contains("gate")
          || e.getKey().contains("append only")
          || e.getKey().contains("no keys")) {
        continue;
      }
      Random random = new Random(7);
      Map<Integer, Bag> contents = new HashMap<>();
      try (Lane lane = new Lane(2).deploy(VIEW, Plans.view(e.getValue()))) {
        for (int step = 0; step < 5; step++) {
          List<Lane.Change> changes = new ArrayList<>();
          changes.addAll(tableChanges(random, TABLE, contents));
          changes.addAll(tableChanges(random, OTHER, contents));
          lane.step(changes, Map.of());
        }
        List<Lane.Change> undo = new ArrayList<>();
        contents.forEach((relation, bag) ->
            undo.add(
                new Lane.Change(
                    relation,
                    COLUMNS,
                    bag.rows().stream().map(r -> new Bag.Row(r.values(), -r.weight())).toList())));
        lane.step(undo, Map.of());
        assertThat(lane.views.get(VIEW).weights()).as(e.getKey()).isEmpty();
        assertThat(lane.errorBag.weights()).as(e.getKey()).isEmpty();
        assertThat(lane.entries()).as(e.getKey()).isZero();
      }
    }
  }

  @Test
  void errorsFollowTheirRows() {
    PlanNode table = Plans.scan(TABLE, false, COLUMNS);
    try (Lane lane = new Lane(1).deploy(VIEW, Plans.view(failing(table)))) {
      List<@Nullable Object> zero = Arrays.asList(0L, 5L, "x", true, null);
      lane.step(List.of(new Lane.Change(TABLE, COLUMNS, List.of(new Bag.Row(zero, 1)))), Map.of());
      assertThat(lane.errors).hasSize(1);
      assertThat(lane.errors.getFirst().sqlState()).isEqualTo("22012");
      assertThat(lane.errors.getFirst().rowText()).isEqualTo("0,5,x,t,NULL");
      lane.step(List.of(new Lane.Change(TABLE, COLUMNS, List.of(new Bag.Row(zero, -1)))), Map.of());
      assertThat(lane.errorBag.weights()).isEmpty();
    }
  }
}
