package dev.aevum.executor.step;

import dev.aevum.executor.function.FunctionRegistry;
import dev.aevum.model.batch.Field;
import dev.aevum.model.batch.Schema;
import dev.aevum.model.type.SimpleType;
import dev.aevum.model.type.SqlType;
import dev.aevum.planner.plan.AggregateCall;
import dev.aevum.planner.plan.Expr;
import dev.aevum.planner.plan.PlanNode;
import dev.aevum.planner.plan.Traits;
import dev.aevum.planner.plan.ViewPlan;
import dev.aevum.planner.plan.function.FunctionSignature;
import dev.aevum.planner.plan.function.FunctionSignature.ArgumentType;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/// Short ways to plans, as the planner would make them.
final class Plans {
  static final FunctionRegistry FUNCTIONS = FunctionRegistry.standard();

  private Plans() {}

  static ViewPlan view(PlanNode root) {
    return new ViewPlan(root, List.of(), List.of());
  }

  static Schema schema(List<SqlType> types) {
    List<Field> fields = new ArrayList<>();
    for (SqlType type : types) {
      fields.add(new Field("c" + fields.size(), type, true));
    }
    return new Schema(fields);
  }

  static Traits traits(boolean appendOnly, Traits.TimeColumn... times) {
    return new Traits(appendOnly, List.of(), List.of(times), "none");
  }

  static PlanNode.ScanNode scan(int relation, boolean appendOnly, List<SqlType> types) {
    List<Integer> columns = IntStream.range(0, types.size()).boxed().toList();
    return new PlanNode.ScanNode(
        relation, "r" + relation, columns, false, List.of(), schema(types), traits(appendOnly));
  }

  /// A stream whose column `time` carries the watermark; the scan judges lateness.
  static PlanNode.ScanNode stream(int relation, int time, List<SqlType> types) {
    List<Integer> columns = IntStream.range(0, types.size()).boxed().toList();
    return new PlanNode.ScanNode(
        relation,
        "s" + relation,
        columns,
        true,
        List.of(),
        schema(types),
        traits(true, new Traits.TimeColumn(time, 0)));
  }

  static PlanNode.WindowNode window(PlanNode input, int time, long size, long slide) {
    int width = input.schema().size();
    List<SqlType> types = new ArrayList<>(input.schema().types());
    types.addAll(Collections.nCopies(3, input.schema().type(time)));
    return new PlanNode.WindowNode(
        input,
        time,
        size,
        slide,
        0,
        schema(types),
        traits(
            input.traits().appendOnly(),
            new Traits.TimeColumn(time, 0),
            new Traits.TimeColumn(width, 1 - size),
            new Traits.TimeColumn(width + 1, 1),
            new Traits.TimeColumn(width + 2, 0)));
  }

  static PlanNode.ExchangeNode exchange(PlanNode input, List<Integer> keys) {
    return new PlanNode.ExchangeNode(input, keys, input.schema(), input.traits());
  }

  static PlanNode.AggregateNode aggregate(
      PlanNode input, List<Integer> keys, List<AggregateCall> calls) {
    return aggregate(input, keys, calls, -1, false);
  }

  static PlanNode.AggregateNode aggregate(
      PlanNode input,
      List<Integer> keys,
      List<AggregateCall> calls,
      int closeKey,
      boolean emitOnClose) {
    List<SqlType> types = new ArrayList<>();
    keys.forEach(k -> types.add(input.schema().type(k)));
    calls.forEach(c -> types.add(c.type()));
    List<Traits.TimeColumn> times = new ArrayList<>();
    if (closeKey >= 0) {
      for (Traits.TimeColumn t : input.traits().timeColumns()) {
        if (t.column() == keys.get(closeKey)) {
          times.add(new Traits.TimeColumn(closeKey, t.offsetMicros()));
        }
      }
    }
    return new PlanNode.AggregateNode(
        exchange(input, keys),
        keys,
        calls,
        closeKey,
        emitOnClose,
        schema(types),
        new Traits(emitOnClose, List.of(), times, "none"));
  }

  static AggregateCall call(String name, PlanNode input, int argument) {
    return call(name, input, argument, false, -1);
  }

  /// `argument` -1: none.
  static AggregateCall call(
      String name, PlanNode input, int argument, boolean distinct, int filter) {
    List<SqlType> types = argument < 0 ? List.of() : List.of(input.schema().type(argument));
    FunctionSignature f = function(name, FunctionSignature.Kind.AGGREGATE, types);
    List<Integer> arguments = argument < 0 ? List.of() : List.of(argument);
    return new AggregateCall(
        f, arguments, distinct, filter, List.of(), f.result().resolve(types), true);
  }

  static FunctionSignature function(String name, FunctionSignature.Kind kind, List<SqlType> types) {
    for (FunctionSignature f : FUNCTIONS.named(name)) {
      if (f.kind() == kind && accepts(f, types)) {
        return f;
      }
    }
    throw new IllegalArgumentException(name + types);
  }

  private static boolean accepts(FunctionSignature f, List<SqlType> types) {
    if (f.arguments().size() != types.size()) {
      return false;
    }
    for (int i = 0; i < types.size(); i++) {
      if (f.arguments().get(i) instanceof ArgumentType.Exact(SqlType type)
          && !type.equals(types.get(i))) {
        return false;
      }
      if (f.arguments().get(i) instanceof ArgumentType.AnyNumeric
          && types.get(i) != SimpleType.NUMERIC) {
        return false;
      }
      if (f.arguments().get(i) instanceof ArgumentType.AnyArray) {
        return false;
      }
    }
    return true;
  }

  static PlanNode.JoinNode join(
      PlanNode left,
      PlanNode right,
      List<Integer> leftKeys,
      List<Integer> rightKeys,
      @Nullable Expr residual) {
    List<SqlType> types = new ArrayList<>(left.schema().types());
    types.addAll(right.schema().types());
    List<Traits.TimeColumn> times = new ArrayList<>(left.traits().timeColumns());
    right
        .traits()
        .timeColumns()
        .forEach(t ->
            times.add(new Traits.TimeColumn(t.column() + left.schema().size(), t.offsetMicros())));
    boolean appendOnly = left.traits().appendOnly() && right.traits().appendOnly();
    return new PlanNode.JoinNode(
        exchange(left, leftKeys),
        exchange(right, rightKeys),
        PlanNode.JoinKind.INNER,
        leftKeys,
        rightKeys,
        Collections.nCopies(leftKeys.size(), false),
        residual,
        schema(types),
        new Traits(appendOnly, List.of(), times, "none"));
  }

  static PlanNode.CalcNode calc(PlanNode input, @Nullable Expr filter, List<Expr> projections) {
    return new PlanNode.CalcNode(
        input,
        filter,
        projections,
        schema(projections.stream().map(Expr::type).toList()),
        traits(input.traits().appendOnly()));
  }

  static Expr column(PlanNode input, int index) {
    return new Expr.ColumnRef(index, input.schema().type(index), true);
  }

  static Expr.Call callOf(String name, Expr... arguments) {
    List<SqlType> types = List.of(arguments).stream().map(Expr::type).toList();
    FunctionSignature f = function(name, FunctionSignature.Kind.SCALAR, types);
    return new Expr.Call(f, List.of(arguments), f.result().resolve(types), true);
  }

  static Expr bigint(long value) {
    return new Expr.Literal(value, SimpleType.BIGINT);
  }
}
