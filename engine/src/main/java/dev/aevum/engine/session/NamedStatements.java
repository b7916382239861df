package dev.aevum.engine.session;

import dev.aevum.engine.api.Portal;
import dev.aevum.engine.api.ResultColumn;
import dev.aevum.engine.api.Session.Prepared;
import dev.aevum.model.error.ErrorCode;
import dev.aevum.model.error.SqlException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What SQL names in a session: PREPAREd statements and DECLAREd cursors.
final class NamedStatements {
  /// A cursor; `hold`: it survives its transaction.
  record Cursor(Portal portal, boolean hold) {}

  private final Map<String, Prepared> statements = new HashMap<>();
  private final Map<String, Cursor> cursors = new HashMap<>();

  void prepare(String name, Prepared prepared) {
    if (statements.putIfAbsent(name, prepared) != null) {
      throw new SqlException(
          ErrorCode.DUPLICATE_PREPARED_STATEMENT,
          "prepared statement \"" + name + "\" already exists");
    }
  }

  Prepared statement(String name) {
    Prepared found = statements.get(name);
    if (found == null) {
      throw new SqlException(
          ErrorCode.INVALID_SQL_STATEMENT_NAME,
          "prepared statement \"" + name + "\" does not exist");
    }
    return found;
  }

  boolean has(String name) {
    return statements.containsKey(name);
  }

  void deallocate(String name) {
    statement(name);
    statements.remove(name);
  }

  void deallocateAll() {
    statements.clear();
  }

  void declare(String name, Portal portal, boolean hold) {
    if (cursors.containsKey(name)) {
      portal.close();
      throw new SqlException(ErrorCode.DUPLICATE_CURSOR, "cursor \"" + name + "\" already exists");
    }
    cursors.put(name, new Cursor(portal, hold));
  }

  Portal cursor(String name) {
    Cursor found = cursors.get(name);
    if (found == null) {
      throw new SqlException(
          ErrorCode.INVALID_CURSOR_NAME, "cursor \"" + name + "\" does not exist");
    }
    return found.portal();
  }

  /// Null: there is none.
  @Nullable List<ResultColumn> cursorColumns(String name) {
    Cursor found = cursors.get(name);
    return found == null ? null : found.portal().columns();
  }

  void closeCursor(String name) {
    cursor(name).close();
    cursors.remove(name);
  }

  void closeTransactionCursors() {
    cursors
        .entrySet()
        .removeIf(e -> {
          if (!e.getValue().hold()) {
            e.getValue().portal().close();
          }
          return !e.getValue().hold();
        });
  }

  void closeAllCursors() {
    cursors.values().forEach(c -> c.portal().close());
    cursors.clear();
  }

  void close() {
    closeAllCursors();
    statements.clear();
  }
}
