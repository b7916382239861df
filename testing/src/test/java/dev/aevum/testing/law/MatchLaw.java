package dev.aevum.testing.law;

import dev.aevum.model.error.SqlException;
import dev.aevum.model.step.Watermarks;
import dev.aevum.model.text.TextStyle;
import dev.aevum.model.type.SqlType;
import dev.aevum.planner.plan.MatchOperand;
import dev.aevum.planner.plan.MatchSpec;
import dev.aevum.planner.plan.PlanNode;
import dev.aevum.planner.plan.PlanNode.MatchNode;
import dev.aevum.testing.law.MatchCase.Mode;
import dev.aevum.testing.pattern.PatternShapes;
import dev.aevum.testing.random.Dice;
import dev.aevum.testing.random.HistoryGenerator.Change;
import dev.aevum.testing.random.Relation;
import dev.aevum.testing.reference.Contents;
import dev.aevum.testing.reference.ReferenceEvaluator;
import dev.aevum.testing.reference.ReferenceResult;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.BiFunction;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// What the executor makes of a pattern is what the oracle makes of it: ad hoc, released by a
/// watermark, revised by changes.
///
/// @param planned the plan that runs, from the node that the oracle takes: itself, or what parser
///   and planner make of its SQL
record MatchLaw(MatchCase match, BiFunction<MatchNode, Mode, PlanNode> planned) {
  static MatchLaw of(MatchCase match) {
    return new MatchLaw(match, (node, mode) -> node);
  }

  /// Many rows do not come one by one.
  private static int batchRows(List<List<@Nullable Object>> rows, Dice dice) {
    return Math.max(rows.size() / 200, dice.pick(List.of(1, 3, 50, 4096)));
  }

  private static long partition(List<@Nullable Object> row) {
    return (Long) Objects.requireNonNull(row.getFirst());
  }

  private static long time(List<@Nullable Object> row) {
    return (Long) Objects.requireNonNull(row.get(MatchCase.TIME));
  }

  private static ReferenceResult expected(
      MatchNode node,
      Relation relation,
      List<List<@Nullable Object>> rows,
      @Nullable Long watermark) {
    return new ReferenceEvaluator(
            Map.of(relation.id(), rows),
            watermark == null ? Map.of() : Map.of(relation.id(), watermark),
            TextStyle.DEFAULT)
        .evaluate(node);
  }

  /// The statement over all rows; where a partition fails, the statement does, and the others are
  /// compared without it.
  void adHoc(List<List<@Nullable Object>> rows, Dice dice) {
    MatchNode node = match.node(Mode.AD_HOC);
    PlanNode plan = planned.apply(node, Mode.AD_HOC);
    Relation relation = match.relation(Mode.AD_HOC);
    List<List<@Nullable Object>> shuffled = new ArrayList<>(rows);
    Collections.shuffle(shuffled, new java.util.Random(dice.random().nextLong()));
    int batchRows = batchRows(rows, dice);
    ReferenceResult expected = expected(node, relation, rows, null);
    Set<Object> failed = new HashSet<>();
    Set<String> states = new HashSet<>();
    expected
        .errors()
        .forEach(e -> {
          failed.add(e.row().getFirst());
          states.add(e.sqlState());
        });
    if (!failed.isEmpty()) {
      try {
        MatchRun.query(plan, relation, MatchCase.FUNCTIONS, shuffled, 4096);
        throw new AssertionError("no error " + states + " in partitions " + failed);
      } catch (SqlException e) {
        if (!states.contains(e.sqlState())) {
          throw new AssertionError("error " + e.sqlState() + " for " + states, e);
        }
      }
    }
    List<List<@Nullable Object>> left =
        shuffled.stream().filter(r -> !failed.contains(r.getFirst())).toList();
    List<List<@Nullable Object>> wanted =
        expected.rows().stream().filter(r -> !failed.contains(r.getFirst())).toList();
    compare(
        "ad hoc",
        node,
        rows,
        wanted,
        MatchRun.query(plan, relation, MatchCase.FUNCTIONS, left, batchRows),
        false);
  }

  /// Over a stream: the rows arrive out of order, within what the watermark allows but for some
  /// late ones, in steps; the view starts again on the way.
  void released(List<List<@Nullable Object>> rows, Dice dice, int steps) {
    MatchNode node = match.node(Mode.FINAL);
    PlanNode plan = planned.apply(node, Mode.FINAL);
    List<List<@Nullable Object>> arriving = new ArrayList<>(rows);
    Map<List<@Nullable Object>, Long> arrival = new HashMap<>();
    int slack = dice.between(0, 3);
    arriving.forEach(row -> arrival.put(row, time(row) + dice.below(slack + 1) * MatchCase.SECOND));
    arriving.sort(Comparator.comparing(row -> Objects.requireNonNull(arrival.get(row))));
    boolean exact = !PatternShapes.hasEnd(match.pattern()) && !looksAhead(node.match());
    List<List<@Nullable Object>> accepted = new ArrayList<>();
    Long watermark = null;
    int restartAt = dice.below(steps + 1);
    boolean ends = dice.chance(40);
    int from = 0;
    try (MatchRun run =
        new MatchRun(
            plan,
            MatchCase.STREAM,
            MatchCase.FUNCTIONS,
            dice.between(1, 3),
            batchRows(rows, dice))) {
      for (int step = 0; step <= steps; step++) {
        boolean last = step == steps;
        int to =
            last
                ? arriving.size()
                : from + dice.below((arriving.size() - from) / (steps - step) + 1);
        List<Change> changes = new ArrayList<>();
        for (List<@Nullable Object> row : arriving.subList(from, to)) {
          changes.add(new Change(row, 1));
          if (watermark == null || time(row) >= watermark) {
            accepted.add(row);
          }
        }
        from = to;
        Long next = next(arriving.subList(from, arriving.size()), dice);
        Long moved = next == null || watermark != null && next < watermark ? null : next;
        moved = last && ends ? Long.valueOf(Watermarks.END) : moved;
        watermark = moved == null ? watermark : moved;
        if (step == restartAt) {
          run.restart(dice.between(1, 3));
        }
        run.step(changes, moved);
        if (last || dice.chance(40)) {
          ReferenceResult expected = expected(node, MatchCase.STREAM, accepted, watermark);
          String what = "released, step " + step + " of " + steps + ", watermark " + watermark;
          boolean all = exact || last && ends;
          compare(what, node, accepted, expected.rows(), run.contents(), !all);
          if (all) {
            errors(what, expected, run);
          }
        }
      }
      if (!exact && !ends) {
        sentinels(node, accepted, watermark, run);
      }
    }
  }

  /// Whether some expression asks for rows behind others: a match may wait for such a row even
  /// where its value would not count.
  private static boolean looksAhead(MatchSpec match) {
    return Stream.concat(match.defines().stream(), match.measures().stream())
        .filter(Objects::nonNull)
        .flatMap(e -> e.operands().stream())
        .anyMatch(o -> o instanceof MatchOperand.RowValue r && r.offset() > 0);
  }

  /// What comes after every partition's last row decides it at the latest.
  private static void sentinels(
      MatchNode node,
      List<List<@Nullable Object>> accepted,
      @Nullable Long watermark,
      MatchRun run) {
    ReferenceResult before = expected(node, MatchCase.STREAM, accepted, watermark);
    Set<Long> partitions = new HashSet<>();
    accepted.forEach(r -> partitions.add(partition(r)));
    List<Change> changes = new ArrayList<>();
    long time = watermark == null ? 0 : watermark;
    for (long k : partitions) {
      for (int i = 0; i < 3; i++) {
        changes.add(new Change(row(k, 1_000_000 + i, 0, null, time + i), 1));
      }
    }
    run.step(changes, time + 3);
    Contents contents = new Contents(node.schema().types());
    before.rows().forEach(r -> contents.add(r, 1));
    Map<List<Object>, Long> missing = new HashMap<>(contents.weights());
    run.contents()
        .weights()
        .forEach((r, w) -> missing.computeIfPresent(r, (x, m) -> m > w ? m - w : null));
    if (!missing.isEmpty()) {
      throw new AssertionError("released, at the end: missing " + missing);
    }
  }

  /// A watermark that makes few of the rows to come late.
  private static @Nullable Long next(List<List<@Nullable Object>> left, Dice dice) {
    if (dice.chance(20)) {
      return null;
    }
    long least = left.stream().mapToLong(MatchLaw::time).min().orElse(20 * MatchCase.SECOND);
    return least + (dice.chance(15) ? MatchCase.SECOND : 0) - (dice.chance(30) ? 1 : 0);
  }

  /// Over a table: rows come, change and go in any order.
  void revised(List<List<@Nullable Object>> rows, Dice dice, int steps) {
    MatchNode node = match.node(Mode.REVISING);
    PlanNode plan = planned.apply(node, Mode.REVISING);
    List<List<@Nullable Object>> arriving = new ArrayList<>(rows);
    Collections.shuffle(arriving, new java.util.Random(dice.random().nextLong()));
    List<List<@Nullable Object>> contents = new ArrayList<>();
    int restartAt = dice.below(steps + 1);
    int from = 0;
    try (MatchRun run =
        new MatchRun(
            plan,
            MatchCase.TABLE,
            MatchCase.FUNCTIONS,
            dice.between(1, 3),
            batchRows(rows, dice))) {
      for (int step = 0; step <= steps; step++) {
        boolean last = step == steps;
        int to =
            last
                ? arriving.size()
                : from + dice.below((arriving.size() - from) / (steps - step) + 1);
        List<Change> changes = new ArrayList<>();
        for (List<@Nullable Object> row : arriving.subList(from, to)) {
          changes.add(new Change(row, 1));
          contents.add(row);
          if (dice.chance(20)) {
            change(contents, changes, dice);
          }
        }
        from = to;
        if (step == restartAt) {
          run.restart(dice.between(1, 3));
        }
        run.step(changes, null);
        if (last || dice.chance(40)) {
          ReferenceResult expected = expected(node, MatchCase.TABLE, contents, null);
          String what = "revised, step " + step + " of " + steps;
          compare(what, node, contents, expected.rows(), run.contents(), false);
          errors(what, expected, run);
        }
      }
      List<Change> all = new ArrayList<>();
      contents.forEach(r -> all.add(new Change(r, -1)));
      run.step(all, null);
      compare("revised, emptied", node, contents, List.of(), run.contents(), false);
      if (run.stateEntries() > 0) {
        throw new AssertionError("state of an empty table: " + run.stateEntries() + " entries");
      }
    }
  }

  /// Deletes a row, or gives it other flags or another time.
  private static void change(
      List<List<@Nullable Object>> contents, List<Change> changes, Dice dice) {
    List<@Nullable Object> old = contents.remove(dice.below(contents.size()));
    changes.add(new Change(old, -1));
    if (dice.chance(60)) {
      List<@Nullable Object> made = new ArrayList<>(old);
      if (dice.chance(30)) {
        made.set(MatchCase.TIME, time(old) + dice.between(-2, 2) * MatchCase.SECOND);
      } else {
        made.set(2 + dice.below(3), dice.chance(50));
      }
      contents.add(made);
      changes.add(new Change(made, 1));
    }
  }

  private static void errors(String what, ReferenceResult expected, MatchRun run) {
    Map<String, Long> wanted = new TreeMap<>();
    expected.errors().forEach(e -> wanted.merge(e.sqlState(), 1L, Long::sum));
    if (!wanted.equals(run.errors())) {
      throw new AssertionError(what + ": errors " + run.errors() + " instead of " + wanted);
    }
  }

  /// `subset`: not all need be there yet.
  private static void compare(
      String what,
      MatchNode node,
      List<List<@Nullable Object>> input,
      List<List<@Nullable Object>> expected,
      Contents actual,
      boolean subset) {
    List<SqlType> types = node.schema().types();
    Map<List<Object>, Long> wanted = Contents.of(types, expected).weights();
    Map<List<Object>, Long> found = actual.weights();
    if (wanted.equals(found)) {
      return;
    }
    // Partitions count up from short ones.
    Map<Long, String> wrong = new TreeMap<>();
    found.forEach((row, weight) -> {
      if (weight > wanted.getOrDefault(row, 0L)) {
        wrong.merge((Long) row.getFirst(), "\n  too much " + row + " x " + weight, String::concat);
      }
    });
    wanted.forEach((row, weight) -> {
      if (!subset && weight > found.getOrDefault(row, 0L)) {
        wrong.merge((Long) row.getFirst(), "\n  missing  " + row + " x " + weight, String::concat);
      }
    });
    if (!wrong.isEmpty()) {
      Map.Entry<Long, String> first = wrong.entrySet().iterator().next();
      throw new AssertionError(
          what
              + ": "
              + wrong.size()
              + " partitions differ, first "
              + first.getKey()
              + ", "
              + text(first.getKey(), input)
              + first.getValue());
    }
  }

  /// The partition's rows in order, as the letters of their flags.
  static String text(long k, List<List<@Nullable Object>> rows) {
    StringBuilder text = new StringBuilder();
    rows.stream()
        .filter(r -> partition(r) == k)
        .sorted(
            Comparator.comparing(MatchLaw::time)
                .thenComparing(r -> (Long) Objects.requireNonNull(r.get(1))))
        .forEach(r -> {
          text.append(time(r) / MatchCase.SECOND).append(':');
          for (int i = 0; i < 3; i++) {
            text.append(Boolean.TRUE.equals(r.get(2 + i)) ? "ABC".charAt(i) : '-');
          }
          text.append(r.get(5)).append(' ');
        });
    return text.toString();
  }

  static List<@Nullable Object> row(long k, long n, int flags, @Nullable Long number, long time) {
    List<@Nullable Object> row = new ArrayList<>();
    row.add(k);
    row.add(n);
    for (int i = 0; i < 3; i++) {
      row.add((flags >> i & 1) != 0);
    }
    row.add(number);
    row.add(time);
    return row;
  }
}
