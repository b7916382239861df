package dev.aevum.model.text;

import java.time.DateTimeException;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// Names of time zones as PostgreSQL's default abbreviation set and the time zone database have
/// them, ignoring case.
public final class ZoneNames {
  private static final Map<String, Integer> ABBREVIATIONS =
      Map.ofEntries(
          Map.entry("utc", 0),
          Map.entry("gmt", 0),
          Map.entry("ut", 0),
          Map.entry("z", 0),
          Map.entry("zulu", 0),
          Map.entry("wet", 0),
          Map.entry("west", 60),
          Map.entry("bst", 60),
          Map.entry("cet", 60),
          Map.entry("met", 60),
          Map.entry("cest", 120),
          Map.entry("mest", 120),
          Map.entry("eet", 120),
          Map.entry("eest", 180),
          Map.entry("msk", 180),
          Map.entry("ist", 120),
          Map.entry("jst", 540),
          Map.entry("kst", 540),
          Map.entry("est", -300),
          Map.entry("edt", -240),
          Map.entry("cst", -360),
          Map.entry("cdt", -300),
          Map.entry("mst", -420),
          Map.entry("mdt", -360),
          Map.entry("pst", -480),
          Map.entry("pdt", -420),
          Map.entry("akst", -540),
          Map.entry("akdt", -480),
          Map.entry("hst", -600),
          Map.entry("aest", 600),
          Map.entry("acst", 570),
          Map.entry("awst", 480),
          Map.entry("nzst", 720),
          Map.entry("nzdt", 780));

  private static final Map<String, String> REGIONS = regions();

  private ZoneNames() {}

  private static Map<String, String> regions() {
    Map<String, String> byLower = new TreeMap<>();
    for (String id : ZoneId.getAvailableZoneIds()) {
      byLower.put(id.toLowerCase(Locale.ROOT), id);
    }
    return Map.copyOf(byLower);
  }

  /// An abbreviation's fixed offset or a region; null for unknown names.
  public static @Nullable ZoneId zone(String name) {
    String lower = name.toLowerCase(Locale.ROOT);
    Integer minutes = ABBREVIATIONS.get(lower);
    if (minutes != null) {
      return ZoneOffset.ofTotalSeconds(minutes * 60);
    }
    String region = REGIONS.get(lower);
    return region == null ? null : ZoneId.of(region);
  }

  /// What `SET TimeZone` and AT TIME ZONE accept: a name, `+02:30` (AT TIME ZONE: east is positive)
  /// or an hour count.
  ///
  /// Errors: 22023.
  public static ZoneId parse(String name) {
    ZoneId known = zone(name);
    if (known != null) {
      return known;
    }
    if (!name.isEmpty()
        && (name.charAt(0) == '+' || name.charAt(0) == '-' || Character.isDigit(name.charAt(0)))) {
      try {
        String signed = Character.isDigit(name.charAt(0)) ? "+" + name : name;
        return ZoneOffset.of(signed);
      } catch (DateTimeException e) {
        throw TextErrors.unknownZone(name);
      }
    }
    throw TextErrors.unknownZone(name);
  }
}
