package dev.aevum.executor.pattern;

import dev.aevum.planner.plan.MatchSpec.AfterMatch;
import java.util.Arrays;

/// Runs starts that are independent of each other (SKIP TO NEXT ROW) and whose future depends on
/// where their threads stand only: starts whose threads stand alike, in the same order of
/// preference, have the same future and are taken as one *group*. The number of groups is bounded
/// by the pattern, not by the rows. One thread.
///
/// Entries are the threads of groups, under the group's newest start, its *root*; they have no
/// path. What a start's way was is found out when it matches, by [Retracing]. The other starts of a
/// group lead to its root in [PartitionMatch#links]; a start knows the end of its latest candidate,
/// and candidates of a group are told to its root only. Starts settle in order.
final class SharedStarts {
  private static final int FEW = 8;

  private final Program program;
  private final MatchRules rules;
  private final Closure closure;
  private final Retracing retracing;
  private final int stride;

  /// Groups reached so far: where their entries begin and a hash of these.
  private int[] groupFrom = new int[16];

  private int[] groupHash = new int[16];
  private int groupCount;

  /// Groups by hash where there are more than a few: group + 1, or 0.
  private int[] table = new int[0];

  SharedStarts(Program program, MatchRules rules, Closure closure) {
    this.program = program;
    this.rules = rules;
    this.closure = closure;
    this.stride = Matcher.SLOTS + program.slots;
    this.retracing = new Retracing(program, closure);
  }

  static boolean isFor(MatchRules rules) {
    return rules.afterMatch() instanceof AfterMatch.ToNextRow
        && !rules.sequential()
        && !rules.looksAtPaths()
        && (!rules.isTimed() || rules.ascending());
  }

  // Taking rows.

  void addStart(PartitionMatch p, int position) {
    closure.beginPosition();
    closure.nextCount = 0;
    closure.beginStart();
    boolean done = closure.enter(p, position);
    int threads = closure.nextCount - (done ? 1 : 0);
    p.addLink(position, threads > 0, done);
    p.addEntries(closure.next, threads * stride, stride);
  }

  void take(PartitionMatch p, int row, MatchSink sink) {
    if (rules.isTimed()) {
      expire(p, row, sink);
    }
    long labels = p.labels[row];
    int[] entries = p.entries;
    int limit = p.entryCount * stride;
    int kept = 0;
    int start = -1;
    int keptStart = -1;
    for (int from = 0; from < limit; from += stride) {
      if (entries[from + Matcher.START] != start) {
        if (start != keptStart) {
          p.endGroup(start);
        }
        start = entries[from + Matcher.START];
      }
      if ((labels >>> program.a[entries[from + Matcher.PC]] & 1) == 0) {
        continue;
      }
      keptStart = start;
      if (kept != from) {
        System.arraycopy(entries, from, entries, kept, stride);
      }
      kept += stride;
    }
    if (start != keptStart) {
      p.endGroup(start);
    }
    p.entryCount = kept / stride;
    p.position++;
    if (program.hasEnd) {
      p.isOpen = true;
    } else {
      close(p, p.position, false);
    }
    settle(p, false, sink);
  }

  /// Moves the groups, which stand behind the LABELs that took the last row, to where they wait for
  /// the row at `position`, and makes one of those that have become alike.
  void close(PartitionMatch p, int position, boolean atEnd) {
    closure.nextCount = 0;
    closure.beginPosition();
    p.isOpen = false;
    groupCount = 0;
    int[] entries = p.entries;
    int limit = p.entryCount * stride;
    for (int at = 0; at < limit; ) {
      int start = entries[at + Matcher.START];
      int from = closure.nextCount;
      boolean isDone = false;
      closure.beginStart();
      for (; at < limit && entries[at + Matcher.START] == start; at += stride) {
        isDone =
            isDone
                || closure.leave(
                    p,
                    entries[at + Matcher.PC],
                    start,
                    Closure.NONE,
                    entries,
                    at + Matcher.SLOTS,
                    position,
                    atEnd);
      }
      if (isDone) {
        closure.nextCount--;
        p.complete(start, position);
      }
      if (closure.nextCount == from) {
        p.endGroup(start);
      } else {
        unite(p, start, from, position);
      }
    }
    p.setEntries(closure.next, closure.nextCount * stride, stride);
  }

  /// The group of `start` has the entries from number `from` on: adds it to one that is alike, if
  /// there is one. The newer root is the root of both.
  private void unite(PartitionMatch p, int start, int from, int position) {
    int hash = hash(from);
    int same = find(from, hash);
    if (same < 0) {
      add(from, hash);
      return;
    }
    int[] next = closure.next;
    int at = groupFrom[same] * stride;
    int end = at + (closure.nextCount - from) * stride;
    closure.nextCount = from;
    int other = next[at + Matcher.START];
    p.link(Math.min(start, other), Math.max(start, other), position);
    for (; other < start && at < end; at += stride) {
      next[at + Matcher.START] = start;
    }
  }

  private int hash(int from) {
    int h = closure.nextCount - from;
    for (int at = from * stride; at < closure.nextCount * stride; at += stride) {
      h = (h ^ closure.next[at]) * 0x9E3779B1;
      for (int i = at + Matcher.SLOTS; i < at + stride; i++) {
        h = (h ^ closure.next[i]) * 0x9E3779B1;
      }
      h ^= h >>> 15;
    }
    return h;
  }

  private int find(int from, int hash) {
    if (groupCount <= FEW) {
      for (int g = 0; g < groupCount; g++) {
        if (groupHash[g] == hash && isAlike(g, from)) {
          return g;
        }
      }
      return -1;
    }
    int mask = table.length - 1;
    for (int at = hash & mask; table[at] != 0; at = (at + 1) & mask) {
      int g = table[at] - 1;
      if (groupHash[g] == hash && isAlike(g, from)) {
        return g;
      }
    }
    return -1;
  }

  private boolean isAlike(int group, int from) {
    int to = group + 1 < groupCount ? groupFrom[group + 1] : from;
    int count = closure.nextCount - from;
    if (to - groupFrom[group] != count) {
      return false;
    }
    int[] next = closure.next;
    int a = groupFrom[group] * stride;
    int b = from * stride;
    for (int i = 0; i < count; i++, a += stride, b += stride) {
      if (next[a] != next[b]
          || stride > Matcher.SLOTS
              && !Arrays.equals(
                  next, a + Matcher.SLOTS, a + stride, next, b + Matcher.SLOTS, b + stride)) {
        return false;
      }
    }
    return true;
  }

  private void add(int from, int hash) {
    if (groupCount == groupFrom.length) {
      groupFrom = Arrays.copyOf(groupFrom, groupCount * 2);
      groupHash = Arrays.copyOf(groupHash, groupCount * 2);
    }
    groupFrom[groupCount] = from;
    groupHash[groupCount++] = hash;
    if (groupCount <= FEW) {
      return;
    }
    if (groupCount == FEW + 1 || groupCount * 2 > table.length) {
      if (groupCount * 4 > table.length) {
        table = new int[Math.max(64, Integer.highestOneBit(groupCount) * 8)];
      } else {
        Arrays.fill(table, 0);
      }
      for (int g = 0; g < groupCount; g++) {
        place(g);
      }
    } else {
      place(groupCount - 1);
    }
  }

  private void place(int group) {
    int mask = table.length - 1;
    int at = groupHash[group] & mask;
    while (table[at] != 0) {
      at = (at + 1) & mask;
    }
    table[at] = group + 1;
  }

  // Settling.

  /// Gives what has become of the oldest starts, as far as it is known. `ended`: the last row has
  /// been told that it is.
  void settle(PartitionMatch p, boolean ended, MatchSink sink) {
    retracing.begin();
    while (p.unsettled < p.position && !p.isAlive(p.unsettled)) {
      settleFirst(p, ended, sink);
    }
  }

  private void settleFirst(PartitionMatch p, boolean ended, MatchSink sink) {
    int start = p.unsettled;
    int end = p.endOf(start);
    if (end >= 0) {
      p.matchNumber++;
      boolean atEnd = ended && end == p.position;
      sink.match(p, start, end, retracing.match(p, start, end, atEnd), false);
      p.covered = Math.max(p.covered, end);
    } else if (rules.unmatched() && start >= p.covered) {
      sink.unmatched(p, start);
    }
    p.unsettled = start + 1;
  }

  private void expire(PartitionMatch p, int row, MatchSink sink) {
    while (p.unsettled < row && rules.isOver(p.times[p.unsettled], p.times[row])) {
      end(p, false, sink);
    }
  }

  /// Ends the first unsettled start: its threads are given up.
  private void end(PartitionMatch p, boolean ended, MatchSink sink) {
    int start = p.unsettled;
    retracing.begin();
    boolean waits = p.isAlive(start);
    if (waits && rules.timeouts() && p.endOf(start) < 0 && start < p.position) {
      p.matchNumber++;
      sink.match(p, start, p.position, retracing.preferred(p, start, p.position, ended), true);
      p.unsettled = start + 1;
    } else {
      settleFirst(p, ended, sink);
    }
    remove(p, start);
    settle(p, ended, sink);
  }

  /// Takes the oldest start out of its group.
  private void remove(PartitionMatch p, int start) {
    if (!p.isAlive(start) || p.root(start) != start) {
      return;
    }
    int kept = 0;
    int limit = p.entryCount * stride;
    for (int at = 0; at < limit; at += stride) {
      if (p.entries[at + Matcher.START] != start) {
        System.arraycopy(p.entries, at, p.entries, kept, stride);
        kept += stride;
      }
    }
    p.entryCount = kept / stride;
    p.endGroup(start);
  }

  void passTime(PartitionMatch p, long time, MatchSink sink) {
    settle(p, false, sink);
    while (p.unsettled < p.position && rules.isOver(p.times[p.unsettled], time)) {
      end(p, false, sink);
    }
  }

  void finish(PartitionMatch p, MatchSink sink) {
    if (p.isOpen) {
      close(p, p.position, true);
    }
    settle(p, true, sink);
    while (p.unsettled < p.position) {
      end(p, true, sink);
    }
  }

  void giveUp(PartitionMatch p, MatchSink sink) {
    int start = p.unsettled;
    if (rules.unmatched() && start >= p.covered) {
      sink.unmatched(p, start);
    }
    p.unsettled = start + 1;
    remove(p, start);
    settle(p, false, sink);
  }
}
