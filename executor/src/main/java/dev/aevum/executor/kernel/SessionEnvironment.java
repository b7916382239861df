package dev.aevum.executor.kernel;

import dev.aevum.model.text.TextStyle;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What functions may ask of the session that runs a statement (of the server, for a view). Called
/// on the thread that evaluates.
public interface SessionEnvironment {
  /// `TimeZone`, `DateStyle`, `IntervalStyle`, `bytea_output`: how text is read and written.
  TextStyle textStyle();

  /// `session_user` and `current_user`.
  String user();

  String database();

  /// The schemas of `search_path` that exist, in order; with `implicit` also `pg_catalog` where it
  /// is searched.
  List<String> searchPath(boolean implicit);

  int backendProcessId();

  /// The text that `version()` gives.
  String version();

  /// Value of a setting by lower-case name; null when there is none of that name.
  @Nullable String setting(String name);

  /// Changes a setting, for the transaction when `local`; returns the value now in force.
  String setSetting(String name, String value, boolean local);

  /// `clock_timestamp()`: microseconds since 1970 UTC, read from the server's clock at each call.
  long clockMicros();

  /// Random bits for volatile functions.
  long randomBits();

  CatalogLookup catalog();
}
