package dev.aevum.executor.step;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.aevum.executor.spi.StepOutput;
import dev.aevum.model.batch.DeltaBatch;
import dev.aevum.model.error.SqlException;
import dev.aevum.model.step.Watermarks;
import dev.aevum.model.type.SimpleType;
import dev.aevum.model.type.SqlType;
import dev.aevum.planner.plan.PlanNode;
import dev.aevum.planner.plan.Traits;
import dev.aevum.planner.plan.ViewPlan;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What the step loop does around operators: views over views, filling, failures, time.
final class StepEngineTest {
  private static final int TABLE = 100;
  private static final int STREAM = 102;
  private static final int VIEW = 200;
  private static final int UPPER = 201;
  private static final List<SqlType> PAIR = List.of(SimpleType.BIGINT, SimpleType.BIGINT);
  private static final List<SqlType> TIMED = List.of(SimpleType.BIGINT, SimpleType.TIMESTAMP);

  private static Lane.Change change(int relation, List<SqlType> types, Bag.Row... rows) {
    return new Lane.Change(relation, types, List.of(rows));
  }

  private static Bag.Row row(long weight, @Nullable Object... values) {
    return new Bag.Row(Arrays.asList(values), weight);
  }

  private static ViewPlan sums() {
    PlanNode table = Plans.scan(TABLE, false, PAIR);
    return Plans.view(
        Plans.aggregate(
            table,
            List.of(0),
            List.of(Plans.call("count", table, -1), Plans.call("sum", table, 1))));
  }

  /// How many groups of VIEW have each count.
  private static ViewPlan histogram() {
    PlanNode view = Plans.scan(VIEW, false, sums().root().schema().types());
    return Plans.view(Plans.aggregate(view, List.of(1), List.of(Plans.call("count", view, -1))));
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3})
  void aViewSeesTheChangesOfItsInputInTheSameStep(int workers) {
    try (Lane lane = new Lane(workers)) {
      lane.deploy(VIEW, sums()).deploy(UPPER, histogram());
      lane.step(
          List.of(change(TABLE, PAIR, row(1, 1L, 5L), row(1, 1L, 6L), row(1, 2L, 7L))), Map.of());
      assertThat(lane.views.get(UPPER).weights())
          .isEqualTo(Map.of(List.of(2L, 1L), 1L, List.of(1L, 1L), 1L));
      lane.step(List.of(change(TABLE, PAIR, row(-1, 1L, 5L))), Map.of());
      assertThat(lane.views.get(UPPER).weights()).isEqualTo(Map.of(List.of(1L, 2L), 1L));
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3})
  void aFilledViewEqualsOneThatWasThereFromTheStart(int workers) {
    for (Map.Entry<String, PlanNode> e : StepLawProperty.plans().entrySet()) {
      if (e.getKey().contains("window") || e.getKey().contains("gate")) {
        continue;
      }
      Random random = new Random(e.getKey().hashCode());
      Map<Integer, Bag> contents = new HashMap<>();
      try (Lane lane = new Lane(workers)) {
        for (int relation : new int[] {100, 101, 103}) {
          for (int i = 0; i < 4; i++) {
            StepLawProperty.tableChanges(random, relation, contents);
          }
        }
        lane.deploy(VIEW, Plans.view(e.getValue()));
        Map<Integer, Iterator<DeltaBatch>> cursors = new HashMap<>();
        contents.forEach((relation, bag) ->
            cursors.put(
                relation,
                StepLawProperty.cut(random, relation, StepLawProperty.COLUMNS, bag.rows()).stream()
                    .map(c -> Bag.batch(lane.allocator, c.types(), c.rows()))
                    .iterator()));
        lane.take(lane.engine.backfill(1, 1, VIEW, cursors));
        for (int step = 0; step < 4; step++) {
          Bag expected = new NaiveEvaluator(contents, Watermarks.NONE).evaluate(e.getValue());
          assertThat(StepLawProperty.canonical(lane.views.get(VIEW)))
              .as(e.getKey() + " step " + step)
              .isEqualTo(StepLawProperty.canonical(expected));
          List<Lane.Change> changes = new ArrayList<>();
          for (int relation : new int[] {100, 101, 103}) {
            changes.addAll(StepLawProperty.tableChanges(random, relation, contents));
          }
          lane.step(changes, Map.of());
        }
      }
    }
  }

  @Test
  void fillingTouchesNoOtherView() {
    try (Lane lane = new Lane(2)) {
      lane.deploy(VIEW, sums());
      lane.step(List.of(change(TABLE, PAIR, row(1, 1L, 5L))), Map.of());
      lane.deploy(UPPER, histogram());
      List<DeltaBatch> present = new ArrayList<>();
      present.add(
          Bag.batch(
              lane.allocator,
              histogram().root().inputs().getFirst().schema().types(),
              lane.views.get(VIEW).rows()));
      lane.take(lane.engine.backfill(2, 2, UPPER, Map.of(VIEW, present.iterator())));
      assertThat(lane.views.get(VIEW).weights()).hasSize(1).containsValue(1L);
      assertThat(lane.views.get(UPPER).weights()).isEqualTo(Map.of(List.of(1L, 1L), 1L));
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2})
  void anOperatorThatThrowsFailsItsViewAndThoseAboveOnly(int workers) {
    try (Lane lane = new Lane(workers)) {
      PlanNode table = Plans.scan(TABLE, false, PAIR);
      lane.deploy(VIEW, sums()).deploy(UPPER, histogram());
      lane.deploy(300, Plans.view(Plans.calc(table, null, List.of(Plans.column(table, 0)))));
      lane.step(List.of(change(TABLE, PAIR, row(1, 2L, 1L))), Map.of());
      assertThat(lane.stored.size()).isPositive();
      lane.step(List.of(change(TABLE, PAIR, row(-1, 9L, 9L))), Map.of());
      assertThat(lane.failures)
          .extracting(StepOutput.ViewFailure::view)
          .containsExactly(VIEW, UPPER);
      assertThat(lane.failures.getFirst().operatorName()).isEqualTo("Aggregate");
      assertThat(lane.failures.getFirst().reason()).contains("a group of -1 rows");
      assertThat(lane.stored.size()).isZero();
      lane.step(List.of(change(TABLE, PAIR, row(1, 3L, 1L))), Map.of());
      assertThat(lane.views.get(300).weights())
          .isEqualTo(Map.of(List.of(2L), 1L, List.of(9L), -1L, List.of(3L), 1L));
      lane.views.remove(VIEW);
      lane.deploy(VIEW, sums());
      lane.step(List.of(change(TABLE, PAIR, row(1, 3L, 4L))), Map.of());
      assertThat(lane.views.get(VIEW).weights()).hasSize(1);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3})
  void aViewFailsByTheRowsThatAllItsWorkersMakeInAStep(int workers) {
    List<Bag.Row> many = new ArrayList<>();
    for (long key = 0; key < 500; key++) {
      many.add(row(1, key, 1L));
    }
    Lane.Change input = new Lane.Change(TABLE, PAIR, many);
    long bytes;
    try (Lane free = new Lane(workers).deploy(VIEW, sums())) {
      free.step(List.of(input), Map.of());
      bytes = free.outputBytes;
    }
    try (Lane enough = Lane.bounded(workers, bytes).deploy(VIEW, sums())) {
      enough.step(List.of(input), Map.of());
      assertThat(enough.failures).isEmpty();
      assertThat(enough.views.get(VIEW).weights()).hasSize(500);
    }
    try (Lane less = Lane.bounded(workers, bytes - 1).deploy(VIEW, sums())) {
      less.deploy(UPPER, histogram());
      less.step(List.of(change(TABLE, PAIR, row(1, 1L, 1L))), Map.of());
      less.step(List.of(input), Map.of());
      assertThat(less.failures)
          .extracting(StepOutput.ViewFailure::view)
          .containsExactly(VIEW, UPPER);
      assertThat(less.failures.getFirst().reason()).startsWith("53200: out of memory");
      assertThat(less.stored.size()).isZero();
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {2, 3})
  void aFailureOnOneWorkerBelowAnExchangeHoldsNobodyUp(int workers) {
    PlanNode table = Plans.scan(TABLE, false, PAIR);
    PlanNode inner = Plans.aggregate(table, List.of(0), List.of(Plans.call("count", table, -1)));
    PlanNode outer = Plans.aggregate(inner, List.of(1), List.of(Plans.call("count", inner, -1)));
    try (Lane lane = new Lane(workers).deploy(VIEW, Plans.view(outer))) {
      List<Bag.Row> many = new ArrayList<>();
      for (long key = 0; key < 500; key++) {
        many.add(row(1, key, 1L));
      }
      lane.step(List.of(new Lane.Change(TABLE, PAIR, many)), Map.of());
      assertThat(lane.views.get(VIEW).weights()).isEqualTo(Map.of(List.of(1L, 500L), 1L));
      many.add(row(-1, 7L, 1L));
      lane.step(List.of(new Lane.Change(TABLE, PAIR, many)), Map.of());
      lane.step(List.of(new Lane.Change(TABLE, PAIR, many)), Map.of());
      assertThat(lane.failures).isEmpty();
      lane.step(List.of(change(TABLE, PAIR, row(-9, 8L, 1L))), Map.of());
      assertThat(lane.failures).extracting(StepOutput.ViewFailure::view).containsExactly(VIEW);
      lane.deploy(VIEW, Plans.view(outer));
      lane.views.put(VIEW, new Bag());
      lane.step(List.of(change(TABLE, PAIR, row(1, 8L, 1L))), Map.of());
      assertThat(lane.views.get(VIEW).weights()).isEqualTo(Map.of(List.of(1L, 1L), 1L));
    }
  }

  @Test
  void aSumOutOfRangeWithdrawsItsGroupUntilItFitsAgain() {
    List<SqlType> types = List.of(SimpleType.BIGINT, SimpleType.INTEGER);
    PlanNode table = Plans.scan(TABLE, false, types);
    ViewPlan plan =
        Plans.view(Plans.aggregate(table, List.of(0), List.of(Plans.call("sum", table, 1))));
    try (Lane lane = new Lane(1).deploy(VIEW, plan)) {
      lane.step(List.of(change(TABLE, types, row(1, 1L, 4L), row(1, 2L, 4L))), Map.of());
      assertThat(lane.views.get(VIEW).weights()).hasSize(2);
      lane.step(List.of(change(TABLE, types, row(1L << 62, 1L, 4L))), Map.of());
      assertThat(lane.views.get(VIEW).weights()).isEqualTo(Map.of(List.of(2L, 4L), 1L));
      assertThat(lane.errors).hasSize(1);
      assertThat(lane.errors.getFirst().sqlState()).isEqualTo("22003");
      assertThat(lane.errors.getFirst().rowText()).isEqualTo("1");
      lane.step(List.of(change(TABLE, types, row(-(1L << 62), 1L, 4L))), Map.of());
      assertThat(lane.views.get(VIEW).weights()).hasSize(2);
      assertThat(lane.errorBag.weights()).isEmpty();
    }
  }

  @Test
  void rowsBelowTheWatermarkBeforeTheStepAreLate() {
    PlanNode stream = Plans.stream(STREAM, 1, TIMED);
    PlanNode window = Plans.window(stream, 1, 10, 10);
    PlanNode counts =
        Plans.aggregate(window, List.of(3), List.of(Plans.call("count", window, -1)), 0, true);
    try (Lane lane = new Lane(1).deploy(VIEW, Plans.view(counts))) {
      lane.step(
          List.of(change(STREAM, TIMED, row(1, 1L, 3L), row(1, 1L, 12L))), Map.of(STREAM, 9L));
      assertThat(lane.views.get(VIEW).weights()).isEmpty();
      assertThat(lane.engine.watermark(VIEW)).isEqualTo(9);
      lane.step(
          List.of(change(STREAM, TIMED, row(1, 1L, 8L), row(1, 2L, 9L))), Map.of(STREAM, 10L));
      assertThat(lane.late.get(VIEW).weights()).isEqualTo(Map.of(List.of(1L, 8L), 1L));
      assertThat(lane.engine.operators().getFirst().rowsDropped()).isEqualTo(1);
      assertThat(lane.views.get(VIEW).weights()).isEqualTo(Map.of(List.of(10L, 2L), 1L));
      lane.step(List.of(), Map.of(STREAM, Watermarks.END));
      assertThat(lane.views.get(VIEW).weights())
          .isEqualTo(Map.of(List.of(10L, 2L), 1L, List.of(20L, 1L), 1L));
      assertThat(lane.stored.size()).isZero();
    }
  }

  @Test
  void constantRowsComeOnceAlsoAcrossARestart() {
    PlanNode values =
        new PlanNode.ValuesNode(
            List.of(List.of(Plans.bigint(1)), List.of(Plans.bigint(2))),
            Plans.schema(List.of(SimpleType.BIGINT)),
            Traits.UNKNOWN);
    StateStore stored = new StateStore();
    for (int round = 0; round < 2; round++) {
      try (Lane lane = new Lane(3, stored).deploy(VIEW, Plans.view(values))) {
        lane.step(List.of(), Map.of());
        lane.step(List.of(), Map.of());
        assertThat(lane.views.get(VIEW).weights()).hasSize(round == 0 ? 2 : 0);
      }
    }
  }

  @Test
  void undeployedViewsLeaveNoState() {
    try (Lane lane = new Lane(2).deploy(VIEW, sums())) {
      lane.step(List.of(change(TABLE, PAIR, row(1, 1L, 5L))), Map.of());
      assertThat(lane.stored.size()).isPositive();
      lane.engine.undeploy(VIEW, true);
      lane.step(List.of(change(TABLE, PAIR, row(1, 1L, 5L))), Map.of());
      assertThat(lane.stored.size()).isZero();
      assertThat(lane.engine.operators()).isEmpty();
    }
  }

  @Test
  void refusesPlansWithoutAnIncrementalForm() {
    PlanNode table = Plans.scan(TABLE, false, PAIR);
    PlanNode sorted =
        new PlanNode.SortNode(
            Plans.aggregate(table, List.of(0), List.of()),
            List.of(),
            null,
            Plans.bigint(1),
            table.schema(),
            Traits.UNKNOWN);
    try (Lane lane = new Lane(2)) {
      assertThatThrownBy(() -> lane.deploy(VIEW, Plans.view(sorted)))
          .isInstanceOf(SqlException.class)
          .hasMessageContaining("do not support Sort");
      lane.deploy(VIEW, sums());
      lane.step(List.of(change(TABLE, PAIR, row(1, 1L, 5L))), Map.of());
      assertThat(lane.views.get(VIEW).weights()).hasSize(1);
    }
  }

  @Test
  void operatorsCountTheirRows() {
    try (Lane lane = new Lane(1).deploy(VIEW, sums())) {
      lane.step(List.of(change(TABLE, PAIR, row(1, 1L, 5L), row(1, 1L, 6L))), Map.of());
      assertThat(lane.engine.operators())
          .extracting(OperatorStatus::name, OperatorStatus::rowsIn, OperatorStatus::rowsOut)
          .containsExactly(
              org.assertj.core.groups.Tuple.tuple("Scan r100", 2L, 2L),
              org.assertj.core.groups.Tuple.tuple("Exchange", 2L, 2L),
              org.assertj.core.groups.Tuple.tuple("Aggregate", 2L, 1L),
              org.assertj.core.groups.Tuple.tuple("Output", 1L, 0L));
      assertThat(lane.engine.running()).isEmpty();
    }
  }
}
