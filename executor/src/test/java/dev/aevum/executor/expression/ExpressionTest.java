package dev.aevum.executor.expression;

import static org.assertj.core.api.Assertions.assertThat;

import dev.aevum.executor.function.FunctionRegistry;
import dev.aevum.executor.kernel.EvaluationContext;
import dev.aevum.executor.kernel.Selection;
import dev.aevum.executor.kernel.TestBatches;
import dev.aevum.executor.kernel.TestSession;
import dev.aevum.model.batch.Column;
import dev.aevum.model.batch.DeltaBatch;
import dev.aevum.model.error.ErrorCode;
import dev.aevum.model.type.ArrayType;
import dev.aevum.model.type.SimpleType;
import dev.aevum.model.type.SqlType;
import dev.aevum.planner.plan.Expr;
import dev.aevum.planner.plan.function.FunctionSignature;
import dev.aevum.planner.plan.function.FunctionSignature.ArgumentType;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.arrow.memory.RootAllocator;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/// Three-valued logic, lazy operands, filters and projections.
class ExpressionTest {
  private static final FunctionRegistry REGISTRY = FunctionRegistry.standard();
  private static final SimpleType BOOLEAN = SimpleType.BOOLEAN;
  private static final SimpleType INTEGER = SimpleType.INTEGER;
  private static final @Nullable Boolean[] THREE = {true, false, null};

  private static Expr column(int index, SqlType type) {
    return new Expr.ColumnRef(index, type, true);
  }

  private static Expr literal(long value) {
    return new Expr.Literal(value, INTEGER);
  }

  private static Expr call(String name, Expr... arguments) {
    for (FunctionSignature s : REGISTRY.named(name)) {
      if (s.arguments()
          .equals(Arrays.stream(arguments).map(a -> new ArgumentType.Exact(a.type())).toList())) {
        return new Expr.Call(
            s,
            List.of(arguments),
            s.result().resolve(Arrays.stream(arguments).map(Expr::type).toList()),
            true);
      }
    }
    throw new AssertionError(name);
  }

  private interface Check {
    void on(EvaluationContext context, DeltaBatch batch);
  }

  private static void with(List<SqlType> types, List<List<@Nullable Object>> rows, Check check) {
    try (RootAllocator allocator = new RootAllocator()) {
      EvaluationContext context = new EvaluationContext(allocator, new TestSession(), 0);
      try (DeltaBatch batch = TestBatches.of(allocator, types, rows)) {
        check.on(context, batch);
      }
      assertThat(allocator.getAllocatedMemory()).isZero();
    }
  }

  private static List<@Nullable Object> evaluate(
      EvaluationContext context, DeltaBatch batch, List<SqlType> types, Expr expression) {
    try (Column c =
        ExpressionCompiler.compile(expression, types, REGISTRY)
            .evaluate(context, batch, Selection.all(batch.rows()))) {
      return TestBatches.values(c);
    }
  }

  private static @Nullable Boolean and(@Nullable Boolean a, @Nullable Boolean b) {
    if (Boolean.FALSE.equals(a) || Boolean.FALSE.equals(b)) {
      return false;
    }
    return a == null || b == null ? null : true;
  }

  private static @Nullable Boolean not(@Nullable Boolean a) {
    return a == null ? null : !a;
  }

  @Test
  void logicIsThreeValued() {
    List<SqlType> types = List.of(BOOLEAN, BOOLEAN);
    List<List<@Nullable Object>> rows = new ArrayList<>();
    for (int i = 0; i < 90; i++) {
      rows.add(Arrays.asList(THREE[i % 3], THREE[i / 3 % 3]));
    }
    with(
        types,
        rows,
        (context, batch) -> {
          Expr a = column(0, BOOLEAN);
          Expr b = column(1, BOOLEAN);
          var conjunction = evaluate(context, batch, types, new Expr.And(List.of(a, b), true));
          var disjunction = evaluate(context, batch, types, new Expr.Or(List.of(a, b), true));
          var isFalse = evaluate(context, batch, types, new Expr.IsBoolean(a, false, false));
          var distinct = evaluate(context, batch, types, new Expr.IsDistinct(a, b, false));
          for (int i = 0; i < rows.size(); i++) {
            Boolean x = (Boolean) rows.get(i).get(0);
            Boolean y = (Boolean) rows.get(i).get(1);
            assertThat(conjunction.get(i)).isEqualTo(and(x, y));
            assertThat(disjunction.get(i)).isEqualTo(not(and(not(x), not(y))));
            assertThat(isFalse.get(i)).isEqualTo(Boolean.FALSE.equals(x));
            assertThat(distinct.get(i)).isEqualTo(!java.util.Objects.equals(x, y));
          }
        });
  }

  @Test
  void operandsThatFailAreEvaluatedOnlyWhereTheyCount() {
    List<SqlType> types = List.of(INTEGER);
    List<List<@Nullable Object>> rows = new ArrayList<>();
    for (long i = -3; i < 4; i++) {
      rows.add(List.of(i));
    }
    Expr x = column(0, INTEGER);
    Expr inverse = call("/", literal(6), x);
    Expr isZero = call("=", x, literal(0));
    Expr guarded =
        new Expr.And(List.of(call("<>", x, literal(0)), call(">", inverse, literal(2))), true);
    Expr either = new Expr.Or(List.of(isZero, call(">", inverse, literal(2))), true);
    Expr chosen = new Expr.Case(List.of(new Expr.When(isZero, literal(0))), inverse, INTEGER, true);
    Expr coalesced = new Expr.Coalesce(List.of(x, inverse), INTEGER, true);
    with(
        types,
        rows,
        (context, batch) -> {
          assertThat(evaluate(context, batch, types, guarded))
              .containsExactly(false, false, false, false, true, true, false);
          assertThat(evaluate(context, batch, types, either))
              .containsExactly(false, false, false, true, true, true, false);
          assertThat(evaluate(context, batch, types, chosen))
              .containsExactly(-2L, -3L, -6L, 0L, 6L, 3L, 2L);
          assertThat(evaluate(context, batch, types, coalesced))
              .containsExactly(-3L, -2L, -1L, 0L, 1L, 2L, 3L);
          assertThat(context.errors().isEmpty()).isTrue();
          evaluate(context, batch, types, inverse);
          assertThat(context.errors().size()).isEqualTo(1);
          assertThat(context.errors().at(3)).isNotNull();
        });
  }

  @Test
  void calcLeavesOutFailedRowsAndReportsThemByInputRow() {
    List<SqlType> types = List.of(INTEGER, SimpleType.TEXT);
    List<List<@Nullable Object>> rows = new ArrayList<>();
    for (long i = 0; i < 100; i++) {
      rows.add(Arrays.asList(i % 10, "a text of more than twelve bytes " + i));
    }
    Expr x = column(0, INTEGER);
    Expr filter = new Expr.And(List.of(call("<", x, literal(3)), call(">=", x, literal(0))), true);
    List<Expr> projections = List.of(call("/", literal(6), x), column(1, SimpleType.TEXT), x);
    with(
        types,
        rows,
        (context, batch) -> {
          CalcEvaluator calc = ExpressionCompiler.calc(filter, projections, types, REGISTRY);
          try (CalcEvaluator.Result result = calc.evaluate(context, batch)) {
            assertThat(result.rows().size()).isEqualTo(20);
            for (int i = 0; i < 20; i++) {
              int row = result.rows().row(i);
              assertThat(row % 10).isIn(1, 2);
              assertThat(result.columns()[0].intAt(i)).isEqualTo(6 / (row % 10));
              assertThat(result.columns()[1].textAt(i))
                  .isEqualTo("a text of more than twelve bytes " + row);
            }
          }
          assertThat(context.errors().all())
              .hasSize(10)
              .allSatisfy(e -> {
                assertThat(e.row() % 10).isZero();
                assertThat(e.code()).isEqualTo(ErrorCode.DIVISION_BY_ZERO);
              });
        });
  }

  @Test
  void quantifiedComparisonsFollowNulls() {
    ArrayType integers = new ArrayType(INTEGER);
    List<SqlType> types = List.of(INTEGER, integers);
    List<List<@Nullable Object>> rows =
        List.of(
            List.of(1L, List.of(1L, 2L)),
            List.of(3L, List.of(1L, 2L)),
            List.of(3L, Arrays.asList(1L, null)),
            List.of(1L, Arrays.asList(1L, null)),
            List.of(1L, List.of()),
            Arrays.asList(1L, null),
            Arrays.asList(null, List.of(1L)));
    FunctionSignature equal =
        ((Expr.Call) call("=", column(0, INTEGER), column(0, INTEGER))).function();
    with(
        types,
        rows,
        (context, batch) -> {
          Expr any =
              new Expr.ArrayQuantified(column(0, INTEGER), equal, column(1, integers), false, true);
          assertThat(evaluate(context, batch, types, any))
              .containsExactly(true, false, null, true, false, null, null);
          Expr all =
              new Expr.ArrayQuantified(column(0, INTEGER), equal, column(1, integers), true, true);
          assertThat(evaluate(context, batch, types, all))
              .containsExactly(false, false, false, null, true, null, null);
        });
  }
}
