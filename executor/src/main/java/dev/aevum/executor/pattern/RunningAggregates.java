package dev.aevum.executor.pattern;

import dev.aevum.executor.kernel.EvaluationContext;
import dev.aevum.executor.kernel.Selection;
import dev.aevum.executor.waiting.RowStore;
import dev.aevum.model.batch.Column;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// Carries the [RunningAggregate]s of conditions from row to row along the ways of threads, for
/// many threads at once: a row costs a thread one addition however long its way is. The state
/// behind a node follows from its parent's, which the partition kept in the round before
/// ([PathSums]); where it did not, from the rows of the way. One thread.
final class RunningAggregates {
  private final MatchPlan plan;
  private final RowStore store;
  private final int width;
  private final boolean[][] mapped;

  /// Per place where threads stand: the state behind its node, and where that is to be kept.
  private byte[] states = new byte[0];

  private @Nullable PathSums[] keepers = new PathSums[16];
  private int[] numbers = new int[16];
  private int places;
  private int lastNode;

  /// Rows that are to be added to a place's state; those of one place by their depth.
  private final Rows ways = new Rows();

  private int deepest;

  /// Rows under test: the state behind each follows from the one of its place.
  private final Rows tests = new Rows();

  private byte[] tested = new byte[0];

  /// Rows by id, with what they are mapped to, where they are added, and when.
  private static final class Rows {
    private int[] ids = new int[16];
    private int[] variables = new int[16];
    private int[] targets = new int[16];
    private int[] depths = new int[16];
    private int count;

    void ensure(int size) {
      if (size > ids.length) {
        int larger = Math.max(size, ids.length * 2);
        ids = Arrays.copyOf(ids, larger);
        variables = Arrays.copyOf(variables, larger);
        targets = Arrays.copyOf(targets, larger);
        depths = Arrays.copyOf(depths, larger);
      }
    }

    void set(int at, int id, int variable, int target, int depth) {
      ids[at] = id;
      variables[at] = variable;
      targets[at] = target;
      depths[at] = depth;
    }
  }

  RunningAggregates(MatchPlan plan, RowStore store) {
    this.plan = plan;
    this.store = store;
    this.width = plan.runningWidth();
    this.mapped = new boolean[plan.running.size()][plan.spec.variables().size()];
    for (int a = 0; a < mapped.length; a++) {
      for (int variable : plan.running.get(a).variables()) {
        mapped[a][variable] = true;
      }
    }
  }

  // Asking.

  /// Forgets what was asked.
  void begin() {
    Arrays.fill(keepers, 0, places, null);
    places = 0;
    ways.count = 0;
    deepest = 0;
    tests.count = 0;
  }

  /// What follows is about threads of `p`.
  void begin(PartitionMatch p) {
    lastNode = Integer.MIN_VALUE;
    PathSums sums = p.sums;
    if (sums == null) {
      p.sums = new PathSums(width);
      p.forgetSums();
    } else if (sums.begin()) {
      p.forgetSums();
    }
  }

  /// A thread stands behind `node`, before the row at the partition's position; returns its place.
  int stand(PartitionMatch p, int node) {
    if (node == lastNode) {
      return places - 1;
    }
    lastNode = node;
    PathSums sums = Objects.requireNonNull(p.sums);
    int place = places++;
    ensure(place);
    int depth = 0;
    int known = node;
    while (known >= 0 && !sums.holds(p.sumsOf(known))) {
      known = p.parent(known);
      depth++;
    }
    int at = place * width;
    if (known < 0) {
      Arrays.fill(states, at, at + width, (byte) 0);
    } else {
      sums.get(p.sumsOf(known), states, at);
    }
    ways.ensure(ways.count + depth);
    int row = p.position - 1;
    int n = node;
    for (int d = depth - 1; d >= 0; d--, row--, n = p.parent(n)) {
      ways.set(ways.count + d, p.rows[row], plan.program.mapped(p.labelOf(n)), place, d);
    }
    ways.count += depth;
    deepest = Math.max(deepest, depth);
    if (node >= 0) {
      keepers[place] = sums;
      numbers[place] = sums.add();
      p.setSums(node, numbers[place]);
    }
    return place;
  }

  private void ensure(int place) {
    if (place == numbers.length) {
      keepers = Arrays.copyOf(keepers, place * 2);
      numbers = Arrays.copyOf(numbers, place * 2);
    }
    if ((place + 1) * width > states.length) {
      states = Arrays.copyOf(states, Math.max(16 * width, states.length * 2));
    }
  }

  /// Asks for the aggregates behind row `id`, mapped to `variable`, of a thread at `place`; returns
  /// what [#emit] knows it by.
  int test(int place, int id, int variable) {
    tests.ensure(tests.count + 1);
    tests.set(tests.count, id, variable, place, 0);
    return tests.count++;
  }

  // Answering.

  /// Brings all states up to the rows under test.
  void evaluate() {
    add(ways, ways.targets, states, deepest);
    for (int place = 0; place < places; place++) {
      PathSums keeper = keepers[place];
      if (keeper != null) {
        keeper.put(numbers[place], states, place * width);
      }
    }
    if (tested.length < tests.count * width) {
      tested = new byte[Math.max(tests.count * width, tested.length * 2)];
    }
    int[] own = new int[tests.count];
    for (int t = 0; t < tests.count; t++) {
      own[t] = t;
      System.arraycopy(states, tests.targets[t] * width, tested, t * width, width);
    }
    add(tests, own, tested, 1);
  }

  private void add(Rows rows, int[] targets, byte[] states, int depths) {
    if (rows.count == 0) {
      return;
    }
    int[] ids = new int[rows.count];
    int[] from = new int[rows.count];
    for (int a = 0; a < mapped.length; a++) {
      int count = 0;
      for (int i = 0; i < rows.count; i++) {
        int variable = rows.variables[i];
        if (variable >= 0 && variable < mapped[a].length && mapped[a][variable]) {
          ids[count] = rows.ids[i];
          from[count++] = i;
        }
      }
      if (count > 0) {
        add(plan.running.get(a), rows, targets, states, depths, ids, from, count);
      }
    }
  }

  /// Adds the first `count` rows; `from`: which of `rows` each is.
  private void add(
      RunningAggregate aggregate,
      Rows rows,
      int[] targets,
      byte[] states,
      int depths,
      int[] ids,
      int[] from,
      int count) {
    MemorySegment state = MemorySegment.ofArray(states);
    Column[] arguments = new Column[aggregate.columns().size()];
    int made = 0;
    try {
      for (; made < arguments.length; made++) {
        arguments[made] = store.gather(aggregate.columns().get(made), ids, count);
      }
      int[] chosen = new int[count];
      long[] slots = new long[count];
      for (int depth = 0; depth < depths; depth++) {
        int now = 0;
        for (int i = 0; i < count; i++) {
          if (rows.depths[from[i]] == depth) {
            slots[now] = (long) targets[from[i]] * width;
            chosen[now++] = i;
          }
        }
        aggregate
            .function()
            .add(state, slots, aggregate.field(), arguments, Selection.of(chosen, now), null, 1);
      }
    } finally {
      for (int i = 0; i < made; i++) {
        arguments[i].close();
      }
    }
  }

  /// Values of an aggregate for tests; the caller owns the column. Errors go to the context under
  /// the position in `of`.
  Column emit(int aggregate, EvaluationContext context, int[] of, int count) {
    long[] slots = new long[count];
    for (int i = 0; i < count; i++) {
      slots[i] = (long) of[i] * width;
    }
    RunningAggregate running = plan.running.get(aggregate);
    return running
        .function()
        .emit(context, MemorySegment.ofArray(tested), slots, running.field(), count);
  }
}
