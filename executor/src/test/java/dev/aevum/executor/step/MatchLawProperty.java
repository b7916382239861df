package dev.aevum.executor.step;

import static org.assertj.core.api.Assertions.assertThat;

import dev.aevum.executor.kernel.EvaluationContext;
import dev.aevum.executor.pattern.BatchMatcher;
import dev.aevum.model.batch.DeltaBatch;
import dev.aevum.model.step.Watermarks;
import dev.aevum.model.type.SimpleType;
import dev.aevum.model.type.SqlType;
import dev.aevum.planner.plan.Expr;
import dev.aevum.planner.plan.MatchExpr;
import dev.aevum.planner.plan.MatchOperand;
import dev.aevum.planner.plan.MatchSpec;
import dev.aevum.planner.plan.MatchSpec.AfterMatch;
import dev.aevum.planner.plan.MatchSpec.OutputColumn;
import dev.aevum.planner.plan.MatchSpec.RowsPerMatch;
import dev.aevum.planner.plan.Pattern;
import dev.aevum.planner.plan.Pattern.Quantified;
import dev.aevum.planner.plan.PlanNode;
import dev.aevum.planner.plan.PlanNode.MatchNode;
import dev.aevum.planner.plan.SortKey;
import dev.aevum.planner.plan.function.FunctionSignature;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/// Views of matches, under any cut into steps, any number of workers and restarts in between, give
/// what matching all rows at once gives.
class MatchLawProperty {
  private static final List<SqlType> TYPES =
      List.of(SimpleType.BIGINT, SimpleType.TIMESTAMP, SimpleType.BIGINT, SimpleType.BIGINT);
  private static final List<Integer> ALL = List.of(0, 1, 2);

  @Test
  void finalViewsGiveWhatTheWholeInputGives() {
    for (long seed = 1; seed <= 400; seed++) {
      SplittableRandom random = new SplittableRandom(seed);
      MatchNode node = node(random, Plans.stream(1, 1, TYPES), false);
      List<Bag.Row> rows = rows(random);
      StateStore stored = new StateStore();
      Lane lane = new Lane(1 + random.nextInt(3), stored).deploy(9, Plans.view(node));
      Bag got = lane.views.get(9);
      try {
        long watermark = Watermarks.NONE;
        List<Bag.Row> rest = arrival(rows, random);
        while (!rest.isEmpty()) {
          int count = 1 + random.nextInt(rest.size());
          List<Bag.Row> now = rest.subList(0, count);
          rest = rest.subList(count, rest.size());
          long next = least(rest, random);
          watermark = Math.max(watermark, next);
          lane.step(List.of(new Lane.Change(1, TYPES, now)), Map.of(1, watermark));
          if (random.nextInt(3) == 0) {
            lane.close();
            lane = new Lane(1 + random.nextInt(3), stored).deploy(9, Plans.view(node));
            lane.views.put(9, got);
          }
        }
        lane.step(List.of(), Map.of(1, Watermarks.END));
        assertThat(lane.failures).as("seed %d", seed).isEmpty();
        assertThat(lane.errors).as("seed %d", seed).isEmpty();
        assertThat(got.weights())
            .as("seed %d, %s, %s", seed, node.match(), rows)
            .isEqualTo(whole(node, rows).weights());
      } finally {
        lane.close();
      }
    }
  }

  @Test
  void revisingViewsGiveWhatTheRowsAsTheyAreGive() {
    for (long seed = 1; seed <= 200; seed++) {
      SplittableRandom random = new SplittableRandom(seed);
      MatchNode node = node(random, Plans.scan(1, false, TYPES), true);
      StateStore stored = new StateStore();
      Lane lane = new Lane(1 + random.nextInt(3), stored).deploy(9, Plans.view(node));
      Bag got = lane.views.get(9);
      List<Bag.Row> present = new ArrayList<>();
      try {
        List<Bag.Row> rest = arrival(rows(random), random);
        while (!rest.isEmpty()) {
          int count = 1 + random.nextInt(rest.size());
          List<Bag.Row> changes = new ArrayList<>(rest.subList(0, count));
          rest = rest.subList(count, rest.size());
          present.addAll(changes);
          for (int i = random.nextInt(3); i > 0; i--) {
            Bag.Row gone = present.remove(random.nextInt(present.size()));
            changes.add(new Bag.Row(gone.values(), -1));
            if (present.isEmpty()) {
              break;
            }
          }
          lane.step(List.of(new Lane.Change(1, TYPES, changes)), Map.of());
          assertThat(lane.failures).isEmpty();
          assertThat(got.weights())
              .as("seed %d, %s, %s", seed, node.match(), present)
              .isEqualTo(whole(node, present).weights());
          if (random.nextInt(3) == 0) {
            lane.close();
            lane = new Lane(1 + random.nextInt(3), stored).deploy(9, Plans.view(node));
            lane.views.put(9, got);
          }
        }
      } finally {
        lane.close();
      }
    }
  }

  /// A value at or before all rows that are to come.
  private static long least(List<Bag.Row> rest, SplittableRandom random) {
    long least = 1000;
    for (Bag.Row row : rest) {
      least = Math.min(least, (long) row.values().get(1));
    }
    return least - random.nextInt(2);
  }

  private static List<Bag.Row> rows(SplittableRandom random) {
    List<Bag.Row> rows = new ArrayList<>();
    int count = random.nextInt(1, 25);
    for (int i = 0; i < count; i++) {
      List<@Nullable Object> row = new ArrayList<>();
      row.add((long) random.nextInt(2));
      row.add((long) random.nextInt(count));
      row.add(random.nextInt(12) == 0 ? null : (Object) (long) random.nextInt(5));
      row.add((long) i);
      rows.add(new Bag.Row(Collections.unmodifiableList(row), 1));
    }
    return rows;
  }

  private static List<Bag.Row> arrival(List<Bag.Row> rows, SplittableRandom random) {
    List<Bag.Row> shuffled = new ArrayList<>(rows);
    shuffled.sort(
        Comparator.comparingLong(r -> (long) r.values().get(1) * 2 + (long) r.values().get(3) % 5));
    if (random.nextBoolean()) {
      for (int i = shuffled.size() - 1; i > 0; i--) {
        Collections.swap(shuffled, i, random.nextInt(i + 1));
      }
    }
    return shuffled;
  }

  private static Bag whole(MatchNode node, List<Bag.Row> rows) {
    Bag bag = new Bag();
    if (rows.isEmpty()) {
      return bag;
    }
    try (BufferAllocator allocator = new RootAllocator()) {
      EvaluationContext context = new EvaluationContext(allocator, new Lane.TestSession(), 0);
      try (DeltaBatch all = Bag.batch(allocator, TYPES, rows);
          BatchMatcher matcher =
              new BatchMatcher(
                  node,
                  Plans.FUNCTIONS,
                  UnaryOperator.identity(),
                  context,
                  out -> {
                    try (out) {
                      bag.add(out);
                    }
                  })) {
        for (long key = 0; key < 2; key++) {
          long k = key;
          int[] order =
              IntStream.range(0, rows.size())
                  .filter(i -> (long) rows.get(i).values().getFirst() == k)
                  .boxed()
                  .sorted(
                      Comparator.<Integer>comparingLong(i -> (long) rows.get(i).values().get(1))
                          .thenComparingLong(i -> (long) rows.get(i).values().get(3)))
                  .mapToInt(Integer::intValue)
                  .toArray();
          if (order.length > 0) {
            matcher.partition(all, order, 0, order.length);
          }
        }
      }
    }
    return bag;
  }

  // Random clauses.

  private static MatchNode node(SplittableRandom random, PlanNode input, boolean revising) {
    List<@Nullable MatchExpr> defines = new ArrayList<>();
    for (int v = 0; v < 3; v++) {
      defines.add(random.nextInt(4) == 0 ? null : condition(random, v));
    }
    RowsPerMatch rows = RowsPerMatch.values()[random.nextInt(4)];
    List<MatchExpr> measures =
        List.of(
            value(new MatchOperand.MatchNumber(SimpleType.BIGINT)),
            value(row(3, SimpleType.BIGINT, ALL, true, 0, 0)),
            value(row(3, SimpleType.BIGINT, ALL, false, 0, 0)),
            value(row(2, SimpleType.BIGINT, List.of(1), false, 0, -1)),
            value(row(4, SimpleType.TEXT, ALL, false, 0, 0)),
            value(row(3, SimpleType.BIGINT, ALL, false, 0, random.nextInt(3) == 0 ? 1 : 0)),
            value(sum(List.of(0, 2), random.nextBoolean())),
            value(new MatchOperand.TimedOut(SimpleType.BOOLEAN)));
    List<OutputColumn> output = new ArrayList<>();
    List<SqlType> types = new ArrayList<>();
    output.add(new OutputColumn.Input(0));
    types.add(SimpleType.BIGINT);
    if (rows != RowsPerMatch.ONE_ROW) {
      output.add(new OutputColumn.Input(3));
      types.add(SimpleType.BIGINT);
    }
    for (int m = 0; m < measures.size(); m++) {
      output.add(new OutputColumn.Measure(m));
      types.add(measures.get(m).operands().getFirst().type());
    }
    AfterMatch after =
        switch (random.nextInt(4)) {
          case 0 -> new AfterMatch.ToNextRow();
          default -> new AfterMatch.PastLastRow();
        };
    long within = random.nextInt(3) == 0 ? random.nextInt(6) : MatchSpec.NO_WITHIN;
    MatchSpec spec =
        new MatchSpec(
            List.of("a", "b", "c"),
            pattern(random, 2),
            defines,
            measures,
            output,
            rows,
            after,
            within,
            within >= 0 && random.nextBoolean());
    return new MatchNode(
        Plans.exchange(input, List.of(0)),
        List.of(0),
        List.of(new SortKey(1, false, false), new SortKey(3, false, false)),
        spec,
        1,
        revising,
        Plans.schema(types),
        Plans.traits(!revising));
  }

  private static MatchExpr value(MatchOperand operand) {
    return new MatchExpr(new Expr.ColumnRef(0, operand.type(), true), List.of(operand));
  }

  private static MatchOperand row(
      int column, SqlType type, List<Integer> variables, boolean first, int skip, int offset) {
    return new MatchOperand.RowValue(
        new Expr.ColumnRef(column, type, true),
        new MatchOperand.Anchor(variables, first, skip, true),
        offset);
  }

  private static MatchOperand sum(List<Integer> variables, boolean running) {
    FunctionSignature sum =
        Plans.function("count", FunctionSignature.Kind.AGGREGATE, List.of(SimpleType.BIGINT));
    return new MatchOperand.Aggregate(
        sum,
        List.of(new Expr.ColumnRef(2, SimpleType.BIGINT, true)),
        false,
        variables,
        running,
        SimpleType.BIGINT);
  }

  private static MatchExpr condition(SplittableRandom random, int variable) {
    MatchOperand own = row(2, SimpleType.BIGINT, List.of(variable), false, 0, 0);
    Expr left = new Expr.ColumnRef(0, SimpleType.BIGINT, true);
    Expr right = new Expr.ColumnRef(1, SimpleType.BIGINT, true);
    MatchOperand other =
        switch (random.nextInt(8)) {
          case 0 -> row(2, SimpleType.BIGINT, ALL, false, 0, -1);
          case 1 -> row(2, SimpleType.BIGINT, ALL, false, 0, 1);
          case 2 -> row(2, SimpleType.BIGINT, ALL, true, 0, 0);
          case 3 -> row(2, SimpleType.BIGINT, List.of(random.nextInt(3)), false, 0, 0);
          case 4 -> row(2, SimpleType.BIGINT, ALL, false, 1, 0);
          case 5 -> sum(List.of(random.nextInt(3)), true);
          default -> own;
        };
    if (other == own) {
      right = new Expr.Literal((long) random.nextInt(5), SimpleType.BIGINT);
    }
    String comparison = List.of("<", ">", "<=", "<>").get(random.nextInt(4));
    return new MatchExpr(Plans.callOf(comparison, left, right), List.of(own, other));
  }

  private static Pattern pattern(SplittableRandom random, int depth) {
    return switch (random.nextInt(depth == 0 ? 2 : 9)) {
      case 0, 1 -> new Pattern.Variable(random.nextInt(3));
      case 2, 3, 4 ->
          new Pattern.Concatenation(
              List.of(
                  pattern(random, depth - 1),
                  pattern(random, depth - 1),
                  pattern(random, depth - 1)));
      case 5 ->
          new Pattern.Alternation(List.of(pattern(random, depth - 1), pattern(random, depth - 1)));
      case 6 ->
          random.nextBoolean()
              ? new Pattern.Permutation(
                  List.of(pattern(random, depth - 1), pattern(random, depth - 1)))
              : new Pattern.Concatenation(
                  List.of(pattern(random, depth - 1), new Pattern.PartitionEnd()));
      default ->
          new Quantified(
              pattern(random, depth - 1),
              random.nextInt(2),
              random.nextBoolean() ? Quantified.UNBOUNDED : 2,
              random.nextInt(4) == 0);
    };
  }
}
