package dev.aevum.executor.learning;

import dev.aevum.model.codec.ByteSink;
import java.util.Arrays;

/// A linear model by stochastic gradient descent, a step length for each term that falls with the
/// gradients it has seen: `sgd` (squared error of the scaled target) and `logistic` (log loss of
/// two classes). Source: Duchi, Hazan, Singer 2011 (AdaGrad).
public final class Gradient implements Learner {
  private static final int MAX_TERMS = 100_000;
  private static final double MOST_ERROR = 10;

  private final boolean classes;
  private final double rate;
  private final double l2;
  private final Terms terms;
  private final Scaling scaling;
  private final Gaussian target = new Gaussian();
  private double[] weights;
  private double[] squares;

  /// @param classes two classes rather than a number
  public Gradient(boolean[] numeric, boolean classes, double rate, double l2, int maxCategories) {
    this.classes = classes;
    this.rate = rate;
    this.l2 = l2;
    this.terms = new Terms(numeric.clone(), maxCategories, MAX_TERMS);
    this.scaling = new Scaling(numeric.length);
    this.weights = new double[terms.count()];
    this.squares = new double[terms.count()];
  }

  static double sigmoid(double x) {
    return x >= 0 ? 1 / (1 + Math.exp(-x)) : Math.exp(x) / (1 + Math.exp(x));
  }

  @Override
  public void predict(Features row, int known, Prediction out) {
    terms.read(row, scaling);
    double score = terms.dot(weights);
    if (classes) {
      double[] p = out.reset(2);
      p[1] = sigmoid(score);
      p[0] = 1 - p[1];
    } else {
      out.value = target.mean + target.scale() * score;
    }
  }

  @Override
  public void learn(Features row, double y) {
    scaling.learn(row);
    terms.grow(row);
    int n = terms.count();
    if (n > weights.length) {
      weights = Arrays.copyOf(weights, Math.max(n, 2 * weights.length));
      squares = Arrays.copyOf(squares, weights.length);
    }
    terms.read(row, scaling);
    double score = terms.dot(weights);
    double error;
    if (classes) {
      error = sigmoid(score) - y;
    } else {
      target.add(y);
      error = score - (y - target.mean) / target.scale();
      error = Math.clamp(error, -MOST_ERROR, MOST_ERROR);
    }
    for (int i = 0; i < terms.size; i++) {
      int t = terms.terms[i];
      double g = error * terms.values[i] + (t == 0 ? 0 : l2 * weights[t]);
      squares[t] += g * g;
      if (squares[t] > 0) {
        weights[t] -= rate * step(squares[t]) * g;
      }
    }
  }

  /// The first rows do not take a step of full length for a tiny gradient.
  private static double step(double squares) {
    return 10 / Math.sqrt(1 + squares);
  }

  @Override
  public void encode(ByteSink out) {
    scaling.encode(out);
    target.encode(out);
    terms.encode(out);
    StateBytes.append(out, weights, terms.count());
    StateBytes.append(out, squares, terms.count());
  }

  @Override
  public void decode(StateReader in) {
    scaling.decode(in);
    target.decode(in);
    terms.decode(in);
    weights = in.readDoubles();
    squares = in.readDoubles();
  }
}
