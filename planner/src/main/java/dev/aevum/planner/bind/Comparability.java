package dev.aevum.planner.bind;

import dev.aevum.model.error.ErrorCode;
import dev.aevum.model.error.SourceSpan;
import dev.aevum.model.error.SqlException;
import dev.aevum.model.type.ArrayType;
import dev.aevum.model.type.SimpleType;
import dev.aevum.model.type.SqlType;
import dev.aevum.planner.rel.Rels;
import java.util.List;
import org.apache.calcite.rel.RelNode;
import org.jspecify.annotations.Nullable;

/// Types whose values have neither an equality nor an order, which grouping and sorting need: json
/// keeps its text as it was written.
final class Comparability {
  private Comparability() {}

  /// Error: 42883.
  static void requireEquality(List<SqlType> types, @Nullable SourceSpan span) {
    for (SqlType type : types) {
      if (isIncomparable(type)) {
        throw error(
            "could not identify an equality operator for type " + type.displayName(), null, span);
      }
    }
  }

  /// All columns, for DISTINCT and set operations.
  static RelNode requireEquality(RelNode rows) {
    requireEquality(Rels.types(rows), null);
    return rows;
  }

  /// Error: 42883.
  static void requireOrder(SqlType type, @Nullable SourceSpan span) {
    if (isIncomparable(type)) {
      throw error(
          "could not identify an ordering operator for type " + type.displayName(),
          "Use an explicit ordering operator or modify the query.",
          span);
    }
  }

  private static SqlException error(
      String message, @Nullable String hint, @Nullable SourceSpan span) {
    return new SqlException(ErrorCode.UNDEFINED_FUNCTION, message, null, hint, span, null);
  }

  private static boolean isIncomparable(SqlType type) {
    return type == SimpleType.JSON || type instanceof ArrayType(SqlType e) && isIncomparable(e);
  }
}
