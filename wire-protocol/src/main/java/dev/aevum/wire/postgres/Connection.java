package dev.aevum.wire.postgres;

import dev.aevum.engine.api.Session;
import dev.aevum.model.error.ErrorCode;
import dev.aevum.model.error.SqlException;
import dev.aevum.wire.postgres.Interruption.Cause;
import dev.aevum.wire.postgres.Report.Severity;
import dev.aevum.wire.postgres.message.BackendWriter;
import dev.aevum.wire.postgres.message.FrontendMessage;
import dev.aevum.wire.postgres.message.FrontendMessage.Bind;
import dev.aevum.wire.postgres.message.FrontendMessage.ClosePortal;
import dev.aevum.wire.postgres.message.FrontendMessage.CloseStatement;
import dev.aevum.wire.postgres.message.FrontendMessage.CopyData;
import dev.aevum.wire.postgres.message.FrontendMessage.CopyDone;
import dev.aevum.wire.postgres.message.FrontendMessage.CopyFail;
import dev.aevum.wire.postgres.message.FrontendMessage.DescribePortal;
import dev.aevum.wire.postgres.message.FrontendMessage.DescribeStatement;
import dev.aevum.wire.postgres.message.FrontendMessage.Execute;
import dev.aevum.wire.postgres.message.FrontendMessage.Flush;
import dev.aevum.wire.postgres.message.FrontendMessage.FunctionCall;
import dev.aevum.wire.postgres.message.FrontendMessage.Parse;
import dev.aevum.wire.postgres.message.FrontendMessage.Query;
import dev.aevum.wire.postgres.message.FrontendMessage.Sync;
import dev.aevum.wire.postgres.message.FrontendMessage.Terminate;
import dev.aevum.wire.postgres.message.Inbound;
import dev.aevum.wire.postgres.message.Inbound.Broken;
import dev.aevum.wire.postgres.message.Inbound.Frame;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// One client's session, from its StartupMessage on: the state machine of the protocol, on a
/// virtual thread of its own.
///
/// ```
///   Startup ──► open ──────────────────────────────► Ready ──X, socket dropped, FATAL──► closed
///                │ bad version, parameter,            │ ▲                              (rolled back)
///                │ too many: FATAL                    │ │ Z
///                ▼                                    ▼ │
///              closed                        ┌── Query (Q) ──► rows C … ─┐
///                                            │      │ COPY: G, d d d c ──┤
///                                            │      └─ error: E ─────────┴─► Z
///                                            │
///                                            └── P B D E C H ──► 1 2 t T n D s C 3 ──► S: commit ─► Z
///                                                   └─ error: E, then all but S and X are skipped ─┘
/// ```
///
/// The event loop only cuts messages and puts them into the inbox; all work, the engine's included,
/// is done here, where waiting costs nothing. Other threads call [#cancel], [#dropped] and
/// [#shutdown] only.
final class Connection implements Runnable {
  private static final Logger LOG = LoggerFactory.getLogger(Connection.class);

  private static final int NEWEST_MINOR = 2;
  private static final int LONG_KEY_BYTES = 32;

  private final PostgresServer server;
  private final Channel channel;
  private final Inbound.Startup startup;
  private final Inbox inbox;
  private final ChannelOutlet outlet;
  private final BackendWriter out;
  private final Interruption interruption;
  private volatile @Nullable Session session;
  private boolean skipToSync;

  Connection(
      PostgresServer server,
      Channel channel,
      Inbound.Startup startup,
      Inbox inbox,
      ChannelOutlet outlet) {
    this.server = server;
    this.channel = channel;
    this.startup = startup;
    this.inbox = inbox;
    this.outlet = outlet;
    this.out = new BackendWriter(outlet);
    this.interruption = new Interruption(channel.eventLoop(), this::cancelSession, this::wake);
    outlet.checkWith(interruption::check);
  }

  /// The client asks to stop what runs.
  void cancel() {
    interruption.interrupt(Cause.CLIENT);
  }

  /// The socket is gone.
  void dropped() {
    interruption.interrupt(Cause.DROPPED);
    inbox.close();
    outlet.signal();
  }

  /// The server ends.
  void shutdown() {
    interruption.interrupt(Cause.SHUTDOWN);
    inbox.close();
  }

  private void cancelSession() {
    Session current = session;
    if (current != null) {
      current.cancel();
    }
  }

  private void wake() {
    outlet.signal();
    inbox.wake();
  }

  @Override
  public void run() {
    boolean admitted = server.admit();
    try {
      if (!admitted) {
        throw new FatalException(
            new SqlException(ErrorCode.TOO_MANY_CONNECTIONS, "sorry, too many clients already"));
      }
      Conversation conversation = open();
      converse(conversation);
    } catch (ClientGoneException e) {
      LOG.debug("client gone");
    } catch (FatalException e) {
      sayGoodbye(e.error());
    } catch (RuntimeException | Error e) {
      sayGoodbye(Report.translate(e, "connection-" + channel.id().asShortText()));
    } finally {
      end(admitted);
    }
  }

  private Conversation open() {
    try {
      StartupParameters parameters = negotiate();
      Session opened =
          server.database().openSession(server.clientAddress(channel), parameters.settings());
      session = opened;
      Conversation conversation =
          new Conversation(opened, out, inbox, interruption, server.allocator());
      out.authenticationOk();
      conversation.reportSettings();
      byte[] key =
          server.register(this, opened, (startup.version() & 0xffff) >= 2 ? LONG_KEY_BYTES : 4);
      out.backendKeyData(opened.processId(), key);
      conversation.ready();
      return conversation;
    } catch (SqlException e) {
      throw new FatalException(e);
    }
  }

  private StartupParameters negotiate() {
    int major = startup.version() >>> 16;
    int minor = startup.version() & 0xffff;
    if (major != 3) {
      throw new SqlException(
          ErrorCode.FEATURE_NOT_SUPPORTED,
          "unsupported frontend protocol "
              + major
              + "."
              + minor
              + ": server supports 3.0 to 3."
              + NEWEST_MINOR);
    }
    StartupParameters parameters = StartupParameters.parse(startup.body());
    List<String> unknown = parameters.unknownOptions();
    if (minor > NEWEST_MINOR || !unknown.isEmpty()) {
      out.negotiateProtocolVersion(3 << 16 | Math.min(minor, NEWEST_MINOR), unknown);
    }
    return parameters;
  }

  private void converse(Conversation conversation) {
    ExtendedQuery extended = new ExtendedQuery(conversation);
    try {
      converse(conversation, new SimpleQuery(conversation, extended), extended);
    } finally {
      extended.closeAllPortals();
    }
  }

  private void converse(Conversation conversation, SimpleQuery simple, ExtendedQuery extended) {
    while (true) {
      awaitInBlock(conversation.session());
      Inbound next = inbox.take(() -> {});
      switch (next) {
        case null -> {
          conversation.endIfToldTo();
          return;
        }
        case Frame frame -> {
          if (frame.type() == 'X') {
            return;
          }
          handle(frame, conversation, simple, extended);
          conversation.endIfToldTo();
        }
        case Broken broken ->
            throw new FatalException(
                new SqlException(ErrorCode.PROTOCOL_VIOLATION, broken.message()));
        case Inbound.Startup s -> throw new IllegalStateException("start-up within a session");
        case Inbound.CancelRequest c -> throw new IllegalStateException("cancel within a session");
        case Inbound.EncryptionRequest e ->
            throw new IllegalStateException("encryption request within a session");
      }
    }
  }

  /// An open block that is left alone for too long holds up others: its session ends.
  private void awaitInBlock(Session open) {
    long millis =
        open.status() == Session.TransactionStatus.IDLE ? 0 : open.idleInTransactionTimeoutMillis();
    if (millis > 0 && !inbox.await(millis)) {
      throw new FatalException(
          new SqlException(
              ErrorCode.IDLE_IN_TRANSACTION_TIMEOUT,
              "terminating connection due to idle-in-transaction timeout"));
    }
  }

  private void handle(
      Frame frame, Conversation conversation, SimpleQuery simple, ExtendedQuery extended) {
    if (skipToSync && frame.type() != 'S') {
      return;
    }
    try {
      dispatch(FrontendMessage.decode(frame), conversation, simple, extended);
    } catch (RuntimeException | Error failure) {
      conversation.fail(failure);
      switch (frame.type()) {
        case 'Q', 'S', 'F' -> {
          extended.transactionMayHaveEnded();
          conversation.ready();
        }
        default -> skipToSync = true;
      }
    }
  }

  private void dispatch(
      FrontendMessage message,
      Conversation conversation,
      SimpleQuery simple,
      ExtendedQuery extended) {
    switch (message) {
      case Query m -> {
        simple.run(m.sql());
        conversation.ready();
      }
      case Parse m -> extended.parse(m);
      case Bind m -> extended.bind(m);
      case DescribeStatement m -> extended.describeStatement(m.name());
      case DescribePortal m -> extended.describePortal(m.name());
      case Execute m -> extended.execute(m);
      case CloseStatement m -> extended.closeStatement(m.name());
      case ClosePortal m -> extended.closePortalByClient(m.name());
      case Sync m -> sync(conversation, extended);
      case Flush m -> out.flush(false);
      case FunctionCall m ->
          throw new SqlException(
              ErrorCode.FEATURE_NOT_SUPPORTED, "the function call protocol is not supported");
      // What a client still sends after its COPY failed.
      case CopyData m -> {}
      case CopyDone m -> {}
      case CopyFail m -> {}
      case Terminate m -> throw new IllegalStateException("handled before");
    }
  }

  private void sync(Conversation conversation, ExtendedQuery extended) {
    boolean failed = skipToSync;
    skipToSync = false;
    if (!failed) {
      conversation.session().sync(false);
    }
    extended.transactionMayHaveEnded();
    conversation.ready();
  }

  private void sayGoodbye(SqlException error) {
    try {
      out.abandon();
      Report.error(out, Severity.FATAL, error);
      out.flush(true);
    } catch (ClientGoneException e) {
      LOG.debug("client gone before its FATAL error");
    }
  }

  private void end(boolean admitted) {
    inbox.close();
    Session current = session;
    if (current != null) {
      server.unregister(current.processId());
      try {
        current.close();
      } catch (RuntimeException e) {
        LOG.error("closing a session failed, session={}", current.processId(), e);
      }
    }
    channel.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(ChannelFutureListener.CLOSE);
    if (admitted) {
      server.release();
    }
  }
}
