package dev.aevum.testing.pattern;

import dev.aevum.planner.plan.Pattern;
import dev.aevum.planner.plan.Pattern.Quantified;
import dev.aevum.testing.random.Dice;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/// All patterns by size: a variable, `()`, `^` and `$` have size 1, a quantifier or an exclusion
/// adds 1 to its operand, a concatenation, alternation or permutation of two adds 1 to both. Those
/// that differ only in the names of variables count once.
public final class PatternShapes {
  private static final int VARIABLES = 3;
  private static final List<Quantified> LOOPS = new ArrayList<>();

  static {
    for (boolean reluctant : List.of(false, true)) {
      for (int[] range : new int[][] {{0, -1}, {1, -1}, {0, 1}, {2, 2}, {0, 2}, {1, 2}, {2, -1}}) {
        if (!(reluctant && range[0] == range[1])) {
          LOOPS.add(new Quantified(new Pattern.Empty(), range[0], range[1], reluctant));
        }
      }
    }
  }

  /// Beyond what is written out.
  private static final List<Quantified> LONG_LOOPS =
      List.of(
          new Quantified(new Pattern.Empty(), 0, 70, false),
          new Quantified(new Pattern.Empty(), 2, 70, true),
          new Quantified(new Pattern.Empty(), 1, 100, false));

  private final Map<Integer, List<Pattern>> bySize = new HashMap<>();

  /// Of that size, in a fixed order.
  public List<Pattern> ofSize(int size) {
    return all(size).stream().filter(PatternShapes::isFirstOfItsShape).toList();
  }

  private List<Pattern> all(int size) {
    List<Pattern> known = bySize.get(size);
    if (known != null) {
      return known;
    }
    List<Pattern> made = new ArrayList<>();
    if (size == 1) {
      for (int v = 0; v < VARIABLES; v++) {
        made.add(new Pattern.Variable(v));
      }
      made.add(new Pattern.Empty());
      made.add(new Pattern.PartitionStart());
      made.add(new Pattern.PartitionEnd());
    } else {
      for (Pattern operand : all(size - 1)) {
        LOOPS.forEach(loop -> made.add(loop(loop, operand)));
        made.add(new Pattern.Exclusion(operand));
      }
      for (int left = 1; left < size - 1; left++) {
        for (Pattern first : all(left)) {
          for (Pattern second : all(size - 1 - left)) {
            List<Pattern> both = List.of(first, second);
            made.add(new Pattern.Concatenation(both));
            made.add(new Pattern.Alternation(both));
            made.add(new Pattern.Permutation(both));
          }
        }
      }
    }
    bySize.put(size, made);
    return made;
  }

  private static Pattern loop(Quantified loop, Pattern operand) {
    return new Quantified(operand, loop.min(), loop.max(), loop.reluctant());
  }

  private static boolean isFirstOfItsShape(Pattern pattern) {
    int next = 0;
    for (int variable : variables(pattern)) {
      if (variable > next) {
        return false;
      }
      next = Math.max(next, variable + 1);
    }
    return true;
  }

  /// The variables in order of appearance, with repetitions.
  public static List<Integer> variables(Pattern pattern) {
    return switch (pattern) {
      case Pattern.Variable(int variable) -> List.of(variable);
      case Pattern.Concatenation(List<Pattern> parts) -> variables(parts);
      case Pattern.Alternation(List<Pattern> branches) -> variables(branches);
      case Pattern.Permutation(List<Pattern> parts) -> variables(parts);
      case Quantified q -> variables(q.operand());
      case Pattern.Exclusion(Pattern operand) -> variables(operand);
      case Pattern.Empty e -> List.of();
      case Pattern.PartitionStart s -> List.of();
      case Pattern.PartitionEnd e -> List.of();
    };
  }

  private static List<Integer> variables(List<Pattern> parts) {
    return parts.stream().flatMap(p -> variables(p).stream()).toList();
  }

  /// The same with variables numbered in order of appearance.
  public static Pattern numbered(Pattern pattern) {
    List<Integer> names = variables(pattern).stream().distinct().toList();
    return renamed(pattern, names);
  }

  private static Pattern renamed(Pattern pattern, List<Integer> names) {
    return switch (pattern) {
      case Pattern.Variable(int variable) -> new Pattern.Variable(names.indexOf(variable));
      case Pattern.Concatenation(List<Pattern> parts) ->
          new Pattern.Concatenation(renamed(parts, names));
      case Pattern.Alternation(List<Pattern> parts) ->
          new Pattern.Alternation(renamed(parts, names));
      case Pattern.Permutation(List<Pattern> parts) ->
          new Pattern.Permutation(renamed(parts, names));
      case Quantified q -> loop(q, renamed(q.operand(), names));
      case Pattern.Exclusion(Pattern operand) -> new Pattern.Exclusion(renamed(operand, names));
      case Pattern.Empty e -> e;
      case Pattern.PartitionStart s -> s;
      case Pattern.PartitionEnd e -> e;
    };
  }

  private static List<Pattern> renamed(List<Pattern> parts, List<Integer> names) {
    return parts.stream().map(p -> renamed(p, names)).toList();
  }

  /// The same without `^`, `$` and exclusions.
  public static Pattern withoutMarks(Pattern pattern) {
    return switch (pattern) {
      case Pattern.Concatenation(List<Pattern> parts) ->
          new Pattern.Concatenation(withoutMarks(parts));
      case Pattern.Alternation(List<Pattern> parts) -> new Pattern.Alternation(withoutMarks(parts));
      case Pattern.Permutation(List<Pattern> parts) -> new Pattern.Permutation(withoutMarks(parts));
      case Quantified q -> loop(q, withoutMarks(q.operand()));
      case Pattern.Exclusion(Pattern operand) -> withoutMarks(operand);
      case Pattern.PartitionStart s -> new Pattern.Empty();
      case Pattern.PartitionEnd e -> new Pattern.Empty();
      case Pattern.Variable v -> v;
      case Pattern.Empty e -> e;
    };
  }

  private static List<Pattern> withoutMarks(List<Pattern> parts) {
    return parts.stream().map(PatternShapes::withoutMarks).toList();
  }

  /// Whether `$` is in it.
  public static boolean hasEnd(Pattern pattern) {
    return contains(pattern, p -> p instanceof Pattern.PartitionEnd);
  }

  public static boolean hasExclusion(Pattern pattern) {
    return contains(pattern, p -> p instanceof Pattern.Exclusion);
  }

  private static boolean contains(Pattern pattern, Predicate<Pattern> test) {
    return test.test(pattern)
        || switch (pattern) {
          case Pattern.Concatenation(List<Pattern> parts) -> contains(parts, test);
          case Pattern.Alternation(List<Pattern> parts) -> contains(parts, test);
          case Pattern.Permutation(List<Pattern> parts) -> contains(parts, test);
          case Quantified q -> contains(q.operand(), test);
          case Pattern.Exclusion(Pattern operand) -> contains(operand, test);
          case Pattern.Variable v -> false;
          case Pattern.Empty e -> false;
          case Pattern.PartitionStart s -> false;
          case Pattern.PartitionEnd e -> false;
        };
  }

  private static boolean contains(List<Pattern> parts, Predicate<Pattern> test) {
    return parts.stream().anyMatch(p -> contains(p, test));
  }

  /// One of about that size.
  public static Pattern random(Dice dice, int size) {
    if (size <= 1) {
      return switch (dice.weighted(92, 4, 2, 2)) {
        case 0 -> new Pattern.Variable(dice.below(VARIABLES));
        case 1 -> new Pattern.Empty();
        case 2 -> new Pattern.PartitionStart();
        default -> new Pattern.PartitionEnd();
      };
    }
    return switch (dice.weighted(35, 5, 36, 16, 8)) {
      case 0 -> loop(dice.pick(dice.chance(12) ? LONG_LOOPS : LOOPS), random(dice, size - 1));
      case 1 -> new Pattern.Exclusion(random(dice, size - 1));
      case 2 -> new Pattern.Concatenation(parts(dice, size));
      case 3 -> new Pattern.Alternation(parts(dice, size));
      default -> new Pattern.Permutation(parts(dice, size));
    };
  }

  /// Loops and choices in front of one variable, so that many ways lead to it.
  public static Pattern ambiguous(Dice dice) {
    List<Pattern> parts = new ArrayList<>();
    for (int i = dice.between(1, 3); i > 0; i--) {
      Pattern part =
          switch (dice.weighted(50, 35, 15)) {
            case 0 -> new Pattern.Variable(dice.below(2));
            case 1 ->
                new Pattern.Alternation(
                    List.of(
                        new Pattern.Variable(dice.below(2)), new Pattern.Variable(dice.below(3))));
            default ->
                new Pattern.Permutation(List.of(new Pattern.Variable(0), new Pattern.Variable(1)));
          };
      parts.add(dice.chance(75) ? loop(dice.pick(LOOPS), part) : part);
    }
    parts.add(new Pattern.Variable(2));
    if (dice.chance(25)) {
      parts.add(loop(dice.pick(LOOPS), new Pattern.Variable(dice.below(3))));
    }
    return numbered(new Pattern.Concatenation(parts));
  }

  /// Loops over what can match no row, mostly greedy.
  public static Pattern nullableLoops(Dice dice) {
    Pattern first = optional(dice, dice.below(2));
    Pattern inner =
        switch (dice.below(5)) {
          case 0 -> first;
          case 1 -> new Pattern.Alternation(List.of(new Pattern.Empty(), new Pattern.Variable(0)));
          case 2 -> new Pattern.Alternation(List.of(first, new Pattern.Variable(1)));
          case 3 -> new Pattern.Concatenation(List.of(first, optional(dice, 1)));
          default -> new Pattern.Permutation(List.of(first, optional(dice, 1)));
        };
    int max = dice.chance(70) ? -1 : dice.pick(List.of(2, 4, 70));
    inner = new Quantified(inner, dice.below(3), max, dice.chance(20));
    if (dice.chance(20)) {
      inner = new Quantified(inner, dice.below(2), 2, dice.chance(20));
    }
    return numbered(
        dice.chance(65)
            ? new Pattern.Concatenation(List.of(inner, new Pattern.Variable(2)))
            : inner);
  }

  private static Pattern optional(Dice dice, int variable) {
    return new Quantified(
        new Pattern.Variable(variable), 0, dice.chance(80) ? 1 : -1, dice.chance(30));
  }

  private static List<Pattern> parts(Dice dice, int size) {
    List<Pattern> parts = new ArrayList<>();
    int left = size - 1;
    for (int i = dice.between(2, 3); i > 0 && left > 0; i--) {
      int part = i == 1 ? left : dice.between(1, Math.max(1, left - i + 1));
      parts.add(random(dice, part));
      left -= part;
    }
    return parts;
  }

  /// Patterns that are a little smaller: an operand instead of the whole, a part less.
  public static List<Pattern> smaller(Pattern pattern) {
    List<Pattern> made = new ArrayList<>();
    switch (pattern) {
      case Quantified q -> {
        made.add(q.operand());
        smaller(q.operand())
            .forEach(p -> made.add(new Quantified(p, q.min(), q.max(), q.reluctant())));
      }
      case Pattern.Exclusion(Pattern operand) -> {
        made.add(operand);
        smaller(operand).forEach(p -> made.add(new Pattern.Exclusion(p)));
      }
      case Pattern.Concatenation(List<Pattern> parts) ->
          smaller(parts)
              .forEach(p -> made.add(p.size() == 1 ? p.getFirst() : new Pattern.Concatenation(p)));
      case Pattern.Alternation(List<Pattern> parts) ->
          smaller(parts)
              .forEach(p -> made.add(p.size() == 1 ? p.getFirst() : new Pattern.Alternation(p)));
      case Pattern.Permutation(List<Pattern> parts) ->
          smaller(parts)
              .forEach(p -> made.add(p.size() == 1 ? p.getFirst() : new Pattern.Permutation(p)));
      case Pattern.Variable v -> {}
      case Pattern.Empty e -> {}
      case Pattern.PartitionStart s -> {}
      case Pattern.PartitionEnd e -> {}
    }
    return made;
  }

  private static List<List<Pattern>> smaller(List<Pattern> parts) {
    List<List<Pattern>> made = new ArrayList<>();
    for (int i = 0; i < parts.size(); i++) {
      if (parts.size() > 1) {
        List<Pattern> without = new ArrayList<>(parts);
        without.remove(i);
        made.add(without);
      }
      for (Pattern p : smaller(parts.get(i))) {
        List<Pattern> with = new ArrayList<>(parts);
        with.set(i, p);
        made.add(with);
      }
    }
    return made;
  }
}
