package dev.aevum.executor.pattern;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// Follows instructions of a [Program] that cost no row, from where a thread stands to the LABELs
/// at which it waits: what is reached is in [#next], entries as [Matcher] has them. One thread.
///
/// Two threads at one LABEL with equal slots have the same future, so only the preferred one is
/// kept (equal registers too, where conditions over the path are ahead); threads whose future
/// depends on the path in other ways are kept apart.
final class Closure {
  static final int NONE = -1;

  private final Program program;
  private final boolean acrossStarts;
  private final int slots;
  private final int stride;
  private final PathRegisters registers;

  /// Per instruction: a condition over the path is ahead; one that looks at more than registers.
  private final boolean[] pathAhead;

  private final boolean[] opaqueAhead;

  /// Per instruction: the registers that conditions ahead read as they are now.
  private final int[] live;

  /// For fixed programs: LABELs (and at most one DONE, last) reached from the instruction behind
  /// each LABEL, and from the first.
  private final int[][] following;

  private final int[] first;

  /// Entries that have been reached, and how many.
  int[] next = new int[64];

  int nextCount;

  private final int[] seen;
  private int seenStamp;
  private final TupleSet seenTuples;
  private final TupleSet visited;
  private final int[] tuple;
  private int[] stack = new int[64];
  private final int[] frame;
  private final int[] noSlots;

  /// `acrossStarts`: threads of different starts have the same future too.
  Closure(Program program, MatchRules rules, boolean acrossStarts) {
    this.program = program;
    this.acrossStarts = acrossStarts;
    this.slots = program.slots;
    this.stride = Matcher.SLOTS + slots;
    this.seen = new int[program.size()];
    this.registers = rules.registers();
    this.seenTuples = new TupleSet(3 + slots + registers.count());
    this.visited = new TupleSet(2 + slots);
    this.tuple = new int[3 + slots + registers.count()];
    this.frame = new int[2 + slots];
    this.noSlots = new int[slots];
    this.pathAhead = ahead(rules.pathConditions());
    this.opaqueAhead = ahead(registers.opaque());
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

  /// Variables with which a match may begin, as bits; all where that depends on the position, or
  /// the pattern can match no row.
  long beginning() {
    if (!program.fixed) {
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
      found.add(next[e * stride + Matcher.PC]);
    }
    if (done != found.contains(Matcher.CANDIDATE)) {
      throw new IllegalStateException("instructions from " + pc);
    }
    return found.stream().mapToInt(Integer::intValue).toArray();
  }

  // Following.

  void beginPosition() {
    seenTuples.clear();
    seenStamp++;
  }

  void beginStart() {
    if (!acrossStarts) {
      beginPosition();
    }
    visited.clear();
  }

  /// Begins a match at `position`; true when it is complete already.
  boolean enter(PartitionMatch p, int position) {
    return program.fixed
        ? jump(p, first, position, NONE, position)
        : follow(p, 0, position, NONE, noSlots, 0, position, false);
  }

  /// Goes on behind LABEL `pc` of an entry whose slots are at `slotsAt`; true when the pattern is
  /// complete: then the candidate is the last entry reached.
  boolean leave(
      PartitionMatch p,
      int pc,
      int start,
      int node,
      int[] from,
      int slotsAt,
      int position,
      boolean atEnd) {
    if (program.fixed) {
      return jump(p, following[pc], start, node, position);
    }
    if (pathAhead[pc]) {
      visited.clear();
    }
    return follow(p, pc + 1, start, node, from, slotsAt, position, atEnd);
  }

  /// Whether no thread with the same future is ahead; notes it.
  boolean isNew(PartitionMatch p, int pc, int start, int node, int[] from, int slotsAt) {
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
        addNext(Matcher.CANDIDATE, start, node, position, targets, 0);
        return true;
      }
      // Targets of one thread differ, and threads whose path counts are kept apart.
      if (opaqueAhead[pc] || isNew(p, pc, start, node, targets, 0)) {
        addNext(pc, start, node, 0, targets, 0);
      }
    }
    return false;
  }

  void addNext(int pc, int start, int node, int end, int[] from, int slotsAt) {
    int at = nextCount * stride;
    if (at + stride > next.length) {
      next = Arrays.copyOf(next, next.length * 2);
    }
    next[at + Matcher.PC] = pc;
    next[at + Matcher.START] = start;
    next[at + Matcher.NODE] = node;
    next[at + Matcher.END] = end;
    if (slots > 0) {
      System.arraycopy(from, slotsAt, next, at + Matcher.SLOTS, slots);
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
        addNext(Matcher.CANDIDATE, start, node, position, frame, 2);
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
