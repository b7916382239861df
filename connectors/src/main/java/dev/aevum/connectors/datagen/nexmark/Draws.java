package dev.aevum.connectors.datagen.nexmark;

/// The generator's random numbers (SplitMix64). The `k`-th draw of an event is a function of its
/// start and `k` alone, so columns that nobody needs cost nothing.
public final class Draws {
  static final long GAMMA = 0x9E3779B97F4A7C15L;

  private Draws() {}

  public static long mix(long value) {
    long z = value;
    z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
    z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
    return z ^ (z >>> 31);
  }

  /// Draw number `k` (from 1) of the sequence that starts at `start`.
  public static long draw(long start, int k) {
    return mix(start + k * GAMMA);
  }

  /// A draw brought to 0 .. `bound` - 1, for bounds under 2^31.
  public static long below(long draw, long bound) {
    return ((draw >>> 32) * bound) >>> 32;
  }
}
