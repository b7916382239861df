package dev.aevum.testing.reference;

import dev.aevum.model.type.ArrayType;
import dev.aevum.model.type.CharType;
import dev.aevum.model.type.IntervalValue;
import dev.aevum.model.type.SimpleType;
import dev.aevum.model.type.SqlType;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// SQL order and equality of Java values (the carriers of [dev.aevum.model.text.JavaValues]).
public final class ReferenceValues {
  private ReferenceValues() {}

  /// SQL order of two values that are not NULL: NaN greatest, -0 = 0, text by code point.
  public static int compare(SqlType type, Object a, Object b) {
    return switch (a) {
      case Boolean x -> Boolean.compare(x, (Boolean) b);
      case Long x when b instanceof Long y -> Long.compare(x, y);
      case Number x -> compareNumbers(x, (Number) b);
      case String x when type == SimpleType.JSONB -> ReferenceJson.compare(x, (String) b);
      case String x -> compareText(type, x, (String) b);
      case byte[] x -> Arrays.compareUnsigned(x, (byte[]) b);
      case IntervalValue x -> x.spanMicros().compareTo(((IntervalValue) b).spanMicros());
      case UUID x -> x.toString().compareTo(b.toString());
      case List<?> x -> compareLists(((ArrayType) type).element(), x, (List<?>) b);
      default -> throw ReferenceErrors.unknown("values of " + a.getClass());
    };
  }

  private static int compareText(SqlType type, String a, String b) {
    boolean blanksCount = !(type instanceof CharType);
    byte[] x = (blanksCount ? a : withoutBlanks(a)).getBytes(StandardCharsets.UTF_8);
    byte[] y = (blanksCount ? b : withoutBlanks(b)).getBytes(StandardCharsets.UTF_8);
    return Arrays.compareUnsigned(x, y);
  }

  static String withoutBlanks(String text) {
    int end = text.length();
    while (end > 0 && text.charAt(end - 1) == ' ') {
      end--;
    }
    return text.substring(0, end);
  }

  private static int compareNumbers(Number a, Number b) {
    if (a instanceof BigDecimal x && b instanceof BigDecimal y) {
      return x.compareTo(y);
    }
    if (a instanceof Double x && b instanceof Double y) {
      return x.doubleValue() == y.doubleValue() ? 0 : Double.compare(x, y);
    }
    // One is numeric and finite, the other its NaN or an infinity.
    return a instanceof Double x
        ? (x == Double.NEGATIVE_INFINITY ? -1 : 1)
        : ((Double) b == Double.NEGATIVE_INFINITY ? 1 : -1);
  }

  private static int compareLists(SqlType element, List<?> a, List<?> b) {
    for (int i = 0; i < Math.min(a.size(), b.size()); i++) {
      Object x = a.get(i);
      Object y = b.get(i);
      int order =
          x == null || y == null ? Boolean.compare(x == null, y == null) : compare(element, x, y);
      if (order != 0) {
        return order;
      }
    }
    return Integer.compare(a.size(), b.size());
  }

  /// IS NOT DISTINCT FROM.
  public static boolean same(SqlType type, @Nullable Object a, @Nullable Object b) {
    return (a == null || b == null) ? a == null && b == null : compare(type, a, b) == 0;
  }

  /// An object whose `equals` is SQL equality with NULLs equal: for groups and for comparing
  /// results.
  public static Object key(SqlType type, @Nullable Object value) {
    return switch (value) {
      case null -> Null.NULL;
      case BigDecimal x -> x.signum() == 0 ? BigDecimal.ZERO : x.stripTrailingZeros();
      case Double x -> x == 0 ? 0.0 : x;
      case String x when type == SimpleType.JSONB -> ReferenceJson.key(x);
      case String x -> type instanceof CharType ? withoutBlanks(x) : x;
      case byte[] x -> Arrays.toString(x);
      case IntervalValue x -> x.spanMicros();
      case List<?> x -> {
        List<Object> keys = new ArrayList<>();
        for (Object element : x) {
          keys.add(key(((ArrayType) type).element(), element));
        }
        yield keys;
      }
      default -> value;
    };
  }

  /// Keys of a whole row.
  public static List<Object> rowKey(List<SqlType> types, List<@Nullable Object> row) {
    List<Object> keys = new ArrayList<>(row.size());
    for (int i = 0; i < row.size(); i++) {
      keys.add(key(types.get(i), row.get(i)));
    }
    return keys;
  }

  private enum Null {
    NULL
  }
}
