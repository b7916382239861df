package dev.aevum.model.text;

import java.util.Collection;
import org.jspecify.annotations.Nullable;

/// How many letters to insert, delete, replace or swap with a neighbour to get from one word to the
/// other (optimal string alignment): what "did you mean" goes by.
public final class EditDistance {
  private EditDistance() {}

  /// The candidate that takes the fewest changes, at most `limit`; of several the first by
  /// alphabet, null when there is none. The name itself does not count.
  public static @Nullable String closest(String name, Collection<String> candidates, int limit) {
    String best = null;
    int fewest = limit + 1;
    for (String candidate : candidates) {
      int changes = between(name, candidate);
      boolean nearer = changes < fewest || (changes == fewest && before(candidate, best));
      if (changes > 0 && nearer) {
        best = candidate;
        fewest = changes;
      }
    }
    return best;
  }

  private static boolean before(String candidate, @Nullable String best) {
    return best != null && candidate.compareTo(best) < 0;
  }

  public static int between(String a, String b) {
    int[][] cost = new int[a.length() + 1][b.length() + 1];
    for (int i = 0; i <= a.length(); i++) {
      for (int j = 0; j <= b.length(); j++) {
        cost[i][j] = i == 0 || j == 0 ? i + j : step(cost, a, b, i, j);
      }
    }
    return cost[a.length()][b.length()];
  }

  private static int step(int[][] cost, String a, String b, int i, int j) {
    boolean same = a.charAt(i - 1) == b.charAt(j - 1);
    int best =
        Math.min(Math.min(cost[i - 1][j], cost[i][j - 1]) + 1, cost[i - 1][j - 1] + (same ? 0 : 1));
    boolean swapped =
        i > 1 && j > 1 && a.charAt(i - 1) == b.charAt(j - 2) && a.charAt(i - 2) == b.charAt(j - 1);
    return swapped ? Math.min(best, cost[i - 2][j - 2] + 1) : best;
  }
}
