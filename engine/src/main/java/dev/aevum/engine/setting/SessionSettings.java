package dev.aevum.engine.setting;

import dev.aevum.model.error.ErrorCode;
import dev.aevum.model.error.SqlException;
import dev.aevum.model.text.IntervalStyle;
import dev.aevum.model.text.TextStyle;
import java.time.DateTimeException;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/// A session's settings: what SET changed, over what start-up gave, over the defaults. Changes
/// inside a transaction block are undone by ROLLBACK, those of SET LOCAL at its end. One thread;
/// any may ask for a value ([#find], [#get]).
public final class SessionSettings {
  private static final Set<String> TRANSACTION_MODES =
      Set.of("transaction_isolation", "transaction_read_only");

  private final Map<String, String> startup = new ConcurrentHashMap<>();
  private final Map<String, String> session = new ConcurrentHashMap<>();
  private final Map<String, String> local = new ConcurrentHashMap<>();
  private @Nullable Map<String, String> atBegin;
  private @Nullable ZoneId zone;
  private @Nullable Map<String, String> reported;
  private long version;

  public SessionSettings(String user) {
    startup.put("session_authorization", user);
  }

  /// A setting of the start-up packet. Unknown names are 42704, as in PostgreSQL.
  public void setAtStartup(String name, String value) {
    startup.put(name.toLowerCase(Locale.ROOT), checked(name, value));
    changed();
  }

  public void set(String name, String value, boolean isLocal) {
    SettingDefinition definition = SettingDefinitions.find(name);
    if (definition != null && !definition.settable()) {
      throw new SqlException(
          ErrorCode.OBJECT_NOT_IN_PREREQUISITE_STATE,
          "parameter \"" + definition.name() + "\" cannot be changed");
    }
    String key = name.toLowerCase(Locale.ROOT);
    String canonical = checked(name, value);
    if (isLocal) {
      local.put(key, canonical);
    } else {
      session.put(key, canonical);
      local.remove(key);
    }
    changed();
  }

  public void reset(String name) {
    get(name);
    session.remove(name.toLowerCase(Locale.ROOT));
    local.remove(name.toLowerCase(Locale.ROOT));
    changed();
  }

  public void resetAll() {
    session.clear();
    local.clear();
    changed();
  }

  public void begin() {
    atBegin = new HashMap<>(session);
  }

  public void end(boolean committed) {
    if (!committed && atBegin != null) {
      session.clear();
      session.putAll(atBegin);
    }
    atBegin = null;
    local.clear();
    changed();
  }

  /// The value; throws 42704 for an unknown name.
  public String get(String name) {
    String value = find(name);
    if (value == null) {
      throw unknown(name);
    }
    return value;
  }

  public @Nullable String find(String name) {
    String key = name.toLowerCase(Locale.ROOT);
    String value = local.get(key);
    if (value == null) {
      value = session.get(key);
    }
    if (value == null && TRANSACTION_MODES.contains(key)) {
      // Outside of a transaction that says otherwise: what new ones have.
      return find("default_" + key);
    }
    if (value == null) {
      value = startup.get(key);
    }
    if (value == null) {
      SettingDefinition definition = SettingDefinitions.find(key);
      value = definition == null ? null : definition.defaultValue();
    }
    return value;
  }

  /// As SHOW prints it: with its unit.
  public String show(String name) {
    String value = get(name);
    SettingDefinition definition = SettingDefinitions.find(name);
    if (definition == null || definition.unit() == null || value.equals("0")) {
      return value;
    }
    long number = Long.parseLong(value);
    if (definition.unit().equals("ms")) {
      return number % 3_600_000 == 0
          ? number / 3_600_000 + "h"
          : number % 60_000 == 0
              ? number / 60_000 + "min"
              : number % 1000 == 0 ? number / 1000 + "s" : number + "ms";
    }
    return number % (1024 * 1024) == 0
        ? number / (1024 * 1024) + "GB"
        : number % 1024 == 0 ? number / 1024 + "MB" : number + "kB";
  }

  /// Grows with every change.
  public long version() {
    return version;
  }

  private void changed() {
    zone = null;
    reported = null;
    version++;
  }

  /// Display name to value of the settings that clients are told of; the same map while nothing
  /// changes.
  public Map<String, String> reported() {
    Map<String, String> values = reported;
    if (values == null) {
      values = new LinkedHashMap<>();
      for (SettingDefinition d : SettingDefinitions.all()) {
        if (d.reported()) {
          values.put(d.name(), get(d.name()));
        }
      }
      reported = values;
    }
    return values;
  }

  /// How this session reads and writes values; `names` resolves regclass and its kin.
  public TextStyle textStyle(TextStyle.OidNames names) {
    ZoneId current = zone;
    if (current == null) {
      current = zone(get("TimeZone"));
      zone = current;
    }
    return new TextStyle(
        current, get("bytea_output").equals("hex"), IntervalStyle.of(get("IntervalStyle")), names);
  }

  public long millis(String name) {
    return Long.parseLong(get(name));
  }

  public boolean isOn(String name) {
    return get(name).equals("on");
  }

  /// Schemas of the search path as written, `"$user"` replaced.
  public List<String> searchPath() {
    List<String> path = new ArrayList<>();
    for (String part : get("search_path").split(",")) {
      String name = part.strip();
      if (name.length() >= 2 && name.startsWith("\"") && name.endsWith("\"")) {
        name = name.substring(1, name.length() - 1).replace("\"\"", "\"");
      } else {
        name = name.toLowerCase(Locale.ROOT);
      }
      if (name.equals("$user")) {
        // A user named as the system schema does not get that schema put before public.
        name = get("session_authorization");
        name = name.equals("aevum") ? "" : name;
      }
      if (!name.isEmpty()) {
        path.add(name);
      }
    }
    return path;
  }

  private static SqlException unknown(String name) {
    return new SqlException(
        ErrorCode.UNDEFINED_OBJECT,
        "unrecognized configuration parameter \"" + name.toLowerCase(Locale.ROOT) + "\"");
  }

  private String checked(String name, String value) {
    SettingDefinition definition = SettingDefinitions.find(name);
    if (definition == null) {
      if (name.indexOf('.') > 0 && !name.toLowerCase(Locale.ROOT).startsWith("aevum.")) {
        return value;
      }
      throw unknown(name);
    }
    return switch (definition.name()) {
      case "TimeZone" -> checkZone(value);
      case "DateStyle" -> checkDateStyle(value, get("DateStyle"));
      case "client_encoding" -> checkEncoding(value);
      case "standard_conforming_strings" -> checkAlwaysOn(definition, value);
      default -> definition.check(value);
    };
  }

  private static String checkAlwaysOn(SettingDefinition definition, String value) {
    if (definition.check(value).equals("off")) {
      throw new SqlException(
              ErrorCode.INVALID_PARAMETER_VALUE,
              "invalid value for parameter \"standard_conforming_strings\": \"off\"")
          .withHint("It is always on: write E'...' for strings with backslash escapes.");
    }
    return "on";
  }

  private static String checkEncoding(String value) {
    String plain = value.replaceAll("[^A-Za-z0-9]", "").toUpperCase(Locale.ROOT);
    return switch (plain) {
      case "UTF8", "UNICODE", "SQLASCII" -> "UTF8";
      default ->
          throw new SqlException(
                  ErrorCode.INVALID_PARAMETER_VALUE,
                  "invalid value for parameter \"client_encoding\": \"" + value + "\"")
              .withHint("The server speaks UTF8.");
    };
  }

  private static String checkDateStyle(String value, String before) {
    String order = before.substring(before.lastIndexOf(' ') + 1);
    for (String part : value.split(",")) {
      switch (part.strip().toUpperCase(Locale.ROOT)) {
        case "ISO", "" -> {}
        case "DEFAULT", "MDY", "US", "NONEURO", "NONEUROPEAN" -> order = "MDY";
        case "DMY", "EURO", "EUROPEAN", "YMD", "SQL", "POSTGRES", "GERMAN" ->
            throw new SqlException(
                    ErrorCode.FEATURE_NOT_SUPPORTED,
                    "DateStyle \"" + part.strip() + "\" is not supported")
                .withHint("Dates are shown in ISO style and read month first.");
        default ->
            throw new SqlException(
                ErrorCode.INVALID_PARAMETER_VALUE,
                "invalid value for parameter \"DateStyle\": \"" + value + "\"");
      }
    }
    return "ISO, " + order;
  }

  private static String checkZone(String value) {
    String text = value.strip();
    if (text.equalsIgnoreCase("default") || text.equalsIgnoreCase("local")) {
      return "UTC";
    }
    try {
      zone(text);
      return text;
    } catch (DateTimeException e) {
      throw new SqlException(
          ErrorCode.INVALID_PARAMETER_VALUE,
          "invalid value for parameter \"TimeZone\": \"" + value + "\"");
    }
  }

  /// A zone by name ignoring case, or an offset: a bare number is hours east.
  private static ZoneId zone(String text) {
    if (text.equalsIgnoreCase("UTC") || text.equalsIgnoreCase("GMT") || text.equals("Z")) {
      return ZoneOffset.UTC;
    }
    if (text.matches("[+-]?\\d{1,2}(\\.\\d+)?")) {
      return ZoneOffset.ofTotalSeconds((int) Math.round(Double.parseDouble(text) * 3600));
    }
    for (String id : ZoneId.getAvailableZoneIds()) {
      if (id.equalsIgnoreCase(text)) {
        return ZoneId.of(id);
      }
    }
    return ZoneId.of(text);
  }
}
