package dev.aevum.model.text;

import dev.aevum.model.error.ErrorCode;
import dev.aevum.model.error.SqlException;
import dev.aevum.model.type.CharType;
import dev.aevum.model.type.DecimalType;
import dev.aevum.model.type.SqlType;

/// Errors of values and their texts, in PostgreSQL's words.
public final class TextErrors {
  private TextErrors() {}

  /// The name PostgreSQL uses for a type in messages: without modifiers.
  static String baseName(SqlType type) {
    return type instanceof DecimalType
        ? "numeric"
        : type instanceof CharType ? "character" : type.displayName();
  }

  public static SqlException invalidSyntax(SqlType type, String text) {
    return invalidSyntax(baseName(type), text);
  }

  public static SqlException invalidSyntax(String type, String text) {
    return new SqlException(
        ErrorCode.INVALID_TEXT_REPRESENTATION,
        "invalid input syntax for type " + type + ": \"" + text + "\"");
  }

  /// PostgreSQL shortens `timestamp without time zone` here, and only here.
  public static SqlException invalidDateTime(SqlType type, String text) {
    String name = type.displayName().replace(" without time zone", "");
    return new SqlException(
        ErrorCode.INVALID_DATETIME_FORMAT,
        "invalid input syntax for type " + name + ": \"" + text + "\"");
  }

  public static SqlException intervalOutOfRange() {
    return new SqlException(ErrorCode.DATETIME_FIELD_OVERFLOW, "interval out of range");
  }

  public static SqlException dateTimeField(String text) {
    return new SqlException(
        ErrorCode.DATETIME_FIELD_OVERFLOW, "date/time field value out of range: \"" + text + "\"");
  }

  public static SqlException monthOrDayField(String text) {
    return dateTimeField(text).withHint("Perhaps you need a different \"datestyle\" setting.");
  }

  public static SqlException dateOutOfRange(String text) {
    return new SqlException(
        ErrorCode.DATETIME_FIELD_OVERFLOW, "date out of range: \"" + text + "\"");
  }

  public static SqlException timestampOutOfRange(String text) {
    return new SqlException(
        ErrorCode.DATETIME_FIELD_OVERFLOW, "timestamp out of range: \"" + text + "\"");
  }

  public static SqlException zoneDisplacement(String text) {
    return new SqlException(
        ErrorCode.INVALID_TIME_ZONE_DISPLACEMENT,
        "time zone displacement out of range: \"" + text + "\"");
  }

  public static SqlException unknownZone(String name) {
    return new SqlException(
        ErrorCode.INVALID_PARAMETER_VALUE, "time zone \"" + name + "\" not recognized");
  }

  public static SqlException currentTimeText(SqlType type, String text) {
    return new SqlException(
            ErrorCode.FEATURE_NOT_SUPPORTED,
            "date/time value \""
                + text
                + "\" is not supported as input of type "
                + type.displayName())
        .withHint("Use now(), current_date or current_timestamp.");
  }

  public static SqlException intervalField(String text) {
    return new SqlException(
        ErrorCode.INTERVAL_FIELD_OVERFLOW, "interval field value out of range: \"" + text + "\"");
  }

  public static SqlException integerRange(SqlType type, String text) {
    return new SqlException(
        ErrorCode.NUMERIC_VALUE_OUT_OF_RANGE,
        "value \"" + text + "\" is out of range for type " + type.displayName());
  }

  /// What arithmetic and casts say: `integer out of range`.
  public static SqlException outOfRange(SqlType type) {
    return new SqlException(ErrorCode.NUMERIC_VALUE_OUT_OF_RANGE, baseName(type) + " out of range");
  }

  public static SqlException floatRange(SqlType type, String text) {
    return new SqlException(
        ErrorCode.NUMERIC_VALUE_OUT_OF_RANGE,
        "\"" + text + "\" is out of range for type " + type.displayName());
  }

  public static SqlException numericOverflow(DecimalType type) {
    int digits = type.precision() - type.scale();
    return new SqlException(ErrorCode.NUMERIC_VALUE_OUT_OF_RANGE, "numeric field overflow")
        .withDetail(
            "A field with precision "
                + type.precision()
                + ", scale "
                + type.scale()
                + " must round to an absolute value less than "
                + (digits == 0 ? "1" : "10^" + digits)
                + ".");
  }

  public static SqlException numericCannotHold(DecimalType type, String what) {
    return new SqlException(ErrorCode.NUMERIC_VALUE_OUT_OF_RANGE, "numeric field overflow")
        .withDetail(
            "A field with precision "
                + type.precision()
                + ", scale "
                + type.scale()
                + " cannot hold "
                + what
                + ".");
  }

  public static SqlException tooLong(SqlType type) {
    return new SqlException(
        ErrorCode.STRING_DATA_RIGHT_TRUNCATION, "value too long for type " + type.displayName());
  }

  public static SqlException malformedArray(String text, String detail) {
    return new SqlException(
            ErrorCode.INVALID_TEXT_REPRESENTATION, "malformed array literal: \"" + text + "\"")
        .withDetail(detail);
  }
}
