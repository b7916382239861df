package dev.aevum.executor.function;

import dev.aevum.model.error.ErrorCode;
import dev.aevum.model.error.SqlException;
import dev.aevum.model.type.SqlType;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The units that extract, date_part and date_trunc know, with PostgreSQL's other spellings.
enum DateTimeField {
  MICROSECONDS("us", "usec", "usecs", "usecond", "useconds", "microsecond", "microsecon"),
  MILLISECONDS("ms", "msec", "msecs", "msecond", "mseconds", "millisecond", "millisecon"),
  SECOND("s", "sec", "secs", "seconds"),
  MINUTE("m", "min", "mins", "minutes"),
  HOUR("h", "hr", "hrs", "hours"),
  DAY("d", "days"),
  WEEK("w", "weeks"),
  MONTH("mon", "mons", "months"),
  QUARTER("qtr"),
  YEAR("y", "yr", "yrs", "years"),
  DECADE("dec", "decs", "decades"),
  CENTURY("c", "cent", "centuries"),
  MILLENNIUM("mil", "mils", "millennia"),
  DOW,
  ISODOW,
  DOY,
  ISOYEAR,
  EPOCH,
  JULIAN("j", "jd"),
  TIMEZONE,
  TIMEZONE_HOUR,
  TIMEZONE_MINUTE;

  private static final Map<String, DateTimeField> NAMES = new HashMap<>();

  static {
    for (DateTimeField field : values()) {
      NAMES.put(field.name().toLowerCase(Locale.ROOT), field);
      for (String other : field.others.split(",", -1)) {
        NAMES.put(other, field);
      }
    }
    NAMES.remove(""); // Of fields without other names.
  }

  /// Comma-separated.
  private final String others;

  DateTimeField(String... others) {
    this.others = String.join(",", others);
  }

  /// Errors: 22023.
  static DateTimeField of(String name, SqlType type) {
    @Nullable DateTimeField field = NAMES.get(name.toLowerCase(Locale.ROOT));
    if (field == null) {
      throw new SqlException(
          ErrorCode.INVALID_PARAMETER_VALUE,
          "unit \"" + name + "\" not recognized for type " + type.displayName());
    }
    return field;
  }

  SqlException unsupported(SqlType type) {
    return new SqlException(
        ErrorCode.FEATURE_NOT_SUPPORTED,
        "unit \""
            + name().toLowerCase(Locale.ROOT)
            + "\" not supported for type "
            + type.displayName());
  }
}
