package dev.aevum.model.text;

import dev.aevum.model.codec.ByteSink;
import dev.aevum.model.error.SqlException;
import dev.aevum.model.type.IntervalValue;
import dev.aevum.model.type.SimpleType;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/// Texts of intervals: every input form of PostgreSQL (`1 day 02:03:04`, `1-2`, `P1Y2M3DT4H`, `@ 1
/// hour ago`) and the output style `postgres`. Source: `DecodeInterval`, `DecodeISO8601Interval`
/// and `EncodeInterval` of PostgreSQL 15.
public final class IntervalText {
  private static final long MICROS_PER_DAY = IntervalValue.MICROS_PER_DAY;

  private enum Unit {
    MICROSECOND,
    MILLISECOND,
    SECOND,
    MINUTE,
    HOUR,
    DAY,
    WEEK,
    MONTH,
    YEAR,
    DECADE,
    CENTURY,
    MILLENNIUM
  }

  private final String text;
  private long months;
  private long days;
  private long micros;
  private final Set<Unit> seen = EnumSet.noneOf(Unit.class);

  private IntervalText(String text) {
    this.text = text;
  }

  /// Errors: 22007, 22015.
  public static IntervalValue parse(String text) {
    IntervalText parser = new IntervalText(text);
    try {
      String trimmed = NumberText.trim(text);
      if (trimmed.startsWith("P")) {
        parser.iso8601(trimmed);
      } else {
        parser.words(trimmed);
      }
      if (parser.months != (int) parser.months) {
        throw TextErrors.intervalOutOfRange();
      }
      return new IntervalValue((int) parser.months, Math.toIntExact(parser.days), parser.micros);
    } catch (ArithmeticException e) {
      throw TextErrors.intervalField(text);
    }
  }

  private SqlException invalid() {
    return TextErrors.invalidDateTime(SimpleType.INTERVAL, text);
  }

  private void require(boolean valid) {
    if (!valid) {
      throw invalid();
    }
  }

  private List<String> tokens(String s) {
    List<String> tokens = new ArrayList<>();
    int at = 0;
    while (at < s.length()) {
      char c = s.charAt(at);
      int from = at;
      if (c == ' ' || c == ',' || c == '@' || (c >= '\t' && c <= '\r')) {
        at++;
        continue;
      }
      if (c < 128 && Character.isLetter(c)) {
        while (at < s.length() && Character.isLetter(s.charAt(at))) {
          at++;
        }
      } else {
        if (c == '+' || c == '-') {
          at++;
          while (at < s.length() && s.charAt(at) == ' ') {
            at++;
          }
        }
        int digits = at;
        while (at < s.length()
            && (Character.isDigit(s.charAt(at))
                || ":.".indexOf(s.charAt(at)) >= 0
                || (s.charAt(at) == '-' && at > digits))) {
          at++;
        }
        require(at > digits);
      }
      tokens.add(s.substring(from, at).replace(" ", ""));
    }
    return tokens;
  }

  /// From the last token to the first: a unit names the number before it; a bare number is seconds,
  /// before a time days.
  private void words(String s) {
    List<String> tokens = tokens(s);
    boolean ago = false;
    Unit unit = null;
    for (int i = tokens.size() - 1; i >= 0; i--) {
      String token = tokens.get(i);
      if (Character.isLetter(token.charAt(0))) {
        if (token.equalsIgnoreCase("ago")) {
          require(i == tokens.size() - 1);
          ago = true;
        } else {
          require(i > 0);
          unit = unit(token.toLowerCase(Locale.ROOT));
        }
      } else if (token.indexOf(':') >= 0) {
        clock(token);
        unit = Unit.DAY;
      } else {
        number(token, unit == null ? Unit.SECOND : unit);
      }
    }
    require(!seen.isEmpty());
    if (ago) {
      months = Math.negateExact(months);
      days = Math.negateExact(days);
      micros = Math.negateExact(micros);
    }
  }

  private Unit unit(String word) {
    return switch (word) {
      case "microsecond",
          "microseconds",
          "us",
          "usec",
          "usecs",
          "usecond",
          "useconds",
          "microsecon" ->
          Unit.MICROSECOND;
      case "millisecond",
          "milliseconds",
          "ms",
          "msec",
          "msecs",
          "msecond",
          "mseconds",
          "millisecon" ->
          Unit.MILLISECOND;
      case "second", "seconds", "sec", "secs", "s" -> Unit.SECOND;
      case "minute", "minutes", "min", "mins", "m" -> Unit.MINUTE;
      case "hour", "hours", "hr", "hrs", "h" -> Unit.HOUR;
      case "day", "days", "d" -> Unit.DAY;
      case "week", "weeks", "w" -> Unit.WEEK;
      case "month", "months", "mon", "mons" -> Unit.MONTH;
      case "year", "years", "yr", "yrs", "y" -> Unit.YEAR;
      case "decade", "decades", "dec", "decs" -> Unit.DECADE;
      case "century", "centuries", "cent", "c" -> Unit.CENTURY;
      case "millennium", "millennia", "mil", "mils" -> Unit.MILLENNIUM;
      default -> throw invalid();
    };
  }

  private void once(Unit unit) {
    require(seen.add(unit));
  }

  private void clock(String token) {
    boolean negative = token.charAt(0) == '-';
    String[] parts =
        (negative || token.charAt(0) == '+' ? token.substring(1) : token).split(":", -1);
    require(parts.length == 2 || parts.length == 3);
    String last = parts[parts.length - 1];
    int dot = last.indexOf('.');
    boolean minutesFirst = parts.length == 2 && dot >= 0;
    long hours = minutesFirst ? 0 : integer(parts[0]);
    long minutes = integer(minutesFirst ? parts[0] : parts[1]);
    String seconds = parts.length == 3 || minutesFirst ? last : "0";
    long whole = integer(dot >= 0 ? last.substring(0, dot) : seconds);
    double fraction = dot >= 0 ? fraction(last.substring(dot + 1)) : 0;
    if (minutes > 59 || whole > 60) {
      throw TextErrors.intervalField(text);
    }
    once(Unit.HOUR);
    once(Unit.MINUTE);
    once(Unit.SECOND);
    long sign = negative ? -1 : 1;
    long small = (minutes * 60 + whole) * 1_000_000L + (long) Math.rint(fraction * 1e6);
    micros = Math.addExact(micros, Math.multiplyExact(hours * sign, 3_600_000_000L));
    micros = Math.addExact(micros, small * sign);
  }

  private long integer(String digits) {
    require(!digits.isEmpty() && digits.chars().allMatch(c -> c >= '0' && c <= '9'));
    try {
      return Long.parseLong(digits);
    } catch (NumberFormatException e) {
      throw TextErrors.intervalField(text);
    }
  }

  private double fraction(String digits) {
    require(digits.chars().allMatch(c -> c >= '0' && c <= '9'));
    return digits.isEmpty() ? 0 : Double.parseDouble("0." + digits);
  }

  private void number(String token, Unit unit) {
    boolean negative = token.charAt(0) == '-';
    String s = negative || token.charAt(0) == '+' ? token.substring(1) : token;
    int dash = s.indexOf('-');
    if (dash > 0) {
      long inYear = integer(s.substring(dash + 1));
      if (inYear > 11) {
        throw TextErrors.intervalField(text);
      }
      long total = Math.addExact(Math.multiplyExact(integer(s.substring(0, dash)), 12L), inYear);
      once(Unit.MONTH);
      months = Math.addExact(months, negative ? -total : total);
      return;
    }
    int dot = s.indexOf('.');
    String whole = dot < 0 ? s : s.substring(0, dot);
    require(dot != 0 || s.length() > 1);
    long value = whole.isEmpty() ? 0 : integer(whole);
    double rest = dot < 0 ? 0 : fraction(s.substring(dot + 1));
    once(unit);
    add(unit, negative ? -value : value, negative ? -rest : rest);
  }

  private void add(Unit unit, long value, double rest) {
    switch (unit) {
      case MICROSECOND -> addMicros(value, rest, 1);
      case MILLISECOND -> addMicros(value, rest, 1_000);
      case SECOND -> addMicros(value, rest, 1_000_000);
      case MINUTE -> addMicros(value, rest, 60_000_000);
      case HOUR -> addMicros(value, rest, 3_600_000_000L);
      case DAY -> {
        days = Math.addExact(days, value);
        addMicros(0, rest, MICROS_PER_DAY);
      }
      case WEEK -> addDays(Math.multiplyExact(value, 7L), rest * 7);
      case MONTH -> {
        months = Math.addExact(months, value);
        addDays(0, rest * 30);
      }
      case YEAR -> addYears(value, rest, 1);
      case DECADE -> addYears(value, rest, 10);
      case CENTURY -> addYears(value, rest, 100);
      case MILLENNIUM -> addYears(value, rest, 1000);
    }
  }

  private void addYears(long value, double rest, int years) {
    months = Math.addExact(months, Math.multiplyExact(value, 12L * years));
    months = Math.addExact(months, (long) Math.rint(rest * years * 12));
  }

  private void addDays(long value, double rest) {
    long whole = (long) rest;
    days = Math.addExact(days, Math.addExact(value, whole));
    addMicros(0, rest - whole, MICROS_PER_DAY);
  }

  private void addMicros(long value, double rest, long unit) {
    micros = Math.addExact(micros, Math.multiplyExact(value, unit));
    double scaled = rest * unit;
    long whole = (long) scaled;
    double left = scaled - whole;
    whole += left > 0.5 ? 1 : left < -0.5 ? -1 : 0;
    micros = Math.addExact(micros, whole);
  }

  /// `P1Y2M3W4DT5H6M7.8S`, or `P0001-02-03T04:05:06`.
  private void iso8601(String s) {
    int at = 1;
    boolean time = false;
    require(s.length() > 1);
    while (at < s.length()) {
      if (s.charAt(at) == 'T') {
        require(!time && at + 1 < s.length());
        time = true;
        at++;
        continue;
      }
      int from = at;
      while (at < s.length()
          && "+-.0123456789".indexOf(s.charAt(at)) >= 0
          && (at == from || (s.charAt(at) != '-' && s.charAt(at) != '+'))) {
        at++;
      }
      require(at > from);
      if (at == s.length() || s.charAt(at) == '-' || s.charAt(at) == ':' || s.charAt(at) == 'T') {
        alternative(s.substring(from), time);
        return;
      }
      number(s.substring(from, at), isoUnit(s.charAt(at), time));
      at++;
    }
    require(!seen.isEmpty());
  }

  private Unit isoUnit(char letter, boolean time) {
    return switch (letter) {
      case 'Y' -> dateUnit(Unit.YEAR, time);
      case 'M' -> time ? Unit.MINUTE : Unit.MONTH;
      case 'W' -> dateUnit(Unit.WEEK, time);
      case 'D' -> dateUnit(Unit.DAY, time);
      case 'H' -> timeUnit(Unit.HOUR, time);
      case 'S' -> timeUnit(Unit.SECOND, time);
      default -> throw invalid();
    };
  }

  private Unit dateUnit(Unit unit, boolean time) {
    require(!time);
    return unit;
  }

  private Unit timeUnit(Unit unit, boolean time) {
    require(time);
    return unit;
  }

  private void alternative(String rest, boolean time) {
    int t = time ? -1 : rest.indexOf('T');
    String date = time ? "" : t < 0 ? rest : rest.substring(0, t);
    String clock = time ? rest : t < 0 ? "" : rest.substring(t + 1);
    if (!date.isEmpty()) {
      String[] parts = date.split("-", -1);
      require(parts.length <= 3);
      number(parts[0], Unit.YEAR);
      if (parts.length > 1) {
        number(parts[1], Unit.MONTH);
      }
      if (parts.length > 2) {
        number(parts[2], Unit.DAY);
      }
    }
    if (!clock.isEmpty()) {
      String[] parts = clock.split(":", -1);
      require(parts.length <= 3);
      number(parts[0], Unit.HOUR);
      if (parts.length > 1) {
        number(parts[1], Unit.MINUTE);
      }
      if (parts.length > 2) {
        number(parts[2], Unit.SECOND);
      }
    }
  }

  public static void format(int months, int days, long micros, ByteSink out) {
    int start = out.position();
    boolean before = part(months / 12, "year", false, start, out);
    before = part(months % 12, "mon", before, start, out);
    before = part(days, "day", before, start, out);
    if (micros == 0 && out.position() > start) {
      return;
    }
    if (out.position() > start) {
      out.appendByte(' ');
    }
    if (micros < 0) {
      out.appendByte('-');
    } else if (before) {
      out.appendByte('+');
    }
    long seconds = Math.abs(micros / 1_000_000);
    NumberText.padded(seconds / 3600, 2, out);
    out.appendByte(':');
    NumberText.padded(seconds / 60 % 60, 2, out);
    out.appendByte(':');
    NumberText.padded(seconds % 60, 2, out);
    DateTimeText.fraction(Math.abs(micros % 1_000_000), out);
  }

  /// Returns whether the last part written was negative.
  private static boolean part(int value, String unit, boolean before, int start, ByteSink out) {
    if (value == 0) {
      return before;
    }
    if (out.position() > start) {
      out.appendByte(' ');
    }
    if (before && value > 0) {
      out.appendByte('+');
    }
    NumberText.format(value, out);
    out.appendByte(' ');
    out.appendText(value == 1 ? unit : unit + "s");
    return value < 0;
  }
}
