package dev.aevum.executor.function;

import static dev.aevum.executor.function.FunctionDefinitions.ANY_ARRAY;
import static dev.aevum.executor.function.FunctionDefinitions.ANY_ELEMENT;
import static dev.aevum.executor.function.FunctionDefinitions.exact;

import dev.aevum.executor.kernel.Kernel;
import dev.aevum.model.batch.Column;
import dev.aevum.model.batch.ColumnWriter;
import dev.aevum.model.codec.ArrayBytes;
import dev.aevum.model.codec.ByteSink;
import dev.aevum.model.error.ErrorCode;
import dev.aevum.model.error.SqlException;
import dev.aevum.model.text.JavaValues;
import dev.aevum.model.type.ArrayType;
import dev.aevum.model.type.SimpleType;
import dev.aevum.model.type.SqlType;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// Arrays of one dimension. PostgreSQL 17, chapter 9.19. Objects per row, save for subscripts and
/// lengths.
final class ArrayFunctions {
  private static final SimpleType INTEGER = SimpleType.INTEGER;
  private static final SimpleType TEXT = SimpleType.TEXT;

  private ArrayFunctions() {}

  static void define(FunctionDefinitions f) {
    subscripts(f);
    lengths(f);
    changes(f);
    searches(f);
    texts(f);
  }

  private static SqlType element(List<SqlType> types) {
    return ArrayBytes.elementType(types.get(0));
  }

  private static void subscripts(FunctionDefinitions f) {
    for (String name : List.of("array_subscript", "[]")) {
      f.define(name)
          .takes(ANY_ARRAY, exact(INTEGER))
          .returns(ArrayFunctions::element)
          .describe("The element at a place, from 1; NULL outside: a[i].")
          .example("array_subscript(ARRAY[5, 6, 7], 2) -> 6")
          .runs((types, result) -> subscript(result));
    }
    f.define("array_slice")
        .takes(ANY_ARRAY, exact(INTEGER), exact(INTEGER))
        .returns(ArrayFunctions::arrayOf)
        .describe("The elements from one place to another: a[i:j].")
        .example("array_slice(ARRAY[5, 6, 7], 2, 3) -> {6,7}")
        .runs((types, result) ->
            changed(
                result,
                (a, i) -> {
                  List<@Nullable Object> list = list(a[0], i);
                  int from = Math.clamp(a[1].intAt(i), 1, list.size() + 1);
                  int to = Math.clamp(a[2].intAt(i), 0, list.size());
                  return from > to ? List.of() : list.subList(from - 1, to);
                }));
  }

  private static Kernel subscript(SqlType element) {
    return RowKernels.strict(
        element,
        (context, arguments, i, out) -> {
          Column arrays = arguments[0];
          int place = arguments[1].intAt(i);
          int count = ArrayBytes.count(arrays.segmentAt(i), arrays.offsetAt(i));
          if (place < 1 || place > count) {
            out.appendNull();
          } else {
            ArrayBytes.appendElement(
                arrays.segmentAt(i), arrays.offsetAt(i), element, place - 1, out);
          }
        });
  }

  private static SqlType arrayOf(List<SqlType> types) {
    return new ArrayType(element(types));
  }

  @SuppressWarnings("unchecked") // JavaValues gives a list for every array type.
  static List<@Nullable Object> list(Column column, int row) {
    return (List<@Nullable Object>) Objects.requireNonNull(JavaValues.get(column, row));
  }

  @FunctionalInterface
  private interface Change {
    List<@Nullable Object> of(Column[] arguments, int row);
  }

  private static Kernel changed(SqlType result, Change change) {
    return RowKernels.strict(result, (c, a, i, out) -> JavaValues.append(change.of(a, i), out));
  }

  private static Kernel changedLenient(SqlType result, Change change) {
    return RowKernels.lenient(result, (c, a, i, out) -> JavaValues.append(change.of(a, i), out));
  }

  private static void lengths(FunctionDefinitions f) {
    f.define("cardinality")
        .takes(ANY_ARRAY)
        .returns(INTEGER)
        .describe("Number of elements.")
        .example("cardinality(ARRAY[5, 6]) -> 2")
        .runs(RowKernels.ints((c, a, i) -> count(a[0], i)));
    dimension(f, "array_length", "Number of elements; NULL for an empty array.", "2", false);
    dimension(f, "array_upper", "The last place; NULL for an empty array.", "2", false);
    dimension(f, "array_lower", "The first place; NULL for an empty array.", "1", true);
    f.define("array_ndims")
        .takes(ANY_ARRAY)
        .returns(INTEGER)
        .describe("Number of dimensions; NULL for an empty array.")
        .example("array_ndims(ARRAY[5, 6]) -> 1")
        .runs(
            RowKernels.strict(
                INTEGER,
                (c, a, i, out) -> {
                  if (count(a[0], i) == 0) {
                    out.appendNull();
                  } else {
                    out.appendInt(1);
                  }
                }));
  }

  static int count(Column arrays, int row) {
    return ArrayBytes.count(arrays.segmentAt(row), arrays.offsetAt(row));
  }

  private static void dimension(
      FunctionDefinitions f, String name, String description, String shown, boolean lower) {
    f.define(name)
        .takes(ANY_ARRAY, exact(INTEGER))
        .returns(INTEGER)
        .describe(description)
        .example(name + "(ARRAY[5, 6], 1) -> " + shown)
        .runs(
            RowKernels.strict(
                INTEGER,
                (c, a, i, out) -> {
                  int count = count(a[0], i);
                  boolean vector =
                      a[0].type() == SimpleType.INT2VECTOR || a[0].type() == SimpleType.OIDVECTOR;
                  int first = vector ? 0 : 1;
                  if (a[1].intAt(i) != 1 || count == 0) {
                    out.appendNull();
                  } else {
                    boolean length = name.equals("array_length");
                    out.appendInt(lower ? first : length ? count : count - 1 + first);
                  }
                }));
  }

  private static void changes(FunctionDefinitions f) {
    for (String name : List.of("array_append", "||")) {
      f.define(name)
          .takes(ANY_ARRAY, ANY_ELEMENT)
          .returns(ArrayFunctions::arrayOf)
          .lenient()
          .describe("The array with an element added at its end.")
          .example(
              name.equals("||")
                  ? "ARRAY[1, 2] || 3 -> {1,2,3}"
                  : "array_append(ARRAY[1, 2], 3) -> {1,2,3}")
          .runs((types, result) -> changedLenient(result, (a, i) -> joined(a, i, true, false)));
    }
    for (String name : List.of("array_prepend", "||")) {
      f.define(name)
          .takes(ANY_ELEMENT, ANY_ARRAY)
          .returns(types -> new ArrayType(types.get(0)))
          .lenient()
          .describe("The array with an element added at its start.")
          .example(
              name.equals("||")
                  ? "1 || ARRAY[2, 3] -> {1,2,3}"
                  : "array_prepend(1, ARRAY[2, 3]) -> {1,2,3}")
          .runs((types, result) -> changedLenient(result, (a, i) -> joined(a, i, false, true)));
    }
    for (String name : List.of("array_cat", "||")) {
      f.define(name)
          .takes(ANY_ARRAY, ANY_ARRAY)
          .returns(ArrayFunctions::arrayOf)
          .lenient()
          .describe("The elements of two arrays, one after the other.")
          .example(
              name.equals("||")
                  ? "ARRAY[1] || ARRAY[2, 3] -> {1,2,3}"
                  : "array_cat(ARRAY[1], ARRAY[2, 3]) -> {1,2,3}")
          .runs((types, result) ->
              RowKernels.lenient(
                  result,
                  (c, a, i, out) -> {
                    if (a[0].isNull(i) && a[1].isNull(i)) {
                      out.appendNull();
                    } else {
                      JavaValues.append(joined(a, i, true, true), out);
                    }
                  }));
    }
    f.define("array_remove")
        .takes(ANY_ARRAY, ANY_ELEMENT)
        .returns(ArrayFunctions::arrayOf)
        .lenient()
        .describe("The array without the elements equal to a value.")
        .example("array_remove(ARRAY[1, 2, 1], 1) -> {2}")
        .runs((types, result) ->
            RowKernels.lenient(
                result,
                (c, a, i, out) -> {
                  if (a[0].isNull(i)) {
                    out.appendNull();
                    return;
                  }
                  List<@Nullable Object> kept = new ArrayList<>(list(a[0], i));
                  @Nullable Object value = JavaValues.get(a[1], i);
                  kept.removeIf(e -> same(e, value));
                  JavaValues.append(kept, out);
                }));
    f.define("array_replace")
        .takes(ANY_ARRAY, ANY_ELEMENT, ANY_ELEMENT)
        .returns(ArrayFunctions::arrayOf)
        .lenient()
        .describe("The array with elements equal to a value replaced by another.")
        .example("array_replace(ARRAY[1, 2, 1], 1, 9) -> {9,2,9}")
        .runs((types, result) ->
            RowKernels.lenient(
                result,
                (c, a, i, out) -> {
                  if (a[0].isNull(i)) {
                    out.appendNull();
                    return;
                  }
                  List<@Nullable Object> changed = new ArrayList<>(list(a[0], i));
                  @Nullable Object value = JavaValues.get(a[1], i);
                  @Nullable Object other = JavaValues.get(a[2], i);
                  changed.replaceAll(e -> same(e, value) ? other : e);
                  JavaValues.append(changed, out);
                }));
  }

  /// The values of two arguments, of which a side may be an array (NULL: no elements) or an
  /// element.
  private static List<@Nullable Object> joined(
      Column[] a, int i, boolean leftArray, boolean rightArray) {
    List<@Nullable Object> all = new ArrayList<>();
    add(a[0], i, leftArray, all);
    add(a[1], i, rightArray, all);
    return all;
  }

  private static void add(Column column, int row, boolean array, List<@Nullable Object> into) {
    if (!array) {
      into.add(JavaValues.get(column, row));
    } else if (!column.isNull(row)) {
      into.addAll(list(column, row));
    }
  }

  /// SQL equality of elements, but NULL equals NULL.
  static boolean same(@Nullable Object a, @Nullable Object b) {
    if (a == null || b == null) {
      return a == null && b == null;
    }
    if (a instanceof java.math.BigDecimal x && b instanceof java.math.BigDecimal y) {
      return x.compareTo(y) == 0;
    }
    if (a instanceof byte[] x && b instanceof byte[] y) {
      return java.util.Arrays.equals(x, y);
    }
    if (a instanceof Double x && b instanceof Double y) {
      return ComparisonKernels.compare(x, y) == 0;
    }
    if (a instanceof dev.aevum.model.type.IntervalValue x
        && b instanceof dev.aevum.model.type.IntervalValue y) {
      return x.spanMicros().equals(y.spanMicros());
    }
    return a.equals(b);
  }

  private static void searches(FunctionDefinitions f) {
    f.define("array_position")
        .takes(ANY_ARRAY, ANY_ELEMENT)
        .returns(INTEGER)
        .lenient()
        .describe("The first place of a value in an array; NULL if nowhere.")
        .example("array_position(ARRAY['a', 'b'], 'b') -> 2")
        .runs(position());
    f.define("array_positions")
        .takes(ANY_ARRAY, ANY_ELEMENT)
        .returns(new ArrayType(INTEGER))
        .lenient()
        .describe("All places of a value in an array.")
        .example("array_positions(ARRAY[1, 2, 1], 1) -> {1,3}")
        .runs(
            RowKernels.lenient(
                new ArrayType(INTEGER),
                (c, a, i, out) -> {
                  if (a[0].isNull(i)) {
                    out.appendNull();
                    return;
                  }
                  List<@Nullable Object> places = new ArrayList<>();
                  List<@Nullable Object> list = list(a[0], i);
                  @Nullable Object value = JavaValues.get(a[1], i);
                  for (int e = 0; e < list.size(); e++) {
                    if (same(list.get(e), value)) {
                      places.add(e + 1L);
                    }
                  }
                  JavaValues.append(places, out);
                }));
    containment(
        f,
        "@>",
        "Whether the first array has all elements of the second.",
        "ARRAY[1, 2, 3] @> ARRAY[3, 1] -> t",
        (a, b) -> contains(a, b));
    containment(
        f,
        "<@",
        "Whether the second array has all elements of the first.",
        "ARRAY[1] <@ ARRAY[3, 1] -> t",
        (a, b) -> contains(b, a));
    containment(
        f,
        "&&",
        "Whether two arrays have an element in common.",
        "ARRAY[1, 2] && ARRAY[2, 3] -> t",
        (a, b) -> b.stream().anyMatch(e -> has(a, e)));
  }

  private static Kernel position() {
    return RowKernels.lenient(
        INTEGER,
        (c, a, i, out) -> {
          int place = 0;
          if (!a[0].isNull(i)) {
            List<@Nullable Object> list = list(a[0], i);
            @Nullable Object value = JavaValues.get(a[1], i);
            for (int e = 0; e < list.size() && place == 0; e++) {
              place = same(list.get(e), value) ? e + 1 : 0;
            }
          }
          if (place == 0) {
            out.appendNull();
          } else {
            out.appendInt(place);
          }
        });
  }

  private static boolean contains(List<@Nullable Object> a, List<@Nullable Object> b) {
    return b.stream().allMatch(e -> has(a, e));
  }

  private static boolean has(List<@Nullable Object> list, @Nullable Object value) {
    return value != null && list.stream().anyMatch(e -> same(e, value));
  }

  private static void containment(
      FunctionDefinitions f,
      String name,
      String description,
      String example,
      java.util.function.BiPredicate<List<@Nullable Object>, List<@Nullable Object>> test) {
    f.define(name)
        .takes(ANY_ARRAY, ANY_ARRAY)
        .returns(SimpleType.BOOLEAN)
        .describe(description)
        .example(example)
        .runs(RowKernels.booleans((c, a, i) -> test.test(list(a[0], i), list(a[1], i))));
  }

  private static void texts(FunctionDefinitions f) {
    for (boolean withNull : new boolean[] {false, true}) {
      var arguments =
          withNull
              ? new dev.aevum.planner.plan.function.FunctionSignature.ArgumentType[] {
                ANY_ARRAY, exact(TEXT), exact(TEXT)
              }
              : new dev.aevum.planner.plan.function.FunctionSignature.ArgumentType[] {
                ANY_ARRAY, exact(TEXT)
              };
      f.define("array_to_string")
          .takes(arguments)
          .returns(TEXT)
          .lenient()
          .stable()
          .describe("The texts of the elements, separated; NULLs left out or shown as a text.")
          .example(
              withNull
                  ? "array_to_string(ARRAY[1, NULL, 3], ',', '*') -> 1,*,3"
                  : "array_to_string(ARRAY[1, NULL, 3], ',') -> 1,3")
          .runs((types, result) -> toText(element(types), withNull));
    }
    ArrayType texts = PatternFunctions.TEXTS;
    f.define("string_to_array")
        .takes(TEXT, TEXT)
        .returns(texts)
        .lenient()
        .describe(
            "The pieces of a text between separators; its characters when the separator is NULL.")
        .example("string_to_array('a,b,c', ',') -> {a,b,c}")
        .runs(RowKernels.lenient(texts, (c, a, i, out) -> split(a, i, null, out)));
    f.define("string_to_array")
        .takes(TEXT, TEXT, TEXT)
        .returns(texts)
        .lenient()
        .describe("The pieces of a text between separators, those equal to a text as NULL.")
        .example("string_to_array('a,-,c', ',', '-') -> {a,NULL,c}")
        .runs(
            RowKernels.lenient(
                texts, (c, a, i, out) -> split(a, i, a[2].isNull(i) ? null : a[2].textAt(i), out)));
    f.define("array_fill")
        .takes(ANY_ELEMENT, exact(new ArrayType(INTEGER)))
        .returns(types -> new ArrayType(types.get(0)))
        .lenient()
        .mayFail()
        .describe("An array of so many copies of a value.")
        .example("array_fill(7, ARRAY[3]) -> {7,7,7}")
        .runs((types, result) ->
            changedLenient(
                result,
                (a, i) -> {
                  List<@Nullable Object> sizes = a[1].isNull(i) ? List.of() : list(a[1], i);
                  if (sizes.size() != 1 || sizes.get(0) == null) {
                    throw new SqlException(
                        ErrorCode.FEATURE_NOT_SUPPORTED,
                        "arrays of several dimensions are not supported");
                  }
                  return java.util.Collections.nCopies(
                      Math.toIntExact((Long) sizes.get(0)), JavaValues.get(a[0], i));
                }));
  }

  private static Kernel toText(SqlType element, boolean withNull) {
    ByteSink sink = new ByteSink();
    return RowKernels.lenient(
        TEXT,
        (context, a, i, out) -> {
          if (a[0].isNull(i) || a[1].isNull(i)) {
            out.appendNull();
            return;
          }
          sink.reset();
          try (ColumnWriter writer = new ColumnWriter(context.allocator(), element, 16)) {
            ArrayCasts.explode(a[0], i, element, writer);
            try (Column elements = writer.finish()) {
              boolean first = true;
              for (int e = 0; e < elements.rows(); e++) {
                boolean isNull = elements.isNull(e);
                if (isNull && (!withNull || a[2].isNull(i))) {
                  continue;
                }
                if (!first) {
                  MixedConcatenation.append(context, a[1], i, sink);
                }
                MixedConcatenation.append(context, isNull ? a[2] : elements, isNull ? i : e, sink);
                first = false;
              }
            }
          }
          out.appendBytes(sink.array(), 0, sink.position());
        });
  }

  private static void split(Column[] a, int i, @Nullable String nullText, ColumnWriter out) {
    if (a[0].isNull(i)) {
      out.appendNull();
      return;
    }
    String text = a[0].textAt(i);
    List<@Nullable Object> pieces = new ArrayList<>();
    if (!text.isEmpty()) {
      if (a[1].isNull(i)) {
        text.codePoints().forEach(c -> pieces.add(Character.toString(c)));
      } else if (a[1].lengthAt(i) == 0) {
        pieces.add(text);
      } else {
        String separator = a[1].textAt(i);
        int from = 0;
        for (int at = text.indexOf(separator); at >= 0; at = text.indexOf(separator, from)) {
          pieces.add(text.substring(from, at));
          from = at + separator.length();
        }
        pieces.add(text.substring(from));
      }
    }
    pieces.replaceAll(p -> Objects.equals(p, nullText) ? null : p);
    JavaValues.append(pieces, out);
  }
}
