package dev.aevum.model.text;

import dev.aevum.model.error.SqlException;
import dev.aevum.model.type.SimpleType;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Reads one text of a date, time or timestamp in any of PostgreSQL's input forms (DateStyle `ISO,
/// MDY`): words and numbers in nearly any order. Source: PostgreSQL manual, appendix B.1, and the
/// behaviour of `ParseDateTime`/`DecodeDateTime`. Current-time words (now, today, ...) are refused:
/// a stored text must not depend on when it is read.
final class DateTimeParser {
  private static final Map<String, Integer> MONTHS =
      Map.ofEntries(
          Map.entry("jan", 1),
          Map.entry("january", 1),
          Map.entry("feb", 2),
          Map.entry("february", 2),
          Map.entry("mar", 3),
          Map.entry("march", 3),
          Map.entry("apr", 4),
          Map.entry("april", 4),
          Map.entry("may", 5),
          Map.entry("jun", 6),
          Map.entry("june", 6),
          Map.entry("jul", 7),
          Map.entry("july", 7),
          Map.entry("aug", 8),
          Map.entry("august", 8),
          Map.entry("sep", 9),
          Map.entry("sept", 9),
          Map.entry("september", 9),
          Map.entry("oct", 10),
          Map.entry("october", 10),
          Map.entry("nov", 11),
          Map.entry("november", 11),
          Map.entry("dec", 12),
          Map.entry("december", 12));

  private static final List<String> WEEKDAYS =
      List.of(
          "sun",
          "mon",
          "tue",
          "tues",
          "wed",
          "weds",
          "thu",
          "thur",
          "thurs",
          "fri",
          "sat",
          "sunday",
          "monday",
          "tuesday",
          "wednesday",
          "thursday",
          "friday",
          "saturday");

  private final SimpleType type;
  private final String text;
  private boolean dateSeen;
  private boolean timeSeen;
  private long year;
  private int yearDigits;
  private int month;
  private int day;
  private boolean bc;
  private int hour;
  private int minute;
  private int second;
  private int micros;
  private int meridiem;
  private boolean epoch;
  private int infinity;
  private @Nullable ZoneId zone;

  DateTimeParser(SimpleType type, String text) {
    this.type = type;
    this.text = text;
  }

  int date() {
    parse();
    if (infinity != 0) {
      return infinity > 0 ? DateTimeText.DATE_INFINITY : DateTimeText.DATE_MINUS_INFINITY;
    }
    if (epoch) {
      return 0;
    }
    require(dateSeen);
    long days = days();
    if (days < CivilDate.MIN_EPOCH_DAY || days > CivilDate.MAX_EPOCH_DAY) {
      throw TextErrors.dateOutOfRange(text);
    }
    return (int) days;
  }

  long time() {
    parse();
    require(timeSeen && infinity == 0 && !epoch);
    return timeOfDay();
  }

  long timestamp() {
    parse();
    return finite(null);
  }

  long timestampTz(ZoneId session) {
    parse();
    return finite(zone == null ? session : zone);
  }

  private long finite(@Nullable ZoneId at) {
    if (infinity != 0) {
      return infinity > 0 ? DateTimeText.INFINITY : DateTimeText.MINUS_INFINITY;
    }
    if (epoch) {
      return 0;
    }
    require(dateSeen);
    long days = days();
    if (days < CivilDate.MIN_EPOCH_DAY - 1
        || days > CivilDate.MAX_TIMESTAMP / CivilDate.MICROS_PER_DAY) {
      throw TextErrors.timestampOutOfRange(text);
    }
    try {
      long local = Math.addExact(days * CivilDate.MICROS_PER_DAY, timeOfDay());
      long utc = at == null ? local : DateTimeText.toUtc(local, at);
      if (CivilDate.isTimestamp(utc)) {
        return utc;
      }
    } catch (ArithmeticException e) {
      throw TextErrors.timestampOutOfRange(text);
    }
    throw TextErrors.timestampOutOfRange(text);
  }

  private void require(boolean valid) {
    if (!valid) {
      throw invalid();
    }
  }

  private SqlException invalid() {
    return TextErrors.invalidDateTime(type, text);
  }

  private long timeOfDay() {
    return ((hour * 60L + minute) * 60 + second) * CivilDate.MICROS_PER_SECOND + micros;
  }

  /// Checks the date's fields and counts its days.
  private long days() {
    long y = year;
    if (bc) {
      if (y <= 0) {
        throw TextErrors.dateTimeField(text);
      }
      y = 1 - y;
    } else if (yearDigits <= 2) {
      y += y < 70 ? 2000 : 1900;
    } else if (y == 0) {
      throw TextErrors.dateTimeField(text);
    }
    if (month < 1 || month > 12 || day < 1 || day > 31) {
      throw TextErrors.monthOrDayField(text);
    }
    if (day > CivilDate.daysInMonth(y, month)) {
      throw TextErrors.dateTimeField(text);
    }
    return CivilDate.epochDay(y, month, day);
  }

  private void parse() {
    List<String> tokens = tokens();
    require(!tokens.isEmpty());
    for (int i = 0; i < tokens.size(); i++) {
      String token = tokens.get(i);
      char first = token.charAt(0);
      if (Character.isLetter(first)) {
        i += word(tokens, i);
      } else if ((first == '+' || first == '-') && token.length() > 1) {
        signed(token);
      } else {
        number(token);
      }
    }
    if (pendingNumbers.size() == 3 && month == 0) {
      String first = pendingNumbers.removeFirst();
      boolean yearFirst = first.length() >= 3;
      int middle = integer(pendingNumbers.getFirst());
      String last = pendingNumbers.getLast();
      setDate(
          yearFirst ? first : last,
          yearFirst ? middle : integer(first),
          yearFirst ? integer(last) : middle);
    } else if (!pendingNumbers.isEmpty()) {
      loose();
    }
    meridiem();
  }

  private final List<String> pendingNumbers = new ArrayList<>();

  /// Splits at blanks and commas; dates, times and zones stay whole, letters and what follows them
  /// are split off numbers.
  private List<String> tokens() {
    List<String> tokens = new ArrayList<>();
    int at = 0;
    String s = NumberText.trim(text);
    while (at < s.length()) {
      char c = s.charAt(at);
      int from = at;
      if (c == ' ' || c == ',' || (c >= '\t' && c <= '\r')) {
        at++;
        continue;
      }
      if (c == '(' || c > 126 || c < 32) {
        throw invalid();
      }
      if (Character.isDigit(c)) {
        at = numberEnd(s, at);
      } else if (Character.isLetter(c)) {
        at = wordEnd(s, at);
        if (at + 1 < s.length()
            && s.charAt(at) == '-'
            && Character.isDigit(s.charAt(at + 1))
            && MONTHS.containsKey(s.substring(from, at).toLowerCase(Locale.ROOT))) {
          tokens.add(s.substring(from, at));
          at++;
          continue;
        }
      } else if (c == '+' || c == '-') {
        at++;
        if (at < s.length() && Character.isLetter(s.charAt(at))) {
          at = wordEnd(s, at);
        } else {
          while (at < s.length() && (Character.isDigit(s.charAt(at)) || s.charAt(at) == ':')) {
            at++;
          }
        }
      } else {
        throw invalid();
      }
      tokens.add(s.substring(from, at));
    }
    return tokens;
  }

  /// `2020-01-02`, `1/8/1999`, `8-Jan-1999`, `04:05:06.789`, `20200102`.
  private static int numberEnd(String s, int from) {
    int at = from;
    while (at < s.length() && Character.isDigit(s.charAt(at))) {
      at++;
    }
    if (at == s.length()) {
      return at;
    }
    char separator = s.charAt(at);
    if (separator == ':') {
      while (at < s.length()
          && (Character.isDigit(s.charAt(at)) || s.charAt(at) == ':' || s.charAt(at) == '.')) {
        at++;
      }
    } else if ((separator == '-' || separator == '/' || separator == '.')
        && at + 1 < s.length()
        && Character.isLetterOrDigit(s.charAt(at + 1))) {
      int second = at + 1;
      if (Character.isLetter(s.charAt(second)) && separator == '.') {
        return at;
      }
      at = second;
      while (at < s.length()
          && Character.isLetterOrDigit(s.charAt(at))
          && Character.isLetter(s.charAt(at)) == Character.isLetter(s.charAt(second))) {
        at++;
      }
      if (at < s.length() && s.charAt(at) == separator) {
        at++;
        while (at < s.length() && Character.isDigit(s.charAt(at))) {
          at++;
        }
      }
    }
    return at;
  }

  private static int wordEnd(String s, int from) {
    int at = from;
    while (at < s.length() && (Character.isLetter(s.charAt(at)) || s.charAt(at) == '_')) {
      at++;
    }
    if (at < s.length() && s.charAt(at) == '/') {
      while (at < s.length()
          && (Character.isLetterOrDigit(s.charAt(at)) || "/_+-".indexOf(s.charAt(at)) >= 0)) {
        at++;
      }
    }
    return at;
  }

  /// Returns how many following tokens it took.
  private int word(List<String> tokens, int index) {
    String word = tokens.get(index).toLowerCase(Locale.ROOT);
    Integer named = MONTHS.get(word);
    if (named != null) {
      require(month == 0);
      month = named;
      return 0;
    }
    switch (word) {
      case "t" -> require(index + 1 < tokens.size() && (dateSeen || type == SimpleType.TIME));
      case "j" -> {
        require(index + 1 < tokens.size());
        julianDay(tokens.get(index + 1));
        return 1;
      }
      case "am", "pm" -> {
        require(timeSeen && meridiem == 0);
        meridiem = word.equals("am") ? 1 : 2;
      }
      case "bc", "ad" -> bc = word.equals("bc");
      case "epoch" -> {
        require(tokens.size() == 1);
        epoch = true;
      }
      case "infinity", "inf" -> {
        require(tokens.size() == 1);
        infinity = 1;
      }
      case "allballs" -> {
        timeSeen = true;
        zone = ZoneOffset.UTC;
      }
      case "now", "today", "tomorrow", "yesterday" -> throw TextErrors.currentTimeText(type, text);
      default -> {
        if (!WEEKDAYS.contains(word)) {
          zoneWord(tokens.get(index));
        }
      }
    }
    return 0;
  }

  private void julianDay(String digits) {
    long civil = CivilDate.civil(integer(digits) + (long) CivilDate.MIN_EPOCH_DAY);
    bc = CivilDate.year(civil) <= 0;
    year = bc ? 1L - CivilDate.year(civil) : CivilDate.year(civil);
    yearDigits = 4;
    month = CivilDate.month(civil);
    day = CivilDate.day(civil);
    dateSeen = true;
  }

  private void zoneWord(String word) {
    ZoneId named = ZoneNames.zone(word);
    if (named == null) {
      if (word.indexOf('/') > 0 && (dateSeen || timeSeen)) {
        throw TextErrors.unknownZone(word.toLowerCase(Locale.ROOT));
      }
      throw invalid();
    }
    require(dateSeen || timeSeen || !pendingNumbers.isEmpty());
    require(type != SimpleType.TIME || dateSeen || named instanceof ZoneOffset);
    require(zone == null);
    zone = named;
  }

  private void signed(String token) {
    String rest = token.substring(1).toLowerCase(Locale.ROOT);
    boolean negative = token.charAt(0) == '-';
    if (rest.equals("infinity") || rest.equals("inf")) {
      infinity = negative ? -1 : 1;
      return;
    }
    require(dateSeen || timeSeen || !pendingNumbers.isEmpty());
    require(zone == null);
    zone = offset(rest, negative);
  }

  private ZoneOffset offset(String digits, boolean negative) {
    String[] parts = digits.split(":", -1);
    int hours;
    int minutes = 0;
    int seconds = 0;
    if (parts.length == 1) {
      require(!digits.isEmpty() && digits.length() <= 6);
      int value = integer(digits);
      hours = digits.length() <= 2 ? value : digits.length() <= 4 ? value / 100 : value / 10000;
      minutes = digits.length() <= 2 ? 0 : digits.length() <= 4 ? value % 100 : value / 100 % 100;
      seconds = digits.length() > 4 ? value % 100 : 0;
    } else {
      require(parts.length <= 3);
      hours = integer(parts[0]);
      minutes = integer(parts[1]);
      seconds = parts.length == 3 ? integer(parts[2]) : 0;
    }
    if (hours > 15 || minutes > 59 || seconds > 59) {
      throw TextErrors.zoneDisplacement(text);
    }
    int total = (hours * 60 + minutes) * 60 + seconds;
    return ZoneOffset.ofTotalSeconds(negative ? -total : total);
  }

  private int integer(String digits) {
    require(
        !digits.isEmpty() && digits.length() <= 9 && digits.chars().allMatch(Character::isDigit));
    return Integer.parseInt(digits);
  }

  private void number(String token) {
    if (token.indexOf(':') > 0) {
      clock(token);
    } else if (token.indexOf('-') > 0 || token.indexOf('/') > 0) {
      separated(token);
    } else if (token.indexOf('.') > 0) {
      int dots = token.length() - token.replace(".", "").length();
      if (dots == 2) {
        separated(token);
      } else {
        fractionalOrDayOfYear(token);
      }
    } else if (token.length() == 8 && !dateSeen) {
      setDate(token.substring(0, 4), integer(token.substring(4, 6)), integer(token.substring(6)));
    } else if (token.length() == 6
        && !dateSeen
        && pendingNumbers.isEmpty()
        && month == 0
        && type != SimpleType.TIME) {
      setDate(token.substring(0, 2), integer(token.substring(2, 4)), integer(token.substring(4)));
    } else if (token.length() == 6 && !timeSeen) {
      setTime(
          integer(token.substring(0, 2)),
          integer(token.substring(2, 4)),
          integer(token.substring(4)),
          0);
    } else if (token.length() == 4 && (dateSeen || type == SimpleType.TIME) && !timeSeen) {
      setTime(integer(token.substring(0, 2)), integer(token.substring(2)), 0, 0);
    } else {
      pendingNumbers.add(token);
      if (month != 0 && pendingNumbers.size() == 2) {
        loose();
      }
    }
  }

  /// `HHMMSS.fff`, or `YYYY.DDD`.
  private void fractionalOrDayOfYear(String token) {
    int dot = token.indexOf('.');
    if (dot == 6 && !timeSeen) {
      setTime(
          integer(token.substring(0, 2)),
          integer(token.substring(2, 4)),
          integer(token.substring(4, 6)),
          fraction(token.substring(dot + 1)));
      return;
    }
    require(dot == 4 && token.length() == 8 && !dateSeen);
    dayOfYear(token.substring(0, 4), integer(token.substring(5)));
  }

  private void dayOfYear(String yearText, int ordinal) {
    long y = integer(yearText);
    if (ordinal < 1 || ordinal > 366) {
      throw TextErrors.dateTimeField(text);
    }
    long civil = CivilDate.civil(CivilDate.epochDay(y, 1, 1) + ordinal - 1);
    setDate(Integer.toString(CivilDate.year(civil)), CivilDate.month(civil), CivilDate.day(civil));
    yearDigits = 4;
  }

  /// Numbers beside a month's name: day and year, the longer or the last being the year.
  private void loose() {
    require(month != 0 && pendingNumbers.size() == 2 && !dateSeen);
    String a = pendingNumbers.get(0);
    String b = pendingNumbers.get(1);
    boolean yearFirst = a.length() >= 3;
    setDate(yearFirst ? a : b, month, integer(yearFirst ? b : a));
    pendingNumbers.clear();
  }

  private void separated(String token) {
    char separator = token.indexOf('-') > 0 ? '-' : token.indexOf('/') > 0 ? '/' : '.';
    String[] parts = token.split(java.util.regex.Pattern.quote(String.valueOf(separator)), -1);
    if (parts.length == 2 && parts[0].length() == 4 && parts[1].length() == 3) {
      dayOfYear(parts[0], integer(parts[1]));
      return;
    }
    if (parts.length == 2 && month != 0 && pendingNumbers.isEmpty()) {
      pendingNumbers.addAll(List.of(parts));
      loose();
      return;
    }
    if (parts.length == 2 && !MONTHS.containsKey(parts[1].toLowerCase(Locale.ROOT))) {
      throw parts[0].length() == 4 ? invalid() : TextErrors.dateTimeField(text);
    }
    require(parts.length == 3);
    Integer named = MONTHS.get(parts[1].toLowerCase(Locale.ROOT));
    if (named != null) {
      boolean yearFirst = parts[0].length() >= 3;
      setDate(yearFirst ? parts[0] : parts[2], named, integer(yearFirst ? parts[2] : parts[0]));
    } else if (parts[0].length() >= 3) {
      setDate(parts[0], integer(parts[1]), integer(parts[2]));
    } else {
      setDate(parts[2], integer(parts[0]), integer(parts[1]));
    }
  }

  private void setDate(String yearText, int newMonth, int newDay) {
    require(!dateSeen);
    year = integer(yearText);
    yearDigits = yearText.length();
    month = newMonth;
    day = newDay;
    dateSeen = true;
  }

  private void clock(String token) {
    String[] parts = token.split(":", -1);
    require(parts.length <= 3 && !timeSeen);
    String last = parts[parts.length - 1];
    int dot = last.indexOf('.');
    int fraction = 0;
    if (dot >= 0) {
      fraction = fraction(last.substring(dot + 1));
      parts[parts.length - 1] = last.substring(0, dot);
    }
    if (parts.length == 2 && dot >= 0) {
      setTime(0, integer(parts[0]), integer(parts[1]), fraction);
    } else {
      setTime(
          integer(parts[0]),
          integer(parts[1]),
          parts.length == 3 ? integer(parts[2]) : 0,
          fraction);
    }
  }

  /// Microseconds of decimal digits, rounded half up; may be a whole second.
  private int fraction(String digits) {
    require(digits.chars().allMatch(Character::isDigit));
    return digits.isEmpty() ? 0 : (int) Math.rint(Double.parseDouble("0." + digits) * 1e6);
  }

  private void setTime(int newHour, int newMinute, int newSecond, int newMicros) {
    require(!timeSeen);
    hour = newHour;
    minute = newMinute;
    second = newSecond;
    micros = newMicros;
    timeSeen = true;
  }

  private void meridiem() {
    if (!timeSeen) {
      return;
    }
    if (meridiem != 0 && hour > 12) {
      throw TextErrors.dateTimeField(text);
    }
    if (meridiem == 1 && hour == 12) {
      hour = 0;
    } else if (meridiem == 2 && hour != 12) {
      hour += 12;
    }
    boolean endOfDay = hour == 24 && minute == 0 && second == 0 && micros == 0;
    if ((hour > 23 && !endOfDay) || minute > 59 || second > 60) {
      throw TextErrors.dateTimeField(text);
    }
  }
}
