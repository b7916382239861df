package dev.aevum.executor.learning;

import dev.aevum.model.codec.ByteSink;
import java.util.Arrays;

/// Features as terms of a linear model: term 0 is the constant 1; a number has a term of its own; a
/// missing number, and each category of a column up to a bound, a term of value 1 that is made when
/// it is first learned. A category that has no term adds nothing: it is "other".
final class Terms {
  private static final int MISSING_NUMBER = -1;

  private final boolean[] numeric;
  private final int maxCategories;
  private final int maxTerms;
  private final int[] numberTerm;
  private final int[] missingTerm;
  private final Numbering[] categories;
  private int[][] categoryTerm;
  private int count = 1;

  /// The row of the last [#read]: `terms[i]` has `values[i]`, i below `size`.
  int[] terms;

  double[] values;
  int size;

  Terms(boolean[] numeric, int maxCategories, int maxTerms) {
    this.numeric = numeric;
    this.maxCategories = maxCategories;
    this.maxTerms = maxTerms;
    this.numberTerm = new int[numeric.length];
    this.missingTerm = new int[numeric.length];
    this.categories = new Numbering[numeric.length];
    this.categoryTerm = new int[numeric.length][0];
    this.terms = new int[numeric.length + 1];
    this.values = new double[numeric.length + 1];
    Arrays.fill(missingTerm, MISSING_NUMBER);
    for (int f = 0; f < numeric.length; f++) {
      categories[f] = new Numbering();
      if (numeric[f]) {
        numberTerm[f] = count++;
      }
    }
  }

  int count() {
    return count;
  }

  /// The term of a numeric feature.
  int ofNumber(int feature) {
    return numberTerm[feature];
  }

  /// The term that says that the number is missing, or -1.
  int ofMissing(int feature) {
    return missingTerm[feature];
  }

  /// Makes the terms that the row needs and that have place.
  void grow(Features row) {
    for (int f = 0; f < numeric.length; f++) {
      if (numeric[f]) {
        if (Double.isNaN(row.numbers[f]) && missingTerm[f] < 0 && count < maxTerms) {
          missingTerm[f] = count++;
        }
      } else if (categories[f].size() < maxCategories
          && count < maxTerms
          && categories[f].find(row.categories[f]) < 0) {
        give(f, categories[f].add(row.categories[f]), count++);
      }
    }
  }

  private void give(int feature, int category, int term) {
    if (category == categoryTerm[feature].length) {
      categoryTerm[feature] = Arrays.copyOf(categoryTerm[feature], Math.max(4, 2 * category));
    }
    categoryTerm[feature][category] = term;
  }

  /// Sets [#terms] and [#values]; numbers as they are scaled.
  void read(Features row, Scaling scaling) {
    terms[0] = 0;
    values[0] = 1;
    size = 1;
    for (int f = 0; f < numeric.length; f++) {
      if (!numeric[f]) {
        int category = categories[f].find(row.categories[f]);
        if (category >= 0) {
          put(categoryTerm[f][category], 1);
        }
      } else if (Double.isNaN(row.numbers[f])) {
        if (missingTerm[f] >= 0) {
          put(missingTerm[f], 1);
        }
      } else {
        put(numberTerm[f], scaling.scaled(f, row.numbers[f]));
      }
    }
  }

  private void put(int term, double value) {
    terms[size] = term;
    values[size++] = value;
  }

  double dot(double[] weights) {
    double sum = 0;
    for (int i = 0; i < size; i++) {
      sum += weights[terms[i]] * values[i];
    }
    return sum;
  }

  void encode(ByteSink out) {
    out.appendInt(count);
    for (int f = 0; f < numeric.length; f++) {
      out.appendInt(missingTerm[f]);
      categories[f].encode(out);
      for (int c = 0; c < categories[f].size(); c++) {
        out.appendInt(categoryTerm[f][c]);
      }
    }
  }

  void decode(StateReader in) {
    count = in.readInt();
    for (int f = 0; f < numeric.length; f++) {
      missingTerm[f] = in.readInt();
      categories[f].decode(in);
      for (int c = 0; c < categories[f].size(); c++) {
        give(f, c, in.readInt());
      }
    }
  }
}
