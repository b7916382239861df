package dev.aevum.executor.function;

import static org.assertj.core.api.Assertions.assertThat;

import dev.aevum.executor.expression.ExpressionCompiler;
import dev.aevum.executor.expression.VectorExpression;
import dev.aevum.executor.kernel.EvaluationContext;
import dev.aevum.executor.kernel.RandomValues;
import dev.aevum.executor.kernel.Selection;
import dev.aevum.executor.kernel.TestBatches;
import dev.aevum.executor.kernel.TestSession;
import dev.aevum.model.batch.Column;
import dev.aevum.model.batch.DeltaBatch;
import dev.aevum.model.error.SqlException;
import dev.aevum.model.type.DecimalType;
import dev.aevum.model.type.SimpleType;
import dev.aevum.model.type.SqlType;
import dev.aevum.planner.plan.Expr;
import dev.aevum.planner.plan.function.FunctionSignature;
import dev.aevum.planner.plan.function.FunctionSignature.ArgumentType;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import org.apache.arrow.memory.RootAllocator;
import org.jspecify.annotations.Nullable;

/// Compares a kernel with a naive evaluation of one row, over random columns with and without
/// NULLs, whole and selected.
final class FunctionCase {
  @FunctionalInterface
  interface Naive {
    @Nullable Object apply(List<Object> arguments);
  }

  private static final FunctionRegistry REGISTRY = FunctionRegistry.standard();

  private FunctionCase() {}

  /// A strict function: the naive form sees no NULLs; an [SqlException] it throws is the expected
  /// row error.
  static void check(String name, List<SqlType> types, Naive naive) {
    List<Expr> columns = new ArrayList<>();
    for (int i = 0; i < types.size(); i++) {
      columns.add(new Expr.ColumnRef(i, types.get(i), true));
    }
    FunctionSignature function = find(name, types);
    Expr call = new Expr.Call(function, columns, function.result().resolve(types), true);
    check(call, types, naive);
  }

  static void check(Expr expression, List<SqlType> types, Naive naive) {
    long seed = expression.toString().length() * 31L + types.hashCode();
    for (double nullShare : new double[] {0, 0.2}) {
      for (int rows : new int[] {0, 1, 63, 200}) {
        checkOnce(expression, types, naive, nullShare, rows, new Random(seed + rows));
      }
    }
  }

  private static void checkOnce(
      Expr expression,
      List<SqlType> types,
      Naive naive,
      double nullShare,
      int rows,
      Random random) {
    RandomValues values = new RandomValues(random);
    List<List<@Nullable Object>> input = new ArrayList<>();
    for (int i = 0; i < rows; i++) {
      input.add(values.row(types, nullShare));
    }
    int[] some = random.ints(0, Math.max(1, rows)).limit(rows / 2).sorted().distinct().toArray();
    try (RootAllocator allocator = new RootAllocator()) {
      try (DeltaBatch batch = TestBatches.of(allocator, types, input)) {
        compare(expression, types, naive, input, batch, Selection.all(rows), allocator);
        compare(expression, types, naive, input, batch, Selection.of(some, some.length), allocator);
      }
      assertThat(allocator.getAllocatedMemory()).isZero();
    }
  }

  private static void compare(
      Expr expression,
      List<SqlType> types,
      Naive naive,
      List<List<@Nullable Object>> input,
      DeltaBatch batch,
      Selection rows,
      RootAllocator allocator) {
    EvaluationContext context = new EvaluationContext(allocator, new TestSession(), 0);
    VectorExpression compiled = ExpressionCompiler.compile(expression, types, REGISTRY);
    try (Column column = compiled.evaluate(context, batch, rows)) {
      assertThat(column.rows()).isEqualTo(rows.size());
      List<@Nullable Object> actual = TestBatches.values(column);
      for (int k = 0; k < rows.size(); k++) {
        List<@Nullable Object> arguments = input.get(rows.row(k));
        String place = expression + " of " + arguments;
        @Nullable Object expected = null;
        @Nullable SqlException failure = null;
        if (arguments.stream().noneMatch(Objects::isNull)) {
          try {
            expected = naive.apply(new ArrayList<>(arguments));
          } catch (SqlException e) {
            failure = e;
          }
        }
        if (failure != null) {
          var reported = context.errors().at(rows.row(k));
          assertThat(reported).as(place).isNotNull();
          assertThat(Objects.requireNonNull(reported).code()).as(place).isEqualTo(failure.code());
          assertThat(reported.message()).as(place).isEqualTo(failure.text());
          assertThat(actual.get(k)).as(place).isNull();
        } else {
          assertThat(context.errors().at(rows.row(k))).as(place).isNull();
          assertThat(actual.get(k)).as(place).isEqualTo(expected);
        }
      }
    }
  }

  /// The overload whose declared types are these.
  static FunctionSignature find(String name, List<SqlType> types) {
    return REGISTRY.named(name).stream()
        .filter(s -> s.arguments().size() == types.size() && accepts(s, types))
        .findFirst()
        .orElseThrow(() -> new AssertionError("no " + name + types));
  }

  private static boolean accepts(FunctionSignature s, List<SqlType> types) {
    for (int i = 0; i < types.size(); i++) {
      SqlType type = types.get(i);
      boolean fits =
          switch (s.arguments().get(i)) {
            case ArgumentType.Exact e -> e.type().equals(type) || textLike(e.type(), type);
            case ArgumentType.AnyNumeric n ->
                type instanceof DecimalType || type == SimpleType.NUMERIC;
            case ArgumentType.AnyArray a -> type instanceof dev.aevum.model.type.ArrayType;
            case ArgumentType.AnyElement e -> true;
            case ArgumentType.Any a -> true;
          };
      if (!fits) {
        return false;
      }
    }
    return true;
  }

  private static boolean textLike(SqlType declared, SqlType actual) {
    return declared == SimpleType.TEXT
        && (actual instanceof dev.aevum.model.type.VarcharType
            || actual instanceof dev.aevum.model.type.CharType
            || actual == SimpleType.NAME);
  }
}
