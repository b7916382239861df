package dev.aevum.planner.bind;

import dev.aevum.parser.tree.MatchClause;
import dev.aevum.parser.tree.PatternName;
import dev.aevum.planner.error.PatternErrors;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/// The names of a row pattern: primary variables by position in order of first appearance in
/// PATTERN, and the unions of SUBSET.
final class PatternVariables {
  private final List<String> names = new ArrayList<>();
  private final Map<String, List<Integer>> unions = new LinkedHashMap<>();

  /// The position of a primary variable of the pattern, new or not.
  int add(String name) {
    int index = names.indexOf(name);
    if (index < 0) {
      names.add(name);
      return names.size() - 1;
    }
    return index;
  }

  List<String> names() {
    return names;
  }

  /// All that a qualifier may be.
  List<String> qualifiers() {
    List<String> all = new ArrayList<>(names);
    all.addAll(unions.keySet());
    return all;
  }

  /// The universal variable: every row of the match.
  List<Integer> all() {
    return IntStream.range(0, names.size()).boxed().toList();
  }

  /// -1: no primary variable.
  int primary(String name) {
    return names.indexOf(name);
  }

  boolean isUnion(String name) {
    return unions.containsKey(name);
  }

  /// The primary variables that a variable or union stands for; null for neither.
  @Nullable List<Integer> find(String name) {
    int index = names.indexOf(name);
    return index >= 0 ? List.of(index) : unions.get(name);
  }

  void addSubsets(List<MatchClause.Subset> subsets) {
    for (MatchClause.Subset subset : subsets) {
      PatternName union = subset.union();
      if (names.contains(union.text())) {
        throw PatternErrors.unionIsVariable(union.text(), union.span());
      }
      if (unions.containsKey(union.text())) {
        throw PatternErrors.unionTwice(union.text(), union.span());
      }
      List<Integer> members = new ArrayList<>();
      for (PatternName member : subset.members()) {
        members.add(member(member, union, members));
      }
      unions.put(union.text(), List.copyOf(members));
    }
  }

  private int member(PatternName member, PatternName union, List<Integer> others) {
    int index = names.indexOf(member.text());
    if (index < 0) {
      throw unions.containsKey(member.text()) || member.text().equals(union.text())
          ? PatternErrors.unionOfUnion(member.text(), member.span())
          : PatternErrors.notInPattern(member.text(), "SUBSET", names, member.span());
    }
    if (others.contains(index)) {
      throw PatternErrors.memberTwice(member.text(), member.span());
    }
    return index;
  }
}
