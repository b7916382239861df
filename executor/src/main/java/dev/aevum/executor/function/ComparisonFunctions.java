package dev.aevum.executor.function;

import static dev.aevum.executor.function.FunctionDefinitions.ANY_ARRAY;
import static dev.aevum.executor.function.FunctionDefinitions.ANY_NUMERIC;
import static dev.aevum.executor.function.FunctionDefinitions.exact;

import dev.aevum.executor.kernel.Kernel;
import dev.aevum.model.type.ArrayType;
import dev.aevum.model.type.CharType;
import dev.aevum.model.type.CompositeType;
import dev.aevum.model.type.DecimalType;
import dev.aevum.model.type.SimpleType;
import dev.aevum.model.type.SqlType;
import dev.aevum.model.type.VarcharType;
import dev.aevum.planner.plan.function.FunctionSignature.ArgumentType;
import java.util.List;

/// `=`, `<>`, `<`, `<=`, `>` and `>=` on every type that has an order.
final class ComparisonFunctions {
  private static final int LESS = 1;
  private static final int EQUAL = 2;
  private static final int GREATER = 4;

  private record Operator(String symbol, int accepted, String words, String example) {}

  private static final List<Operator> OPERATORS =
      List.of(
          new Operator("=", EQUAL, "Equal", "2 = 2 -> t"),
          new Operator("<>", LESS | GREATER, "Not equal", "2 <> 2 -> f"),
          new Operator("<", LESS, "Less than", "1 < 2 -> t"),
          new Operator("<=", LESS | EQUAL, "Less than or equal", "2 <= 2 -> t"),
          new Operator(">", GREATER, "Greater than", "1 > 2 -> f"),
          new Operator(">=", GREATER | EQUAL, "Greater than or equal", "2 >= 3 -> f"));

  private static final List<SimpleType> TYPES =
      List.of(
          SimpleType.BOOLEAN,
          SimpleType.SMALLINT,
          SimpleType.INTEGER,
          SimpleType.BIGINT,
          SimpleType.REAL,
          SimpleType.DOUBLE,
          SimpleType.TEXT,
          SimpleType.BYTEA,
          SimpleType.SKETCH,
          SimpleType.DATE,
          SimpleType.TIME,
          SimpleType.TIMESTAMP,
          SimpleType.TIMESTAMPTZ,
          SimpleType.INTERVAL,
          SimpleType.UUID,
          SimpleType.PG_CHAR,
          SimpleType.OID,
          SimpleType.XID,
          SimpleType.OIDVECTOR,
          SimpleType.JSONB,
          SimpleType.RECORD);

  private ComparisonFunctions() {}

  static void define(FunctionDefinitions f) {
    for (Operator operator : OPERATORS) {
      for (SimpleType type : TYPES) {
        define(f, operator, exact(type));
      }
      define(f, operator, ANY_NUMERIC);
      define(f, operator, ANY_ARRAY);
    }
  }

  private static void define(FunctionDefinitions f, Operator operator, ArgumentType type) {
    f.define(operator.symbol)
        .takes(type, type)
        .returns(SimpleType.BOOLEAN)
        .describe(operator.words + ".")
        .example(operator.example)
        .runs((types, result) -> kernel(types.get(0), types.get(1), operator.accepted));
  }

  /// `left = right` for IS DISTINCT FROM and simple CASE.
  static Kernel equality(SqlType left, SqlType right) {
    return kernel(left, right, EQUAL);
  }

  /// `left < right` of one type.
  static Kernel less(SqlType type) {
    return kernel(type, type, LESS);
  }

  private static Kernel kernel(SqlType left, SqlType right, int accepted) {
    return ComparisonKernels.kernel(loop(left, right, accepted), accepted);
  }

  private static ComparisonKernels.Loop loop(SqlType left, SqlType right, int accepted) {
    if (isNumeric(left) || isNumeric(right)) {
      return numericLoop(left, right);
    }
    return switch (left) {
      case SimpleType s -> simpleLoop(s, right, accepted);
      case VarcharType v -> textLoop(left, right, accepted);
      case CharType c -> textLoop(left, right, accepted);
      case ArrayType a -> ArrayComparison.loop(a.element());
      case CompositeType c -> textLoop(left, right, accepted);
      case DecimalType d -> numericLoop(left, right);
    };
  }

  private static boolean isNumeric(SqlType type) {
    return type instanceof DecimalType || type == SimpleType.NUMERIC;
  }

  private static ComparisonKernels.Loop numericLoop(SqlType left, SqlType right) {
    if (left instanceof DecimalType a && right instanceof DecimalType b) {
      ComparisonKernels.Loop loop = DecimalKernels.comparison(a, b);
      if (loop != null) {
        return loop;
      }
    }
    return NumericKernels::compare;
  }

  private static ComparisonKernels.Loop simpleLoop(SimpleType type, SqlType right, int accepted) {
    return switch (type) {
      case BOOLEAN -> ComparisonKernels::booleans;
      case SMALLINT -> ComparisonKernels::shorts;
      case INTEGER, DATE -> ComparisonKernels::ints;
      case BIGINT,
          TIME,
          TIMESTAMP,
          TIMESTAMPTZ,
          OID,
          XID,
          REGCLASS,
          REGTYPE,
          REGPROC,
          REGNAMESPACE,
          REGROLE ->
          ComparisonKernels::longs;
      case REAL -> ComparisonKernels::floats;
      case DOUBLE -> ComparisonKernels::doubles;
      case INTERVAL -> ComparisonKernels::intervals;
      case UUID -> ComparisonKernels::uuids;
      case INT2VECTOR -> ArrayComparison.loop(SimpleType.SMALLINT);
      case OIDVECTOR -> ArrayComparison.loop(SimpleType.OID);
      case NUMERIC -> numericLoop(type, right);
      case JSONB -> JsonCasts::compare;
      case TEXT, BYTEA, NAME, PG_CHAR, JSON, SKETCH, RECORD, UNKNOWN, VOID ->
          textLoop(type, right, accepted);
    };
  }

  private static ComparisonKernels.Loop textLoop(SqlType left, SqlType right, int accepted) {
    if (left instanceof CharType || right instanceof CharType) {
      return ComparisonKernels.trimmed(left instanceof CharType, right instanceof CharType);
    }
    return accepted == EQUAL || accepted == (LESS | GREATER)
        ? ComparisonKernels::bytesEqual
        : ComparisonKernels::bytes;
  }
}
