package dev.aevum.executor.pattern;

import dev.aevum.executor.kernel.EvaluationContext;
import dev.aevum.executor.kernel.RowError;
import dev.aevum.executor.kernel.RowErrors;
import dev.aevum.executor.kernel.Selection;
import dev.aevum.executor.waiting.RowStore;
import dev.aevum.model.batch.Column;
import dev.aevum.model.batch.DeltaBatch;
import java.util.Arrays;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// Evaluates the conditions of DEFINE: row-local ones for all rows as they come, those over paths
/// for the threads that ask. One thread.
final class DefineEvaluation {
  /// Where rows go whose condition failed to evaluate: it counts as not satisfied.
  interface Failures {
    void report(RowError error, int rowId);
  }

  private static final int BATCH = 8192;
  private static final long[] NO_NUMBERS = {};

  private final MatchPlan plan;
  private final RowStore store;
  private @Nullable PartitionMatch[] partitions = new PartitionMatch[0];
  private int[] indices = new int[0];
  private int count;
  private int[] ids = new int[0];
  private int[] positions = new int[0];
  private int[] labels = new int[0];
  private long[] bits = new long[0];
  private final MatchFrames frames;
  private final FrameRows[] asked;
  private final int[][] verdictOf;

  /// For conditions in registers, per variable: the row under test, and per operand the row it asks
  /// for (-1: there is none).
  private final int[][] testedRows;

  private final int[][][] operandRows;
  private final int[] testedCounts;

  /// Per variable, for each row under test: what [RunningAggregates] knows it by.
  private final int[][] runningTests;

  private final @Nullable RunningAggregates running;
  private boolean[] verdicts = new boolean[64];
  private int verdictCount;

  DefineEvaluation(MatchPlan plan, RowStore store) {
    this.plan = plan;
    this.store = store;
    this.frames = new MatchFrames(plan.following);
    int variables = plan.spec.variables().size();
    asked = new FrameRows[variables];
    verdictOf = new int[variables][16];
    testedRows = new int[variables][16];
    testedCounts = new int[variables];
    runningTests = new int[variables][16];
    running = plan.running.isEmpty() ? null : new RunningAggregates(plan, store);
    operandRows = new int[variables][][];
    for (int v = 0; v < variables; v++) {
      asked[v] = new FrameRows();
      MatchPlan.RegisterCondition condition = plan.registerConditions.get(v);
      operandRows[v] = new int[condition == null ? 0 : condition.operands().size()][16];
    }
  }

  // Row-local conditions.

  /// Makes room for as many rows; a batch at most.
  private void ensure(int rows) {
    if (rows <= bits.length) {
      return;
    }
    int larger = Math.min(BATCH, Math.max(rows, Math.max(64, bits.length * 2)));
    partitions = Arrays.copyOf(partitions, larger);
    indices = Arrays.copyOf(indices, larger);
    ids = new int[larger];
    positions = new int[larger];
    labels = new int[larger];
    bits = new long[larger];
  }

  /// Labels the rows up to `end` (exclusive); done at the latest with [#finish].
  void label(PartitionMatch p, int end, EvaluationContext context, Failures failures) {
    for (int i = p.labelled; i < end; i++) {
      if (count == BATCH) {
        finish(context, failures);
      }
      ensure(count + 1);
      partitions[count] = p;
      indices[count++] = i;
    }
    p.labelled = Math.max(p.labelled, end);
  }

  void finish(EvaluationContext context, Failures failures) {
    if (count == 0) {
      return;
    }
    Arrays.fill(bits, 0, count, -1L);
    Column[] values = new Column[plan.localOperands.size()];
    int made = 0;
    try {
      for (; made < values.length; made++) {
        values[made] = value(plan.localOperands.get(made), context, failures);
      }
      for (MatchPlan.LocalCondition condition : plan.localConditions) {
        test(condition, values, context, failures);
      }
    } finally {
      for (int i = 0; i < made; i++) {
        values[i].close();
      }
    }
    for (int i = 0; i < count; i++) {
      Objects.requireNonNull(partitions[i]).labels[indices[i]] = bits[i];
    }
    Arrays.fill(partitions, 0, count, null);
    count = 0;
  }

  /// Labels of rows by their ids, for conditions that look at the row under test alone.
  void labelRows(
      int[] rowIds,
      int from,
      int rows,
      long[] target,
      EvaluationContext context,
      Failures failures) {
    for (int base = 0; base < rows; base += BATCH) {
      count = Math.min(BATCH, rows - base);
      ensure(count);
      System.arraycopy(rowIds, from + base, ids, 0, count);
      Arrays.fill(bits, 0, count, -1L);
      Column[] values = new Column[plan.localOperands.size()];
      int made = 0;
      try {
        for (; made < values.length; made++) {
          MatchPlan.LocalOperand operand = plan.localOperands.get(made);
          values[made] = evaluate(operand, count, context, failures);
        }
        for (MatchPlan.LocalCondition condition : plan.localConditions) {
          test(condition, values, context, failures);
        }
      } finally {
        for (int i = 0; i < made; i++) {
          values[i].close();
        }
      }
      System.arraycopy(bits, 0, target, base, count);
    }
    count = 0;
  }

  private Column value(
      MatchPlan.LocalOperand operand, EvaluationContext context, Failures failures) {
    int found = 0;
    for (int i = 0; i < count; i++) {
      PartitionMatch p = Objects.requireNonNull(partitions[i]);
      int index = indices[i] + operand.offset();
      if (index >= 0 && index < p.size) {
        ids[found] = p.rows[index];
        positions[found++] = i;
      }
    }
    Column column = evaluate(operand, found, context, failures);
    return RowStore.spread(context.allocator(), column, positions, found, count);
  }

  /// The operand at the first `found` of the ids.
  private Column evaluate(
      MatchPlan.LocalOperand operand, int found, EvaluationContext context, Failures failures) {
    if (operand.variable() >= 0) {
      Arrays.fill(labels, 0, found, operand.variable());
    }
    RowErrors outer = context.exchangeErrors(new RowErrors());
    RowErrors errors = new RowErrors();
    Column column;
    try {
      column = operand.value().evaluate(context, store, ids, labels, NO_NUMBERS, found);
    } finally {
      errors = context.exchangeErrors(outer);
    }
    try {
      errors.all().forEach(e -> failures.report(e, ids[e.row()]));
      return column;
    } catch (RuntimeException e) {
      column.close();
      throw e;
    }
  }

  private void test(
      MatchPlan.LocalCondition condition,
      Column[] values,
      EvaluationContext context,
      Failures failures) {
    Column[] operands = new Column[condition.operands().size()];
    for (int i = 0; i < operands.length; i++) {
      operands[i] = values[condition.operands().get(i)].retain();
    }
    long bit = 1L << condition.variable();
    RowErrors outer = context.exchangeErrors(new RowErrors());
    try (DeltaBatch batch = new DeltaBatch(count, operands, null);
        Column satisfied = condition.expression().evaluate(context, batch, Selection.all(count))) {
      for (int i = 0; i < count; i++) {
        if (satisfied.isNull(i) || !satisfied.booleanAt(i)) {
          bits[i] &= ~bit;
        }
      }
    } finally {
      for (RowError e : context.exchangeErrors(outer).all()) {
        PartitionMatch p = partitions[e.row()];
        failures.report(e, p == null ? ids[e.row()] : p.rows[indices[e.row()]]);
      }
    }
  }

  // Conditions over paths.

  /// Forgets what was asked.
  void beginVerdicts() {
    frames.clear();
    for (FrameRows rows : asked) {
      rows.clear();
    }
    Arrays.fill(testedCounts, 0);
    verdictCount = 0;
    if (running != null) {
      running.begin();
    }
  }

  /// Asks for all threads of the partition that wait for a verdict on its next row; returns where
  /// their verdicts will begin.
  int ask(PartitionMatch p, Matcher matcher) {
    int first = verdictCount;
    int stride = matcher.stride();
    p.matchNumber++;
    if (running != null) {
      running.begin(p);
    }
    for (int e = 0; e < p.entryCount; e++) {
      int at = e * stride;
      // Of threads that do not ask too: their state goes on with every row.
      int place =
          running == null || p.entries[at + Matcher.PC] < 0
              ? -1
              : running.stand(p, p.entries[at + Matcher.NODE]);
      if (!matcher.isAsking(p, e)) {
        continue;
      }
      int variable = plan.program.variable(p.entries[at + Matcher.PC]);
      int start = p.entries[at + Matcher.START];
      MatchPlan.RegisterCondition inRegisters = plan.registerConditions.get(variable);
      if (inRegisters != null) {
        askRegisters(p, start, p.entries[at + Matcher.NODE], variable, inRegisters, place);
        continue;
      }
      FrameRows rows = asked[variable];
      if (verdictOf[variable].length == rows.count()) {
        verdictOf[variable] = Arrays.copyOf(verdictOf[variable], rows.count() * 2);
      }
      verdictOf[variable][rows.count()] = verdictCount++;
      rows.add(frames.count(), p.position - start);
      frames.addTest(
          p,
          plan.program,
          start,
          p.position,
          p.entries[at + Matcher.NODE],
          variable,
          plan.rowsBefore,
          plan.rowsAfter);
    }
    p.matchNumber--;
    return first;
  }

  private void askRegisters(
      PartitionMatch p,
      int start,
      int node,
      int variable,
      MatchPlan.RegisterCondition condition,
      int place) {
    int k = testedCounts[variable]++;
    if (k == testedRows[variable].length) {
      testedRows[variable] = Arrays.copyOf(testedRows[variable], k * 2);
      runningTests[variable] = Arrays.copyOf(runningTests[variable], k * 2);
      for (int o = 0; o < operandRows[variable].length; o++) {
        operandRows[variable][o] = Arrays.copyOf(operandRows[variable][o], k * 2);
      }
    }
    if (k == verdictOf[variable].length) {
      verdictOf[variable] = Arrays.copyOf(verdictOf[variable], k * 2);
    }
    verdictOf[variable][k] = verdictCount++;
    testedRows[variable][k] = p.rows[p.position];
    if (running != null && condition.runs()) {
      runningTests[variable][k] = running.test(place, p.rows[p.position], variable);
    }
    for (int o = 0; o < operandRows[variable].length; o++) {
      if (!(condition.operands().get(o) instanceof MatchPlan.HeldRow operand)) {
        continue;
      }
      int index = p.position;
      if (operand.register() >= 0) {
        int held = p.register(node, operand.register());
        if (held != PathRegisters.NONE) {
          index = p.indexOf(held);
        } else if (!operand.orTested()) {
          operandRows[variable][o][k] = -1;
          continue;
        }
      }
      index += operand.offset();
      operandRows[variable][o][k] = isSeen(p, start, index) ? p.rows[index] : -1;
    }
  }

  /// Whether row `index` is there, and one that a match from `start` on may look at.
  private boolean isSeen(PartitionMatch p, int start, int index) {
    if (plan.spec.frame() == null) {
      return index >= 0 && index < p.size;
    }
    return index >= start
        && index < p.size
        && (plan.following < 0 || index - start <= plan.following);
  }

  private void judgeRegisters(
      int variable,
      MatchPlan.RegisterCondition condition,
      EvaluationContext context,
      Failures failures) {
    int tested = testedCounts[variable];
    Column[] operands = new Column[condition.operands().size()];
    int made = 0;
    RowErrors outer = context.exchangeErrors(new RowErrors());
    try {
      for (; made < operands.length; made++) {
        operands[made] =
            switch (condition.operands().get(made)) {
              case MatchPlan.HeldRow held ->
                  valueAt(held, operandRows[variable][made], tested, context);
              case MatchPlan.Running r ->
                  Objects.requireNonNull(running)
                      .emit(r.aggregate(), context, runningTests[variable], tested);
            };
      }
      try (DeltaBatch batch = new DeltaBatch(tested, operands, null)) {
        made = 0;
        try (Column satisfied =
            condition.expression().evaluate(context, batch, Selection.all(tested))) {
          for (int i = 0; i < tested; i++) {
            verdicts[verdictOf[variable][i]] = !satisfied.isNull(i) && satisfied.booleanAt(i);
          }
        }
      }
    } finally {
      for (int i = 0; i < made; i++) {
        operands[i].close();
      }
      for (RowError e : context.exchangeErrors(outer).all()) {
        failures.report(e, testedRows[variable][e.row()]);
      }
    }
  }

  private Column valueAt(
      MatchPlan.HeldRow operand, int[] rows, int tested, EvaluationContext context) {
    int[] there = new int[tested];
    int[] at = new int[tested];
    int found = 0;
    for (int i = 0; i < tested; i++) {
      if (rows[i] >= 0) {
        there[found] = rows[i];
        at[found++] = i;
      }
    }
    RowErrors outer = context.exchangeErrors(new RowErrors());
    Column column;
    try {
      column = operand.value().evaluate(context, store, there, labels, NO_NUMBERS, found);
    } finally {
      for (RowError e : context.exchangeErrors(outer).all()) {
        outer.report(at[e.row()], e.toException());
      }
    }
    return RowStore.spread(context.allocator(), column, at, found, tested);
  }

  /// The verdicts on everything asked; valid until [#beginVerdicts].
  boolean[] verdicts(EvaluationContext context, Failures failures) {
    if (verdicts.length < verdictCount) {
      verdicts = new boolean[Math.max(verdictCount, verdicts.length * 2)];
    }
    if (running != null) {
      running.evaluate();
    }
    for (int v = 0; v < asked.length; v++) {
      MatchPlan.RegisterCondition inRegisters = plan.registerConditions.get(v);
      if (testedCounts[v] > 0 && inRegisters != null) {
        judgeRegisters(v, inRegisters, context, failures);
      }
      MatchExpression condition = plan.pathConditions.get(v);
      if (asked[v].count() > 0 && condition != null) {
        judge(condition, asked[v], verdictOf[v], context, failures);
      }
    }
    return verdicts;
  }

  private void judge(
      MatchExpression condition,
      FrameRows rows,
      int[] target,
      EvaluationContext context,
      Failures failures) {
    RowErrors outer = context.exchangeErrors(new RowErrors());
    try (Column satisfied = condition.evaluate(context, store, frames, rows)) {
      for (int i = 0; i < rows.count(); i++) {
        verdicts[target[i]] = !satisfied.isNull(i) && satisfied.booleanAt(i);
      }
    } finally {
      for (RowError e : context.exchangeErrors(outer).all()) {
        int frame = rows.frame(e.row());
        failures.report(e, frames.rowAt(frames.place(frame, rows.current(e.row()))));
      }
    }
  }

  int verdictCount() {
    return verdictCount;
  }
}
