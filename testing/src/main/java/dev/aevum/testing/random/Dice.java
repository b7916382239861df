package dev.aevum.testing.random;

import java.util.List;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;

/// Choices from one seed. Not thread-safe.
public final class Dice {
  private final long seed;
  private final SplittableRandom random;

  public Dice(long seed) {
    this.seed = seed;
    this.random = new SplittableRandom(seed);
  }

  public RandomGenerator random() {
    return random;
  }

  /// True in `percent` of 100 throws.
  public boolean chance(int percent) {
    return random.nextInt(100) < percent;
  }

  /// 0 to `bound - 1`.
  public int below(int bound) {
    return random.nextInt(bound);
  }

  public int between(int low, int high) {
    return random.nextInt(low, high + 1);
  }

  public <T> T pick(List<T> choices) {
    return choices.get(random.nextInt(choices.size()));
  }

  /// The choice that is this seed's turn: seeds in a row take all of them equally often.
  public <T> T turn(List<T> choices) {
    return choices.get(Math.floorMod(seed, choices.size()));
  }

  /// The choice whose turn it is for `every` seeds in a row: each of those seeds' turns meets it.
  public <T> T turn(List<T> choices, long every) {
    return choices.get((int) Math.floorMod(Math.floorDiv(seed, every), (long) choices.size()));
  }

  public long seed() {
    return seed;
  }

  /// Index into `weights`, by weight.
  public int weighted(int... weights) {
    int total = 0;
    for (int weight : weights) {
      total += weight;
    }
    int at = random.nextInt(total);
    for (int i = 0; i < weights.length; i++) {
      at -= weights[i];
      if (at < 0) {
        return i;
      }
    }
    throw new IllegalStateException("weights");
  }
}
