package dev.aevum.engine.api;

import dev.aevum.model.type.SqlType;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// One client's session: settings, transaction, prepared statements, portals. Every call may throw
/// SqlException; a failed call inside a transaction block leaves the block failed (25P02 until
/// ROLLBACK).
///
/// Simple query: [#split], then per statement [#prepare], [Prepared#bind] without parameters,
/// [Portal#fetch] to the end, then [#finish]. Extended query: the same pieces by the client's
/// names; [#sync] at Sync.
public interface Session extends AutoCloseable {
  int processId();

  int cancelKey();

  /// Cuts a script into statements, parsing each. Empty list: nothing but blanks, comments and
  /// semicolons.
  List<Parsed> split(String sql);

  /// Analyses a statement. `parameterTypes`: declared type OIDs of $1, $2, ...; 0 or absent: to be
  /// inferred.
  Prepared prepare(Parsed statement, List<Integer> parameterTypes);

  /// Begins the implicit transaction of a message group, unless one or a block is open already:
  /// called before each statement of a Query, and before each Parse, Bind and Execute.
  void beginImplicit();

  /// Ends the implicit transaction: commits (waiting for durability) or, after `failed`, rolls
  /// back. In a block: nothing but, after `failed`, marking it. All portals of the implicit
  /// transaction are closed.
  void sync(boolean failed);

  TransactionStatus status();

  /// The settings that clients are told of (ParameterStatus), by their display names, in order. The
  /// protocol sends those that changed.
  Map<String, String> reportedSettings();

  /// How text output looks in this session: DateStyle, TimeZone, IntervalStyle, bytea_output,
  /// extra_float_digits.
  dev.aevum.model.text.TextStyle textStyle();

  /// Interrupts the running call: it fails with 57014. From any thread.
  void cancel();

  /// Notices (warnings) raised since the last call.
  List<Notice> takeNotices();

  /// The statement timeout of the session in milliseconds, 0 for none.
  long statementTimeoutMillis();

  /// Tells of the statements that the protocol prepared under names: DEALLOCATE finds them too.
  ///
  /// @param forget drops the statement of that name and says whether there was one
  default void protocolStatements(Predicate<String> forget) {}

  /// The columns of the cursor that DECLARE opened under this name; null: there is none.
  default @Nullable List<ResultColumn> cursorColumns(String name) {
    return null;
  }

  /// `idle_in_transaction_session_timeout` in milliseconds, 0 for none.
  default long idleInTransactionTimeoutMillis() {
    return 0;
  }

  /// Rolls back, closes everything.
  @Override
  void close();

  enum TransactionStatus {
    IDLE,
    BLOCK,
    FAILED_BLOCK
  }

  /// One parsed statement, opaque to the protocol.
  interface Parsed {
    String text();

    /// Whether it may run in a failed transaction block (COMMIT, ROLLBACK, ROLLBACK TO).
    boolean endsFailedBlock();
  }

  record Notice(
      String severity,
      String sqlState,
      String message,
      @Nullable String detail,
      @Nullable String hint) {}

  /// A prepared statement.
  interface Prepared {
    List<SqlType> parameterTypes();

    /// Null: the statement returns no rows (NoData).
    @Nullable List<ResultColumn> columns();

    /// Binds values: a column of one row per parameter. The portal borrows them for this call only.
    Portal bind(List<dev.aevum.model.batch.Column> parameters);
  }
}
