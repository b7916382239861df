package dev.aevum.wire.postgres;

import dev.aevum.engine.api.Session;
import dev.aevum.model.error.ErrorCode;
import dev.aevum.model.error.SqlException;
import dev.aevum.wire.postgres.Report.Severity;
import dev.aevum.wire.postgres.message.BackendWriter;
import java.util.HashMap;
import java.util.Map;
import org.apache.arrow.memory.BufferAllocator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// What the parts of one connection's state machine share, after its session is open. The
/// connection's thread only.
final class Conversation {
  private static final Logger LOG = LoggerFactory.getLogger(Conversation.class);

  private final Session session;
  private final BackendWriter out;
  private final Inbox inbox;
  private final Interruption interruption;
  private final BufferAllocator allocator;
  private final Map<String, String> reported = new HashMap<>();
  private int incidents;

  Conversation(
      Session session,
      BackendWriter out,
      Inbox inbox,
      Interruption interruption,
      BufferAllocator allocator) {
    this.session = session;
    this.out = out;
    this.inbox = inbox;
    this.interruption = interruption;
    this.allocator = allocator;
  }

  Session session() {
    return session;
  }

  BackendWriter out() {
    return out;
  }

  Inbox inbox() {
    return inbox;
  }

  Interruption interruption() {
    return interruption;
  }

  BufferAllocator allocator() {
    return allocator;
  }

  /// Throws 25P02 in a failed block, except for the statements that end it.
  void requireLiveBlock(Session.Parsed statement) {
    if (session.status() == Session.TransactionStatus.FAILED_BLOCK
        && !statement.endsFailedBlock()) {
      throw failedBlock();
    }
  }

  void requireLiveBlock() {
    if (session.status() == Session.TransactionStatus.FAILED_BLOCK) {
      throw failedBlock();
    }
  }

  private static SqlException failedBlock() {
    return new SqlException(
        ErrorCode.IN_FAILED_SQL_TRANSACTION,
        "current transaction is aborted, commands ignored until end of transaction block");
  }

  void complete(String tag) {
    notices();
    out.commandComplete(tag);
  }

  void notices() {
    for (Session.Notice notice : session.takeNotices()) {
      Report.notice(out, notice);
    }
  }

  /// Tells the client of a failure and rolls back (in a block: marks it failed). What ends the
  /// connection is thrown on.
  void fail(Throwable failure) {
    out.abandon();
    interruption.end();
    if (failure instanceof ClientGoneException gone) {
      throw gone;
    }
    if (failure instanceof FatalException fatal) {
      throw fatal;
    }
    SqlException error = interruption.explain(Report.translate(failure, incident()));
    endIfToldTo();
    try {
      session.sync(true);
    } catch (RuntimeException e) {
      LOG.error("rollback after a failed statement failed, session={}", session.processId(), e);
    }
    notices();
    Report.error(out, Severity.ERROR, error);
    out.flush(true);
  }

  /// Ends the connection when it was dropped or the server shuts down.
  void endIfToldTo() {
    switch (interruption.cause()) {
      case SHUTDOWN -> throw FatalException.shutdown();
      case DROPPED -> throw new ClientGoneException();
      case CLIENT, TIMEOUT -> {}
      case null -> {}
    }
  }

  String incident() {
    return session.processId() + "-" + ++incidents;
  }

  /// Settings that changed, notices, ReadyForQuery; all goes out.
  void ready() {
    reportSettings();
    notices();
    out.readyForQuery(
        switch (session.status()) {
          case IDLE -> 'I';
          case BLOCK -> 'T';
          case FAILED_BLOCK -> 'E';
        });
    out.flush(false);
  }

  void reportSettings() {
    session
        .reportedSettings()
        .forEach((name, value) -> {
          if (!value.equals(reported.put(name, value))) {
            out.parameterStatus(name, value);
          }
        });
  }
}
