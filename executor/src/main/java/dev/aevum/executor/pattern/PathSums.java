package dev.aevum.executor.pattern;

import java.util.Arrays;

/// What the [RunningAggregate]s are behind the path nodes at which the threads of one partition
/// stand. Kept for one round: those of the row before, from which the next ones follow. A node
/// knows its state by a number (0: none); numbers of one round follow each other, so one that is
/// older than the last round is known to be gone.
final class PathSums {
  static final int NONE = 0;

  /// Numbers begin anew behind it.
  private static final int LAST = 1 << 30;

  private final int width;
  private byte[] kept = new byte[0];
  private int keptFirst = 1;
  private int keptCount;
  private byte[] next = new byte[0];
  private int nextFirst = 1;
  private int nextCount;

  /// `width`: bytes a state.
  PathSums(int width) {
    this.width = width;
  }

  PathSums copy() {
    PathSums copy = new PathSums(width);
    copy.kept = Arrays.copyOf(kept, keptCount * width);
    copy.keptFirst = keptFirst;
    copy.keptCount = keptCount;
    copy.next = Arrays.copyOf(next, nextCount * width);
    copy.nextFirst = nextFirst;
    copy.nextCount = nextCount;
    return copy;
  }

  /// A new round: what was put in the last one is held, what was held is gone. True: nodes are to
  /// forget their numbers first, as these begin anew and nothing is held.
  boolean begin() {
    byte[] free = kept;
    kept = next;
    keptFirst = nextFirst;
    keptCount = nextCount;
    next = free;
    nextFirst = keptFirst + keptCount;
    nextCount = 0;
    if (nextFirst < LAST) {
      return false;
    }
    keptFirst = 1;
    keptCount = 0;
    nextFirst = 1;
    return true;
  }

  boolean holds(int number) {
    return number >= keptFirst && number - keptFirst < keptCount;
  }

  /// Copies the state that is held under `number`.
  void get(int number, byte[] to, int at) {
    System.arraycopy(kept, (number - keptFirst) * width, to, at, width);
  }

  /// A number for a state that [#put] brings.
  int add() {
    if ((nextCount + 1) * width > next.length) {
      next = Arrays.copyOf(next, Math.max((nextCount + 1) * width, next.length * 2));
    }
    return nextFirst + nextCount++;
  }

  void put(int number, byte[] from, int at) {
    System.arraycopy(from, at, next, (number - nextFirst) * width, width);
  }

  long sizeBytes() {
    return 64L + kept.length + next.length;
  }
}
