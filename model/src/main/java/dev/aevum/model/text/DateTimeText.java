package dev.aevum.model.text;

import static dev.aevum.model.batch.Memory.BYTE;

import dev.aevum.model.codec.ByteSink;
import dev.aevum.model.type.SimpleType;
import java.lang.foreign.MemorySegment;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.zone.ZoneRules;
import org.jspecify.annotations.Nullable;

/// Texts of dates, times and timestamps. ISO forms are read straight from bytes, the others by
/// [DateTimeParser].
public final class DateTimeText {
  public static final int DATE_INFINITY = Integer.MAX_VALUE;
  public static final int DATE_MINUS_INFINITY = Integer.MIN_VALUE;
  public static final long INFINITY = Long.MAX_VALUE;
  public static final long MINUS_INFINITY = Long.MIN_VALUE;

  private static final long NOT_ISO = Long.MIN_VALUE + 1;

  private DateTimeText() {}

  /// Days since 1970-01-01. Errors: 22007, 22008.
  public static int parseDate(MemorySegment s, long offset, int length) {
    if (length == 10 && s.get(BYTE, offset + 4) == '-' && s.get(BYTE, offset + 7) == '-') {
      int civil = isoDate(s, offset);
      if (civil != Integer.MIN_VALUE) {
        return civil;
      }
    }
    return new DateTimeParser(SimpleType.DATE, Utf8.string(s, offset, length)).date();
  }

  /// Microseconds of the day. Errors: 22007, 22008.
  public static long parseTime(MemorySegment s, long offset, int length) {
    if (length == 8 && s.get(BYTE, offset + 2) == ':' && s.get(BYTE, offset + 5) == ':') {
      int hour = two(s, offset);
      int minute = two(s, offset + 3);
      int second = two(s, offset + 6);
      if (hour >= 0 && hour < 24 && minute >= 0 && minute < 60 && second >= 0 && second < 60) {
        return ((hour * 60L + minute) * 60 + second) * CivilDate.MICROS_PER_SECOND;
      }
    }
    return new DateTimeParser(SimpleType.TIME, Utf8.string(s, offset, length)).time();
  }

  /// Microseconds since 1970-01-01; a zone in the text is ignored. Errors: 22007, 22008.
  public static long parseTimestamp(MemorySegment s, long offset, int length) {
    long fast = iso(s, offset, length, null);
    return fast != NOT_ISO
        ? fast
        : new DateTimeParser(SimpleType.TIMESTAMP, Utf8.string(s, offset, length)).timestamp();
  }

  /// Microseconds since 1970-01-01 UTC; `zone` holds where the text names none. Errors: 22007,
  /// 22008, 22009, 22023.
  public static long parseTimestampTz(MemorySegment s, long offset, int length, ZoneId zone) {
    long fast = iso(s, offset, length, zone);
    return fast != NOT_ISO
        ? fast
        : new DateTimeParser(SimpleType.TIMESTAMPTZ, Utf8.string(s, offset, length))
            .timestampTz(zone);
  }

  private static int two(MemorySegment s, long at) {
    int high = s.get(BYTE, at) - '0';
    int low = s.get(BYTE, at + 1) - '0';
    return high < 0 || high > 9 || low < 0 || low > 9 ? -1 : high * 10 + low;
  }

  /// `YYYY-MM-DD`, years 1 to 9999; MIN_VALUE for anything else.
  private static int isoDate(MemorySegment s, long at) {
    int century = two(s, at);
    int yearOfCentury = two(s, at + 2);
    int month = two(s, at + 5);
    int day = two(s, at + 8);
    int year = century * 100 + yearOfCentury;
    if (century < 0
        || yearOfCentury < 0
        || year == 0
        || month < 1
        || month > 12
        || day < 1
        || (day > 28 && day > CivilDate.daysInMonth(year, month))) {
      return Integer.MIN_VALUE;
    }
    return (int) CivilDate.epochDay(year, month, day);
  }

  /// `YYYY-MM-DD(T| )HH:MM:SS[.f{1,6}][Z|+hh[:mm]]`; with a null `zone` the offset is ignored.
  /// NOT_ISO for anything else.
  private static long iso(MemorySegment s, long offset, int length, @Nullable ZoneId zone) {
    if (length < 19
        || s.get(BYTE, offset + 4) != '-'
        || s.get(BYTE, offset + 7) != '-'
        || s.get(BYTE, offset + 13) != ':'
        || s.get(BYTE, offset + 16) != ':') {
      return NOT_ISO;
    }
    byte separator = s.get(BYTE, offset + 10);
    if (separator != ' ' && separator != 'T' && separator != 't') {
      return NOT_ISO;
    }
    int date = isoDate(s, offset);
    int hour = two(s, offset + 11);
    int minute = two(s, offset + 14);
    int second = two(s, offset + 17);
    if (date == Integer.MIN_VALUE
        || hour < 0
        || hour > 23
        || minute < 0
        || minute > 59
        || second < 0
        || second > 59) {
      return NOT_ISO;
    }
    long at = offset + 19;
    long end = offset + length;
    int micros = 0;
    if (at < end && s.get(BYTE, at) == '.') {
      int digits = 0;
      for (at++; at < end && s.get(BYTE, at) >= '0' && s.get(BYTE, at) <= '9'; at++, digits++) {
        micros = digits < 6 ? micros * 10 + s.get(BYTE, at) - '0' : micros;
      }
      if (digits == 0 || digits > 6) {
        return NOT_ISO;
      }
      for (; digits < 6; digits++) {
        micros *= 10;
      }
    }
    long local =
        date * CivilDate.MICROS_PER_DAY
            + ((hour * 60L + minute) * 60 + second) * CivilDate.MICROS_PER_SECOND
            + micros;
    return at == end ? atZone(local, zone) : withOffset(s, at, end, local, zone != null);
  }

  private static long withOffset(MemorySegment s, long at, long end, long local, boolean apply) {
    byte sign = s.get(BYTE, at);
    if ((sign == 'Z' || sign == 'z') && at + 1 == end) {
      return local;
    }
    long length = end - at;
    if ((sign != '+' && sign != '-')
        || (length != 3 && (length != 6 || s.get(BYTE, at + 3) != ':'))) {
      return NOT_ISO;
    }
    int hours = two(s, at + 1);
    int minutes = length == 6 ? two(s, at + 4) : 0;
    if (hours < 0 || hours > 15 || minutes < 0 || minutes > 59) {
      return NOT_ISO;
    }
    long shift = (hours * 60L + minutes) * 60 * CivilDate.MICROS_PER_SECOND;
    return !apply ? local : sign == '-' ? local + shift : local - shift;
  }

  private static long atZone(long local, @Nullable ZoneId zone) {
    return zone == null || zone.equals(ZoneOffset.UTC) ? local : toUtc(local, zone);
  }

  /// The instant of a local time in a zone. In a gap the offset before it holds, in an overlap the
  /// standard (later) one, as in PostgreSQL.
  public static long toUtc(long local, ZoneId zone) {
    ZoneRules rules = zone.getRules();
    long seconds = Math.floorDiv(local, CivilDate.MICROS_PER_SECOND);
    ZoneOffset offset;
    if (rules.isFixedOffset()) {
      offset = rules.getOffset(Instant.EPOCH);
    } else {
      LocalDateTime time = LocalDateTime.ofEpochSecond(seconds, 0, ZoneOffset.UTC);
      var valid = rules.getValidOffsets(time);
      offset =
          valid.size() == 1
              ? valid.getFirst()
              : valid.isEmpty() ? rules.getTransition(time).getOffsetBefore() : valid.getLast();
    }
    return Math.subtractExact(local, offset.getTotalSeconds() * CivilDate.MICROS_PER_SECOND);
  }

  /// Seconds that the zone's local time is ahead of UTC at an instant.
  public static int offsetSeconds(long utc, ZoneId zone) {
    if (zone instanceof ZoneOffset fixed) {
      return fixed.getTotalSeconds();
    }
    Instant instant = Instant.ofEpochSecond(Math.floorDiv(utc, CivilDate.MICROS_PER_SECOND));
    return zone.getRules().getOffset(instant).getTotalSeconds();
  }

  public static void formatDate(int days, ByteSink out) {
    if (days == DATE_INFINITY || days == DATE_MINUS_INFINITY) {
      out.appendText(days == DATE_INFINITY ? "infinity" : "-infinity");
      return;
    }
    long civil = CivilDate.civil(days);
    date(civil, out);
    era(civil, out);
  }

  private static void date(long civil, ByteSink out) {
    int year = CivilDate.year(civil);
    NumberText.padded(year > 0 ? year : 1 - year, 4, out);
    out.appendByte('-');
    NumberText.padded(CivilDate.month(civil), 2, out);
    out.appendByte('-');
    NumberText.padded(CivilDate.day(civil), 2, out);
  }

  private static void era(long civil, ByteSink out) {
    if (CivilDate.year(civil) <= 0) {
      out.appendText(" BC");
    }
  }

  public static void formatTime(long micros, ByteSink out) {
    long seconds = micros / CivilDate.MICROS_PER_SECOND;
    NumberText.padded(seconds / 3600, 2, out);
    out.appendByte(':');
    NumberText.padded(seconds / 60 % 60, 2, out);
    out.appendByte(':');
    NumberText.padded(seconds % 60, 2, out);
    fraction(micros % CivilDate.MICROS_PER_SECOND, out);
  }

  /// Point and digits without trailing zeros; nothing for 0.
  static void fraction(long micros, ByteSink out) {
    if (micros == 0) {
      return;
    }
    out.appendByte('.');
    int width = 6;
    long rest = micros;
    while (rest % 10 == 0) {
      rest /= 10;
      width--;
    }
    NumberText.padded(rest, width, out);
  }

  public static void formatTimestamp(long micros, ByteSink out) {
    if (!infinite(micros, out)) {
      era(local(micros, out), out);
    }
  }

  public static void formatTimestampTz(long micros, ZoneId zone, ByteSink out) {
    if (infinite(micros, out)) {
      return;
    }
    int offset = offsetSeconds(micros, zone);
    long civil = local(micros + offset * CivilDate.MICROS_PER_SECOND, out);
    out.appendByte(offset < 0 ? '-' : '+');
    int seconds = Math.abs(offset);
    NumberText.padded(seconds / 3600, 2, out);
    if (seconds % 3600 != 0) {
      out.appendByte(':');
      NumberText.padded(seconds / 60 % 60, 2, out);
      if (seconds % 60 != 0) {
        out.appendByte(':');
        NumberText.padded(seconds % 60, 2, out);
      }
    }
    era(civil, out);
  }

  private static boolean infinite(long micros, ByteSink out) {
    if (micros == INFINITY || micros == MINUS_INFINITY) {
      out.appendText(micros == INFINITY ? "infinity" : "-infinity");
      return true;
    }
    return false;
  }

  private static long local(long micros, ByteSink out) {
    long civil = CivilDate.civil(Math.floorDiv(micros, CivilDate.MICROS_PER_DAY));
    date(civil, out);
    out.appendByte(' ');
    formatTime(Math.floorMod(micros, CivilDate.MICROS_PER_DAY), out);
    return civil;
  }
}
