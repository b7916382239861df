package dev.aevum.executor.pattern;

import dev.aevum.planner.plan.MatchSpec.AfterMatch;
import dev.aevum.planner.plan.Pattern;
import dev.aevum.testing.reference.PatternSearch;
import dev.aevum.testing.reference.PatternSearch.Outcome;
import dev.aevum.testing.reference.PatternWay;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The matches of words by the standard's text. What comes of a start depends on the letters from
/// there on and on whether they are the whole word, so it is searched once for each of these.
///
/// A word of a length is a number with a digit a letter, the first letter being the lowest digit.
final class WordOracle {
  private static final Start NONE = new Start(List.of(), false, false);

  private final Pattern pattern;
  private final int[] symbols;
  private final int within;

  /// By length, then twice the word, plus 1 where it is the end of a longer one.
  private final @Nullable Start[][] starts;

  /// The labels of the match that begins there, or of what had been matched when time was over.
  private record Start(List<Integer> labels, boolean found, boolean timedOut) {}

  /// @param within times are numbers of rows: how much later than its first a match's last row may
  ///   be; -1: no limit
  WordOracle(Pattern pattern, int[] symbols, int longest, int within) {
    this.pattern = pattern;
    this.symbols = symbols;
    this.within = within;
    this.starts = new Start[longest + 1][];
    for (int length = 0, words = 1; length <= longest; length++, words *= symbols.length) {
      starts[length] = new Start[2 * words];
    }
  }

  void matches(int word, int length, MatchRules rules, MatcherShapesProperty.Found found) {
    int covered = 0;
    int left = word;
    int at = 0;
    while (at < length) {
      Start start = start(left, length - at, at > 0);
      int next = at + 1;
      if (start.found) {
        say(at, start, found);
        covered = Math.max(covered, at + start.labels.size());
        next = start.labels.isEmpty() ? at + 1 : next(at, start.labels, rules.afterMatch(), found);
      } else if (start.timedOut) {
        say(at, start, found);
      } else if (at >= covered) {
        found.sayUnmatched(at);
      }
      for (; at < next; at++) {
        left /= symbols.length;
      }
    }
  }

  private static void say(int at, Start start, MatcherShapesProperty.Found found) {
    found.sayMatch(at, start.timedOut);
    start.labels.forEach(found::say);
  }

  private static int next(
      int at, List<Integer> labels, AfterMatch after, MatcherShapesProperty.Found found) {
    return switch (after) {
      case AfterMatch.PastLastRow() -> at + labels.size();
      case AfterMatch.ToNextRow() -> at + 1;
      case AfterMatch.ToVariable(List<Integer> variables, boolean last) -> {
        int variable = variables.getFirst();
        int place = last ? labels.lastIndexOf(variable) : labels.indexOf(variable);
        if (place <= 0) {
          found.sayCannotSkip(at, place == 0);
          yield at + 1;
        }
        yield at + place;
      }
    };
  }

  private Start start(int word, int length, boolean isEnd) {
    @Nullable Start[] known = starts[length];
    int place = 2 * word + (isEnd ? 1 : 0);
    Start start = known[place];
    if (start == null) {
      start = search(word, length, isEnd ? 1 : 0);
      known[place] = start;
    }
    return start;
  }

  /// `before`: rows in front of the word's first.
  private Start search(int word, int length, int before) {
    PatternWay[] found = new PatternWay[1];
    PatternWay[] late = new PatternWay[1];
    PatternSearch.Rows rows =
        new PatternSearch.Rows() {
          @Override
          public Outcome accepts(PatternWay way, int variable) {
            int at = way.end() - before;
            boolean isOver = within >= 0 && way.rows() > 0 && (at == length || at > within);
            if (isOver && late[0] == null) {
              late[0] = way;
            }
            return !isOver && at < length && (letter(word, at) >>> variable & 1) != 0
                ? Outcome.YES
                : Outcome.NO;
          }

          @Override
          public Outcome isEnd(int position) {
            return position - before == length ? Outcome.YES : Outcome.NO;
          }
        };
    PatternSearch.search(
        pattern,
        PatternWay.at(before),
        rows,
        way -> {
          found[0] = way;
          return Outcome.YES;
        });
    if (found[0] != null) {
      return new Start(found[0].labels(), true, false);
    }
    return late[0] == null ? NONE : new Start(late[0].labels(), false, true);
  }

  private int letter(int word, int at) {
    int left = word;
    for (int i = 0; i < at; i++) {
      left /= symbols.length;
    }
    return symbols[left % symbols.length];
  }
}
