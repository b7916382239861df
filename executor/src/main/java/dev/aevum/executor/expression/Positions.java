package dev.aevum.executor.expression;

/// Lists of positions.
final class Positions {
  private Positions() {}

  static int[] identity(int count) {
    int[] positions = new int[count];
    for (int i = 0; i < count; i++) {
      positions[i] = i;
    }
    return positions;
  }

  /// Replaces each of the first `count` entries of `positions` by the entry of `outer` that it
  /// points to.
  static void translate(int[] outer, int[] positions, int count) {
    for (int i = 0; i < count; i++) {
      positions[i] = outer[positions[i]];
    }
  }
}
