package dev.aevum.executor.learning;

import dev.aevum.planner.plan.ModelSpec;
import dev.aevum.planner.plan.function.LearningSignature;
import dev.aevum.planner.plan.function.LearningSignature.Task;
import dev.aevum.planner.plan.function.SequenceSignature.Kind;
import dev.aevum.planner.plan.function.SequenceSignature.Option;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// The algorithms that CREATE MODEL can name. Immutable and thread-safe; the learners are not.
public final class LearningAlgorithms {
  private final Map<String, Algorithm> algorithms = new LinkedHashMap<>();

  private record Algorithm(LearningSignature signature, Factory factory) {}

  private interface Factory {
    Learner create(boolean[] numeric, Options options);
  }

  /// Option values, checked when the model was created.
  private record Options(Map<String, String> given) {
    double number(String name, double fallback) {
      String text = given.get(name);
      return text == null ? fallback : Double.parseDouble(text);
    }

    int integer(String name, int fallback) {
      return (int) number(name, fallback);
    }
  }

  public LearningAlgorithms() {
    add(
        "linear",
        Task.REGRESSION,
        "Linear regression by recursive least squares with forgetting.",
        (numeric, o) ->
            new LeastSquares(
                numeric,
                o.number("forgetting", 0.999),
                o.number("ridge", 1),
                o.integer("max_categories", 100)),
        number("forgetting", 0.5, 1, "0.999", "weight of a row against the next"),
        number("ridge", 1e-12, 1e12, "1", "pulls weights to 0 while few rows are learned"),
        categories());
    add(
        "sgd",
        Task.REGRESSION,
        "Linear regression by stochastic gradient descent, for many features.",
        (numeric, o) -> gradient(numeric, o, false),
        number("learning_rate", 1e-6, 10, "0.05", "length of a step; falls by itself"),
        number("l2", 0, 1e6, "1e-6", "pulls weights to 0"),
        categories());
    add(
        "logistic",
        Task.TWO_CLASSES,
        "Logistic regression by stochastic gradient descent.",
        (numeric, o) -> gradient(numeric, o, true),
        number("learning_rate", 1e-6, 10, "0.05", "length of a step; falls by itself"),
        number("l2", 0, 1e6, "1e-6", "pulls weights to 0"),
        categories());
    add(
        "ftrl",
        Task.TWO_CLASSES,
        "Logistic regression for very many categories, hashed into 262,144 slots.",
        (numeric, o) ->
            new FollowTheLeader(
                numeric,
                o.number("alpha", 0.1),
                o.number("beta", 1),
                o.number("l1", 1e-6),
                o.number("l2", 1)),
        number("alpha", 1e-6, 10, "0.1", "length of a step"),
        number("beta", 0, 1e6, "1", "smooths the first steps"),
        number("l1", 0, 1e6, "1e-6", "weights below it are 0"),
        number("l2", 0, 1e6, "1", "pulls weights to 0"));
    add(
        "naive_bayes",
        Task.CLASSES,
        "Classes by Bayes' rule with independent features.",
        (numeric, o) -> new NaiveBayes(numeric));
    add(
        "hoeffding_tree",
        Task.CLASSES,
        "A decision tree that grows with the rows.",
        (numeric, o) ->
            new HoeffdingTree(
                numeric,
                o.integer("grace", 200),
                o.number("delta", 1e-7),
                o.number("tie", 0.05),
                o.integer("max_leaves", 1000)),
        integer("grace", 1, 1_000_000, "200", "rows of a leaf between two looks at splits"),
        number("delta", 1e-15, 0.5, "1e-7", "probability of a split that chance made"),
        number("tie", 0, 1, "0.05", "features whose splits gain as much, to so many bits a row"),
        integer("max_leaves", 1, 100_000, "1000", "most leaves"));
    add(
        "kmeans",
        Task.CLUSTERS,
        "Clusters around moving centres; predict gives the cluster and the distance.",
        (numeric, o) ->
            new Clusters(
                numeric,
                o.integer("k", 8),
                o.number("half_life", 10_000),
                o.integer("max_categories", 100)),
        integer("k", 1, 1000, "8", "clusters"),
        number("half_life", 1, 1e15, "10000", "rows after which a row counts half"),
        categories());
  }

  private static Learner gradient(boolean[] numeric, Options o, boolean classes) {
    return new Gradient(
        numeric,
        classes,
        o.number("learning_rate", 0.05),
        o.number("l2", 1e-6),
        o.integer("max_categories", 10_000));
  }

  private void add(String name, Task task, String description, Factory factory, Option... options) {
    List<Option> all = new ArrayList<>(Arrays.asList(options));
    all.add(
        new Option(
            "on_retract",
            Kind.TEXT,
            0,
            0,
            List.of("count", "error"),
            "'count'",
            "what a row does that is taken back after it was learned"));
    algorithms.put(
        name, new Algorithm(new LearningSignature(name, task, all, description), factory));
  }

  private static Option number(
      String name, double minimum, double maximum, String fallback, String description) {
    return new Option(name, Kind.NUMBER, minimum, maximum, List.of(), fallback, description);
  }

  private static Option integer(
      String name, double minimum, double maximum, String fallback, String description) {
    return new Option(name, Kind.INTEGER, minimum, maximum, List.of(), fallback, description);
  }

  private static Option categories() {
    return integer(
        "max_categories",
        0,
        100_000,
        "100; 10000 with gradient descent",
        "categories of a column that are told apart; the others are one");
  }

  public List<LearningSignature> signatures() {
    return algorithms.values().stream().map(Algorithm::signature).toList();
  }

  /// A new learner of a model.
  Learner learner(ModelSpec spec) {
    Algorithm algorithm = algorithms.get(spec.algorithm());
    if (algorithm == null) {
      throw new IllegalArgumentException("algorithm " + spec.algorithm());
    }
    return algorithm.factory().create(ModelInput.numeric(spec), new Options(spec.options()));
  }
}
