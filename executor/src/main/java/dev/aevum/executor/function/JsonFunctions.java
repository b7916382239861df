package dev.aevum.executor.function;

import dev.aevum.executor.kernel.Kernel;
import dev.aevum.model.batch.Column;
import dev.aevum.model.codec.ArrayBytes;
import dev.aevum.model.codec.ByteSink;
import dev.aevum.model.error.ErrorCode;
import dev.aevum.model.error.SqlException;
import dev.aevum.model.text.JsonPath;
import dev.aevum.model.text.Utf8;
import dev.aevum.model.type.ArrayType;
import dev.aevum.model.type.SimpleType;
import java.lang.foreign.MemorySegment;
import java.util.List;

/// Access to values of type json and jsonb: `->`, `->>`, `#>`, `#>>`, type and length.
///
/// Source: PostgreSQL, "JSON Functions and Operators", 9.16.
final class JsonFunctions {
  private static final SimpleType TEXT = SimpleType.TEXT;
  private static final ArrayType TEXTS = new ArrayType(TEXT);

  private JsonFunctions() {}

  /// Goes from the start of a value to the part that the second argument names; false for none.
  @FunctionalInterface
  private interface Step {
    boolean go(JsonPath path, Column argument, int row);
  }

  static void define(FunctionDefinitions f) {
    for (SimpleType type : List.of(SimpleType.JSON, SimpleType.JSONB)) {
      access(f, type);
      String name = type.displayName();
      f.define(name + "_typeof")
          .takes(type)
          .returns(TEXT)
          .describe("The type of the value: object, array, string, number, boolean or null.")
          .example(name + "_typeof('-123.4') -> number")
          .runs(RowKernels.text((c, a, i) -> typeName(type, a[0], i)));
      f.define(name + "_array_length")
          .takes(type)
          .returns(SimpleType.INTEGER)
          .mayFail()
          .describe("The number of elements of the array.")
          .example(name + "_array_length('[1, [2, 3]]') -> 2")
          .runs(RowKernels.ints((c, a, i) -> length(type, a[0], i)));
    }
  }

  private static void access(FunctionDefinitions f, SimpleType type) {
    String name = type.displayName();
    Step element = type == SimpleType.JSONB ? JsonFunctions::scalar : JsonFunctions::element;
    f.define("->")
        .takes(type, TEXT)
        .returns(type)
        .describe("The member with that key.")
        .example("'{\"a\": {\"b\": 1}}'::" + name + " -> 'a' -> {\"b\": 1}")
        .runs(kernel(type, type, JsonFunctions::member));
    f.define("->")
        .takes(type, SimpleType.INTEGER)
        .returns(type)
        .describe("The element at that index from 0; a negative one counts from the end.")
        .example("'[10, 20]'::" + name + " -> -1 -> 20")
        .runs(kernel(type, type, element));
    f.define("->>")
        .takes(type, TEXT)
        .returns(TEXT)
        .mayFail()
        .describe("The member with that key, as text.")
        .example("'{\"a\": \"x\"}'::" + name + " ->> 'a' -> x")
        .runs(kernel(type, TEXT, JsonFunctions::member));
    f.define("->>")
        .takes(type, SimpleType.INTEGER)
        .returns(TEXT)
        .mayFail()
        .describe("The element at that index, as text.")
        .example("'[\"x\", \"y\"]'::" + name + " ->> 1 -> y")
        .runs(kernel(type, TEXT, element));
    f.define("#>")
        .takes(type, TEXTS)
        .returns(type)
        .describe("What lies at that path of keys and indexes.")
        .example("'{\"a\": [1, 2]}'::" + name + " #> '{a,1}' -> 2")
        .runs(kernel(type, type, JsonFunctions::path));
    f.define("#>>")
        .takes(type, TEXTS)
        .returns(TEXT)
        .mayFail()
        .describe("What lies at that path, as text.")
        .example("'{\"a\": [\"x\"]}'::" + name + " #>> '{a,0}' -> x")
        .runs(kernel(type, TEXT, JsonFunctions::path));
  }

  private static Kernel kernel(SimpleType type, SimpleType result, Step step) {
    return (context, arguments, rows) -> {
      JsonPath path = new JsonPath(type == SimpleType.JSONB);
      ByteSink value = new ByteSink();
      return RowKernels.strict(
              result,
              (c, a, i, out) -> {
                path.start(a[0].segmentAt(i), a[0].offsetAt(i), a[0].lengthAt(i));
                value.reset();
                if (step.go(path, a[1], i) && give(path, result, value)) {
                  out.appendBytes(value.segment(), 0, value.position());
                } else {
                  out.appendNull();
                }
              })
          .evaluate(context, arguments, rows);
    };
  }

  private static boolean give(JsonPath path, SimpleType result, ByteSink value) {
    if (result == TEXT) {
      return path.appendText(value);
    }
    path.append(value);
    return true;
  }

  private static boolean member(JsonPath path, Column key, int row) {
    return path.member(key.segmentAt(row), key.offsetAt(row), key.lengthAt(row));
  }

  /// PostgreSQL stores a jsonb scalar as an array of one, and lets it show here.
  private static boolean scalar(JsonPath path, Column index, int row) {
    int wanted = index.intAt(row);
    return path.isContainer() ? path.element(wanted) : wanted == 0 || wanted == -1;
  }

  private static boolean element(JsonPath path, Column index, int row) {
    return path.element(index.intAt(row));
  }

  /// A NULL in the path finds nothing; what is no number is no index.
  private static boolean path(JsonPath path, Column keys, int row) {
    MemorySegment s = keys.segmentAt(row);
    long from = keys.offsetAt(row);
    int count = ArrayBytes.count(s, from);
    for (int i = 0; i < count; i++) {
      if (ArrayBytes.isNull(s, from, i)) {
        return false;
      }
      long at = ArrayBytes.elementOffset(s, from, TEXT, i);
      int length = ArrayBytes.elementLength(s, from, TEXT, i);
      boolean found =
          path.kind() == '[' ? index(path, Utf8.string(s, at, length)) : path.member(s, at, length);
      if (!found) {
        return false;
      }
    }
    return true;
  }

  private static boolean index(JsonPath path, String text) {
    try {
      return path.element(Integer.parseInt(text.strip()));
    } catch (NumberFormatException e) {
      return false;
    }
  }

  /// Stands at the whole value of a row.
  static JsonPath at(SimpleType type, Column values, int row) {
    JsonPath path = new JsonPath(type == SimpleType.JSONB);
    path.start(values.segmentAt(row), values.offsetAt(row), values.lengthAt(row));
    return path;
  }

  private static String typeName(SimpleType type, Column values, int row) {
    return typeName(at(type, values, row).kind());
  }

  static String typeName(byte kind) {
    return switch (kind) {
      case '{' -> "object";
      case '[' -> "array";
      case '"' -> "string";
      case 't', 'f' -> "boolean";
      case 'n' -> "null";
      default -> "number";
    };
  }

  private static int length(SimpleType type, Column values, int row) {
    JsonPath path = at(type, values, row);
    return switch (path.kind()) {
      case '[' -> path.size();
      case '{' ->
          throw new SqlException(
              ErrorCode.INVALID_PARAMETER_VALUE, "cannot get array length of a non-array");
      default ->
          throw new SqlException(
              ErrorCode.INVALID_PARAMETER_VALUE, "cannot get array length of a scalar");
    };
  }
}
