package dev.aevum.executor.step;

import dev.aevum.model.type.DecimalType;
import dev.aevum.model.type.SimpleType;
import dev.aevum.planner.plan.AggregateCall;
import dev.aevum.planner.plan.Expr;
import dev.aevum.planner.plan.PlanNode;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// Evaluates a plan from scratch over the present contents, row by row: the oracle. Rows whose
/// expressions fail are left out.
final class NaiveEvaluator {
  private final Map<Integer, Bag> contents;
  private final long watermark;

  /// `watermark`: what closes windows.
  NaiveEvaluator(Map<Integer, Bag> contents, long watermark) {
    this.contents = contents;
    this.watermark = watermark;
  }

  Bag evaluate(PlanNode plan) {
    return switch (plan) {
      case PlanNode.ScanNode n -> scan(n);
      case PlanNode.CalcNode n -> calc(n);
      case PlanNode.WindowNode n -> window(n);
      case PlanNode.AggregateNode n -> aggregate(n);
      case PlanNode.JoinNode n -> join(n);
      case PlanNode.SetOperationNode n -> setOperation(n);
      case PlanNode.UnionAllNode n -> {
        Bag all = new Bag();
        n.inputs().forEach(i -> evaluate(i).weights().forEach(all::add));
        yield all;
      }
      case PlanNode.ExchangeNode n -> evaluate(n.input());
      case PlanNode.CloseGateNode n -> {
        Bag open = new Bag();
        evaluate(n.input())
            .weights()
            .forEach((row, w) -> {
              Long time = (Long) row.get(n.timeColumn());
              if (time != null && time < watermark + n.offsetMicros()) {
                open.add(row, w);
              }
            });
        yield open;
      }
      default -> throw new IllegalArgumentException(plan.getClass().getSimpleName());
    };
  }

  private Bag scan(PlanNode.ScanNode n) {
    Bag out = new Bag();
    contents
        .getOrDefault(n.relation(), new Bag())
        .weights()
        .forEach((row, w) -> out.add(project(n.columns(), row), w));
    return out;
  }

  private static List<@Nullable Object> project(List<Integer> columns, List<@Nullable Object> row) {
    List<@Nullable Object> made = new ArrayList<>();
    columns.forEach(c -> made.add(row.get(c)));
    return made;
  }

  /// Rows that a calculation failed for: they have no result.
  private long failedRows;

  private Bag calc(PlanNode.CalcNode n) {
    Bag out = new Bag();
    evaluate(n.input())
        .weights()
        .forEach((row, w) -> {
          try {
            if (n.filter() == null || Boolean.TRUE.equals(value(n.filter(), row))) {
              List<@Nullable Object> made = new ArrayList<>();
              n.projections().forEach(p -> made.add(value(p, row)));
              out.add(made, w);
            }
          } catch (ArithmeticException e) {
            failedRows++;
          }
        });
    return out;
  }

  static @Nullable Object value(Expr e, List<@Nullable Object> row) {
    if (e instanceof Expr.ColumnRef c) {
      return row.get(c.index());
    }
    if (e instanceof Expr.Literal l) {
      return l.value();
    }
    Expr.Call call = (Expr.Call) e;
    Long a = (Long) value(call.arguments().get(0), row);
    Long b = (Long) value(call.arguments().get(1), row);
    if (a == null || b == null) {
      return null;
    }
    return switch (call.function().name()) {
      case "+" -> Math.addExact(a, b);
      case "/" -> a / b;
      case "<" -> a < b;
      case "=" -> a.equals(b);
      default -> throw new IllegalArgumentException(call.function().name());
    };
  }

  private Bag window(PlanNode.WindowNode n) {
    Bag out = new Bag();
    evaluate(n.input())
        .weights()
        .forEach((row, w) -> {
          Long time = (Long) row.get(n.timeColumn());
          if (time == null) {
            return;
          }
          long lowest = Math.floorDiv(time - n.sizeMicros(), n.slideMicros());
          for (long k = lowest; k * n.slideMicros() <= time; k++) {
            long start = k * n.slideMicros();
            if (start + n.sizeMicros() > time) {
              List<@Nullable Object> wide = new ArrayList<>(row);
              wide.add(start);
              wide.add(start + n.sizeMicros());
              wide.add(start + n.sizeMicros() - 1);
              out.add(wide, w);
            }
          }
        });
    return out;
  }

  private Bag join(PlanNode.JoinNode n) {
    Bag out = new Bag();
    List<Bag.Row> left = evaluate(n.left()).rows();
    List<Bag.Row> right = evaluate(n.right()).rows();
    boolean pairs = n.kind() != PlanNode.JoinKind.SEMI && n.kind() != PlanNode.JoinKind.ANTI;
    Set<Bag.Row> rightMatched = new LinkedHashSet<>();
    for (Bag.Row l : left) {
      boolean matched = false;
      for (Bag.Row r : right) {
        List<@Nullable Object> both = new ArrayList<>(l.values());
        both.addAll(r.values());
        if (matches(n, l.values(), r.values())
            && (n.residual() == null || Boolean.TRUE.equals(value(n.residual(), both)))) {
          matched = true;
          rightMatched.add(r);
          if (pairs) {
            out.add(both, l.weight() * r.weight());
          }
        }
      }
      boolean keeps =
          switch (n.kind()) {
            case INNER, RIGHT -> false;
            case LEFT, FULL, ANTI -> !matched;
            case SEMI -> matched;
          };
      if (keeps) {
        List<@Nullable Object> row = new ArrayList<>(l.values());
        row.addAll(nulls(pairs ? n.right().schema().size() : 0));
        out.add(row, l.weight());
      }
    }
    if (n.kind() == PlanNode.JoinKind.RIGHT || n.kind() == PlanNode.JoinKind.FULL) {
      for (Bag.Row r : right) {
        if (!rightMatched.contains(r)) {
          List<@Nullable Object> row = nulls(n.left().schema().size());
          row.addAll(r.values());
          out.add(row, r.weight());
        }
      }
    }
    return out;
  }

  private static List<@Nullable Object> nulls(int count) {
    List<@Nullable Object> row = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      row.add(null);
    }
    return row;
  }

  private Bag setOperation(PlanNode.SetOperationNode n) {
    Map<List<Object>, Long> left = StepLawProperty.canonical(evaluate(n.left()));
    Map<List<Object>, Long> right = StepLawProperty.canonical(evaluate(n.right()));
    Bag out = new Bag();
    left.forEach((row, l) -> {
      long r = right.getOrDefault(row, 0L);
      long count =
          switch (n.kind()) {
            case INTERSECT -> r > 0 ? 1 : 0;
            case INTERSECT_ALL -> Math.min(l, r);
            case EXCEPT -> r > 0 ? 0 : 1;
            case EXCEPT_ALL -> Math.max(0, l - r);
          };
      if (count > 0) {
        out.add(new ArrayList<>(row), count);
      }
    });
    return out;
  }

  private static boolean matches(
      PlanNode.JoinNode n, List<@Nullable Object> l, List<@Nullable Object> r) {
    for (int i = 0; i < n.leftKeys().size(); i++) {
      Object a = l.get(n.leftKeys().get(i));
      Object b = r.get(n.rightKeys().get(i));
      if (a == null || b == null) {
        if (!n.nullSafe().get(i) || a != b) {
          return false;
        }
      } else if (!Bag.canonical(a).equals(Bag.canonical(b))) {
        return false;
      }
    }
    return true;
  }

  private Bag aggregate(PlanNode.AggregateNode n) {
    Map<List<Object>, List<Bag.Row>> groups = new LinkedHashMap<>();
    if (n.groupKeys().isEmpty()) {
      groups.put(List.of(), new ArrayList<>());
    }
    for (Bag.Row row : evaluate(n.input()).rows()) {
      List<Object> key =
          n.groupKeys().stream().map(k -> Bag.canonical(row.values().get(k))).toList();
      groups.computeIfAbsent(key, k -> new ArrayList<>()).add(row);
    }
    Bag out = new Bag();
    groups.forEach((key, rows) -> {
      long total = rows.stream().mapToLong(Bag.Row::weight).sum();
      if (total < 0) {
        throw new IllegalStateException("negative group");
      }
      if (n.emitOnClose() && !isClosed(n, rows)) {
        return;
      }
      List<@Nullable Object> made = new ArrayList<>();
      for (int k : n.groupKeys()) {
        made.add(rows.getFirst().values().get(k));
      }
      try {
        n.calls().forEach(c -> made.add(result(c, rows)));
      } catch (ArithmeticException e) {
        return;
      }
      out.add(made, 1);
    });
    return out;
  }

  private boolean isClosed(PlanNode.AggregateNode n, List<Bag.Row> rows) {
    int column = n.groupKeys().get(n.closeKey());
    long offset =
        n.input().traits().timeColumns().stream()
            .filter(t -> t.column() == column)
            .findFirst()
            .orElseThrow()
            .offsetMicros();
    Long time = (Long) rows.getFirst().values().get(column);
    return time != null && time < watermark + offset;
  }

  private static @Nullable Object result(AggregateCall call, List<Bag.Row> rows) {
    List<Bag.Row> counted = new ArrayList<>();
    Set<Object> seen = new LinkedHashSet<>();
    for (Bag.Row row : rows) {
      if (call.filter() >= 0 && !Boolean.TRUE.equals(row.values().get(call.filter()))) {
        continue;
      }
      Object value =
          call.arguments().isEmpty() ? "*" : row.values().get(call.arguments().getFirst());
      if (value == null) {
        continue;
      }
      if (!call.distinct()) {
        counted.add(row);
      } else if (seen.add(Bag.canonical(value))) {
        counted.add(new Bag.Row(row.values(), 1));
      }
    }
    return switch (call.function().name()) {
      case "count" -> counted.stream().mapToLong(Bag.Row::weight).sum();
      case "sum" -> counted.isEmpty() ? null : sum(call, counted);
      case "min", "max" -> extreme(call, counted);
      default -> throw new IllegalArgumentException(call.function().name());
    };
  }

  private static Object sum(AggregateCall call, List<Bag.Row> rows) {
    BigDecimal total = BigDecimal.ZERO;
    for (Bag.Row row : rows) {
      Object v = Objects.requireNonNull(row.values().get(call.arguments().getFirst()));
      BigDecimal value = v instanceof BigDecimal d ? d : new BigDecimal(v.toString());
      total = total.add(value.multiply(BigDecimal.valueOf(row.weight())));
    }
    if (call.type() == SimpleType.BIGINT) {
      return total.longValueExact();
    }
    return call.type() instanceof DecimalType d ? total.setScale(d.scale()) : total;
  }

  private static @Nullable Object extreme(AggregateCall call, List<Bag.Row> rows) {
    TreeMap<Object, Object> ordered = new TreeMap<>();
    for (Bag.Row row : rows) {
      Object v = Objects.requireNonNull(row.values().get(call.arguments().getFirst()));
      ordered.put(v, v);
    }
    if (ordered.isEmpty()) {
      return null;
    }
    return call.function().name().equals("min") ? ordered.firstKey() : ordered.lastKey();
  }
}
