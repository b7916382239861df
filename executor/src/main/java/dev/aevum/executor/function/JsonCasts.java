package dev.aevum.executor.function;

import dev.aevum.executor.kernel.Kernel;
import dev.aevum.model.batch.Column;
import dev.aevum.model.batch.Memory;
import dev.aevum.model.codec.ByteSink;
import dev.aevum.model.codec.JsonbKey;
import dev.aevum.model.error.ErrorCode;
import dev.aevum.model.error.SqlException;
import dev.aevum.model.text.JsonPath;
import dev.aevum.model.text.PgText;
import dev.aevum.model.text.TextStyle;
import dev.aevum.model.type.SimpleType;
import dev.aevum.model.type.SqlType;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;

/// jsonb as a number or a boolean, its null as NULL; and its order.
final class JsonCasts {
  private JsonCasts() {}

  /// Errors of the kernel: 22023 in PostgreSQL's words for a value of another type.
  static Kernel toBoolean() {
    return RowKernels.strict(
        SimpleType.BOOLEAN,
        (context, arguments, i, out) -> {
          byte kind = JsonFunctions.at(SimpleType.JSONB, arguments[0], i).kind();
          switch (kind) {
            case 't', 'f' -> out.appendBoolean(kind == 't');
            case 'n' -> out.appendNull();
            default -> throw cannotCast(kind, SimpleType.BOOLEAN);
          }
        });
  }

  /// By way of numeric, as in PostgreSQL.
  static Kernel toNumber(SqlType to) {
    Kernel numeric =
        RowKernels.strict(
            SimpleType.NUMERIC,
            (context, arguments, i, out) -> {
              Column value = arguments[0];
              JsonPath path = JsonFunctions.at(SimpleType.JSONB, value, i);
              if (path.kind() == 'n') {
                out.appendNull();
                return;
              }
              if (!JsonFunctions.typeName(path.kind()).equals("number")) {
                throw cannotCast(path.kind(), to);
              }
              PgText.parse(
                  value.segmentAt(i), value.offsetAt(i), value.lengthAt(i), TextStyle.DEFAULT, out);
            });
    if (to == SimpleType.NUMERIC) {
      return numeric;
    }
    Kernel rest = NumberCasts.kernel(SimpleType.NUMERIC, to);
    return (context, arguments, rows) -> {
      try (Column numbers = numeric.evaluate(context, arguments, rows)) {
        return rest.evaluate(context, new Column[] {numbers}, rows);
      }
    };
  }

  private static SqlException cannotCast(byte kind, SqlType to) {
    String shown = to instanceof SimpleType ? to.displayName() : "numeric";
    return new SqlException(
        ErrorCode.INVALID_PARAMETER_VALUE,
        "cannot cast jsonb " + castName(kind) + " to type " + shown);
  }

  /// What PostgreSQL calls a kind here: numbers are not what `jsonb_typeof` says.
  private static String castName(byte kind) {
    String name = JsonFunctions.typeName(kind);
    return name.equals("number") ? "numeric" : name;
  }

  /// -1, 0 or 1 for two values of type jsonb. Equal texts need no more than a look.
  static int compare(
      MemorySegment a, long from, int lengthA, MemorySegment b, long with, int lengthB) {
    if (MemorySegment.mismatch(a, from, from + lengthA, b, with, with + lengthB) < 0) {
      return 0;
    }
    ByteSink left = new ByteSink(lengthA);
    ByteSink right = new ByteSink(lengthB);
    JsonbKey.append(a, from, lengthA, left);
    JsonbKey.append(b, with, lengthB, right);
    return Integer.signum(
        Arrays.compareUnsigned(
            left.array(), 0, left.position(), right.array(), 0, right.position()));
  }

  /// Compares rows; those with NULL are computed as equal, and masked.
  static void compare(Column left, Column right, int accepted, MemorySegment to) {
    for (int base = 0; base < left.rows(); base += 64) {
      int limit = Math.min(64, left.rows() - base);
      long word = 0;
      for (int j = 0; j < limit; j++) {
        word |= (accepted >>> (compare(left, right, base + j) + 1) & 1L) << j;
      }
      Memory.setWord(to, base >>> 6, word);
    }
  }

  private static int compare(Column left, Column right, int row) {
    return left.isNull(row) || right.isNull(row)
        ? 0
        : compare(
            left.segmentAt(row),
            left.offsetAt(row),
            left.lengthAt(row),
            right.segmentAt(row),
            right.offsetAt(row),
            right.lengthAt(row));
  }
}
