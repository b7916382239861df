package dev.aevum.executor.step;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.aevum.executor.kernel.EvaluationContext;
import dev.aevum.executor.query.QueryContext;
import dev.aevum.executor.query.QueryExecution;
import dev.aevum.executor.query.RowSource;
import dev.aevum.model.batch.Column;
import dev.aevum.model.batch.DeltaBatch;
import dev.aevum.model.error.SqlException;
import dev.aevum.model.step.Watermarks;
import dev.aevum.model.text.JavaValues;
import dev.aevum.model.type.SqlType;
import dev.aevum.planner.plan.PlanNode;
import dev.aevum.planner.plan.PlanNode.JoinKind;
import dev.aevum.planner.plan.PlanNode.SetKind;
import dev.aevum.planner.plan.SortKey;
import dev.aevum.planner.plan.Traits;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.BooleanSupplier;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/// Ad-hoc execution of a plan equals the naive evaluator, and gives all memory back.
final class QueryLawProperty {
  @TestFactory
  List<DynamicTest> queriesEqualNaive() {
    List<DynamicTest> tests = new ArrayList<>();
    plans()
        .forEach((name, plan) -> {
          long seed = name.hashCode() * 41L;
          tests.add(DynamicTest.dynamicTest(name + " seed=" + seed, () -> run(plan, seed)));
        });
    return tests;
  }

  private static Map<String, PlanNode> plans() {
    Map<String, PlanNode> plans = new LinkedHashMap<>(StepLawProperty.plans());
    plans.keySet().removeIf(n -> n.contains("clos") || n.contains("gate") || n.contains("fails"));
    PlanNode table = Plans.scan(StepLawProperty.TABLE, false, StepLawProperty.COLUMNS);
    PlanNode other = Plans.scan(StepLawProperty.OTHER, false, StepLawProperty.COLUMNS);
    for (JoinKind kind : JoinKind.values()) {
      plans.put("join " + kind, join(table, other, kind, List.of(0), false, false));
      plans.put("join null safe " + kind, join(table, other, kind, List.of(0, 2), true, false));
      plans.put("join residual " + kind, join(table, other, kind, List.of(2), false, true));
      plans.put("nested loop " + kind, join(table, other, kind, List.of(), false, true));
    }
    PlanNode narrow =
        Plans.calc(table, null, List.of(Plans.column(table, 0), Plans.column(table, 4)));
    PlanNode narrowOther =
        Plans.calc(other, null, List.of(Plans.column(other, 0), Plans.column(other, 4)));
    for (SetKind kind : SetKind.values()) {
      plans.put(
          "set " + kind,
          new PlanNode.SetOperationNode(
              kind, narrow, narrowOther, narrow.schema(), Traits.UNKNOWN));
    }
    return plans;
  }

  private static PlanNode join(
      PlanNode left,
      PlanNode right,
      JoinKind kind,
      List<Integer> keys,
      boolean nullSafe,
      boolean residual) {
    List<SqlType> types = new ArrayList<>(left.schema().types());
    types.addAll(right.schema().types());
    PlanNode both = Plans.scan(0, false, types);
    boolean pairs = kind != JoinKind.SEMI && kind != JoinKind.ANTI;
    return new PlanNode.JoinNode(
        left,
        right,
        kind,
        keys,
        keys,
        Collections.nCopies(keys.size(), nullSafe),
        residual ? Plans.callOf("<", Plans.column(both, 1), Plans.column(both, 6)) : null,
        pairs ? both.schema() : left.schema(),
        Traits.UNKNOWN);
  }

  private static Map<Integer, Bag> contents(Random random) {
    Map<Integer, Bag> contents = new HashMap<>();
    for (int i = 0; i < 4; i++) {
      for (int relation : new int[] {100, 101, 103}) {
        StepLawProperty.tableChanges(random, relation, contents);
      }
      StepLawProperty.streamChanges(random, 20, Watermarks.NONE, contents);
    }
    return contents;
  }

  private static void run(PlanNode plan, long seed) {
    Random random = new Random(seed);
    for (int round = 0; round < 10; round++) {
      Map<Integer, Bag> contents = round == 0 ? Map.of() : contents(random);
      Bag expected = new NaiveEvaluator(contents, Watermarks.NONE).evaluate(plan);
      assertThat(StepLawProperty.canonical(read(plan, contents, random, () -> false)))
          .as("round " + round)
          .isEqualTo(StepLawProperty.canonical(expected));
    }
  }

  private static Bag read(
      PlanNode plan, Map<Integer, Bag> contents, Random random, BooleanSupplier canceled) {
    Bag bag = new Bag();
    rows(plan, contents, random, canceled).forEach(r -> bag.add(r.values(), r.weight()));
    return bag;
  }

  private static List<Bag.Row> rows(
      PlanNode plan, Map<Integer, Bag> contents, Random random, BooleanSupplier canceled) {
    List<Bag.Row> rows = new ArrayList<>();
    try (BufferAllocator allocator = new RootAllocator()) {
      QueryContext context =
          new QueryContext(
              new EvaluationContext(allocator, new Lane.TestSession(), 0),
              Plans.FUNCTIONS,
              (relation, columns, prefix) ->
                  new Cursor(allocator, relation, columns, contents, random),
              List.of(),
              canceled,
              () -> {
                throw new IllegalStateException("no tables in this law");
              });
      try (RowSource source = QueryExecution.open(plan, context)) {
        for (DeltaBatch b = source.next(); b != null; b = source.next()) {
          try (DeltaBatch batch = b) {
            for (int r = 0; r < batch.rows(); r++) {
              List<@Nullable Object> row = new ArrayList<>();
              for (int c = 0; c < batch.columnCount(); c++) {
                row.add(JavaValues.get(batch.column(c), r));
              }
              rows.add(new Bag.Row(row, batch.weightAt(r)));
            }
          }
        }
      }
    }
    return rows;
  }

  /// Contents in batches of random length.
  private static final class Cursor implements RowSource {
    private final BufferAllocator allocator;
    private final List<Integer> columns;
    private final Iterator<Lane.Change> batches;

    Cursor(
        BufferAllocator allocator,
        int relation,
        List<Integer> columns,
        Map<Integer, Bag> contents,
        Random random) {
      this.allocator = allocator;
      this.columns = columns;
      List<SqlType> types =
          relation == StepLawProperty.STREAM ? StepLawProperty.TIMED : StepLawProperty.COLUMNS;
      List<Bag.Row> rows = contents.getOrDefault(relation, new Bag()).rows();
      this.batches = StepLawProperty.cut(random, relation, types, rows).iterator();
    }

    @Override
    public @Nullable DeltaBatch next() {
      if (!batches.hasNext()) {
        return null;
      }
      Lane.Change next = batches.next();
      try (DeltaBatch all = Bag.batch(allocator, next.types(), next.rows())) {
        Column[] chosen = columns.stream().map(c -> all.column(c).retain()).toArray(Column[]::new);
        if (all.weightBuffer() != null) {
          all.weightBuffer().getReferenceManager().retain();
        }
        return new DeltaBatch(all.rows(), chosen, all.weightBuffer());
      }
    }

    @Override
    public void close() {
      // Batches are made as they are asked for.
    }
  }

  @Test
  void sortsNullsLastAndCutsTheTop() {
    PlanNode table = Plans.scan(StepLawProperty.TABLE, false, StepLawProperty.COLUMNS);
    Map<Integer, Bag> contents = contents(new Random(3));
    PlanNode sorted =
        new PlanNode.SortNode(
            table,
            List.of(new SortKey(0, false, false), new SortKey(1, true, true)),
            Plans.bigint(2),
            Plans.bigint(9),
            table.schema(),
            Traits.UNKNOWN);
    List<List<@Nullable Object>> all = new ArrayList<>();
    for (Bag.Row r : contents.get(StepLawProperty.TABLE).rows()) {
      for (int i = 0; i < r.weight(); i++) {
        all.add(r.values().subList(0, 2));
      }
    }
    all.sort((a, b) -> {
      int first = compare(a.get(0), b.get(0), false);
      return first != 0 ? first : compare(a.get(1), b.get(1), true);
    });
    List<List<@Nullable Object>> got =
        expand(rows(sorted, contents, new Random(3), () -> false)).stream()
            .map(r -> r.values().subList(0, 2))
            .toList();
    assertThat(got).isEqualTo(all.subList(2, 11));
  }

  private static List<Bag.Row> expand(List<Bag.Row> rows) {
    List<Bag.Row> all = new ArrayList<>();
    rows.forEach(r -> {
      for (int i = 0; i < r.weight(); i++) {
        all.add(new Bag.Row(r.values(), 1));
      }
    });
    return all;
  }

  private static int compare(@Nullable Object a, @Nullable Object b, boolean descending) {
    if (a == null || b == null) {
      int order = a == b ? 0 : a == null ? 1 : -1;
      return descending ? -order : order;
    }
    int order = Long.compare((Long) a, (Long) b);
    return descending ? -order : order;
  }

  @Test
  void failsWithTheSqlStateOfTheRowAndFreesAll() {
    PlanNode table = Plans.scan(StepLawProperty.TABLE, false, StepLawProperty.COLUMNS);
    PlanNode failing = StepLawProperty.failing(table);
    Map<Integer, Bag> contents = contents(new Random(3));
    assertThatThrownBy(() -> read(failing, contents, new Random(1), () -> false))
        .isInstanceOfSatisfying(
            SqlException.class, e -> assertThat(e.sqlState()).isEqualTo("22012"));
  }

  @Test
  void isCanceledBetweenBatches() {
    PlanNode table = Plans.scan(StepLawProperty.TABLE, false, StepLawProperty.COLUMNS);
    Map<Integer, Bag> contents = contents(new Random(3));
    PlanNode query = StepLawProperty.linear(table, List.of(0));
    assertThatThrownBy(() -> read(query, contents, new Random(1), () -> true))
        .isInstanceOfSatisfying(
            SqlException.class, e -> assertThat(e.sqlState()).isEqualTo("57014"));
  }
}
