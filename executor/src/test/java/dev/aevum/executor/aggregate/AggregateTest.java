package dev.aevum.executor.aggregate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.aevum.executor.kernel.EvaluationContext;
import dev.aevum.executor.kernel.RandomValues;
import dev.aevum.executor.kernel.Selection;
import dev.aevum.executor.kernel.TestBatches;
import dev.aevum.executor.kernel.TestSession;
import dev.aevum.model.batch.Column;
import dev.aevum.model.batch.DeltaBatch;
import dev.aevum.model.type.DecimalType;
import dev.aevum.model.type.SimpleType;
import dev.aevum.model.type.SqlType;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import org.apache.arrow.memory.RootAllocator;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/// Sums equal exact arithmetic in any order, and a history and its negation leave zero bytes.
class AggregateTest {
  private static final int GROUPS = 7;
  private static final int FIELD = 16;

  @FunctionalInterface
  private interface Naive {
    @Nullable Object of(List<Object> values);
  }

  private static void check(AggregateFunction function, SqlType type, Naive naive) {
    AccumulatorAggregate aggregate = (AccumulatorAggregate) function;
    long seed = 7 + type.hashCode() % 1000;
    Random random = new Random(seed);
    RandomValues values = new RandomValues(random);
    List<List<@Nullable Object>> rows = new ArrayList<>();
    for (int i = 0; i < 500; i++) {
      rows.add(values.row(List.of(type), 0.1));
    }
    int slot = FIELD + aggregate.width();
    long[] slots = random.ints(rows.size(), 0, GROUPS).mapToLong(g -> (long) g * slot).toArray();
    long[] groups = new long[GROUPS];
    for (int g = 0; g < GROUPS; g++) {
      groups[g] = (long) g * slot;
    }
    try (RootAllocator allocator = new RootAllocator();
        Arena arena = Arena.ofConfined()) {
      EvaluationContext context = new EvaluationContext(allocator, new TestSession(), 0);
      MemorySegment state = arena.allocate((long) slot * GROUPS, 8);
      try (DeltaBatch batch = TestBatches.of(allocator, List.of(type), rows)) {
        Column[] arguments = {batch.column(0)};
        Selection all = Selection.all(rows.size());
        aggregate.add(state, slots, FIELD, arguments, all, null, 1);
        try (Column out = aggregate.emit(context, state, groups, FIELD, GROUPS)) {
          List<@Nullable Object> actual = TestBatches.values(out);
          for (int g = 0; g < GROUPS; g++) {
            List<Object> inGroup = new ArrayList<>();
            for (int i = 0; i < rows.size(); i++) {
              if (slots[i] == groups[g] && rows.get(i).get(0) != null) {
                inGroup.add(Objects.requireNonNull(rows.get(i).get(0)));
              }
            }
            Object expected = naive.of(inGroup);
            if (expected == null) {
              assertThat(context.errors().at(g)).as("seed " + seed).isNotNull();
            } else {
              assertThat(actual.get(g)).as("seed " + seed).isEqualTo(expected);
            }
          }
        }
        if (aggregate.isLinear()) {
          aggregate.add(state, slots, FIELD, arguments, all, null, -1);
          assertThat(state.mismatch(arena.allocate(state.byteSize()))).isEqualTo(-1);
        }
      }
      assertThat(allocator.getAllocatedMemory()).isZero();
    }
  }

  private static BigDecimal exact(List<Object> values) {
    BigDecimal sum = BigDecimal.ZERO;
    for (Object v : values) {
      sum =
          sum.add(
              v instanceof BigDecimal d
                  ? d
                  : v instanceof Double d ? new BigDecimal(d) : BigDecimal.valueOf((Long) v));
    }
    return sum;
  }

  @Test
  void integerSums() {
    check(
        Aggregates.sum(SimpleType.INTEGER, SimpleType.BIGINT),
        SimpleType.INTEGER,
        v -> exact(v).longValueExact());
    check(
        Aggregates.sum(SimpleType.BIGINT, new DecimalType(38, 0)),
        SimpleType.BIGINT,
        AggregateTest::exact);
    check(new CountAggregate(), SimpleType.INTEGER, v -> (long) v.size());
  }

  @Test
  void decimalAndNumericSums() {
    DecimalType narrow = new DecimalType(12, 3);
    check(Aggregates.sum(narrow, new DecimalType(38, 3)), narrow, AggregateTest::exact);
    DecimalType wide = new DecimalType(38, 5);
    check(Aggregates.sum(wide, SimpleType.NUMERIC), wide, AggregateTest::exact);
    check(
        Aggregates.sum(SimpleType.NUMERIC, SimpleType.NUMERIC),
        SimpleType.NUMERIC,
        AggregateTest::exact);
  }

  @Test
  void doubleSumsAreRoundedOnce() {
    check(
        Aggregates.sum(SimpleType.DOUBLE, SimpleType.DOUBLE),
        SimpleType.DOUBLE,
        v -> {
          boolean nan = v.contains(Double.NaN);
          boolean infinite = v.contains(Double.POSITIVE_INFINITY);
          if (nan || infinite) {
            return nan ? Double.NaN : Double.POSITIVE_INFINITY;
          }
          double sum = exact(v).doubleValue();
          return Double.isInfinite(sum) ? null : sum;
        });
  }

  @Test
  void doubleSumsOfEveryExponentEqualExactArithmetic() {
    Random random = new Random(11);
    try (Arena arena = Arena.ofConfined()) {
      for (int round = 0; round < 300; round++) {
        MemorySegment state = arena.allocate(dev.aevum.executor.numeric.DoubleSum.WIDTH, 8);
        BigDecimal expected = BigDecimal.ZERO;
        int count = 1 + random.nextInt(6);
        for (int i = 0; i < count; i++) {
          double value;
          do {
            value = Double.longBitsToDouble(random.nextLong());
          } while (!Double.isFinite(value));
          long weight = random.nextInt(3) == 0 ? random.nextInt(-5, 6) : 1;
          dev.aevum.executor.numeric.DoubleSum.add(state, 0, value, weight);
          expected = expected.add(new BigDecimal(value).multiply(BigDecimal.valueOf(weight)));
        }
        assertThat(dev.aevum.executor.numeric.DoubleSum.read(state, 0, false))
            .as("round " + round)
            .isEqualTo(expected.doubleValue());
        assertThat((float) dev.aevum.executor.numeric.DoubleSum.read(state, 0, true))
            .as("round " + round)
            .isEqualTo(expected.floatValue());
      }
    }
  }
}
