package dev.aevum.wire.postgres;

import dev.aevum.engine.api.Portal;
import dev.aevum.engine.api.ResultColumn;
import dev.aevum.engine.api.Session;
import dev.aevum.model.error.ErrorCode;
import dev.aevum.model.error.SqlException;
import dev.aevum.model.type.SqlType;
import dev.aevum.wire.postgres.PortalRunner.Outcome;
import dev.aevum.wire.postgres.message.BackendWriter;
import dev.aevum.wire.postgres.message.FrontendMessage.Bind;
import dev.aevum.wire.postgres.message.FrontendMessage.Execute;
import dev.aevum.wire.postgres.message.FrontendMessage.Parse;
import dev.aevum.wire.postgres.value.Parameters;
import dev.aevum.wire.postgres.value.ResultFormat;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The extended query protocol: prepared statements and portals by name. The empty name is that of
/// the unnamed ones, which are replaced silently.
final class ExtendedQuery {
  /// @param parsed null for the empty statement, as is `prepared`
  private record Statement(Session.@Nullable Parsed parsed, Session.@Nullable Prepared prepared) {
    List<SqlType> parameterTypes() {
      return prepared == null ? List.of() : prepared.parameterTypes();
    }

    @Nullable List<ResultColumn> columns() {
      return prepared == null ? null : prepared.columns();
    }
  }

  /// A portal and how far it is. `portal` is null for the empty statement.
  private static final class BoundPortal {
    final Statement statement;
    final @Nullable Portal portal;
    final @Nullable ResultFormat format;

    /// Set once the engine gave its last row.
    @Nullable String tag;

    boolean failed;

    BoundPortal(Statement statement, @Nullable Portal portal, @Nullable ResultFormat format) {
      this.statement = statement;
      this.portal = portal;
      this.format = format;
    }

    void close() {
      if (portal != null) {
        portal.close();
      }
    }
  }

  private final Conversation conversation;
  private final Session session;
  private final BackendWriter out;
  private final PortalRunner runner;
  private final Map<String, Statement> statements = new HashMap<>();
  private final Map<String, BoundPortal> portals = new HashMap<>();

  ExtendedQuery(Conversation conversation) {
    this.conversation = conversation;
    this.session = conversation.session();
    this.out = conversation.out();
    this.runner = new PortalRunner(conversation);
    session.protocolStatements(name -> statements.remove(name) != null);
  }

  void parse(Parse message) {
    if (message.statement().isEmpty()) {
      statements.remove("");
    }
    Statement statement = analyse(message);
    if (statements.putIfAbsent(message.statement(), statement) != null) {
      throw new SqlException(
          ErrorCode.DUPLICATE_PREPARED_STATEMENT,
          "prepared statement \"" + message.statement() + "\" already exists");
    }
    out.plain('1');
  }

  private Statement analyse(Parse message) {
    List<Session.Parsed> parsed = session.split(message.sql());
    if (parsed.isEmpty()) {
      return new Statement(null, null);
    }
    if (parsed.size() > 1) {
      throw new SqlException(
          ErrorCode.SYNTAX_ERROR, "cannot insert multiple commands into a prepared statement");
    }
    Session.Parsed only = parsed.getFirst();
    conversation.requireLiveBlock(only);
    session.beginImplicit();
    begin();
    try {
      return new Statement(only, session.prepare(only, message.parameterTypes()));
    } finally {
      conversation.interruption().end();
    }
  }

  void bind(Bind message) {
    Statement statement = statement(message.statement());
    if (statement.parsed() != null) {
      conversation.requireLiveBlock(statement.parsed());
      session.beginImplicit();
    }
    String name = message.portal();
    if (name.isEmpty()) {
      closePortal(name);
    } else if (portals.containsKey(name)) {
      throw new SqlException(ErrorCode.DUPLICATE_CURSOR, "cursor \"" + name + "\" already exists");
    }
    begin();
    try (Parameters parameters =
        Parameters.decode(
            message, statement.parameterTypes(), session.textStyle(), conversation.allocator())) {
      portals.put(name, bound(statement, parameters, message.resultFormats()));
    } finally {
      conversation.interruption().end();
    }
    out.plain('2');
  }

  private static BoundPortal bound(Statement statement, Parameters parameters, short[] formats) {
    if (statement.prepared() == null) {
      return new BoundPortal(statement, null, null);
    }
    Portal portal = statement.prepared().bind(parameters.columns());
    try {
      List<ResultColumn> columns = portal.columns();
      return new BoundPortal(
          statement, portal, columns == null ? null : ResultFormat.of(columns, formats));
    } catch (RuntimeException | Error e) {
      portal.close();
      throw e;
    }
  }

  void describeStatement(String name) {
    Statement statement = statement(name);
    List<ResultColumn> columns = statement.columns();
    if (columns != null) {
      conversation.requireLiveBlock();
    }
    out.parameterDescription(statement.parameterTypes().stream().map(SqlType::oid).toList());
    describe(columns == null ? null : ResultFormat.text(columns));
  }

  void describePortal(String name) {
    BoundPortal bound = portals.get(name);
    // Cursors of DECLARE are portals too: some drivers ask for their columns this way.
    List<ResultColumn> cursor = bound == null ? session.cursorColumns(name) : null;
    ResultFormat format = cursor == null ? portal(name).format : ResultFormat.text(cursor);
    if (format != null) {
      conversation.requireLiveBlock();
    }
    describe(format);
  }

  private void describe(@Nullable ResultFormat format) {
    if (format == null) {
      out.plain('n');
    } else {
      out.begin('T');
      format.describe(out.sink());
      out.end();
    }
  }

  void execute(Execute message) {
    BoundPortal bound = portal(message.portal());
    if (bound.portal == null) {
      out.plain('I');
      return;
    }
    if (bound.statement.parsed() != null) {
      conversation.requireLiveBlock(bound.statement.parsed());
    }
    if (bound.failed || (bound.tag != null && bound.format == null)) {
      throw new SqlException(
          ErrorCode.OBJECT_NOT_IN_PREREQUISITE_STATE,
          "portal \"" + message.portal() + "\" cannot be run");
    }
    if (bound.tag != null) {
      complete(bound.tag, 0);
      return;
    }
    session.beginImplicit();
    begin();
    bound.failed = true;
    Outcome outcome;
    try {
      outcome = runner.run(bound.portal, bound.format, message.maxRows());
    } finally {
      conversation.interruption().end();
    }
    bound.failed = false;
    bound.tag = outcome.tag();
    boolean limitReached =
        bound.format != null && message.maxRows() > 0 && outcome.rows() == message.maxRows();
    if (limitReached || outcome.tag() == null) {
      // Also after the very last row: PostgreSQL does not look further than it was asked to.
      out.plain('s');
    } else {
      complete(outcome.tag(), outcome.rows());
    }
  }

  /// SELECT counts the rows of this execution only.
  private void complete(String tag, long rows) {
    conversation.complete(tag.startsWith("SELECT ") ? "SELECT " + rows : tag);
    statementCompleted(tag);
    if (tag.equals("COMMIT") || tag.equals("ROLLBACK")) {
      transactionMayHaveEnded();
    }
  }

  void closeStatement(String name) {
    statements.remove(name);
    out.plain('3');
  }

  void closePortalByClient(String name) {
    closePortal(name);
    out.plain('3');
  }

  /// A simple query drops the unnamed statement and portal.
  void dropUnnamed() {
    statements.remove("");
    closePortal("");
  }

  /// What some statements do to the names kept here.
  void statementCompleted(String tag) {
    switch (tag) {
      case "DEALLOCATE ALL" -> statements.clear();
      case "DISCARD ALL" -> {
        statements.clear();
        closeAllPortals();
      }
      default -> {}
    }
  }

  /// Portals live no longer than their transaction.
  void transactionMayHaveEnded() {
    if (session.status() == Session.TransactionStatus.IDLE) {
      closeAllPortals();
    }
  }

  /// What the end of the session does too, before it closes.
  void closeAllPortals() {
    portals.values().forEach(BoundPortal::close);
    portals.clear();
  }

  private void closePortal(String name) {
    BoundPortal portal = portals.remove(name);
    if (portal != null) {
      portal.close();
    }
  }

  private void begin() {
    conversation.interruption().begin(session.statementTimeoutMillis());
  }

  private Statement statement(String name) {
    Statement statement = statements.get(name);
    if (statement == null) {
      throw new SqlException(
          ErrorCode.INVALID_SQL_STATEMENT_NAME,
          name.isEmpty()
              ? "unnamed prepared statement does not exist"
              : "prepared statement \"" + name + "\" does not exist");
    }
    return statement;
  }

  private BoundPortal portal(String name) {
    BoundPortal portal = portals.get(name);
    if (portal == null) {
      throw new SqlException(
          ErrorCode.INVALID_CURSOR_NAME, "portal \"" + name + "\" does not exist");
    }
    return portal;
  }
}
