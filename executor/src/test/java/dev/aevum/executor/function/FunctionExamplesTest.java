package dev.aevum.executor.function;

import static org.assertj.core.api.Assertions.assertThat;

import dev.aevum.executor.aggregate.AccumulatorAggregate;
import dev.aevum.executor.aggregate.AggregateFunction;
import dev.aevum.executor.aggregate.CollectingAggregate;
import dev.aevum.executor.aggregate.ExtremeAggregate;
import dev.aevum.executor.aggregate.GroupedRows;
import dev.aevum.executor.aggregate.MultisetAggregate;
import dev.aevum.executor.aggregate.SketchAggregate;
import dev.aevum.executor.expression.ExpressionCompiler;
import dev.aevum.executor.kernel.EvaluationContext;
import dev.aevum.executor.kernel.Selection;
import dev.aevum.executor.kernel.SetReturningKernel;
import dev.aevum.executor.kernel.TestBatches;
import dev.aevum.executor.kernel.TestSession;
import dev.aevum.model.batch.Column;
import dev.aevum.model.batch.DeltaBatch;
import dev.aevum.model.error.SqlException;
import dev.aevum.model.text.PgText;
import dev.aevum.model.text.TextStyle;
import dev.aevum.model.type.DecimalType;
import dev.aevum.model.type.SimpleType;
import dev.aevum.model.type.SqlType;
import dev.aevum.planner.plan.AggregateCall;
import dev.aevum.planner.plan.Expr;
import dev.aevum.planner.plan.SortKey;
import dev.aevum.planner.plan.function.FunctionSignature;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.arrow.memory.RootAllocator;
import org.assertj.core.api.SoftAssertions;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/// Every entry of the registry has a description and an example, and the example holds.
class FunctionExamplesTest {
  private static final FunctionRegistry REGISTRY = FunctionRegistry.standard();

  /// 2024-01-02 03:04:05.678901 UTC.
  private static final long NOW = 1_704_164_645_678_901L;

  @Test
  void everyFunctionHasADescriptionAndAnExampleThatHolds() {
    SoftAssertions all = new SoftAssertions();
    for (FunctionSignature s : REGISTRY.all()) {
      String name = s.name() + s.arguments();
      all.assertThat(s.description()).as(name).endsWith(".").hasSizeGreaterThan(3);
      all.assertThat(s.example()).as(name).contains(" -> ");
      int arrow = s.example().lastIndexOf(" -> ");
      if (arrow < 0 || s.kind() == FunctionSignature.Kind.WINDOW) {
        continue;
      }
      String sql = s.example().substring(0, arrow);
      String expected = s.example().substring(arrow + 4);
      String actual;
      try {
        actual = s.kind() == FunctionSignature.Kind.AGGREGATE ? aggregate(s, sql) : scalar(sql);
      } catch (SqlException e) {
        actual = e.sqlState() + " " + e.text();
      } catch (AssertionError | RuntimeException e) {
        actual = "cannot be evaluated: " + e;
      }
      if (expected.endsWith(" | ...")) {
        all.assertThat(actual)
            .as(name + ": " + sql)
            .startsWith(expected.substring(0, expected.length() - 3));
      } else {
        all.assertThat(actual).as(name + ": " + sql).isEqualTo(expected);
      }
    }
    all.assertAll();
  }

  static String scalar(String sql) {
    Expr expression = ExampleParser.parse(REGISTRY, sql);
    try (RootAllocator allocator = new RootAllocator()) {
      EvaluationContext context = new EvaluationContext(allocator, new TestSession(), NOW);
      String result;
      try (DeltaBatch one = new DeltaBatch(1, new Column[0], null)) {
        if (expression instanceof Expr.Call c
            && c.function().kind() == FunctionSignature.Kind.SET_RETURNING) {
          result = set(context, one, c);
        } else {
          try (Column column =
              ExpressionCompiler.compile(expression, List.of(), REGISTRY)
                  .evaluate(context, one, Selection.all(1))) {
            context.errors().throwFirst();
            result = text(column, 0);
          }
        }
      }
      assertThat(allocator.getAllocatedMemory()).isZero();
      return result;
    }
  }

  private static String text(Column column, int row) {
    return column.isNull(row) ? "NULL" : PgText.text(column, row, TextStyle.DEFAULT);
  }

  private static String set(EvaluationContext context, DeltaBatch one, Expr.Call call) {
    List<Column> arguments = new ArrayList<>();
    for (Expr a : call.arguments()) {
      arguments.add(
          ExpressionCompiler.compile(a, List.of(), REGISTRY)
              .evaluate(context, one, Selection.all(1)));
    }
    List<SqlType> types = call.arguments().stream().map(Expr::type).toList();
    SetReturningKernel kernel = REGISTRY.setReturning(call.function(), types, call.type());
    List<String> rows = new ArrayList<>();
    try (SetReturningKernel.Rows made =
        kernel.evaluate(context, arguments.toArray(Column[]::new), Selection.all(1))) {
      context.errors().throwFirst();
      for (int i = 0; i < made.ends()[0]; i++) {
        List<String> cells = new ArrayList<>();
        for (Column c : made.columns()) {
          cells.add(text(c, i));
        }
        rows.add(String.join(",", cells));
      }
    } finally {
      arguments.forEach(Column::close);
    }
    return String.join(" | ", rows);
  }

  /// `name(y, x) over ((1, 2), (3, 4))`: names are columns in their order, all else is constants.
  private static String overRows(FunctionSignature s, String sql) {
    int over = sql.indexOf(" over (");
    String inner = sql.substring(sql.indexOf('(') + 1, over - 1);
    int order = inner.indexOf(" ORDER BY ");
    List<@Nullable Object> constants = new ArrayList<>();
    List<SqlType> types = new ArrayList<>();
    int at = 0;
    for (String argument : (order < 0 ? inner : inner.substring(0, order)).split(", ")) {
      boolean isColumn = argument.matches("[a-z]+");
      FunctionSignature.ArgumentType declared = s.arguments().get(at++);
      SqlType type =
          declared instanceof FunctionSignature.ArgumentType.Exact e
              ? e.type()
              : sql.contains("'") && !sql.contains("ts") ? SimpleType.TEXT : SimpleType.INTEGER;
      constants.add(isColumn ? null : constant(argument, type));
      if (isColumn) {
        types.add(type);
      }
    }
    List<List<Expr>> columns = new ArrayList<>();
    types.forEach(t -> columns.add(new ArrayList<>()));
    String values = sql.substring(over + 7, sql.length() - 1);
    String[] rows =
        values.startsWith("(")
            ? values.substring(1, values.length() - 1).split("\\), \\(")
            : values.split(", ");
    for (String row : rows) {
      List<Expr> cells = new ExampleParser(REGISTRY, row + ")").list(")");
      for (int i = 0; i < columns.size(); i++) {
        columns.get(i).add(cells.get(i));
      }
    }
    FunctionSignature bound = s.constants() == null ? s : s.bound(constants);
    List<Integer> places = new ArrayList<>();
    types.forEach(t -> places.add(places.size()));
    List<SortKey> by = order < 0 ? List.of() : List.of(new SortKey(0, false, false));
    AggregateCall call =
        new AggregateCall(bound, places, false, -1, by, s.result().resolve(types), true);
    return evaluate(call, types, columns);
  }

  private static Object constant(String text, SqlType type) {
    return text.startsWith("'")
        ? text.substring(1, text.length() - 1)
        : type == SimpleType.DOUBLE ? (Object) Double.parseDouble(text) : Long.parseLong(text);
  }

  private static String evaluate(
      AggregateCall call, List<SqlType> types, List<List<Expr>> columns) {
    try (RootAllocator allocator = new RootAllocator()) {
      EvaluationContext context = new EvaluationContext(allocator, new TestSession(), NOW);
      Column[] arguments = new Column[types.size()];
      String result;
      try {
        for (int i = 0; i < arguments.length; i++) {
          arguments[i] = column(context, columns.get(i), types.get(i));
        }
        AggregateFunction function = REGISTRY.aggregate(call, types);
        Column[] ordered = arguments;
        if (function instanceof MultisetAggregate m) {
          ordered = m.columns(call).stream().map(c -> arguments[c]).toArray(Column[]::new);
        }
        result = evaluate(context, function, ordered, arguments[0].rows());
      } finally {
        for (Column c : arguments) {
          if (c != null) {
            c.close();
          }
        }
      }
      assertThat(allocator.getAllocatedMemory()).isZero();
      return result;
    }
  }

  /// `name(x) over (values)`, perhaps with a constant second argument.
  private static String aggregate(FunctionSignature s, String sql) {
    if (s.constants() != null
        || sql.contains(" over ((")
        || s.arguments().size() == 2 && !s.name().equals("string_agg")) {
      return overRows(s, sql);
    }
    int over = sql.indexOf(" over (");
    String values = sql.substring(over + 7, sql.length() - 1);
    ExampleParser parser = new ExampleParser(REGISTRY, values + ")");
    List<Expr> items = parser.list(")");
    SqlType declared = items.get(0).type();
    SqlType type =
        s.arguments().isEmpty()
                || !(s.arguments().get(0) instanceof FunctionSignature.ArgumentType.Exact e)
            ? s.arguments().isEmpty()
                    || s.arguments().get(0) instanceof FunctionSignature.ArgumentType.AnyNumeric
                ? declared instanceof DecimalType ? declared : new DecimalType(10, 0)
                : s.arguments().get(0) instanceof FunctionSignature.ArgumentType.AnyArray
                    ? new dev.aevum.model.type.ArrayType(SimpleType.INTEGER)
                    : declared == SimpleType.UNKNOWN ? SimpleType.TEXT : declared
            : e.type();
    try (RootAllocator allocator = new RootAllocator()) {
      EvaluationContext context = new EvaluationContext(allocator, new TestSession(), NOW);
      String result;
      try (Column argument = column(context, items, type)) {
        List<SqlType> types = new ArrayList<>();
        List<Integer> places = new ArrayList<>();
        Column[] arguments = new Column[s.arguments().size()];
        for (int i = 0; i < arguments.length; i++) {
          types.add(i == 0 ? type : s.arguments().size() > 1 ? type : SimpleType.TEXT);
          places.add(i);
          arguments[i] =
              i == 0
                  ? argument.retain()
                  : column(
                      context,
                      java.util.Collections.nCopies(
                          items.size(), new Expr.Literal(",", SimpleType.TEXT)),
                      SimpleType.TEXT);
        }
        try {
          AggregateCall call =
              new AggregateCall(s, places, false, -1, List.of(), s.result().resolve(types), true);
          result = evaluate(context, REGISTRY.aggregate(call, types), arguments, argument.rows());
        } finally {
          Arrays.stream(arguments).forEach(Column::close);
        }
      }
      assertThat(allocator.getAllocatedMemory()).isZero();
      return result;
    }
  }

  private static Column column(EvaluationContext context, List<Expr> items, SqlType type) {
    List<List<@Nullable Object>> rows = new ArrayList<>();
    for (Expr item : items) {
      try (DeltaBatch one = new DeltaBatch(1, new Column[0], null);
          Column cell =
              ExpressionCompiler.compile(ExampleParser.cast(item, type), List.of(), REGISTRY)
                  .evaluate(context, one, Selection.all(1))) {
        rows.add(TestBatches.values(cell));
      }
    }
    try (DeltaBatch batch = TestBatches.of(context.allocator(), List.of(type), rows)) {
      return batch.column(0).retain();
    }
  }

  private static String evaluate(
      EvaluationContext context, AggregateFunction function, Column[] arguments, int rows) {
    int[] identity = new int[rows];
    Arrays.setAll(identity, i -> i);
    return switch (function) {
      case AccumulatorAggregate a -> accumulate(context, a, arguments, rows);
      case SketchAggregate s -> {
        try (Column out = GroupedRows.fold(s, context, arguments, identity, new int[rows], 1)) {
          context.errors().throwFirst();
          yield text(out, 0);
        }
      }
      case MultisetAggregate m -> {
        boolean[] ascending = new boolean[arguments.length];
        int[] starts = {0, rows};
        try (Column out =
            GroupedRows.evaluate(m, context, arguments, ascending, identity, starts, 1)) {
          context.errors().throwFirst();
          yield text(out, 0);
        }
      }
      case ExtremeAggregate e ->
          e.accumulator().isPresent()
              ? accumulate(context, e.accumulator().get(), arguments, rows)
              : text(arguments[0], e.greatest() ? rows - 1 : 0);
      case CollectingAggregate c -> {
        try (Column out = c.evaluate(context, arguments, identity, new int[] {0, rows}, 1)) {
          context.errors().throwFirst();
          yield text(out, 0);
        }
      }
    };
  }

  private static String accumulate(
      EvaluationContext context, AccumulatorAggregate a, Column[] arguments, int rows) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment state = arena.allocate(a.width(), 8);
      a.add(state, new long[rows], 0, arguments, Selection.all(rows), null, 1);
      try (Column out = a.emit(context, state, new long[1], 0, 1)) {
        context.errors().throwFirst();
        return text(out, 0);
      }
    }
  }
}
