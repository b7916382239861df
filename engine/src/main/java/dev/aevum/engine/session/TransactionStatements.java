package dev.aevum.engine.session;

import dev.aevum.engine.api.Session.Prepared;
import dev.aevum.engine.api.Session.TransactionStatus;
import dev.aevum.model.error.ErrorCode;
import dev.aevum.parser.statement.BeginStatement;
import dev.aevum.parser.statement.CommitStatement;
import dev.aevum.parser.statement.ReleaseSavepointStatement;
import dev.aevum.parser.statement.RollbackStatement;
import dev.aevum.parser.statement.RollbackToSavepointStatement;
import dev.aevum.parser.statement.SavepointStatement;
import dev.aevum.parser.statement.SetTransactionStatement;
import dev.aevum.parser.statement.TransactionModes;
import java.util.Locale;

/// BEGIN, COMMIT, ROLLBACK and savepoints.
final class TransactionStatements {
  private final SessionImpl session;

  TransactionStatements(SessionImpl session) {
    this.session = session;
  }

  Prepared begin(BeginStatement statement) {
    return Commands.command(() -> {
      if (session.transaction().inBlock()) {
        session.notice(
            "WARNING",
            ErrorCode.ACTIVE_SQL_TRANSACTION,
            "there is already a transaction in progress",
            null);
      } else {
        session.commitWrites();
        session.beginBlock();
      }
      apply(statement.modes(), true);
      return statement.isStart() ? "START TRANSACTION" : "BEGIN";
    });
  }

  /// Every isolation level runs as one in which a statement sees all committed steps and nothing
  /// else, which is stronger than the weaker ones; a transaction's statements may see different
  /// steps, so the stronger ones are what the setting says and no more.
  private void apply(TransactionModes modes, boolean local) {
    if (modes.isolation() != null) {
      String level = modes.isolation().name().replace('_', ' ').toLowerCase(Locale.ROOT);
      session
          .settings()
          .set(local ? "transaction_isolation" : "default_transaction_isolation", level, local);
    }
    if (modes.readOnly() != null) {
      if (local) {
        session.transaction().setReadOnly(modes.readOnly());
        session.settings().set("transaction_read_only", modes.readOnly() ? "on" : "off", true);
      } else {
        session
            .settings()
            .set("default_transaction_read_only", modes.readOnly() ? "on" : "off", false);
      }
    } else if (local && session.settings().isOn("default_transaction_read_only")) {
      session.transaction().setReadOnly(true);
    }
  }

  Prepared setModes(SetTransactionStatement statement) {
    return Commands.command(() -> {
      if (!statement.session() && !session.transaction().inBlock()) {
        session.notice(
            "WARNING",
            ErrorCode.NO_ACTIVE_SQL_TRANSACTION,
            "SET TRANSACTION can only be used in transaction blocks",
            null);
        return "SET";
      }
      apply(statement.modes(), !statement.session());
      return "SET";
    });
  }

  Prepared commit(CommitStatement statement) {
    return Commands.command(() -> {
      TransactionStatus status = session.transaction().status();
      if (status == TransactionStatus.IDLE) {
        session.notice(
            "WARNING",
            ErrorCode.NO_ACTIVE_SQL_TRANSACTION,
            "there is no transaction in progress",
            null);
        session.commitWrites();
        return "COMMIT";
      }
      boolean failed = status == TransactionStatus.FAILED_BLOCK;
      try {
        if (!failed) {
          session.commitWrites();
        }
      } catch (RuntimeException e) {
        session.endTransaction(false);
        throw e;
      }
      session.endTransaction(!failed);
      if (statement.chain()) {
        session.beginBlock();
      }
      return failed ? "ROLLBACK" : "COMMIT";
    });
  }

  Prepared rollback(RollbackStatement statement) {
    return Commands.command(() -> {
      if (!session.transaction().inBlock()) {
        session.notice(
            "WARNING",
            ErrorCode.NO_ACTIVE_SQL_TRANSACTION,
            "there is no transaction in progress",
            null);
      }
      session.endTransaction(false);
      if (statement.chain()) {
        session.beginBlock();
      }
      return "ROLLBACK";
    });
  }

  Prepared savepoint(SavepointStatement statement) {
    return Commands.command(() -> {
      session.transaction().savepoint(statement.name().text());
      return "SAVEPOINT";
    });
  }

  Prepared release(ReleaseSavepointStatement statement) {
    return Commands.command(() -> {
      session.transaction().release(statement.name().text());
      return "RELEASE";
    });
  }

  Prepared rollbackTo(RollbackToSavepointStatement statement) {
    return Commands.command(() -> {
      session.transaction().rollbackTo(statement.name().text());
      return "ROLLBACK";
    });
  }
}
