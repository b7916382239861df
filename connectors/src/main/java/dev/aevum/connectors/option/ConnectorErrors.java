package dev.aevum.connectors.option;

import dev.aevum.model.error.ErrorCode;
import dev.aevum.model.error.SqlException;
import dev.aevum.model.text.EditDistance;
import java.util.Collection;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// The wording of errors that connectors raise at CREATE.
public final class ConnectorErrors {
  private ConnectorErrors() {}

  public static SqlException unknownOption(
      String connector, String option, Collection<String> known) {
    String close = closest(option, known);
    return error(
        ErrorCode.INVALID_PARAMETER_VALUE,
        "unrecognized option \"" + option + "\" of connector \"" + connector + "\"",
        close == null
            ? "Known options: " + String.join(", ", known) + "."
            : "Did you mean \"" + close + "\"?");
  }

  public static SqlException missingOption(String connector, String option, String description) {
    return error(
        ErrorCode.INVALID_PARAMETER_VALUE,
        "option \"" + option + "\" of connector \"" + connector + "\" is required",
        description);
  }

  public static SqlException invalidValue(String option, String value, String expected) {
    return error(
        ErrorCode.INVALID_PARAMETER_VALUE,
        "invalid value for option \"" + option + "\": \"" + value + "\"",
        "Expected " + expected + ".");
  }

  public static SqlException unsupported(String message, String hint) {
    return error(ErrorCode.FEATURE_NOT_SUPPORTED, message, hint);
  }

  public static SqlException unknownColumn(String column, String where, Collection<String> known) {
    String close = closest(column, known);
    return error(
        ErrorCode.UNDEFINED_COLUMN,
        "column \"" + column + "\" does not exist in " + where,
        close == null
            ? "It has the columns " + String.join(", ", known) + "."
            : "Did you mean \"" + close + "\"?");
  }

  public static SqlException error(ErrorCode code, String message, @Nullable String hint) {
    return new SqlException(code, message, null, hint, null, null);
  }

  public static SqlException error(
      ErrorCode code, String message, @Nullable String hint, Throwable cause) {
    return new SqlException(code, message, null, hint, null, cause);
  }

  /// The name most like `name` within an edit distance of a third of its length (2 at least), or
  /// null.
  public static @Nullable String closest(String name, Collection<String> names) {
    String best = null;
    int bestDistance = Math.max(2, name.length() / 3) + 1;
    for (String candidate : names) {
      int distance =
          EditDistance.between(name.toLowerCase(Locale.ROOT), candidate.toLowerCase(Locale.ROOT));
      if (distance < bestDistance) {
        best = candidate;
        bestDistance = distance;
      }
    }
    return best;
  }
}
