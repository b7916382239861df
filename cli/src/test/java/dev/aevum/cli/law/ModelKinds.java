package dev.aevum.cli.law;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/// A model of each algorithm over the same rows `(x, c, y, n, b)`, and the questions that two
/// databases that learned the same rows in the same order answer alike, to the bit.
public enum ModelKinds {
  LINEAR("n DOUBLE PRECISION", "linear"),
  SGD("n DOUBLE PRECISION", "sgd"),
  LOGISTIC("b BOOLEAN", "logistic"),
  FTRL("b BOOLEAN", "ftrl"),
  NAIVE_BAYES("y TEXT", "naive_bayes"),
  HOEFFDING_TREE("y TEXT", "hoeffding_tree WITH (grace = 20, delta = 0.01, max_leaves = 12)"),
  KMEANS("", "kmeans WITH (k = 4, half_life = 200)");

  /// The columns of a row, in the order of [#row].
  public static final String COLUMNS =
      "x DOUBLE PRECISION, c TEXT, y TEXT, n DOUBLE PRECISION, b BOOLEAN";

  /// What is known of the models as a whole.
  public static final List<String> FIGURES =
      List.of(
          "SELECT name, partition, rows_learned, rows_skipped, retractions FROM aevum.models"
              + " ORDER BY name, partition",
          "SELECT model, partition, scope, metric, rows, value, trivial FROM aevum.model_metrics"
              + " ORDER BY model, partition, scope, metric");

  private final String target;
  private final String using;

  ModelKinds(String target, String using) {
    this.target = target;
    this.using = using;
  }

  private String model() {
    return "m_" + name().toLowerCase(Locale.ROOT);
  }

  /// The statement that makes the model.
  ///
  /// @param partitioned by a column `site`
  /// @param timed by a column `ts`
  public String create(String relation, boolean partitioned, boolean timed) {
    int with = using.indexOf(" WITH");
    String algorithm = with < 0 ? using : using.substring(0, with);
    String options = with < 0 ? "" : using.substring(with);
    return "CREATE MODEL "
        + model()
        + (target.isEmpty() ? "" : " PREDICT " + target)
        + " USING "
        + algorithm
        + (partitioned ? " PARTITION BY site" : "")
        + options
        + " AS SELECT "
        + (partitioned ? "site, " : "")
        + (timed ? "ts, " : "")
        + (target.isEmpty() ? "x, c" : "x, c, " + target.substring(0, 1))
        + " FROM "
        + relation;
  }

  /// The values of a row that has something to learn for each of them, and now and then a NULL.
  public static String row(Random random) {
    int cls = random.nextInt(3);
    String x = random.nextInt(9) == 0 ? "NULL" : "" + (random.nextGaussian() * 2 + 3 * cls);
    String c = random.nextInt(9) == 0 ? "NULL" : "'c" + random.nextInt(4) * cls + "'";
    String n = random.nextInt(20) == 0 ? "NULL" : "" + (cls * 10 + random.nextGaussian());
    String b = random.nextInt(20) == 0 ? "NULL" : "" + (cls + random.nextInt(2) > 1);
    return x + ", " + c + ", 'class " + cls + "', " + n + ", " + b;
  }

  /// Queries of one row for predictions at random points, of categories that nobody knows too.
  public List<String> questions(@Nullable String site, Random random) {
    List<String> questions = new ArrayList<>();
    for (int i = 0; i < 12; i++) {
      String x = i == 0 ? "NULL" : "" + (random.nextGaussian() * 4 + 3);
      String c = i == 1 ? "NULL" : "'c" + random.nextInt(8) + "'";
      String call =
          "(%s, %s%s::double precision, %s::text)"
              .formatted(model(), site == null ? "" : "'" + site + "', ", x, c);
      questions.add(
          switch (this) {
            case LINEAR, SGD -> "SELECT predict" + call;
            case LOGISTIC, FTRL, NAIVE_BAYES, HOEFFDING_TREE ->
                "SELECT predict" + call + ", predict_proba" + call;
            case KMEANS -> "SELECT (predict" + call + ").cluster, (predict" + call + ").distance";
          });
    }
    return questions;
  }
}
