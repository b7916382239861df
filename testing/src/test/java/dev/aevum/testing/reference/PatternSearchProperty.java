package dev.aevum.testing.reference;

import static org.assertj.core.api.Assertions.assertThat;

import dev.aevum.planner.plan.Pattern;
import dev.aevum.planner.plan.Pattern.Quantified;
import dev.aevum.testing.pattern.PatternShapes;
import dev.aevum.testing.pattern.PatternText;
import dev.aevum.testing.reference.PatternSearch.Outcome;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/// Where every row satisfies one variable, a row pattern is a regular expression over letters: the
/// preferred match is the one that Java's backtracking finds.
class PatternSearchProperty {
  private static final List<String> NAMES = List.of("A", "B", "C");

  @Test
  void agreesWithRegularExpressions() {
    PatternShapes shapes = new PatternShapes();
    List<String> words = words(4);
    List<String> different = new ArrayList<>();
    int compared = 0;
    for (int size = 1; size <= 4; size++) {
      for (Pattern pattern : shapes.ofSize(size)) {
        if (!comparable(pattern)) {
          continue;
        }
        java.util.regex.Pattern regex = java.util.regex.Pattern.compile(regex(pattern));
        for (String word : words) {
          int found = longest(pattern, word);
          Matcher matcher = regex.matcher(word);
          int wanted = matcher.lookingAt() ? matcher.end() : -1;
          compared++;
          if (found != wanted && different.size() < 10) {
            different.add(
                PatternText.of(pattern, NAMES) + " on " + word + ": " + found + ", not " + wanted);
          }
        }
      }
    }
    assertThat(different).isEmpty();
    assertThat(compared).isGreaterThan(100_000);
  }

  private static List<String> words(int longest) {
    List<String> words = new ArrayList<>(List.of(""));
    for (int i = 0; i < words.size() && words.get(i).length() < longest; i++) {
      for (String letter : NAMES) {
        words.add(words.get(i) + letter);
      }
    }
    return words;
  }

  /// Java ends a loop at an empty iteration also below the least number of iterations.
  private static boolean comparable(Pattern pattern) {
    return switch (pattern) {
      case Quantified q -> comparable(q.operand()) && (q.min() < 2 || !matchesNothing(q.operand()));
      case Pattern.Concatenation(List<Pattern> parts) ->
          parts.stream().allMatch(PatternSearchProperty::comparable);
      case Pattern.Alternation(List<Pattern> parts) ->
          parts.stream().allMatch(PatternSearchProperty::comparable);
      case Pattern.Permutation(List<Pattern> parts) ->
          parts.stream().allMatch(PatternSearchProperty::comparable);
      case Pattern.Exclusion(Pattern operand) -> comparable(operand);
      case Pattern.Variable v -> true;
      case Pattern.Empty e -> true;
      case Pattern.PartitionStart s -> true;
      case Pattern.PartitionEnd e -> true;
    };
  }

  private static boolean matchesNothing(Pattern pattern) {
    return longest(pattern, "") == 0;
  }

  private static String regex(Pattern pattern) {
    return switch (pattern) {
      case Pattern.Variable(int v) -> NAMES.get(v);
      case Pattern.Empty e -> "(?:)";
      case Pattern.Concatenation(List<Pattern> parts) ->
          parts.stream().map(PatternSearchProperty::regex).collect(Collectors.joining());
      case Pattern.Alternation(List<Pattern> parts) ->
          any(parts.stream().map(PatternSearchProperty::regex).toList());
      case Pattern.Permutation(List<Pattern> parts) ->
          any(
              List.of(
                  regex(parts.get(0)) + regex(parts.get(1)),
                  regex(parts.get(1)) + regex(parts.get(0))));
      case Quantified q ->
          "(?:"
              + regex(q.operand())
              + "){"
              + q.min()
              + ","
              + (q.max() < 0 ? "" : String.valueOf(q.max()))
              + "}"
              + (q.reluctant() ? "?" : "");
      case Pattern.Exclusion(Pattern operand) -> "(?:" + regex(operand) + ")";
      case Pattern.PartitionStart s -> "\\A";
      case Pattern.PartitionEnd e -> "\\z";
    };
  }

  private static String any(List<String> branches) {
    return branches.stream().collect(Collectors.joining("|", "(?:", ")"));
  }

  /// Rows of the preferred match from the word's first letter on; -1 for none.
  private static int longest(Pattern pattern, String word) {
    PatternSearch.Rows rows =
        new PatternSearch.Rows() {
          @Override
          public Outcome accepts(PatternWay way, int variable) {
            return way.end() < word.length() && word.charAt(way.end()) == 'A' + variable
                ? Outcome.YES
                : Outcome.NO;
          }

          @Override
          public Outcome isEnd(int position) {
            return position == word.length() ? Outcome.YES : Outcome.NO;
          }
        };
    int[] length = {-1};
    PatternSearch.search(
        pattern,
        PatternWay.at(0),
        rows,
        way -> {
          length[0] = way.rows();
          return Outcome.YES;
        });
    return length[0];
  }
}
