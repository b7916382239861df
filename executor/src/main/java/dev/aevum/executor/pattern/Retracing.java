package dev.aevum.executor.pattern;

import java.util.Arrays;

/// Finds the way of one start again over rows whose labels are known. One thread.
///
/// *Lists* are the threads that wait for a row, in order of preference, each with the thread of the
/// list before from which it comes. Where the lists of two starts are equal at a row, and they end
/// at one place, their ways are the same from there on: the lists of the first start of a round are
/// kept for the ones behind it.
final class Retracing {
  private static final int PC = 0;
  private static final int PARENT = 1;
  private static final int SLOTS = 2;

  private static final class Lists {
    /// By row: where its list begins; threads.
    int[] from = new int[64];

    int[] threads = new int[256];
    int start;
    int end;

    int count(int index) {
      return from[index + 1] - from[index];
    }
  }

  private final Program program;
  private final Closure closure;
  private final int width;
  private final int stride;
  private Lists kept = new Lists();
  private Lists current = new Lists();
  private boolean hasKept;

  /// Of the kept start: the LABEL that takes each row, and where its thread is in the row's list.
  private int[] keptPath = new int[64];

  private int[] keptChoice = new int[64];
  private int[] path = new int[64];
  private int[] choice = new int[64];

  Retracing(Program program, Closure closure) {
    this.program = program;
    this.closure = closure;
    this.stride = Matcher.SLOTS + program.slots;
    this.width = SLOTS + program.slots;
  }

  /// Rows may have moved since.
  void begin() {
    hasKept = false;
  }

  /// The LABELs by which `start` takes the rows before `end`, where it is complete; `atEnd`: the
  /// partition ends there. Valid until the next call.
  int[] match(PartitionMatch p, int start, int end, boolean atEnd) {
    ensure(end - start);
    if (end == start) {
      return path;
    }
    boolean compares = hasKept && kept.end == end && kept.start < start;
    if (trace(p, start, end, atEnd, compares)) {
      return path;
    }
    if (compares) {
      return path;
    }
    Lists lists = kept;
    kept = current;
    current = lists;
    int[] ways = keptPath;
    keptPath = path;
    path = ways;
    int[] choices = keptChoice;
    keptChoice = choice;
    choice = choices;
    hasKept = true;
    return keptPath;
  }

  /// The LABELs by which the most preferred thread of `start` has taken the rows before `end`.
  int[] preferred(PartitionMatch p, int start, int end, boolean atEnd) {
    ensure(end - start);
    begin(p, start, end);
    for (int i = 0; i < end - start; i++) {
      advance(p, start, i, atEnd && i == end - start - 1);
    }
    choose(end - start, current.from[end - start] / width);
    return path;
  }

  private void ensure(int length) {
    if (path.length < length) {
      int larger = Math.max(length, path.length * 2);
      path = new int[larger];
      choice = new int[larger];
    }
    if (current.from.length < length + 2) {
      current.from = Arrays.copyOf(current.from, Math.max(length + 2, current.from.length * 2));
    }
  }

  private void begin(PartitionMatch p, int start, int end) {
    current.start = start;
    current.end = end;
    current.from[0] = 0;
    closure.beginPosition();
    closure.nextCount = 0;
    closure.beginStart();
    boolean done = closure.enter(p, start);
    keep(0, done);
  }

  /// True: the way has met that of the kept start, and is complete.
  private boolean trace(PartitionMatch p, int start, int end, boolean atEnd, boolean compares) {
    begin(p, start, end);
    int length = end - start;
    int chosen = -1;
    for (int i = 0; i < length; i++) {
      if (compares && isMet(start, i)) {
        int at = start + i - kept.start;
        System.arraycopy(keptPath, at, path, i, length - i);
        choose(i, current.from[i] / width + keptChoice[at]);
        return true;
      }
      chosen = advance(p, start, i, atEnd && i == length - 1);
    }
    if (chosen < 0) {
      throw new IllegalStateException("a match that is not found again");
    }
    take(length - 1, chosen);
    return false;
  }

  /// The lists that wait for row `index` of the current start are equal.
  private boolean isMet(int start, int index) {
    int other = start + index - kept.start;
    int count = current.count(index);
    if (kept.count(other) != count) {
      return false;
    }
    int a = current.from[index];
    int b = kept.from[other];
    for (int end = a + count; a < end; a += width, b += width) {
      if (current.threads[a] != kept.threads[b]
          || width > SLOTS
              && !Arrays.equals(
                  current.threads, a + SLOTS, a + width, kept.threads, b + SLOTS, b + width)) {
        return false;
      }
    }
    return true;
  }

  /// Takes row `index` of the start; returns the thread (by its place among all) that is complete
  /// behind it, -1 if there is none.
  private int advance(PartitionMatch p, int start, int index, boolean atEnd) {
    long labels = p.labels[start + index];
    int[] threads = current.threads;
    closure.beginPosition();
    closure.nextCount = 0;
    closure.beginStart();
    int complete = -1;
    for (int at = current.from[index]; at < current.from[index + 1] && complete < 0; at += width) {
      int pc = threads[at + PC];
      if ((labels >>> program.a[pc] & 1) == 0) {
        continue;
      }
      if (closure.leave(p, pc, start, at / width, threads, at + SLOTS, start + index + 1, atEnd)) {
        complete = at / width;
      }
    }
    keep(index + 1, complete >= 0);
    return complete;
  }

  /// Keeps what was reached as list `index`, but for the candidate.
  private void keep(int index, boolean done) {
    int count = closure.nextCount - (done ? 1 : 0);
    int to = current.from[index];
    if (to + count * width > current.threads.length) {
      current.threads =
          Arrays.copyOf(current.threads, Math.max(to + count * width, current.threads.length * 2));
    }
    for (int e = 0, at = 0; e < count; e++, at += stride, to += width) {
      current.threads[to + PC] = closure.next[at + Matcher.PC];
      current.threads[to + PARENT] = closure.next[at + Matcher.NODE];
      for (int s = 0; s < program.slots; s++) {
        current.threads[to + SLOTS + s] = closure.next[at + Matcher.SLOTS + s];
      }
    }
    current.from[index + 1] = to;
  }

  /// Thread `thread` waits for row `index`: takes the rows before.
  private void choose(int index, int thread) {
    if (index > 0) {
      take(index - 1, current.threads[thread * width + PARENT]);
    }
  }

  /// Thread `thread` (by its place among all) takes row `index`, the ones it comes from those
  /// before.
  private void take(int index, int thread) {
    int t = thread;
    for (int i = index; i >= 0; i--) {
      path[i] = current.threads[t * width + PC];
      choice[i] = t - current.from[i] / width;
      t = current.threads[t * width + PARENT];
    }
  }
}
