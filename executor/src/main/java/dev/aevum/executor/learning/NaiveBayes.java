package dev.aevum.executor.learning;

import dev.aevum.model.codec.ByteSink;

/// Classes by Bayes' rule with independent features, numbers as normal distributions:
/// `naive_bayes`.
public final class NaiveBayes implements Learner {
  private final ClassCounts counts;

  public NaiveBayes(boolean[] numeric) {
    this.counts = new ClassCounts(numeric.clone());
  }

  @Override
  public void predict(Features row, int classes, Prediction out) {
    counts.bayes(row, classes, out);
  }

  @Override
  public void learn(Features row, double target) {
    counts.learn(row, (int) target);
  }

  @Override
  public void encode(ByteSink out) {
    counts.encode(out);
  }

  @Override
  public void decode(StateReader in) {
    counts.decode(in);
  }
}
