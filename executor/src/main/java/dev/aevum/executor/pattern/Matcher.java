package dev.aevum.executor.pattern;

import dev.aevum.planner.plan.MatchSpec.AfterMatch;
import org.jspecify.annotations.Nullable;

/// Runs a [Program] over partitions. One thread; all of a partition's state is in its
/// [PartitionMatch].
///
/// **Entries** of a partition are ordered by start, then by preference. A *thread* stands at a
/// LABEL; a *candidate* is a match that holds if no more preferred thread of its start completes:
/// nothing of its start comes after it. A start has settled when its first entry is a candidate, or
/// when it has no entries; starts settle in order.
///
/// **Pruning.** Two threads at one LABEL with equal slots have the same future, so the preferred
/// one is kept (equal registers too, where conditions over the path are ahead); with SKIP PAST LAST
/// ROW and no time limit also across starts (a later start whose thread is dropped fails or is
/// covered exactly when the kept one completes). Threads whose future depends on the path
/// (conditions over it) are kept apart. A candidate of start s that ends at i removes the less
/// preferred of s and, with SKIP PAST LAST ROW, every start between s and i.
final class Matcher {
  /// Entry layout: LABEL instruction or a kind of candidate, start, path node, end of a candidate,
  /// then the slots.
  static final int PC = 0;

  static final int START = 1;
  static final int NODE = 2;
  static final int END = 3;
  static final int SLOTS = 4;

  static final int CANDIDATE = -1;
  static final int TIMED_OUT = -2;

  private static final boolean[] NO_VERDICTS = new boolean[0];
  private static final int NONE = Closure.NONE;

  /// Threads of one partition; more come to be only where conditions over paths keep them apart.
  private static final int MAX_THREADS = 1 << 17;

  private final Program program;
  private final MatchRules rules;
  private final boolean pastLast;
  private final boolean acrossStarts;
  private final int stride;

  private final PathRegisters registers;

  /// Per variable: the registers that it may set.
  private final int[] touched;

  private final Closure closure;

  /// Where starts are independent of each other and of paths, those alike are taken as one.
  private final @Nullable SharedStarts shared;

  /// LABEL instructions of a match, by row.
  private int[] path = new int[64];

  Matcher(Program program, MatchRules rules) {
    this.program = program;
    this.rules = rules;
    this.pastLast = rules.afterMatch() instanceof AfterMatch.PastLastRow;
    this.acrossStarts = pastLast && !rules.isTimed();
    this.stride = SLOTS + program.slots;
    this.registers = rules.registers();
    this.touched = new int[rules.pathConditions().length];
    for (int v = 0; v < touched.length; v++) {
      touched[v] = registers.touchedBy(v);
    }
    this.closure = new Closure(program, rules, acrossStarts);
    this.shared = SharedStarts.isFor(rules) ? new SharedStarts(program, rules, closure) : null;
  }

  /// Variables with which a match may begin, as bits; all where a row must be seen even if no start
  /// is open and it begins none.
  long beginning() {
    return rules.unmatched() ? -1L : closure.beginning();
  }

  int stride() {
    return stride;
  }

  Program program() {
    return program;
  }

  MatchRules rules() {
    return rules;
  }

  // Taking rows.

  /// Takes all labelled rows. For patterns without conditions over paths.
  void run(PartitionMatch p, MatchSink sink) {
    while (p.position < p.labelled) {
      if (prepare(p, sink)) {
        take(p, NO_VERDICTS, 0, sink);
      }
    }
  }

  /// Before row `p.position`, which is labelled, is taken. False: look again, the position moved.
  boolean prepare(PartitionMatch p, MatchSink sink) {
    int position = p.position;
    if (p.isOpen) {
      close(p, position, false);
      settle(p, sink);
      if (p.position != position) {
        return false;
      }
    }
    if (shared != null) {
      shared.addStart(p, position);
    } else if (!rules.sequential() || p.entryCount == 0) {
      addStart(p, position);
    }
    return true;
  }

  /// Whether thread `entry` waits for a verdict on the row at `p.position`.
  boolean isAsking(PartitionMatch p, int entry) {
    int at = entry * stride;
    int pc = p.entries[at + PC];
    return pc >= 0
        && rules.pathConditions()[program.variable(pc)]
        && (p.labels[p.position] >>> program.variable(pc) & 1) != 0
        && !isExpired(p, p.entries[at + START], p.position);
  }

  private boolean isExpired(PartitionMatch p, int start, int row) {
    return rules.isTimed() && rules.isOver(p.times[start], p.times[row]);
  }

  /// Takes the row at `p.position`; `verdicts` from `at` on: one for each thread that [#isAsking],
  /// in order.
  void take(PartitionMatch p, boolean[] verdicts, int at, MatchSink sink) {
    int row = p.position;
    if (shared != null) {
      shared.take(p, row, sink);
      return;
    }
    if (rules.isTimed()) {
      expire(p, row);
    }
    long labels = p.labels[row];
    int kept = 0;
    int verdict = at;
    int[] entries = p.entries;
    for (int e = 0, from = 0; e < p.entryCount; e++, from += stride) {
      int pc = entries[from + PC];
      if (pc >= 0) {
        int variable = program.a[pc];
        if ((labels >>> variable & 1) == 0) {
          continue;
        }
        if (rules.pathConditions()[variable] && !verdicts[verdict++]) {
          continue;
        }
        entries[from + NODE] =
            p.addNode(entries[from + NODE], pc, registers, touched[variable], row);
      }
      if (kept != from) {
        System.arraycopy(entries, from, entries, kept, stride);
      }
      kept += stride;
    }
    p.entryCount = kept / stride;
    p.position++;
    if (program.hasEnd) {
      p.isOpen = true;
    } else {
      close(p, p.position, false);
    }
    while (p.entryCount > MAX_THREADS && rules.looksAtPaths()) {
      sink.tooManyThreads(p, p.entries[START]);
      giveUp(p, sink);
    }
    settle(p, sink);
  }

  /// The partition ends with its last labelled row, which is taken. False: the position moved back,
  /// rows are to be taken again, then this be called again.
  boolean finish(PartitionMatch p, MatchSink sink) {
    if (shared != null) {
      shared.finish(p, sink);
      return true;
    }
    if (p.isOpen) {
      close(p, p.position, true);
      settle(p, sink);
      if (p.position < p.labelled) {
        return false;
      }
    }
    drop(p, Long.MAX_VALUE, true);
    settle(p, sink);
    return p.position == p.labelled;
  }

  /// No row before `time` follows: starts that are past their time limit end. Those of patterns
  /// with `$` wait for the next row: it tells whether the last one was the partition's last. A row
  /// that is there but not labelled (a condition waits for the rows behind it) may still be theirs.
  void passTime(PartitionMatch p, long time, MatchSink sink) {
    if (p.isOpen) {
      return;
    }
    long passed = p.labelled < p.size ? Math.min(time, p.times[p.labelled]) : time;
    if (shared != null) {
      shared.passTime(p, passed, sink);
      return;
    }
    drop(p, passed, false);
    settle(p, sink);
  }

  private void expire(PartitionMatch p, int row) {
    if (p.entryCount > 0 && isExpired(p, p.entries[START], row)) {
      drop(p, p.times[row], false);
    }
  }

  /// Threads of starts older than `time` - WITHIN end, or all (`ended`); of a start without a
  /// candidate the most preferred leaves its way as a timeout, if these are asked for.
  private void drop(PartitionMatch p, long time, boolean ended) {
    int[] entries = p.entries;
    int kept = 0;
    int limit = p.entryCount * stride;
    for (int at = 0; at < limit; ) {
      int start = entries[at + START];
      int end = at;
      while (end < limit && entries[end + START] == start) {
        end += stride;
      }
      boolean over = ended || rules.isOver(p.times[start], time);
      int keepFrom = at;
      int keepTo = end;
      if (over) {
        keepFrom = entries[end - stride + PC] < 0 ? end - stride : end;
        if (keepFrom == end && rules.timeouts() && entries[at + NODE] != NONE) {
          entries[at + PC] = TIMED_OUT;
          entries[at + END] = p.position;
          keepFrom = at;
          keepTo = at + stride;
        }
      }
      System.arraycopy(entries, keepFrom, entries, kept, keepTo - keepFrom);
      kept += keepTo - keepFrom;
      at = end;
    }
    p.entryCount = kept / stride;
  }

  /// Gives the first unsettled start up: it fails. Rows may have to be taken again.
  void giveUp(PartitionMatch p, MatchSink sink) {
    if (shared != null) {
      shared.giveUp(p, sink);
      return;
    }
    fail(p, p.entryCount > 0 ? p.entries[START] : p.unsettled, sink);
    int start = p.unsettled;
    if (acrossStarts || rules.sequential()) {
      // Threads of later starts may have been left out for those of this one.
      fail(p, start + 1, sink);
      restart(p);
      return;
    }
    int from = 0;
    while (from < p.entryCount * stride && p.entries[from + START] == start) {
      from += stride;
    }
    System.arraycopy(p.entries, from, p.entries, 0, p.entryCount * stride - from);
    p.entryCount -= from / stride;
    settle(p, sink);
  }

  // Settling.

  private void settle(PartitionMatch p, MatchSink sink) {
    if (shared != null) {
      shared.settle(p, false, sink);
      return;
    }
    int taken = 0;
    int limit = p.entryCount * stride;
    while (taken < limit && p.entries[taken + PC] < 0) {
      int start = p.entries[taken + START];
      int end = p.entries[taken + END];
      int node = p.entries[taken + NODE];
      boolean timedOut = p.entries[taken + PC] == TIMED_OUT;
      fail(p, start, sink);
      p.matchNumber++;
      sink.match(p, start, end, path(p, node, end - start), timedOut);
      p.unsettled = timedOut ? start + 1 : next(p, start, end, node, sink);
      if (!timedOut) {
        p.covered = Math.max(p.covered, end);
      }
      taken += stride;
      if (rules.sequential()) {
        restart(p);
        return;
      }
    }
    if (taken > 0) {
      System.arraycopy(p.entries, taken, p.entries, 0, limit - taken);
      p.entryCount = (limit - taken) / stride;
    }
    if (p.entryCount > 0) {
      fail(p, p.entries[START], sink);
    } else if (rules.sequential()) {
      if (p.unsettled < p.position) {
        fail(p, p.unsettled + 1, sink);
        restart(p);
      }
    } else {
      fail(p, p.position, sink);
    }
    p.collectNodes(stride);
  }

  private int[] path(PartitionMatch p, int node, int length) {
    if (path.length < length) {
      path = new int[Math.max(length, path.length * 2)];
    }
    int at = length;
    for (int n = node; n >= 0; n = p.parent(n)) {
      path[--at] = p.labelOf(n);
    }
    if (at != 0) {
      throw new IllegalStateException("path of another length than its match");
    }
    return path;
  }

  private void restart(PartitionMatch p) {
    p.entryCount = 0;
    p.nodeCount = 0;
    p.position = p.unsettled;
    p.isOpen = false;
  }

  /// The starts up to `start` (exclusive) that are not settled have failed.
  private void fail(PartitionMatch p, int start, MatchSink sink) {
    if (rules.unmatched()) {
      for (int row = Math.max(p.unsettled, p.covered); row < start; row++) {
        sink.unmatched(p, row);
      }
    }
    p.unsettled = Math.max(p.unsettled, start);
  }

  /// Where matching goes on after a match.
  private int next(PartitionMatch p, int start, int end, int node, MatchSink sink) {
    if (end == start) {
      return start + 1;
    }
    return switch (rules.afterMatch()) {
      case AfterMatch.PastLastRow past -> end;
      case AfterMatch.ToNextRow next -> start + 1;
      case AfterMatch.ToVariable to -> {
        int found = NONE;
        int row = end - 1;
        for (int n = node; n >= 0; n = p.parent(n), row--) {
          boolean is = to.variables().contains(program.variable(p.labelOf(n)));
          if (is && (found == NONE || !to.last())) {
            found = row;
          }
        }
        if (found == NONE || found == start) {
          sink.cannotSkip(p, start, found == start);
          yield start + 1;
        }
        yield found;
      }
    };
  }

  // Following instructions.

  private void addStart(PartitionMatch p, int position) {
    closure.beginPosition();
    if (acrossStarts) {
      for (int e = 0, at = 0; e < p.entryCount; e++, at += stride) {
        if (p.entries[at + PC] >= 0) {
          closure.isNew(
              p,
              p.entries[at + PC],
              p.entries[at + START],
              p.entries[at + NODE],
              p.entries,
              at + SLOTS);
        }
      }
    }
    closure.nextCount = 0;
    closure.beginStart();
    closure.enter(p, position);
    p.addEntries(closure.next, closure.nextCount * stride, stride);
  }

  /// Moves the entries, which stand behind the LABEL that took the last row, to where they wait for
  /// the row at `position`.
  private void close(PartitionMatch p, int position, boolean atEnd) {
    if (shared != null) {
      shared.close(p, position, atEnd);
      return;
    }
    closure.nextCount = 0;
    closure.beginPosition();
    p.isOpen = false;
    int start = NONE;
    boolean isDone = false;
    int[] entries = p.entries;
    int limit = p.entryCount * stride;
    for (int at = 0; at < limit; at += stride) {
      int pc = entries[at + PC];
      int node = entries[at + NODE];
      if (entries[at + START] != start) {
        start = entries[at + START];
        isDone = false;
        closure.beginStart();
      }
      if (isDone) {
        continue;
      }
      if (pc < 0) {
        closure.addNext(pc, start, node, entries[at + END], entries, at + SLOTS);
        isDone = true;
        continue;
      }
      isDone = closure.leave(p, pc, start, node, entries, at + SLOTS, position, atEnd);
      if (isDone && pastLast) {
        break;
      }
    }
    p.setEntries(closure.next, closure.nextCount * stride, stride);
  }
}
