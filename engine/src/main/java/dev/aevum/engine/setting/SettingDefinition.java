package dev.aevum.engine.setting;

import dev.aevum.model.error.ErrorCode;
import dev.aevum.model.error.SqlException;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// A setting that SET and SHOW know.
///
/// @param name in PostgreSQL's spelling; looked up ignoring case
/// @param kind how values are checked and written
/// @param choices for ENUM: the values that are accepted
/// @param unit as pg_settings shows it (`ms`, `kB`), null for none
/// @param reported whether clients are told of changes (ParameterStatus)
/// @param settable false: SET fails with 55P02's text
public record SettingDefinition(
    String name,
    Kind kind,
    String defaultValue,
    List<String> choices,
    @Nullable String unit,
    long min,
    long max,
    boolean reported,
    boolean settable,
    String description) {
  public SettingDefinition {
    choices = List.copyOf(choices);
  }

  public enum Kind {
    BOOL,
    INTEGER,
    REAL,
    ENUM,
    STRING
  }

  /// The value in canonical form; throws 22023 as PostgreSQL does.
  public String check(String value) {
    return switch (kind) {
      case BOOL -> checkBoolean(value);
      case INTEGER -> checkInteger(value);
      case REAL -> checkReal(value);
      case ENUM -> checkChoice(value);
      case STRING -> value;
    };
  }

  private String checkBoolean(String value) {
    return switch (value.toLowerCase(Locale.ROOT)) {
      case "on", "true", "t", "yes", "y", "1", "tr", "tru", "ye" -> "on";
      case "off", "false", "f", "no", "n", "0", "of", "fa", "fal", "fals" -> "off";
      default ->
          throw new SqlException(
              ErrorCode.INVALID_PARAMETER_VALUE,
              "parameter \"" + name + "\" requires a Boolean value");
    };
  }

  private String checkInteger(String value) {
    long number;
    try {
      number = parseWithUnit(value.strip());
    } catch (NumberFormatException e) {
      throw invalid(value);
    }
    if (number < min || number > max) {
      throw new SqlException(
          ErrorCode.INVALID_PARAMETER_VALUE,
          number
              + (unit == null ? "" : " " + unit)
              + " is outside the valid range for parameter \""
              + name
              + "\" ("
              + min
              + " .. "
              + max
              + ")");
    }
    return Long.toString(number);
  }

  private long parseWithUnit(String text) {
    int end = 0;
    while (end < text.length()
        && (Character.isDigit(text.charAt(end)) || "+-".indexOf(text.charAt(end)) >= 0)) {
      end++;
    }
    long number = Long.parseLong(text.substring(0, end));
    String suffix = text.substring(end).strip();
    if (suffix.isEmpty()) {
      return number;
    }
    long factor =
        switch (unit == null ? "" : unit) {
          case "ms" ->
              switch (suffix) {
                case "ms" -> 1;
                case "s" -> 1000;
                case "min" -> 60_000;
                case "h" -> 3_600_000;
                case "d" -> 86_400_000;
                default -> 0;
              };
          case "kB" ->
              switch (suffix) {
                case "kB" -> 1;
                case "MB" -> 1024;
                case "GB" -> 1024 * 1024;
                case "TB" -> 1024 * 1024 * 1024;
                default -> 0;
              };
          default -> 0;
        };
    if (factor == 0) {
      throw invalid(text);
    }
    return Math.multiplyExact(number, factor);
  }

  private String checkReal(String value) {
    try {
      Double.parseDouble(value);
      return value;
    } catch (NumberFormatException e) {
      throw invalid(value);
    }
  }

  private String checkChoice(String value) {
    for (String choice : choices) {
      if (choice.equalsIgnoreCase(value)) {
        return choice;
      }
    }
    throw invalid(value).withHint("Available values: " + String.join(", ", choices) + ".");
  }

  private SqlException invalid(String value) {
    return new SqlException(
        ErrorCode.INVALID_PARAMETER_VALUE,
        "invalid value for parameter \"" + name + "\": \"" + value + "\"");
  }
}
