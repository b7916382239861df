package dev.aevum.cli.law;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// Naive Bayes over a number and a category, written down from its formulas alone: it keeps all
/// rows and counts anew for each prediction. Predicts each row before it keeps it, and judges
/// itself.
public final class ReferenceBayes {
  /// A row; the number and the category may be missing.
  public record Row(@Nullable Double x, @Nullable String c, String y) {}

  /// Means over some rows.
  public record Figures(double loss, double right, double trivialLoss, double trivialRight) {}

  private final boolean categories;
  private final List<Row> rows = new ArrayList<>();
  private final List<String> classes = new ArrayList<>();
  private final List<Figures> judged = new ArrayList<>();

  /// @param categories whether the category is a feature at all
  public ReferenceBayes(boolean categories) {
    this.categories = categories;
  }

  public int rows() {
    return rows.size();
  }

  public void learn(Row row) {
    Map<String, Double> said = predict(row.x, row.c);
    double mine = said.getOrDefault(row.y, 0.0);
    double of = ofClass(row.y).size();
    int known = classes.size() + (classes.contains(row.y) ? 0 : 1);
    judged.add(
        new Figures(
            -Math.log(Math.clamp(mine, 1e-15, 1 - 1e-15)),
            row.y.equals(best(said)) ? 1 : 0,
            -Math.log((of + 1) / (rows.size() + known)),
            row.y.equals(most(row.y)) ? 1 : 0));
    if (!classes.contains(row.y)) {
      classes.add(row.y);
    }
    rows.add(row);
  }

  /// The class of most rows, the first of equals; before the first row that of the row to come.
  private String most(String first) {
    String best = classes.isEmpty() ? first : classes.getFirst();
    for (String c : classes) {
      best = ofClass(c).size() > ofClass(best).size() ? c : best;
    }
    return best;
  }

  private List<Row> ofClass(String y) {
    return rows.stream().filter(r -> r.y.equals(y)).toList();
  }

  /// The likeliest class, the first of equals.
  public @Nullable String best(Map<String, Double> said) {
    String best = null;
    for (String c : classes) {
      best = best == null || said.get(c) > said.get(best) ? c : best;
    }
    return best;
  }

  /// Probabilities by class.
  public Map<String, Double> predict(@Nullable Double x, @Nullable String c) {
    Map<String, Double> odds = new TreeMap<>();
    for (String y : classes) {
      List<Row> alike = ofClass(y);
      double log = Math.log((alike.size() + 1.0) / (rows.size() + classes.size()));
      log += number(alike.stream().filter(r -> r.x != null).mapToDouble(r -> r.x).toArray(), x);
      odds.put(y, log + (categories ? category(alike, String.valueOf(c)) : 0));
    }
    double most = odds.values().stream().mapToDouble(v -> v).max().orElse(0);
    double sum = odds.values().stream().mapToDouble(v -> Math.exp(v - most)).sum();
    odds.replaceAll((y, v) -> Math.exp(v - most) / sum);
    return odds;
  }

  private double category(List<Row> alike, String c) {
    long all = rows.stream().map(r -> String.valueOf(r.c)).distinct().count();
    long seen = alike.stream().filter(r -> String.valueOf(r.c).equals(c)).count();
    return Math.log((seen + 1.0) / (alike.size() + all + 1));
  }

  private static double number(double[] values, @Nullable Double x) {
    if (values.length < 2 || x == null) {
      return 0;
    }
    double mean = java.util.Arrays.stream(values).average().orElse(0);
    double squares = java.util.Arrays.stream(values).map(v -> (v - mean) * (v - mean)).sum();
    double width = Math.max(Math.sqrt(squares / (values.length - 1)), 1e-9 + 1e-9 * Math.abs(mean));
    double z = (x - mean) / width;
    return -z * z / 2 - Math.log(width * Math.sqrt(2 * Math.PI));
  }

  /// Over the last `count` rows.
  public Figures figures(int count) {
    List<Figures> last = judged.subList(Math.max(0, judged.size() - count), judged.size());
    return new Figures(
        last.stream().mapToDouble(Figures::loss).average().orElse(0),
        last.stream().mapToDouble(Figures::right).average().orElse(0),
        last.stream().mapToDouble(Figures::trivialLoss).average().orElse(0),
        last.stream().mapToDouble(Figures::trivialRight).average().orElse(0));
  }
}
