package dev.aevum.testing.random;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/// How often each operator, type and expression family took part. A supported one that hardly ever
/// does is untested.
public final class Coverage {
  private final Map<String, Map<String, Long>> counts = new TreeMap<>();
  private final Map<String, Set<String>> expected = new TreeMap<>();

  public void count(String category, String name) {
    counts.computeIfAbsent(category, c -> new TreeMap<>()).merge(name, 1L, Long::sum);
  }

  /// Adds what another has counted.
  public void add(Coverage other) {
    other.counts.forEach((category, names) ->
        names.forEach((name, count) ->
            counts.computeIfAbsent(category, c -> new TreeMap<>()).merge(name, count, Long::sum)));
  }

  /// What has to take part: it is visible also when it was never counted.
  public void expect(String category, List<String> names) {
    expected.computeIfAbsent(category, c -> new TreeSet<>()).addAll(names);
    Map<String, Long> known = counts.computeIfAbsent(category, c -> new TreeMap<>());
    names.forEach(name -> known.putIfAbsent(name, 0L));
  }

  /// Expected entries of these categories under `percent` of all of their category, or not there at
  /// all.
  public List<String> below(double percent, List<String> categories) {
    List<String> rare = new ArrayList<>();
    for (String category : categories) {
      Map<String, Long> names = counts.getOrDefault(category, Map.of());
      long total = names.values().stream().mapToLong(Long::longValue).sum();
      for (String name : expected.getOrDefault(category, Set.of())) {
        long count = names.getOrDefault(name, 0L);
        if (count * 100.0 < percent * total || count == 0) {
          rare.add(category + " " + name + ": " + count + " of " + total);
        }
      }
    }
    return rare;
  }

  /// The share of each expected entry of these categories, in percent.
  public Map<String, Double> shares(List<String> categories) {
    Map<String, Double> shares = new TreeMap<>();
    for (String category : categories) {
      Map<String, Long> names = counts.getOrDefault(category, Map.of());
      long total = names.values().stream().mapToLong(Long::longValue).sum();
      for (String name : expected.getOrDefault(category, Set.of())) {
        long count = names.getOrDefault(name, 0L);
        shares.put(category + " " + name, total == 0 ? 0 : count * 100.0 / total);
      }
    }
    return shares;
  }

  /// One line an entry: category, name, count, share.
  public String report() {
    StringBuilder out = new StringBuilder();
    counts.forEach((category, names) -> {
      long total = names.values().stream().mapToLong(Long::longValue).sum();
      names.forEach((name, count) ->
          out.append(
              String.format(
                  Locale.ROOT,
                  "%-12s %-28s %8d %5.1f %%%n",
                  category,
                  name,
                  count,
                  total == 0 ? 0 : count * 100.0 / total)));
    });
    return out.toString();
  }
}
