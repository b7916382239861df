package dev.aevum.testing.law;

import static org.assertj.core.api.Assertions.assertThat;

import dev.aevum.planner.plan.MatchSpec;
import dev.aevum.planner.plan.PlanNode.MatchNode;
import dev.aevum.testing.law.MatchCase.Conditions;
import dev.aevum.testing.law.MatchCase.Mode;
import dev.aevum.testing.pattern.PatternShapes;
import dev.aevum.testing.random.Dice;
import dev.aevum.testing.random.HistoryGenerator.Change;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/// Over a stream the watermark sets state free: however long it has run, a pattern keeps no more
/// than it kept after its first rounds. A round is a burst of rows in each partition and then
/// silence, which is longer than WITHIN; patterns without WITHIN get rows that no variable takes,
/// so that what was begun is over.
///
/// Seeds: `-Daevum.seed=N` begins at N, `-Daevum.cases=N` runs N of them.
class MatchStateProperty {
  private static final long FIRST_SEED = Long.getLong("aevum.seed", 1);
  private static final int CASES = Integer.getInteger("aevum.cases", 60);
  private static final int PARTITIONS = 12;
  private static final int FIRST_ROUNDS = 5;
  private static final int ROUNDS = 40;
  private static final long ROUND_SECONDS = 60;

  @Test
  void theWatermarkSetsStateFree() {
    List<String> failures = new ArrayList<>();
    for (long seed = FIRST_SEED; seed < FIRST_SEED + CASES && failures.size() < 5; seed++) {
      Dice dice = new Dice(seed);
      MatchCase match = match(dice);
      long[] bytes = rounds(match, dice);
      long first = 0;
      long later = 0;
      for (int round = 0; round < ROUNDS; round++) {
        if (round < FIRST_ROUNDS) {
          first = Math.max(first, bytes[round]);
        } else {
          later = Math.max(later, bytes[round]);
        }
      }
      // What is there to count by grows a little.
      if (later > first + first / 4 + PARTITIONS * 16L) {
        failures.add(
            "seed " + seed + ": " + first + ", later " + later + " bytes\n" + match.text());
      }
    }
    assertThat(failures).isEmpty();
  }

  /// Half of them with WITHIN and any conditions.
  private static MatchCase match(Dice dice) {
    boolean timed = dice.chance(50);
    while (true) {
      Conditions conditions = timed ? dice.pick(List.of(Conditions.values())) : Conditions.FLAGS;
      MatchCase match =
          MatchCase.random(
              dice,
              PatternShapes.numbered(PatternShapes.random(dice, dice.between(1, 6))),
              conditions);
      if (match.withinMicros() == MatchSpec.NO_WITHIN != timed) {
        return match;
      }
    }
  }

  /// Bytes of state after each round.
  private static long[] rounds(MatchCase match, Dice dice) {
    MatchNode node = match.node(Mode.FINAL);
    long[] bytes = new long[ROUNDS];
    long n = 0;
    try (MatchRun run =
        new MatchRun(node, MatchCase.STREAM, MatchCase.FUNCTIONS, dice.between(1, 2), 50)) {
      for (int round = 0; round < ROUNDS; round++) {
        long base = (1 + round * ROUND_SECONDS) * MatchCase.SECOND;
        List<Change> changes = new ArrayList<>();
        for (long k = 1; k <= PARTITIONS; k++) {
          long time = base;
          for (int i = 6; i > 0; i--) {
            Long number = dice.chance(10) ? null : Long.valueOf(dice.between(-2, 3));
            changes.add(new Change(MatchLaw.row(k, n++, dice.below(8), number, time), 1));
            time += dice.below(3) * MatchCase.SECOND;
          }
          for (int i = 0; match.withinMicros() == MatchSpec.NO_WITHIN && i < 3; i++) {
            time += MatchCase.SECOND;
            changes.add(new Change(MatchLaw.row(k, n++, 0, null, time), 1));
          }
        }
        run.step(changes, base);
        run.step(List.of(), base + (ROUND_SECONDS - 10) * MatchCase.SECOND);
        bytes[round] = run.stateBytes();
      }
    }
    return bytes;
  }
}
