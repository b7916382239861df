package dev.aevum.executor.pattern;

import java.util.Arrays;

/// What to evaluate: a frame and the current row in it (by its index in the match; -1: there is
/// none).
final class FrameRows {
  private int[] frames = new int[64];
  private int[] currents = new int[64];
  private int count;

  void clear() {
    count = 0;
  }

  void add(int frame, int current) {
    if (count == frames.length) {
      frames = Arrays.copyOf(frames, count * 2);
      currents = Arrays.copyOf(currents, count * 2);
    }
    frames[count] = frame;
    currents[count++] = current;
  }

  int count() {
    return count;
  }

  int frame(int i) {
    return frames[i];
  }

  int current(int i) {
    return currents[i];
  }
}
