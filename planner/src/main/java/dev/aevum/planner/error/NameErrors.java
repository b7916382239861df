package dev.aevum.planner.error;

import dev.aevum.model.error.ErrorCode;
import dev.aevum.model.error.SourceSpan;
import dev.aevum.model.error.SqlException;
import dev.aevum.model.text.EditDistance;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// Names that do not resolve.
public final class NameErrors {
  private NameErrors() {}

  private static SqlException error(
      ErrorCode code, String message, @Nullable String hint, @Nullable SourceSpan span) {
    return new SqlException(code, message, null, hint, span, null);
  }

  public static SqlException unknownColumn(
      @Nullable String table,
      String column,
      Collection<String> candidates,
      @Nullable SourceSpan span) {
    String shown = table == null ? "\"" + column + "\"" : table + "." + column;
    String hint =
        closestColumn(column, candidates)
            .map(c -> "Perhaps you meant to reference the column \"" + c + "\".")
            .orElse(null);
    return error(ErrorCode.UNDEFINED_COLUMN, "column " + shown + " does not exist", hint, span);
  }

  public static SqlException ambiguousColumn(String column, @Nullable SourceSpan span) {
    return error(
        ErrorCode.AMBIGUOUS_COLUMN, "column reference \"" + column + "\" is ambiguous", null, span);
  }

  public static SqlException unknownRelation(
      String shown, String name, Collection<String> candidates, @Nullable SourceSpan span) {
    String hint =
        closest(name, candidates)
            .map(c -> "Perhaps you meant the relation \"" + c + "\".")
            .orElse(null);
    return error(
        ErrorCode.UNDEFINED_TABLE, "relation \"" + shown + "\" does not exist", hint, span);
  }

  public static SqlException missingFrom(
      String table, @Nullable String hint, @Nullable SourceSpan span) {
    return error(
        ErrorCode.UNDEFINED_TABLE,
        "missing FROM-clause entry for table \"" + table + "\"",
        hint,
        span);
  }

  public static SqlException invalidReference(String table, @Nullable SourceSpan span) {
    return new SqlException(
        ErrorCode.UNDEFINED_TABLE,
        "invalid reference to FROM-clause entry for table \"" + table + "\"",
        "There is an entry for table \""
            + table
            + "\", but it cannot be referenced from this part of the query.",
        null,
        span,
        null);
  }

  /// `table` is in FROM, but under an alias.
  public static SqlException hiddenByAlias(String table, String alias, @Nullable SourceSpan span) {
    return error(
        ErrorCode.UNDEFINED_TABLE,
        "invalid reference to FROM-clause entry for table \"" + table + "\"",
        "Perhaps you meant to reference the table alias \"" + alias + "\".",
        span);
  }

  public static SqlException duplicateAlias(String alias, @Nullable SourceSpan span) {
    return error(
        ErrorCode.DUPLICATE_ALIAS,
        "table name \"" + alias + "\" specified more than once",
        null,
        span);
  }

  public static SqlException unknownSchema(String schema, @Nullable SourceSpan span) {
    return error(
        ErrorCode.INVALID_SCHEMA_NAME, "schema \"" + schema + "\" does not exist", null, span);
  }

  public static SqlException unknownFunction(
      String name,
      String argumentTypes,
      boolean nameExists,
      Collection<String> candidates,
      @Nullable SourceSpan span) {
    @Nullable String pattern = PatternErrors.hintOutside(name);
    String hint =
        pattern != null
            ? pattern
            : nameExists
                ? "No function matches the given name and argument types. You might need to add explicit type casts."
                : closest(name, candidates)
                    .map(c -> "Perhaps you meant the function \"" + c + "\".")
                    .orElse(
                        "No function matches the given name and argument types. You might need to add explicit type casts.");
    return error(
        ErrorCode.UNDEFINED_FUNCTION,
        "function " + name + "(" + argumentTypes + ") does not exist",
        hint,
        span);
  }

  public static SqlException ambiguousFunction(
      String name, String argumentTypes, @Nullable SourceSpan span) {
    return error(
        ErrorCode.AMBIGUOUS_FUNCTION,
        "function " + name + "(" + argumentTypes + ") is not unique",
        "Could not choose a best candidate function. You might need to add explicit type casts.",
        span);
  }

  public static SqlException unknownOperator(String shown, @Nullable SourceSpan span) {
    return error(
        ErrorCode.UNDEFINED_FUNCTION,
        "operator does not exist: " + shown,
        "No operator matches the given name and argument types. You might need to add explicit type casts.",
        span);
  }

  public static SqlException ambiguousOperator(String shown, @Nullable SourceSpan span) {
    return error(
        ErrorCode.AMBIGUOUS_FUNCTION,
        "operator is not unique: " + shown,
        "Could not choose a best candidate operator. You might need to add explicit type casts.",
        span);
  }

  public static SqlException unknownType(
      String shown, @Nullable String hint, @Nullable SourceSpan span) {
    return error(ErrorCode.UNDEFINED_OBJECT, "type \"" + shown + "\" does not exist", hint, span);
  }

  /// The candidate within a third of the name's length by edit distance, the nearest and then the
  /// first by alphabet.
  public static Optional<String> closest(String name, Collection<String> candidates) {
    return closest(name, candidates, Math.max(1, name.length() / 3));
  }

  /// The column that PostgreSQL would hint at: three edits, half the name.
  private static Optional<String> closestColumn(String name, Collection<String> candidates) {
    return closest(name, candidates, Math.min(3, Math.max(1, name.length() / 2)));
  }

  private static Optional<String> closest(String name, Collection<String> candidates, int limit) {
    return Optional.ofNullable(EditDistance.closest(name, candidates, limit));
  }

  /// What may have been meant by an option that there is not, and all there are.
  public static String optionHint(String given, List<String> options) {
    return closest(given, options)
            .map(o -> "Perhaps you meant the option \"" + o + "\". ")
            .orElse("")
        + "Options: "
        + list(options)
        + ".";
  }

  public static String list(List<String> names) {
    return names.stream().collect(Collectors.joining(", "));
  }
}
