package dev.aevum.testing.law;

import static org.assertj.core.api.Assertions.assertThat;

import dev.aevum.planner.plan.Pattern;
import dev.aevum.planner.plan.PlanNode.MatchNode;
import dev.aevum.testing.law.MatchCase.Conditions;
import dev.aevum.testing.law.MatchCase.Mode;
import dev.aevum.testing.pattern.PatternShapes;
import dev.aevum.testing.random.Dice;
import dev.aevum.testing.random.HistoryGenerator.Change;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/// A large partition is not matched as a whole when some of its rows change: what comes of it is
/// what a view gives that gets the rows at once. `-Daevum.cases=N` from `-Daevum.seed=N` on.
class MatchRevisionProperty {
  private static final long FIRST_SEED = Long.getLong("aevum.seed", 1);
  private static final int CASES = Integer.getInteger("aevum.cases", 150);
  private static final int STEPS = 8;

  @Test
  void changesOfSomeRowsGiveWhatAllRowsGive() {
    List<String> failures = new ArrayList<>();
    for (long seed = FIRST_SEED; seed < FIRST_SEED + CASES && failures.size() < 5; seed++) {
      Dice dice = new Dice(seed);
      Pattern pattern =
          switch (dice.weighted(40, 20, 40)) {
            case 0 -> PatternShapes.ambiguous(dice);
            case 1 -> PatternShapes.nullableLoops(dice);
            default -> PatternShapes.numbered(PatternShapes.random(dice, dice.between(2, 6)));
          };
      Conditions conditions = Conditions.values()[dice.weighted(60, 30, 10)];
      MatchCase match =
          dice.chance(20)
              ? MatchCase.inWindow(dice, pattern, conditions)
              : MatchCase.random(dice, pattern, conditions);
      try {
        check(match, dice);
      } catch (RuntimeException | AssertionError e) {
        failures.add("seed " + seed + ": " + match.text() + "\n" + e);
      }
    }
    assertThat(failures).isEmpty();
  }

  private static void check(MatchCase match, Dice dice) {
    MatchNode node = match.node(Mode.REVISING);
    List<List<@Nullable Object>> contents = new ArrayList<>();
    int count = dice.between(150, 350);
    int density = dice.between(20, 70);
    for (int n = 0; n < count; n++) {
      contents.add(row(dice, n, dice.between(0, count) * MatchCase.SECOND, density));
    }
    try (MatchRun run = new MatchRun(node, MatchCase.TABLE, MatchCase.FUNCTIONS, 1, 4096)) {
      List<Change> all = new ArrayList<>();
      contents.forEach(r -> all.add(new Change(r, 1)));
      run.step(all, null);
      for (int step = 0; step < STEPS; step++) {
        if (dice.chance(10)) {
          run.restart(1);
        }
        List<Change> changes = changes(contents, dice, count, density);
        run.step(changes, null);
        try (MatchRun again = new MatchRun(node, MatchCase.TABLE, MatchCase.FUNCTIONS, 1, 4096)) {
          again.step(contents.stream().map(r -> new Change(r, 1)).toList(), null);
          assertThat(run.contents().weights())
              .as("step %d: %s", step, changes)
              .isEqualTo(again.contents().weights());
          assertThat(run.errors()).as("step %d: %s", step, changes).isEqualTo(again.errors());
        }
      }
    }
  }

  /// A few changes in one region, or anywhere; sometimes of many rows.
  private static List<Change> changes(
      List<List<@Nullable Object>> contents, Dice dice, int count, int density) {
    List<Change> changes = new ArrayList<>();
    long around = dice.between(0, count);
    for (int i = dice.chance(10) ? 40 : dice.between(1, 3); i > 0; i--) {
      long time = Math.max(0, around + dice.between(-3, 3)) * MatchCase.SECOND;
      if (dice.chance(60)) {
        List<@Nullable Object> added =
            dice.chance(15) && !contents.isEmpty()
                ? dice.pick(contents)
                : row(dice, 1_000 + dice.below(1_000_000), time, density);
        contents.add(added);
        changes.add(new Change(added, 1));
      }
      List<List<@Nullable Object>> near =
          contents.stream()
              .filter(r ->
                  Math.abs((Long) java.util.Objects.requireNonNull(r.get(MatchCase.TIME)) - time)
                      < 3 * MatchCase.SECOND)
              .toList();
      if (!near.isEmpty() && dice.chance(70)) {
        List<@Nullable Object> gone = dice.pick(near);
        contents.remove(gone);
        changes.add(new Change(gone, -1));
      }
    }
    return changes;
  }

  private static List<@Nullable Object> row(Dice dice, long n, long time, int density) {
    int flags = 0;
    for (int v = 0; v < 3; v++) {
      flags |= dice.chance(density) ? 1 << v : 0;
    }
    Long number = dice.chance(10) ? null : Long.valueOf(dice.between(-2, 3));
    return MatchLaw.row(1, n, flags, number, time);
  }
}
