package dev.aevum.engine.setting;

import dev.aevum.engine.setting.SettingDefinition.Kind;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// Every setting: PostgreSQL's names where it has them, ours under `aevum.`.
public final class SettingDefinitions {
  /// What clients choose their catalogue queries by.
  public static final String SERVER_VERSION = "15.0";

  public static final int SERVER_VERSION_NUMBER = 150000;

  private static final Map<String, SettingDefinition> ALL = build();

  private SettingDefinitions() {}

  public static @Nullable SettingDefinition find(String name) {
    return ALL.get(name.toLowerCase(Locale.ROOT));
  }

  public static Collection<SettingDefinition> all() {
    return ALL.values();
  }

  private static Map<String, SettingDefinition> build() {
    List<SettingDefinition> list = new ArrayList<>();
    reported(list);
    transactions(list);
    limits(list);
    switchesWithoutEffect(list);
    choicesWithoutEffect(list);
    valuesWithoutEffect(list);
    own(list);
    Map<String, SettingDefinition> map = new TreeMap<>();
    for (SettingDefinition d : list) {
      map.put(d.name().toLowerCase(Locale.ROOT), d);
    }
    return map;
  }

  private static void reported(List<SettingDefinition> list) {
    list.add(string("application_name", "", true, true, "Name of the client application."));
    list.add(string("client_encoding", "UTF8", true, true, "Character set of the client: UTF8."));
    list.add(
        string(
            "DateStyle",
            "ISO, MDY",
            true,
            true,
            "Display format of dates and the order of ambiguous input."));
    list.add(
        bool(
            "default_transaction_read_only",
            "off",
            true,
            true,
            "Default read-only status of new transactions."));
    list.add(bool("in_hot_standby", "off", true, false, "Whether this server is a standby."));
    list.add(
        bool("integer_datetimes", "on", true, false, "Date and time values are 64-bit integers."));
    list.add(
        choice(
            "IntervalStyle",
            "postgres",
            List.of("postgres", "postgres_verbose", "sql_standard", "iso_8601"),
            true,
            "Display format of intervals."));
    list.add(bool("is_superuser", "on", true, false, "Whether the current user is a superuser."));
    list.add(string("server_encoding", "UTF8", true, false, "Character set of the server."));
    list.add(
        string(
            "server_version",
            SERVER_VERSION,
            true,
            false,
            "PostgreSQL version that the server is compatible with."));
    list.add(string("session_authorization", "", true, false, "The session's user."));
    list.add(
        bool(
            "standard_conforming_strings",
            "on",
            true,
            true,
            "Backslashes in '...' are ordinary characters: always on."));
    list.add(
        string("TimeZone", "UTC", true, true, "Time zone for displaying and reading timestamps."));
    list.add(
        string(
            "search_path",
            "\"$user\", public",
            true,
            true,
            "Schemas searched for unqualified names."));
  }

  private static void transactions(List<SettingDefinition> list) {
    list.add(
        choice("bytea_output", "hex", List.of("hex", "escape"), false, "Output format of bytea."));
    list.add(
        choice(
            "client_min_messages",
            "notice",
            List.of(
                "debug5", "debug4", "debug3", "debug2", "debug1", "log", "notice", "warning",
                "error"),
            false,
            "Lowest severity of messages sent to the client."));
    list.add(
        choice(
            "default_transaction_isolation",
            "read committed",
            List.of("serializable", "repeatable read", "read committed", "read uncommitted"),
            false,
            "Isolation level of new transactions."));
    list.add(
        choice(
            "transaction_isolation",
            "read committed",
            List.of("serializable", "repeatable read", "read committed", "read uncommitted"),
            false,
            "Isolation level of the current transaction."));
    list.add(
        bool(
            "transaction_read_only",
            "off",
            false,
            true,
            "Whether the current transaction is read-only."));
    list.add(
        bool(
            "transaction_deferrable",
            "off",
            false,
            true,
            "Whether the current transaction may be deferred."));
  }

  private static void limits(List<SettingDefinition> list) {
    list.add(
        integer(
            "extra_float_digits",
            "1",
            -15,
            3,
            null,
            "Digits of floating-point output; all settings above 0 give the shortest exact form."));
    list.add(
        integer(
            "idle_in_transaction_session_timeout",
            "0",
            0,
            Integer.MAX_VALUE,
            "ms",
            "Longest idle time inside a transaction; 0 for no limit."));
    list.add(
        integer(
            "lock_timeout",
            "0",
            0,
            Integer.MAX_VALUE,
            "ms",
            "Longest wait for a lock; 0 for no limit."));
    list.add(
        integer(
            "statement_timeout",
            "0",
            0,
            Integer.MAX_VALUE,
            "ms",
            "Longest run of a statement; 0 for no limit."));
    list.add(integer("max_identifier_length", "63", 63, 63, null, "Longest identifier in bytes."));
    list.add(integer("max_index_keys", "32", 32, 32, null, "Most columns of a key."));
    list.add(
        integer(
            "server_version_num",
            Integer.toString(SERVER_VERSION_NUMBER),
            SERVER_VERSION_NUMBER,
            SERVER_VERSION_NUMBER,
            null,
            "PostgreSQL version as a number."));
    list.add(bool("row_security", "on", false, true, "Row security policies apply."));
    list.add(
        choice(
            "synchronous_commit",
            "on",
            List.of("on", "off", "local", "remote_write", "remote_apply"),
            false,
            "off: INSERT, UPDATE and DELETE return before their step is durable."));
    list.add(string("role", "none", false, true, "The current role."));
  }

  private static void switchesWithoutEffect(List<SettingDefinition> list) {
    for (String name :
        List.of(
            "array_nulls",
            "check_function_bodies",
            "escape_string_warning",
            "jit",
            "enable_seqscan",
            "enable_indexscan",
            "enable_bitmapscan",
            "enable_hashjoin",
            "enable_mergejoin",
            "enable_nestloop",
            "enable_sort",
            "enable_hashagg",
            "enable_material",
            "enable_indexonlyscan",
            "enable_tidscan")) {
      list.add(
          bool(
              name,
              name.equals("jit") ? "off" : "on",
              false,
              true,
              "Accepted for compatibility; has no effect."));
    }
  }

  private static void choicesWithoutEffect(List<SettingDefinition> list) {
    list.add(
        choice(
            "backslash_quote",
            "safe_encoding",
            List.of("safe_encoding", "on", "off"),
            false,
            "Accepted for compatibility; has no effect."));
    list.add(
        choice(
            "constraint_exclusion",
            "partition",
            List.of("partition", "on", "off"),
            false,
            "Accepted for compatibility; has no effect."));
    list.add(
        choice(
            "plan_cache_mode",
            "auto",
            List.of("auto", "force_generic_plan", "force_custom_plan"),
            false,
            "Accepted for compatibility; has no effect."));
    list.add(
        choice(
            "xmloption",
            "content",
            List.of("content", "document"),
            false,
            "Accepted for compatibility; has no effect."));
  }

  private static void valuesWithoutEffect(List<SettingDefinition> list) {
    for (String name :
        List.of(
            "default_tablespace",
            "lc_messages",
            "lc_monetary",
            "lc_numeric",
            "lc_time",
            "lc_collate",
            "lc_ctype",
            "temp_tablespaces")) {
      list.add(
          string(
              name,
              name.startsWith("lc_") ? "C" : "",
              false,
              true,
              "Accepted for compatibility; has no effect."));
    }
    list.add(
        string(
            "default_table_access_method",
            "heap",
            false,
            true,
            "Accepted for compatibility; has no effect."));
    for (String name :
        List.of("tcp_keepalives_idle", "tcp_keepalives_interval", "tcp_keepalives_count")) {
      list.add(
          integer(
              name, "0", 0, Integer.MAX_VALUE, null, "Accepted for compatibility; has no effect."));
    }
    list.add(
        integer(
            "work_mem",
            "4096",
            64,
            Integer.MAX_VALUE,
            "kB",
            "Accepted for compatibility; --memory bounds the engine."));
    list.add(
        integer(
            "maintenance_work_mem",
            "65536",
            64,
            Integer.MAX_VALUE,
            "kB",
            "Accepted for compatibility; has no effect."));
  }

  private static void own(List<SettingDefinition> list) {
    list.add(string("aevum.version", "0.1.0", false, false, "Version of this server."));
    list.add(
        integer(
            "aevum.target_latency",
            "20",
            1,
            60_000,
            "ms",
            "What one step should take at most while input is not backlogged."));
  }

  private static SettingDefinition string(
      String name, String value, boolean reported, boolean settable, String description) {
    return new SettingDefinition(
        name, Kind.STRING, value, List.of(), null, 0, 0, reported, settable, description);
  }

  private static SettingDefinition bool(
      String name, String value, boolean reported, boolean settable, String description) {
    return new SettingDefinition(
        name, Kind.BOOL, value, List.of(), null, 0, 0, reported, settable, description);
  }

  private static SettingDefinition choice(
      String name, String value, List<String> choices, boolean reported, String description) {
    return new SettingDefinition(
        name, Kind.ENUM, value, choices, null, 0, 0, reported, true, description);
  }

  private static SettingDefinition integer(
      String name, String value, long min, long max, @Nullable String unit, String description) {
    return new SettingDefinition(
        name, Kind.INTEGER, value, List.of(), unit, min, max, false, min != max, description);
  }
}
