package dev.aevum.testing.reference;

import dev.aevum.model.text.NumberText;
import dev.aevum.model.type.DecimalType;
import dev.aevum.model.type.IntervalValue;
import dev.aevum.model.type.SimpleType;
import dev.aevum.model.type.SqlType;
import dev.aevum.planner.plan.AggregateCall;
import dev.aevum.planner.plan.function.FunctionSignature;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.MathContext;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// The value of an aggregate over the rows of one group. Sums of doubles are exact and rounded
/// once.
final class ReferenceAggregates {
  private ReferenceAggregates() {}

  static @Nullable Object value(
      AggregateCall call, List<SqlType> types, List<List<@Nullable Object>> group) {
    List<List<@Nullable Object>> rows = new ArrayList<>();
    for (List<@Nullable Object> row : ordered(call, types, group)) {
      if (call.filter() < 0 || Boolean.TRUE.equals(row.get(call.filter()))) {
        List<@Nullable Object> arguments = new ArrayList<>();
        call.arguments().forEach(column -> arguments.add(row.get(column)));
        rows.add(arguments);
      }
    }
    List<SqlType> argumentTypes = call.arguments().stream().map(types::get).toList();
    return value(call.function(), call.distinct(), call.type(), argumentTypes, rows);
  }

  /// Over rows of arguments, in their order.
  static @Nullable Object value(
      FunctionSignature function,
      boolean distinct,
      SqlType result,
      List<SqlType> types,
      List<List<@Nullable Object>> arguments) {
    List<List<@Nullable Object>> rows = new ArrayList<>();
    Set<Object> seen = new HashSet<>();
    for (List<@Nullable Object> row : arguments) {
      if (function.strict() && row.contains(null)) {
        continue;
      }
      if (!distinct || seen.add(ReferenceValues.rowKey(types, row))) {
        rows.add(row);
      }
    }
    return aggregate(function.name(), result, types, rows);
  }

  private static List<List<@Nullable Object>> ordered(
      AggregateCall call, List<SqlType> types, List<List<@Nullable Object>> rows) {
    if (call.orderBy().isEmpty()) {
      return rows;
    }
    List<List<@Nullable Object>> sorted = new ArrayList<>(rows);
    sorted.sort(ReferenceOrder.of(call.orderBy(), types));
    return sorted;
  }

  private static @Nullable Object aggregate(
      String name, SqlType result, List<SqlType> types, List<List<@Nullable Object>> rows) {
    if (name.equals("count")) {
      return (long) rows.size();
    }
    List<Object> values = new ArrayList<>();
    for (List<@Nullable Object> row : rows) {
      Object value = row.getFirst();
      if (value != null) {
        values.add(value);
      }
    }
    if (name.equals("array_agg")) {
      List<@Nullable Object> all = new ArrayList<>();
      rows.forEach(r -> all.add(r.getFirst()));
      return all.isEmpty() ? null : all;
    }
    if (values.isEmpty()) {
      return null;
    }
    if (name.equals("string_agg")) {
      return joined(rows);
    }
    Comparator<Object> order = (a, b) -> ReferenceValues.compare(types.getFirst(), a, b);
    return switch (name) {
      case "min" -> values.stream().min(order).orElseThrow();
      case "max" -> values.stream().max(order).orElseThrow();
      case "bool_and", "every" -> values.stream().allMatch(v -> (Boolean) v);
      case "bool_or" -> values.stream().anyMatch(v -> (Boolean) v);
      case "sum" -> sum(result, values);
      case "avg" -> average(result, types.getFirst(), values);
      case "var_pop" -> variance(result, values, values.size());
      case "var_samp" -> values.size() < 2 ? null : variance(result, values, values.size() - 1L);
      default -> throw ReferenceErrors.unknown("aggregate " + name);
    };
  }

  /// Each value but the first behind its own delimiter; a NULL delimiter is empty.
  private static String joined(List<List<@Nullable Object>> rows) {
    StringBuilder text = new StringBuilder();
    boolean first = true;
    for (List<@Nullable Object> row : rows) {
      if (row.get(0) != null) {
        text.append(first || row.get(1) == null ? "" : row.get(1)).append(row.get(0));
        first = false;
      }
    }
    return text.toString();
  }

  private static IntervalValue intervals(List<Object> values) {
    BigInteger months = BigInteger.ZERO;
    BigInteger days = BigInteger.ZERO;
    BigInteger micros = BigInteger.ZERO;
    for (Object value : values) {
      IntervalValue i = (IntervalValue) value;
      months = months.add(BigInteger.valueOf(i.months()));
      days = days.add(BigInteger.valueOf(i.days()));
      micros = micros.add(BigInteger.valueOf(i.micros()));
    }
    if (months.bitLength() > 31 || days.bitLength() > 31 || micros.bitLength() > 63) {
      throw ReferenceErrors.intervalOutOfRange();
    }
    return new IntervalValue(months.intValue(), days.intValue(), micros.longValue());
  }

  private static Object sum(SqlType result, List<Object> values) {
    if (result == SimpleType.INTERVAL) {
      return intervals(values);
    }
    if (result == SimpleType.DOUBLE || result == SimpleType.REAL) {
      double total = exact(values);
      if (result == SimpleType.DOUBLE) {
        return total;
      }
      return (double) (float) total;
    }
    if (result == SimpleType.BIGINT) {
      BigInteger total = BigInteger.ZERO;
      for (Object value : values) {
        total = total.add(BigInteger.valueOf((Long) value));
      }
      return ReferenceNumbers.integer(result, total);
    }
    Number total = numericTotal(values);
    return result instanceof DecimalType d ? NumberText.round(d, total) : total;
  }

  private static Number numericTotal(List<Object> values) {
    Number total = BigDecimal.ZERO;
    for (Object value : values) {
      total = ReferenceNumbers.numerics("+", total, ReferenceNumbers.decimal((Number) value));
    }
    return total;
  }

  /// The exact sum, rounded once; an overflow of the exact sum is an error, infinities and NaN
  /// behave as in any order.
  private static double exact(List<Object> values) {
    BigDecimal total = BigDecimal.ZERO;
    double special = 0;
    boolean anySpecial = false;
    for (Object value : values) {
      double x = (Double) value;
      if (Double.isNaN(x) || Double.isInfinite(x)) {
        special = anySpecial ? special + x : x;
        anySpecial = true;
      } else {
        total = total.add(new BigDecimal(x));
      }
    }
    if (anySpecial) {
      return special;
    }
    double rounded = total.doubleValue();
    if (Double.isInfinite(rounded)) {
      throw ReferenceErrors.overflow();
    }
    return rounded;
  }

  /// Rows times the sum of squares, less the square of the sum, over rows times `divisor`.
  private static Object variance(SqlType result, List<Object> values, long divisor) {
    BigDecimal sum = BigDecimal.ZERO;
    BigDecimal squares = BigDecimal.ZERO;
    for (Object value : values) {
      Number number =
          value instanceof Double d && Double.isFinite(d)
              ? new BigDecimal(d)
              : value instanceof Double d ? d : ReferenceNumbers.decimal((Number) value);
      if (!(number instanceof BigDecimal decimal)) {
        return Double.NaN;
      }
      sum = sum.add(decimal);
      squares = squares.add(decimal.multiply(decimal));
    }
    BigDecimal count = BigDecimal.valueOf(values.size());
    BigDecimal above = squares.multiply(count).subtract(sum.multiply(sum));
    BigDecimal below = count.multiply(BigDecimal.valueOf(divisor));
    if (result != SimpleType.DOUBLE) {
      return above.signum() == 0 ? BigDecimal.ZERO : ReferenceNumbers.numerics("/", above, below);
    }
    double rounded = above.divide(below, new MathContext(2000)).doubleValue();
    if (Double.isInfinite(rounded)) {
      throw ReferenceErrors.overflow();
    }
    return rounded;
  }

  private static Object average(SqlType result, SqlType type, List<Object> values) {
    if (type == SimpleType.INTERVAL) {
      return ReferenceTime.quotient(intervals(values), values.size());
    }
    if (type == SimpleType.DOUBLE || type == SimpleType.REAL) {
      return exact(values) / values.size();
    }
    Number total = numericTotal(values);
    Number count = BigDecimal.valueOf(values.size());
    Number mean = ReferenceNumbers.numerics("/", total, count);
    return result instanceof DecimalType d ? NumberText.round(d, mean) : mean;
  }
}
