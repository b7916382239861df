package dev.aevum.engine.api;

import java.util.Map;

/// A running database.
public interface Database {
  /// Opens a session. Throws SqlException: 3D000 unknown database, 22023 or 42704 bad start-up
  /// parameter, 53300 too many, 57P03 starting or stopping.
  ///
  /// @param startup `user`, `database` and settings by name, as the client sent them
  Session openSession(String clientAddress, Map<String, String> startup);

  /// Cancels what the session with that process id and key runs; silently nothing when there is
  /// none.
  void cancel(int processId, int key);
}
