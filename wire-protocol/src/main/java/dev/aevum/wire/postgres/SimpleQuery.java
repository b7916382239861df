package dev.aevum.wire.postgres;

import dev.aevum.engine.api.Portal;
import dev.aevum.engine.api.ResultColumn;
import dev.aevum.engine.api.Session;
import dev.aevum.wire.postgres.value.ResultFormat;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The simple query protocol: all statements of a message are one implicit transaction, except
/// where they begin and end blocks themselves. The last statement is reported complete only after
/// its commit.
final class SimpleQuery {
  private final Conversation conversation;
  private final ExtendedQuery extended;
  private final PortalRunner runner;

  SimpleQuery(Conversation conversation, ExtendedQuery extended) {
    this.conversation = conversation;
    this.extended = extended;
    this.runner = new PortalRunner(conversation);
  }

  void run(String sql) {
    Session session = conversation.session();
    extended.dropUnnamed();
    List<Session.Parsed> statements = session.split(sql);
    if (statements.isEmpty()) {
      conversation.out().plain('I');
      return;
    }
    String tag = null;
    for (Session.Parsed statement : statements) {
      complete(tag);
      tag = execute(statement);
    }
    session.sync(false);
    complete(tag);
    extended.transactionMayHaveEnded();
  }

  private void complete(@Nullable String tag) {
    if (tag != null) {
      conversation.complete(tag);
      extended.statementCompleted(tag);
    }
  }

  private String execute(Session.Parsed statement) {
    Session session = conversation.session();
    conversation.requireLiveBlock(statement);
    session.beginImplicit();
    conversation.interruption().begin(session.statementTimeoutMillis());
    try (Portal portal = session.prepare(statement, List.of()).bind(List.of())) {
      List<ResultColumn> columns = portal.columns();
      ResultFormat format = columns == null ? null : ResultFormat.text(columns);
      if (format != null) {
        conversation.out().begin('T');
        format.describe(conversation.out().sink());
        conversation.out().end();
      }
      String tag = runner.run(portal, format, 0).tag();
      return java.util.Objects.requireNonNull(tag);
    } finally {
      conversation.interruption().end();
    }
  }
}
