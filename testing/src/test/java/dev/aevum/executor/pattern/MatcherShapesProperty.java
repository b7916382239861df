package dev.aevum.executor.pattern;

import static org.assertj.core.api.Assertions.assertThat;

import dev.aevum.planner.plan.MatchSpec.AfterMatch;
import dev.aevum.planner.plan.Pattern;
import dev.aevum.testing.pattern.PatternShapes;
import dev.aevum.testing.pattern.PatternText;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/// The matcher alone against the standard's text, on all pattern shapes of a size (those that
/// differ only in names are one), all inputs of up to a length and all AFTER MATCH SKIP modes.
///
/// A symbol is a set of variables whose conditions hold. Up to `SYMBOLS` of them make the inputs:
/// all sets of the pattern's variables where these are so few, else a choice that goes round from
/// pattern to pattern. `-Daevum.match.size=N -Daevum.match.length=N -Daevum.match.symbols=N`, and
/// `-Daevum.match.from=N` for the least size.
class MatcherShapesProperty {
  private static final List<String> NAMES = List.of("A", "B", "C");
  private static final int LEAST = Integer.getInteger("aevum.match.from", 1);
  private static final int SIZE = Integer.getInteger("aevum.match.size", 3);
  private static final int LENGTH = Integer.getInteger("aevum.match.length", 4);
  private static final int SYMBOLS = Integer.getInteger("aevum.match.symbols", 3);
  private static final boolean REPORTS = Integer.getInteger("aevum.match.size") != null;

  private final List<String> different = new ArrayList<>();
  private long inputs;
  private long compared;
  private long matches;

  @Test
  void findsWhatTheStandardSays() {
    PatternShapes shapes = new PatternShapes();
    int count = 0;
    for (int size = LEAST; size <= SIZE; size++) {
      for (Pattern pattern : shapes.ofSize(size)) {
        check(pattern, symbols(pattern, count++));
        if (REPORTS && count % 100 == 0) {
          report(count, size);
        }
        assertThat(different.size()).as("%s", different).isLessThan(10);
      }
    }
    if (REPORTS) {
      report(count, SIZE);
    }
    assertThat(different).isEmpty();
    assertThat(matches).isGreaterThan(compared / 4);
  }

  private void report(int patterns, int size) {
    System.out.printf(
        "%d patterns (size %d): %d inputs, %d comparisons, %d matches, %d differences%n",
        patterns, size, inputs, compared, matches, different.size());
  }

  private static int variables(Pattern pattern) {
    return PatternShapes.variables(pattern).stream().mapToInt(v -> v + 1).max().orElse(0);
  }

  private static int[] symbols(Pattern pattern, int turn) {
    int all = 1 << variables(pattern);
    int[] symbols = new int[Math.min(all, SYMBOLS)];
    for (int i = 0; i < symbols.length; i++) {
      symbols[i] = (turn + i) % all;
    }
    return symbols;
  }

  private void check(Pattern pattern, int[] symbols) {
    List<MatchRules> modes = modes(variables(pattern));
    List<WordOracle> oracles =
        List.of(
            new WordOracle(pattern, symbols, LENGTH, -1),
            new WordOracle(pattern, symbols, LENGTH, 2));
    List<Matcher> matchers = new ArrayList<>();
    modes.forEach(mode -> matchers.add(new Matcher(ProgramCompiler.compile(pattern), mode)));
    Found found = new Found();
    Found wanted = new Found();
    for (int length = 1, words = symbols.length; length <= LENGTH; length++) {
      for (int word = 0; word < words; word++) {
        inputs++;
        for (int mode = 0; mode < modes.size(); mode++) {
          MatchRules rules = modes.get(mode);
          wanted.clear();
          oracles.get(rules.isTimed() ? 1 : 0).matches(word, length, rules, wanted);
          found.clear();
          found.program = matchers.get(mode).program();
          run(matchers.get(mode), word, length, symbols, (word + mode) % 2 == 0, found);
          compared++;
          matches += wanted.matches;
          if (!found.equalTo(wanted)) {
            different.add(
                "%s, word %d of length %d over %s, %s: %s instead of %s"
                    .formatted(
                        PatternText.of(pattern, NAMES),
                        word,
                        length,
                        Arrays.toString(symbols),
                        rules,
                        found,
                        wanted));
            return;
          }
        }
      }
      words *= symbols.length;
    }
  }

  private static List<MatchRules> modes(int variables) {
    List<MatchRules> modes = new ArrayList<>();
    for (int within : new int[] {-1, 2}) {
      modes.add(rules(new AfterMatch.PastLastRow(), within, variables));
      modes.add(rules(new AfterMatch.ToNextRow(), within, variables));
    }
    for (int v = 0; v < variables; v++) {
      modes.add(rules(new AfterMatch.ToVariable(List.of(v), false), -1, variables));
      modes.add(rules(new AfterMatch.ToVariable(List.of(v), true), -1, variables));
    }
    return modes;
  }

  private static MatchRules rules(AfterMatch after, int within, int variables) {
    return new MatchRules(
        after,
        false,
        within,
        within >= 0,
        true,
        true,
        new boolean[variables],
        PathRegisters.none(variables));
  }

  /// Row by row, its window cut as it can be; or all at once.
  private static void run(
      Matcher matcher, int word, int length, int[] symbols, boolean slowly, Found found) {
    PartitionMatch p = new PartitionMatch(new byte[0], 0);
    for (int i = 0, left = word; i < length; i++, left /= symbols.length) {
      p.addRow(i, matcher.rules().isTimed(), i);
      p.labels[p.size - 1] = symbols[left % symbols.length];
      p.labelled++;
      if (slowly) {
        matcher.run(p, found);
        p.cut(p.unsettled, matcher.stride());
        if (matcher.rules().isTimed()) {
          matcher.passTime(p, i + 1, found);
        }
      }
    }
    do {
      matcher.run(p, found);
    } while (!matcher.finish(p, found));
  }

  /// What was found, in order, as numbers: kind, row, then the labels of a match.
  static final class Found implements MatchSink {
    private static final int MATCH = -1;
    private static final int TIMED_OUT = -2;
    private static final int UNMATCHED = -3;
    private static final int CANNOT_SKIP = -4;

    private int[] said = new int[256];
    private int count;
    private int matches;
    private Program program = ProgramCompiler.compile(new Pattern.Empty());

    void clear() {
      count = 0;
      matches = 0;
    }

    void say(int number) {
      if (count == said.length) {
        said = Arrays.copyOf(said, count * 2);
      }
      said[count++] = number;
    }

    void sayMatch(int start, boolean timedOut) {
      matches++;
      say(timedOut ? TIMED_OUT : MATCH);
      say(start);
    }

    void sayUnmatched(int row) {
      say(UNMATCHED);
      say(row);
    }

    void sayCannotSkip(int start, boolean first) {
      say(CANNOT_SKIP);
      say(2 * start + (first ? 1 : 0));
    }

    boolean equalTo(Found other) {
      return Arrays.equals(said, 0, count, other.said, 0, other.count);
    }

    @Override
    public void match(PartitionMatch p, int start, int end, int[] path, boolean timedOut) {
      sayMatch((int) p.dropped + start, timedOut);
      for (int i = 0; i < end - start; i++) {
        say(program.variable(path[i]));
      }
    }

    @Override
    public void unmatched(PartitionMatch p, int row) {
      sayUnmatched((int) p.dropped + row);
    }

    @Override
    public void tooManyThreads(PartitionMatch p, int start) {
      throw new AssertionError("too many threads");
    }

    @Override
    public void cannotSkip(PartitionMatch p, int start, boolean first) {
      sayCannotSkip((int) p.dropped + start, first);
    }

    @Override
    public String toString() {
      return Arrays.toString(Arrays.copyOf(said, count));
    }
  }
}
