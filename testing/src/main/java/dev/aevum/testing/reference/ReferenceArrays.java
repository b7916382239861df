package dev.aevum.testing.reference;

import dev.aevum.model.text.TextStyle;
import dev.aevum.model.type.ArrayType;
import dev.aevum.model.type.SqlType;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// Functions of arrays of one dimension.
final class ReferenceArrays {
  private ReferenceArrays() {}

  static boolean takes(List<SqlType> types) {
    return types.stream().anyMatch(ArrayType.class::isInstance);
  }

  /// `values` may hold NULLs where the function takes them.
  static @Nullable Object call(
      String name, List<SqlType> types, List<@Nullable Object> values, TextStyle style) {
    if (name.equals("||") || name.equals("array_cat")) {
      return joined(types, values);
    }
    if (!(values.getFirst() instanceof List<?> list)) {
      return name.equals("array_append") ? singleton(values.get(1)) : null;
    }
    SqlType element = ((ArrayType) types.getFirst()).element();
    return switch (name) {
      case "array_subscript" -> {
        long place = (Long) java.util.Objects.requireNonNull(values.get(1));
        yield place < 1 || place > list.size() ? null : list.get((int) place - 1);
      }
      case "cardinality" -> (long) list.size();
      case "array_length" ->
          list.isEmpty() || !Long.valueOf(1).equals(values.get(1)) ? null : (long) list.size();
      case "array_append" -> {
        List<@Nullable Object> all = new ArrayList<>(list);
        all.add(values.get(1));
        yield all;
      }
      case "array_remove" -> {
        List<@Nullable Object> all = new ArrayList<>(list);
        all.removeIf(e -> ReferenceValues.same(element, e, values.get(1)));
        yield all;
      }
      case "array_position" -> {
        for (int i = 0; i < list.size(); i++) {
          if (ReferenceValues.same(element, list.get(i), values.get(1))) {
            yield i + 1L;
          }
        }
        yield null;
      }
      case "array_to_string" ->
          list.stream()
              .filter(e -> e != null)
              .map(e -> ReferenceCasts.textOf(element, e, style))
              .collect(Collectors.joining((String) values.get(1)));
      default -> throw ReferenceErrors.unknown("function " + name + types);
    };
  }

  private static List<@Nullable Object> singleton(@Nullable Object value) {
    List<@Nullable Object> one = new ArrayList<>();
    one.add(value);
    return one;
  }

  /// A NULL array adds nothing; two of them are NULL.
  private static @Nullable Object joined(List<SqlType> types, List<@Nullable Object> values) {
    List<@Nullable Object> all = new ArrayList<>();
    boolean any = false;
    for (int i = 0; i < 2; i++) {
      if (values.get(i) instanceof List<?> list) {
        all.addAll(list);
        any = true;
      } else if (!(types.get(i) instanceof ArrayType)) {
        all.add(values.get(i));
        any = true;
      }
    }
    return any ? all : null;
  }
}
