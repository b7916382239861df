package dev.aevum.wire.postgres;

import dev.aevum.engine.api.Database;
import dev.aevum.engine.api.Session;
import dev.aevum.model.error.ErrorCode;
import dev.aevum.model.error.SqlException;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.ServerChannel;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.netty.util.concurrent.GlobalEventExecutor;
import java.net.InetSocketAddress;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.arrow.memory.BufferAllocator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Serves a [Database] to PostgreSQL clients. Two event loop threads move bytes; each session has a
/// virtual thread. Everyone who connects is trusted, so only loopback addresses are listened on.
///
/// [#close] ends sessions with 57P01 and gives them [ServerSettings#shutdownTimeout]; the database
/// and the allocator stay the caller's.
public final class PostgresServer implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(PostgresServer.class);

  private static final int EVENT_LOOPS = 2;

  /// Sockets beyond the connection limit that may wait in start-up, or carry cancel requests. Past
  /// them the one that has said nothing for longest gives way, so that silent ones keep nobody out.
  private static final int EXTRA_SOCKETS = 100;

  @SuppressWarnings("ArrayRecordComponent") // never compared; the key is looked at in constant time
  private record Registered(Connection connection, byte[] key) {}

  private final Database database;
  private final BufferAllocator allocator;
  private final ServerSettings settings;
  private final EventLoopGroup loops;
  private final ChannelGroup channels = new DefaultChannelGroup(GlobalEventExecutor.INSTANCE);
  private final Channel listener;
  private final Map<Integer, Registered> sessions = new ConcurrentHashMap<>();
  private final Map<Connection, Thread> running = new ConcurrentHashMap<>();
  private final Semaphore places;
  private final StartingSockets starting = new StartingSockets();
  private final AtomicInteger threadNumber = new AtomicInteger();
  private final SecureRandom keys = new SecureRandom();
  private volatile boolean closing;

  private PostgresServer(
      Database database,
      BufferAllocator allocator,
      ServerSettings settings,
      ByteBufAllocator buffers) {
    this.database = database;
    this.allocator = allocator;
    this.settings = settings;
    this.places = new Semaphore(settings.maxConnections());
    boolean epoll = Epoll.isAvailable();
    IoHandlerFactory handlers = epoll ? EpollIoHandler.newFactory() : NioIoHandler.newFactory();
    this.loops =
        new MultiThreadIoEventLoopGroup(
            EVENT_LOOPS, new DefaultThreadFactory("pg-io", true), handlers);
    Class<? extends ServerChannel> type =
        epoll ? EpollServerSocketChannel.class : NioServerSocketChannel.class;
    ChannelFuture bound =
        new ServerBootstrap()
            .group(loops)
            .channel(type)
            .option(ChannelOption.SO_REUSEADDR, true)
            .option(ChannelOption.SO_BACKLOG, 512)
            .childOption(ChannelOption.ALLOCATOR, buffers)
            .childOption(ChannelOption.TCP_NODELAY, true)
            .childOption(ChannelOption.SO_KEEPALIVE, true)
            .childOption(
                ChannelOption.WRITE_BUFFER_WATER_MARK,
                new WriteBufferWaterMark(
                    settings.maxPendingBytes() / 2, settings.maxPendingBytes()))
            .childHandler(
                new ChannelInitializer<Channel>() {
                  @Override
                  protected void initChannel(Channel channel) {
                    accept(channel);
                  }
                })
            .bind(settings.address())
            .awaitUninterruptibly();
    this.listener = bound.channel();
    if (!bound.isSuccess()) {
      var _ = loops.shutdownGracefully(0, 1, TimeUnit.SECONDS);
      throw new SqlException(
          ErrorCode.CANNOT_CONNECT_NOW,
          "could not listen on " + settings.address() + ": " + bound.cause().getMessage());
    }
    LOG.info("listening for PostgreSQL clients, address={}", listener.localAddress());
  }

  /// Listens from now on. Errors: 28000 for an address that is not a loopback one, 57P03 where it
  /// can't be listened on.
  public static PostgresServer start(
      Database database, BufferAllocator allocator, ServerSettings settings) {
    if (settings.address().isUnresolved() || !settings.address().getAddress().isLoopbackAddress()) {
      throw new SqlException(
              ErrorCode.INVALID_AUTHORIZATION, "listening on " + settings.address() + " is refused")
          .withDetail("There is no authentication yet: who can connect can do everything.")
          .withHint("Listen on a loopback address, such as 127.0.0.1.");
    }
    return start(database, allocator, settings, ByteBufAllocator.DEFAULT);
  }

  /// `buffers`: where the memory for sockets comes from.
  static PostgresServer start(
      Database database,
      BufferAllocator allocator,
      ServerSettings settings,
      ByteBufAllocator buffers) {
    return new PostgresServer(database, allocator, settings, buffers);
  }

  /// The port that is listened on.
  public int port() {
    return ((InetSocketAddress) listener.localAddress()).getPort();
  }

  /// Sessions that are open or being opened.
  public int sessionCount() {
    return settings.maxConnections() - places.availablePermits();
  }

  private void accept(Channel channel) {
    boolean full = channels.size() >= settings.maxConnections() + EXTRA_SOCKETS;
    if (closing || full && !starting.closeOldest()) {
      var _ = channel.close();
      return;
    }
    channels.add(channel);
    starting.add(channel);
    channel.pipeline().addLast(new SocketHandler(this, channel));
  }

  /// Its start-up message has come, or it is gone.
  void started(Channel channel) {
    starting.remove(channel);
  }

  void start(Connection connection) {
    Thread thread =
        Thread.ofVirtual()
            .name("pg-session-" + threadNumber.incrementAndGet())
            .unstarted(() -> run(connection));
    running.put(connection, thread);
    thread.start();
    if (closing) {
      connection.shutdown();
    }
  }

  private void run(Connection connection) {
    try {
      connection.run();
    } finally {
      running.remove(connection);
    }
  }

  boolean admit() {
    return places.tryAcquire();
  }

  void release() {
    places.release();
  }

  /// Makes the connection known for cancel requests; returns its key of `bytes` bytes, which begins
  /// with the session's.
  byte[] register(Connection connection, Session session, int bytes) {
    byte[] key = new byte[bytes];
    keys.nextBytes(key);
    int first = session.cancelKey();
    for (int i = 0; i < 4; i++) {
      key[i] = (byte) (first >>> (24 - 8 * i));
    }
    sessions.put(session.processId(), new Registered(connection, key));
    return key;
  }

  void unregister(int processId) {
    sessions.remove(processId);
  }

  void cancel(int processId, byte[] key) {
    Registered target = sessions.get(processId);
    if (target != null && MessageDigest.isEqual(target.key(), key)) {
      target.connection().cancel();
    }
  }

  Database database() {
    return database;
  }

  BufferAllocator allocator() {
    return allocator;
  }

  ServerSettings settings() {
    return settings;
  }

  String clientAddress(Channel channel) {
    return channel.remoteAddress() instanceof InetSocketAddress address
        ? address.getAddress().getHostAddress()
        : "";
  }

  @Override
  public void close() {
    closing = true;
    listener.close().awaitUninterruptibly();
    running.keySet().forEach(Connection::shutdown);
    if (!awaitSessions()) {
      LOG.warn("sessions did not end in time, closing their sockets, sessions={}", running.size());
    }
    channels.close().awaitUninterruptibly(1, TimeUnit.SECONDS);
    loops.shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly(2, TimeUnit.SECONDS);
  }

  private boolean awaitSessions() {
    long millis = settings.shutdownTimeout().toMillis();
    try {
      boolean ended = places.tryAcquire(settings.maxConnections(), millis, TimeUnit.MILLISECONDS);
      if (ended) {
        places.release(settings.maxConnections());
      }
      return ended;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }
}
