package dev.aevum.executor.pattern;

import static org.assertj.core.api.Assertions.assertThat;

import dev.aevum.planner.plan.MatchSpec.AfterMatch;
import dev.aevum.planner.plan.Pattern;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.BiPredicate;
import org.junit.jupiter.api.Test;

/// The matcher against trying everything in order of preference, on random patterns and rows that
/// satisfy several variables at once.
class MatcherProperty {
  private static final int VARIABLES = 3;

  @Test
  void findsWhatBacktrackingFinds() {
    for (long seed = 1; seed <= 20_000; seed++) {
      SplittableRandom random = new SplittableRandom(seed);
      Pattern pattern = pattern(random, 3);
      AfterMatch after = after(random);
      int n = random.nextInt(9);
      long[] labels = random.longs(n, 0, 1 << VARIABLES).toArray();
      long within = random.nextInt(3) == 0 ? random.nextInt(5) : -1;
      boolean timeouts = within >= 0 && random.nextBoolean();
      boolean unmatched = random.nextBoolean();
      // As the standard has it for SKIP TO NEXT ROW and others: also rows of overlapping matches.
      MatchRules rules =
          new MatchRules(
              after,
              random.nextInt(8) == 0,
              within,
              timeouts,
              random.nextBoolean(),
              unmatched,
              new boolean[VARIABLES],
              PathRegisters.none(VARIABLES));
      List<String> expected = new Trying(pattern, labels, rules).run();
      assertThat(matched(pattern, labels, rules, random))
          .as("seed %d: %s over %s, %s", seed, pattern, Arrays.toString(labels), rules)
          .isEqualTo(expected);
    }
  }

  /// Starts that are taken as one against starts taken one after the other, over more rows.
  @Test
  void sharedStartsFindWhatSingleOnesFind() {
    for (long seed = 1; seed <= 10_000; seed++) {
      SplittableRandom random = new SplittableRandom(seed);
      Pattern pattern = pattern(random, 3);
      long[] labels = random.longs(random.nextInt(60), 0, 1 << VARIABLES).toArray();
      for (int i = 1; i < labels.length; i++) {
        labels[i] |= random.nextInt(3) == 0 ? labels[i - 1] : 0;
      }
      long within = random.nextInt(3) == 0 ? random.nextInt(20) : -1;
      boolean timeouts = within >= 0 && random.nextBoolean();
      boolean unmatched = random.nextBoolean();
      assertThat(matched(pattern, labels, toNextRow(false, within, timeouts, unmatched), random))
          .as("seed %d: %s over %s", seed, pattern, Arrays.toString(labels))
          .isEqualTo(
              matched(pattern, labels, toNextRow(true, within, timeouts, unmatched), random));
    }
  }

  private static MatchRules toNextRow(
      boolean sequential, long within, boolean timeouts, boolean unmatched) {
    return new MatchRules(
        new AfterMatch.ToNextRow(),
        sequential,
        within,
        timeouts,
        true,
        unmatched,
        new boolean[VARIABLES],
        PathRegisters.none(VARIABLES));
  }

  /// As many open starts as rows, each with threads at every LABEL: `a+ b* a+ c`.
  @Test
  void manyOpenStartsKeepFewThreads() {
    Pattern a = new Pattern.Quantified(new Pattern.Variable(0), 1, -1, false);
    Pattern b = new Pattern.Quantified(new Pattern.Variable(1), 0, -1, false);
    Pattern pattern = new Pattern.Concatenation(List.of(a, b, a, new Pattern.Variable(2)));
    MatchRules rules = toNextRow(false, -1, false, false);
    Matcher matcher = new Matcher(ProgramCompiler.compile(pattern), rules);
    PartitionMatch p = new PartitionMatch(new byte[0], 0);
    Recorder recorder = new Recorder(matcher.program());
    int rows = 3_000;
    for (int i = 0; i < rows; i++) {
      p.addRow(i, false, 0);
      p.labels[i] = i == rows - 1 ? 4 : 3;
      p.labelled++;
      matcher.run(p, recorder);
      assertThat(p.entryCount).isLessThan(16);
    }
    assertThat(recorder.found).hasSize(rows - 2);
    assertThat(recorder.found.getFirst()).isEqualTo(text(1, 0, "A".repeat(rows - 1) + "C", false));
  }

  private static AfterMatch after(SplittableRandom random) {
    return switch (random.nextInt(4)) {
      case 0 -> new AfterMatch.ToNextRow();
      case 1 -> new AfterMatch.ToVariable(List.of(random.nextInt(VARIABLES)), random.nextBoolean());
      default -> new AfterMatch.PastLastRow();
    };
  }

  static Pattern pattern(SplittableRandom random, int depth) {
    int kind = random.nextInt(depth == 0 ? 3 : 12);
    return switch (kind) {
      case 0, 1 -> new Pattern.Variable(random.nextInt(VARIABLES));
      case 2 ->
          switch (random.nextInt(8)) {
            case 0 -> new Pattern.Empty();
            case 1 -> new Pattern.PartitionStart();
            case 2 -> new Pattern.PartitionEnd();
            default -> new Pattern.Variable(random.nextInt(VARIABLES));
          };
      case 3, 4, 5 -> new Pattern.Concatenation(parts(random, depth));
      case 6, 7 -> new Pattern.Alternation(parts(random, depth));
      case 8, 9, 10 -> quantified(random, depth);
      default -> new Pattern.Permutation(parts(random, depth));
    };
  }

  private static Pattern quantified(SplittableRandom random, int depth) {
    int min = random.nextInt(3);
    int max = random.nextInt(2) == 0 ? Pattern.Quantified.UNBOUNDED : min + random.nextInt(3);
    return new Pattern.Quantified(pattern(random, depth - 1), min, max, random.nextBoolean());
  }

  private static List<Pattern> parts(SplittableRandom random, int depth) {
    List<Pattern> parts = new ArrayList<>();
    for (int i = random.nextInt(1, 4); i > 0; i--) {
      parts.add(pattern(random, depth - 1));
    }
    return parts;
  }

  /// Rows arrive in portions, the window is cut in between.
  static List<String> matched(
      Pattern pattern, long[] labels, MatchRules rules, SplittableRandom random) {
    Matcher matcher = new Matcher(ProgramCompiler.compile(pattern), rules);
    PartitionMatch p = new PartitionMatch(new byte[0], 0);
    Recorder recorder = new Recorder(matcher.program());
    for (int i = 0; i < labels.length; i++) {
      p.addRow(i, rules.isTimed(), i);
      p.labels[p.size - 1] = labels[i];
      p.labelled++;
      if (random.nextBoolean()) {
        matcher.run(p, recorder);
        if (random.nextBoolean()) {
          p.cut(p.unsettled, matcher.stride());
        }
        if (rules.isTimed() && random.nextBoolean()) {
          matcher.passTime(p, i + 1, recorder);
        }
      }
    }
    do {
      matcher.run(p, recorder);
    } while (!matcher.finish(p, recorder));
    return recorder.found;
  }

  private static final class Recorder implements MatchSink {
    private final Program program;
    private final List<String> found = new ArrayList<>();

    Recorder(Program program) {
      this.program = program;
    }

    @Override
    public void match(PartitionMatch p, int start, int end, int[] path, boolean timedOut) {
      StringBuilder way = new StringBuilder();
      for (int i = 0; i < end - start; i++) {
        way.append((char) ('A' + program.variable(path[i])));
      }
      found.add(text(p.matchNumber, p.dropped + start, way.toString(), timedOut));
    }

    @Override
    public void unmatched(PartitionMatch p, int row) {
      found.add("unmatched " + (p.dropped + row));
    }

    @Override
    public void tooManyThreads(PartitionMatch p, int start) {
      throw new AssertionError("too many threads");
    }

    @Override
    public void cannotSkip(PartitionMatch p, int start, boolean first) {
      found.add("cannot skip " + (p.dropped + start) + first);
    }
  }

  static String text(long number, long start, String path, boolean timedOut) {
    return number + ": " + path + " at " + start + (timedOut ? " timed out" : "");
  }

  /// Tries all ways to match in order of preference.
  private static final class Trying {
    private final Pattern pattern;
    private final long[] labels;
    private final MatchRules rules;
    private String longestWay = "";
    private int start;

    Trying(Pattern pattern, long[] labels, MatchRules rules) {
      this.pattern = pattern;
      this.labels = labels;
      this.rules = rules;
    }

    List<String> run() {
      List<String> found = new ArrayList<>();
      int number = 0;
      int covered = 0;
      for (start = 0; start < labels.length; ) {
        String[] match = {null};
        longestWay = "";
        boolean is =
            attempt(
                pattern,
                start,
                "",
                (at, path) -> {
                  match[0] = path;
                  return true;
                });
        if (!is) {
          if (!longestWay.isEmpty()) {
            found.add(text(++number, start, longestWay, true));
          } else if (rules.unmatched() && start >= covered) {
            found.add("unmatched " + start);
          }
          start++;
          continue;
        }
        found.add(text(++number, start, match[0], false));
        int end = start + match[0].length();
        covered = Math.max(covered, end);
        start = next(match[0], end, found);
      }
      return found;
    }

    private int next(String path, int end, List<String> found) {
      if (path.isEmpty()) {
        return start + 1;
      }
      return switch (rules.afterMatch()) {
        case AfterMatch.PastLastRow p -> end;
        case AfterMatch.ToNextRow n -> start + 1;
        case AfterMatch.ToVariable to -> {
          char c = (char) ('A' + to.variables().getFirst());
          int at = to.last() ? path.lastIndexOf(c) : path.indexOf(c);
          if (at <= 0) {
            found.add("cannot skip " + start + (at == 0));
            yield start + 1;
          }
          yield start + at;
        }
      };
    }

    private boolean attempt(Pattern p, int at, String path, BiPredicate<Integer, String> then) {
      return switch (p) {
        case Pattern.Variable v -> take(v.variable(), at, path, then);
        case Pattern.Empty e -> then.test(at, path);
        case Pattern.Concatenation c -> sequence(c.parts(), 0, at, path, then);
        case Pattern.Alternation a ->
            a.branches().stream().anyMatch(b -> attempt(b, at, path, then));
        case Pattern.Quantified q -> iterate(q, 0, at, path, then);
        case Pattern.Permutation m ->
            permute(m.parts(), new boolean[m.parts().size()], 0, at, path, then);
        case Pattern.Exclusion x -> attempt(x.operand(), at, path, then);
        case Pattern.PartitionStart s -> at == 0 && then.test(at, path);
        case Pattern.PartitionEnd e -> at == labels.length && then.test(at, path);
      };
    }

    private boolean take(int variable, int at, String path, BiPredicate<Integer, String> then) {
      if (at == labels.length || rules.isTimed() && at - start > rules.withinMicros()) {
        // The first way that waits for a row when time is over, is the preferred partial one.
        if (rules.timeouts() && longestWay.isEmpty()) {
          longestWay = path;
        }
        return false;
      }
      return (labels[at] >>> variable & 1) != 0
          && then.test(at + 1, path + (char) ('A' + variable));
    }

    private boolean sequence(
        List<Pattern> parts, int i, int at, String path, BiPredicate<Integer, String> then) {
      return i == parts.size()
          ? then.test(at, path)
          : attempt(parts.get(i), at, path, (a, q) -> sequence(parts, i + 1, a, q, then));
    }

    private boolean iterate(
        Pattern.Quantified q, int done, int at, String path, BiPredicate<Integer, String> then) {
      boolean mayStop = done >= q.min();
      boolean mayGo = q.max() == Pattern.Quantified.UNBOUNDED || done < q.max();
      if (q.reluctant() && mayStop && then.test(at, path)) {
        return true;
      }
      if (mayGo
          && attempt(
              q.operand(),
              at,
              path,
              (a, t) -> mayStop && a == at ? then.test(a, t) : iterate(q, done + 1, a, t, then))) {
        return true;
      }
      return !q.reluctant() && mayStop && then.test(at, path);
    }

    private boolean permute(
        List<Pattern> parts,
        boolean[] used,
        int count,
        int at,
        String path,
        BiPredicate<Integer, String> then) {
      if (count == parts.size()) {
        return then.test(at, path);
      }
      for (int i = 0; i < parts.size(); i++) {
        if (!used[i]) {
          boolean[] more = used.clone();
          more[i] = true;
          if (attempt(
              parts.get(i), at, path, (a, t) -> permute(parts, more, count + 1, a, t, then))) {
            return true;
          }
        }
      }
      return false;
    }
  }
}
