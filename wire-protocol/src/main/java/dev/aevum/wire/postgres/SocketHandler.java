package dev.aevum.wire.postgres;

import dev.aevum.model.error.ErrorCode;
import dev.aevum.model.error.SqlException;
import dev.aevum.wire.postgres.Report.Severity;
import dev.aevum.wire.postgres.message.BackendWriter;
import dev.aevum.wire.postgres.message.FrontendDecoder;
import dev.aevum.wire.postgres.message.Inbound;
import dev.aevum.wire.postgres.message.Inbound.Broken;
import dev.aevum.wire.postgres.message.Inbound.CancelRequest;
import dev.aevum.wire.postgres.message.Inbound.EncryptionRequest;
import dev.aevum.wire.postgres.message.Inbound.Frame;
import dev.aevum.wire.postgres.message.Inbound.Startup;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The event loop's side of a connection: answers what comes before a session, then hands messages
/// to the [Connection]'s thread. Never waits.
final class SocketHandler extends ChannelInboundHandlerAdapter {
  private static final Logger LOG = LoggerFactory.getLogger(SocketHandler.class);

  private final PostgresServer server;
  private final FrontendDecoder decoder;
  private final Inbox inbox;
  private final ChannelOutlet outlet;
  private final Channel channel;
  private @Nullable Connection connection;
  private @Nullable Future<?> startupTimeout;

  SocketHandler(PostgresServer server, Channel channel) {
    this.server = server;
    this.channel = channel;
    this.decoder = new FrontendDecoder(server.settings().maxMessageBytes());
    this.inbox = new Inbox(channel.config()::setAutoRead);
    this.outlet = new ChannelOutlet(channel);
  }

  @Override
  public void channelActive(ChannelHandlerContext context) {
    long millis = server.settings().startupTimeout().toMillis();
    startupTimeout = context.executor().schedule(this::giveUp, millis, TimeUnit.MILLISECONDS);
  }

  private void giveUp() {
    LOG.debug("no start-up message in time");
    var _ = channel.close();
  }

  @Override
  public void channelRead(ChannelHandlerContext context, Object message) {
    ByteBuf bytes = (ByteBuf) message;
    try {
      decoder.feed(bytes, this::received);
    } finally {
      bytes.release();
    }
  }

  private void received(Inbound message) {
    switch (message) {
      case EncryptionRequest e -> {
        var _ = channel.writeAndFlush(Unpooled.wrappedBuffer(new byte[] {'N'}));
      }
      case CancelRequest cancel -> {
        server.cancel(cancel.processId(), cancel.key());
        var _ = channel.close();
      }
      case Startup startup -> start(startup);
      case Frame frame -> inbox.put(frame);
      case Broken broken -> broken(broken);
    }
  }

  private void start(Startup startup) {
    if (startupTimeout != null) {
      startupTimeout.cancel(false);
    }
    server.started(channel);
    Connection started = new Connection(server, channel, startup, inbox, outlet);
    connection = started;
    server.start(started);
  }

  private void broken(Broken broken) {
    if (connection != null) {
      inbox.put(broken);
    } else if (broken.silent()) {
      var _ = channel.close();
    } else {
      BackendWriter out = new BackendWriter(outlet);
      Report.error(
          out, Severity.FATAL, new SqlException(ErrorCode.PROTOCOL_VIOLATION, broken.message()));
      out.flush(true);
      channel.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(ChannelFutureListener.CLOSE);
    }
  }

  @Override
  public void channelWritabilityChanged(ChannelHandlerContext context) {
    outlet.signal();
  }

  @Override
  public void channelInactive(ChannelHandlerContext context) {
    if (startupTimeout != null) {
      startupTimeout.cancel(false);
    }
    server.started(channel);
    if (connection != null) {
      connection.dropped();
    }
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
    if (cause instanceof java.io.IOException) {
      LOG.debug("connection lost: {}", cause.toString());
    } else {
      LOG.error("connection closed after an internal error", cause);
    }
    var _ = context.close();
  }
}
