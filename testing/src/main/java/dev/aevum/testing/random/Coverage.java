package dev.aevum.testing.random;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/// How often each operator, type and expression family took part. A supported one that hardly ever
/// does is untested.
public final class Coverage {
  private final Map<String, Map<String, Long>> counts = new TreeMap<>();

  public void count(String category, String name) {
    counts.computeIfAbsent(category, c -> new TreeMap<>()).merge(name, 1L, Long::sum);
  }

  /// Makes an entry that was never counted visible.
  public void expect(String category, String name) {
    counts.computeIfAbsent(category, c -> new TreeMap<>()).putIfAbsent(name, 0L);
  }

  /// Entries under `percent` of all of their category, of these categories.
  public List<String> below(double percent, List<String> categories) {
    List<String> rare = new ArrayList<>();
    counts.forEach((category, names) -> {
      if (!categories.contains(category)) {
        return;
      }
      long total = names.values().stream().mapToLong(Long::longValue).sum();
      names.forEach((name, count) -> {
        if (count * 100.0 < percent * total || count == 0) {
          rare.add(category + " " + name + ": " + count + " of " + total);
        }
      });
    });
    return rare;
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
