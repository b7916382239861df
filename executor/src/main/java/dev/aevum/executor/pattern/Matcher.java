package dev.aevum.executor.pattern;

import dev.aevum.planner.plan.MatchSpec.AfterMatch;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

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
  private static final int NONE = -1;

  /// Threads of one partition; more come to be only where conditions over paths keep them apart.
  private static final int MAX_THREADS = 1 << 17;

  private final Program program;
  private final MatchRules rules;
  private final boolean pastLast;
  private final boolean acrossStarts;
  private final int slots;
  private final int stride;

  private final PathRegisters registers;

  /// Per instruction: a condition over the path is ahead; one that looks at more than registers.
  private final boolean[] pathAhead;

  private final boolean[] opaqueAhead;

  /// Per instruction: the registers that conditions ahead read as they are now.
  private final int[] live;

  /// Per variable: the registers that it may set.
  private final int[] touched;

  /// For fixed programs: LABELs (and at most one DONE, last) reached from the instruction behind
  /// each LABEL, and from the first.
  private final int[][] following;

  private final int[] first;

  private int[] next = new int[64];
  private int nextCount;
  private final int[] seen;
  private int seenStamp;
  private final TupleSet seenTuples;
  private final TupleSet visited;
  private final int[] tuple;
  private int[] stack = new int[64];
  private final int[] frame;
  private final int[] noSlots;

  Matcher(Program program, MatchRules rules) {
    this.program = program;
    this.rules = rules;
    this.pastLast = rules.afterMatch() instanceof AfterMatch.PastLastRow;
    this.acrossStarts = pastLast && !rules.isTimed();
    this.slots = program.slots;
    this.stride = SLOTS + slots;
    this.seen = new int[program.size()];
    this.registers = rules.registers();
    this.seenTuples = new TupleSet(3 + slots + registers.count());
    this.visited = new TupleSet(2 + slots);
    this.tuple = new int[3 + slots + registers.count()];
    this.frame = new int[2 + slots];
    this.noSlots = new int[slots];
    this.pathAhead = ahead(rules.pathConditions());
    this.opaqueAhead = ahead(registers.opaque());
    this.touched = new int[rules.pathConditions().length];
    for (int v = 0; v < touched.length; v++) {
      touched[v] = registers.touchedBy(v);
    }
    this.live = live();
    this.following = new int[program.size()][];
    this.first = program.fixed ? reached(0) : new int[0];
    if (program.fixed) {
      for (int pc = 0; pc < program.size(); pc++) {
        if (program.op[pc] == Program.LABEL) {
          following[pc] = reached(pc + 1);
        }
      }
    }
  }

  /// Variables with which a match may begin, as bits; all where a row must be seen even if no start
  /// is open and it begins none.
  long beginning() {
    if (!program.fixed || rules.unmatched()) {
      return -1L;
    }
    long variables = 0;
    for (int pc : first) {
      if (pc < 0) {
        return -1L;
      }
      variables |= 1L << program.variable(pc);
    }
    return variables;
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

  private int[] live() {
    int[] registersAt = new int[program.size()];
    boolean changed = true;
    while (changed) {
      changed = false;
      for (int pc = program.size() - 1; pc >= 0; pc--) {
        int now = 0;
        for (int to : successors(pc)) {
          now |= registersAt[to];
        }
        if (program.op[pc] == Program.LABEL) {
          int variable = program.variable(pc);
          now &= ~registers.overwrittenBy(variable);
          now |= registers.reads()[variable];
        }
        changed |= now != registersAt[pc];
        registersAt[pc] = now;
      }
    }
    return registersAt;
  }

  /// Per instruction: a LABEL of a variable in `variables` is ahead.
  private boolean[] ahead(boolean[] variables) {
    boolean[] ahead = new boolean[program.size()];
    boolean changed = true;
    while (changed) {
      changed = false;
      for (int pc = program.size() - 1; pc >= 0; pc--) {
        boolean now = program.op[pc] == Program.LABEL && variables[program.variable(pc)];
        for (int to : successors(pc)) {
          now |= ahead[to];
        }
        changed |= now != ahead[pc];
        ahead[pc] = now;
      }
    }
    return ahead;
  }

  private int[] successors(int pc) {
    return switch (program.op[pc]) {
      case Program.SPLIT -> new int[] {program.a[pc], program.b[pc]};
      case Program.JUMP -> new int[] {program.a[pc]};
      case Program.CHECK -> new int[] {pc + 1, program.b[pc]};
      case Program.COUNT -> {
        Program.CountedLoop loop = program.loops.get(program.a[pc]);
        yield new int[] {loop.body(), loop.exit()};
      }
      case Program.COUNT_CHECK -> new int[] {pc + 1, program.loops.get(program.b[pc]).exit()};
      case Program.PERMUTE -> {
        Program.Permutation p = program.permutations.get(program.a[pc]);
        int[] all = new int[p.parts().size() + 1];
        for (int i = 0; i < p.parts().size(); i++) {
          all[i] = p.parts().get(i);
        }
        all[p.parts().size()] = p.exit();
        yield all;
      }
      case Program.DONE -> new int[0];
      default -> new int[] {pc + 1};
    };
  }

  private int[] reached(int pc) {
    List<Integer> found = new ArrayList<>();
    nextCount = 0;
    beginPosition();
    beginStart();
    PartitionMatch none = new PartitionMatch(new byte[0], 0);
    boolean done = follow(none, pc, 0, NONE, noSlots, 0, 0, false);
    for (int e = 0; e < nextCount; e++) {
      found.add(next[e * stride + PC]);
    }
    if (done != found.contains(CANDIDATE)) {
      throw new IllegalStateException("instructions from " + pc);
    }
    return found.stream().mapToInt(Integer::intValue).toArray();
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
    if (!rules.sequential() || p.entryCount == 0) {
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
    return rules.isTimed() && p.times[row] - p.times[start] > rules.withinMicros();
  }

  /// Takes the row at `p.position`; `verdicts` from `at` on: one for each thread that [#isAsking],
  /// in order.
  void take(PartitionMatch p, boolean[] verdicts, int at, MatchSink sink) {
    int row = p.position;
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
    if (p.isOpen) {
      close(p, p.position, true);
      settle(p, sink);
      if (p.position < p.labelled) {
        return false;
      }
    }
    drop(p, Long.MAX_VALUE);
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
    drop(p, p.labelled < p.size ? Math.min(time, p.times[p.labelled]) : time);
    settle(p, sink);
  }

  private void expire(PartitionMatch p, int row) {
    if (p.entryCount > 0 && isExpired(p, p.entries[START], row)) {
      drop(p, p.times[row]);
    }
  }

  /// Threads of starts older than `time` - WITHIN end; of a start without a candidate the most
  /// preferred leaves its way as a timeout, if these are asked for.
  private void drop(PartitionMatch p, long time) {
    int[] entries = p.entries;
    int kept = 0;
    int limit = p.entryCount * stride;
    for (int at = 0; at < limit; ) {
      int start = entries[at + START];
      int end = at;
      while (end < limit && entries[end + START] == start) {
        end += stride;
      }
      boolean over =
          time == Long.MAX_VALUE || rules.isTimed() && p.times[start] + rules.withinMicros() < time;
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
    int taken = 0;
    int limit = p.entryCount * stride;
    while (taken < limit && p.entries[taken + PC] < 0) {
      int start = p.entries[taken + START];
      int end = p.entries[taken + END];
      int node = p.entries[taken + NODE];
      boolean timedOut = p.entries[taken + PC] == TIMED_OUT;
      fail(p, start, sink);
      p.matchNumber++;
      sink.match(p, start, end, node, timedOut);
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

  private void beginPosition() {
    seenTuples.clear();
    seenStamp++;
  }

  private void beginStart() {
    if (!acrossStarts) {
      beginPosition();
    }
    visited.clear();
  }

  private void addStart(PartitionMatch p, int position) {
    beginPosition();
    if (acrossStarts) {
      for (int e = 0, at = 0; e < p.entryCount; e++, at += stride) {
        if (p.entries[at + PC] >= 0) {
          isNew(
              p,
              p.entries[at + PC],
              p.entries[at + START],
              p.entries[at + NODE],
              p.entries,
              at + SLOTS);
        }
      }
    }
    nextCount = 0;
    beginStart();
    if (program.fixed) {
      jump(p, first, position, NONE, position);
    } else {
      follow(p, 0, position, NONE, noSlots, 0, position, false);
    }
    append(p);
  }

  private void append(PartitionMatch p) {
    int from = p.entryCount * stride;
    int more = nextCount * stride;
    if (p.entries.length < from + more) {
      p.entries = Arrays.copyOf(p.entries, Math.max(from + more, p.entries.length * 2));
    }
    System.arraycopy(next, 0, p.entries, from, more);
    p.entryCount += nextCount;
  }

  /// Moves the entries, which stand behind the LABEL that took the last row, to where they wait for
  /// the row at `position`.
  private void close(PartitionMatch p, int position, boolean atEnd) {
    nextCount = 0;
    p.isOpen = false;
    beginPosition();
    int start = NONE;
    boolean isDone = false;
    int[] entries = p.entries;
    int limit = p.entryCount * stride;
    for (int at = 0; at < limit; at += stride) {
      int pc = entries[at + PC];
      if (entries[at + START] != start) {
        start = entries[at + START];
        isDone = false;
        beginStart();
      }
      if (isDone) {
        continue;
      }
      if (pc < 0) {
        addNext(pc, start, entries[at + NODE], entries[at + END], entries, at + SLOTS);
        isDone = true;
        continue;
      }
      if (program.fixed) {
        isDone = jump(p, following[pc], start, entries[at + NODE], position);
      } else {
        if (pathAhead[pc]) {
          visited.clear();
        }
        isDone = follow(p, pc + 1, start, entries[at + NODE], entries, at + SLOTS, position, atEnd);
      }
      if (isDone && pastLast) {
        break;
      }
    }
    int[] old = p.entries;
    int size = nextCount * stride;
    if (old.length < size) {
      p.entries = new int[Math.max(size, old.length * 2)];
    }
    System.arraycopy(next, 0, p.entries, 0, size);
    p.entryCount = nextCount;
  }

  /// Whether no thread with the same future is ahead; notes it.
  private boolean isNew(PartitionMatch p, int pc, int start, int node, int[] from, int slotsAt) {
    int held = live[pc];
    if (slots == 0 && held == 0 && !opaqueAhead[pc]) {
      boolean fresh = seen[pc] != seenStamp;
      seen[pc] = seenStamp;
      return fresh;
    }
    tuple[0] = pc;
    tuple[1] = acrossStarts ? 0 : start;
    tuple[2] = opaqueAhead[pc] ? node : 0;
    for (int r = 0; r < registers.count(); r++) {
      tuple[3 + slots + r] = (held >>> r & 1) == 0 ? 0 : p.register(node, r);
    }
    if (slots > 0) {
      System.arraycopy(from, slotsAt, tuple, 3, slots);
    }
    return seenTuples.add(tuple);
  }

  /// Follows for fixed programs; true when the pattern is complete.
  private boolean jump(PartitionMatch p, int[] targets, int start, int node, int position) {
    for (int pc : targets) {
      if (pc < 0) {
        addNext(CANDIDATE, start, node, position, targets, 0);
        return true;
      }
      // Targets of one thread differ, and threads whose path counts are kept apart.
      if (opaqueAhead[pc] || isNew(p, pc, start, node, targets, 0)) {
        addNext(pc, start, node, 0, targets, 0);
      }
    }
    return false;
  }

  private void addNext(int pc, int start, int node, int end, int[] from, int slotsAt) {
    int at = nextCount * stride;
    if (at + stride > next.length) {
      next = Arrays.copyOf(next, next.length * 2);
    }
    next[at + PC] = pc;
    next[at + START] = start;
    next[at + NODE] = node;
    next[at + END] = end;
    if (slots > 0) {
      System.arraycopy(from, slotsAt, next, at + SLOTS, slots);
    }
    nextCount++;
  }

  /// Follows instructions from `pc` in order of preference; true when the pattern is complete: then
  /// the candidate is the last entry added.
  private boolean follow(
      PartitionMatch p,
      int pc,
      int start,
      int node,
      int[] from,
      int slotsAt,
      int position,
      boolean atEnd) {
    int top = push(0, pc, program.depth, from, slotsAt);
    while (top > 0) {
      top -= 2 + slots;
      System.arraycopy(stack, top, frame, 0, 2 + slots);
      top = step(p, top, start, node, position, atEnd);
      if (top < 0) {
        addNext(CANDIDATE, start, node, position, frame, 2);
        return true;
      }
    }
    return false;
  }

  private int push(int top, int pc, int fresh, int[] from, int slotsAt) {
    int width = 2 + slots;
    if (top + width > stack.length) {
      stack = Arrays.copyOf(stack, Math.max(stack.length * 2, top + width));
    }
    stack[top] = pc;
    stack[top + 1] = fresh;
    if (slots > 0) {
      System.arraycopy(from, slotsAt, stack, top + 2, slots);
    }
    return top + width;
  }

  /// Runs the frame until it waits, ends or is done (-1); alternatives go to the stack.
  private int step(
      PartitionMatch p, int stackTop, int start, int node, int position, boolean atEnd) {
    int top = stackTop;
    while (true) {
      int pc = frame[0];
      int op = program.op[pc];
      if (op == Program.LABEL) {
        if (isNew(p, pc, start, node, frame, 2)) {
          addNext(pc, start, node, 0, frame, 2);
        }
        return top;
      }
      if (op == Program.DONE) {
        return -1;
      }
      if (!visited.add(frame)) {
        return top;
      }
      int a = program.a[pc];
      frame[0] = pc + 1;
      switch (op) {
        case Program.SPLIT -> {
          top = push(top, program.b[pc], frame[1], frame, 2);
          frame[0] = a;
        }
        case Program.JUMP -> frame[0] = a;
        case Program.START -> {
          if (p.dropped + position != 0) {
            return top;
          }
        }
        case Program.END -> {
          if (!atEnd) {
            return top;
          }
        }
        case Program.MARK -> frame[1] = Math.min(frame[1], a);
        case Program.CHECK -> {
          if (frame[1] <= a) {
            frame[0] = program.b[pc];
          }
        }
        case Program.LEAVE -> {
          if (frame[1] >= a) {
            frame[1] = program.depth;
          }
        }
        case Program.COUNT -> top = count(program.loops.get(a), top);
        case Program.COUNT_CHECK -> countCheck(program.loops.get(program.b[pc]), a);
        case Program.PERMUTE -> top = permute(program.permutations.get(a), top);
        default -> throw new IllegalStateException("instruction " + op);
      }
    }
  }

  private int count(Program.CountedLoop loop, int stackTop) {
    int slot = 2 + loop.slot();
    int count = frame[slot];
    boolean unbounded = loop.max() < 0;
    int more = unbounded ? Math.min(count, loop.min()) + 1 : count + 1;
    if (count < loop.min()) {
      frame[slot] = more;
      frame[0] = loop.body();
      return stackTop;
    }
    if (!unbounded && count >= loop.max()) {
      frame[slot] = 0;
      frame[0] = loop.exit();
      return stackTop;
    }
    frame[slot] = loop.reluctant() ? more : 0;
    int top = push(stackTop, loop.reluctant() ? loop.body() : loop.exit(), frame[1], frame, 2);
    frame[slot] = loop.reluctant() ? 0 : more;
    frame[0] = loop.reluctant() ? loop.exit() : loop.body();
    return top;
  }

  private void countCheck(Program.CountedLoop loop, int depth) {
    int slot = 2 + loop.slot();
    if (frame[1] <= depth && frame[slot] > loop.min()) {
      frame[slot] = 0;
      frame[0] = loop.exit();
    }
  }

  private int permute(Program.Permutation permutation, int stackTop) {
    int slot = 2 + permutation.slot();
    int used = frame[slot];
    int parts = permutation.parts().size();
    if (used == (1 << parts) - 1) {
      frame[slot] = 0;
      frame[0] = permutation.exit();
      return stackTop;
    }
    int top = stackTop;
    int chosen = Integer.numberOfTrailingZeros(~used);
    for (int part = parts - 1; part > chosen; part--) {
      if ((used >>> part & 1) == 0) {
        frame[slot] = used | 1 << part;
        top = push(top, permutation.parts().get(part), frame[1], frame, 2);
      }
    }
    frame[slot] = used | 1 << chosen;
    frame[0] = permutation.parts().get(chosen);
    return top;
  }
}
