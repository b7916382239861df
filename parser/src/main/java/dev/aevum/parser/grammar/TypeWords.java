package dev.aevum.parser.grammar;

import dev.aevum.model.error.ErrorCode;
import dev.aevum.model.error.SourceSpan;
import dev.aevum.model.error.SqlException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The type words of PostgreSQL's grammar and the types they stand for. Any other word is a type's
/// own name.
final class TypeWords {
  private static final int MAX_FLOAT4_BITS = 24;
  private static final int MAX_FLOAT_BITS = 53;

  private TypeWords() {}

  static String resolve(
      String words, List<Integer> modifiers, @Nullable Boolean timeZone, SourceSpan span) {
    return switch (words) {
      case "int", "integer" -> "int4";
      case "smallint" -> "int2";
      case "bigint" -> "int8";
      case "real" -> "float4";
      case "double precision" -> "float8";
      case "float" -> floating(modifiers, span);
      case "decimal", "dec" -> "numeric";
      case "boolean" -> "bool";
      case "character", "char", "nchar" -> "bpchar";
      case "character varying", "char varying" -> "varchar";
      case "bit varying" -> "varbit";
      case "time" -> Boolean.TRUE.equals(timeZone) ? "timetz" : "time";
      case "timestamp" -> Boolean.TRUE.equals(timeZone) ? "timestamptz" : "timestamp";
      default -> words;
    };
  }

  private static String floating(List<Integer> modifiers, SourceSpan span) {
    if (modifiers.isEmpty()) {
      return "float8";
    }
    int bits = modifiers.getFirst();
    if (bits < 1 || bits > MAX_FLOAT_BITS) {
      String message =
          bits < 1
              ? "precision for type float must be at least 1 bit"
              : "precision for type float must be less than 54 bits";
      throw new SqlException(ErrorCode.INVALID_PARAMETER_VALUE, message, null, null, span, null);
    }
    return bits <= MAX_FLOAT4_BITS ? "float4" : "float8";
  }
}
