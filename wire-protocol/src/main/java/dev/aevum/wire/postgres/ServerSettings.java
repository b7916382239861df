package dev.aevum.wire.postgres;

import java.net.InetSocketAddress;
import java.time.Duration;

/// Settings of a [PostgresServer].
///
/// @param address where to listen; port 0 takes a free one
/// @param maxConnections sessions at a time; one more is refused with 53300
/// @param maxMessageBytes of one client message (a statement, its parameters, a piece of COPY data)
/// @param maxPendingBytes output kept for a client that reads slowly; past it its statement waits
/// @param startupTimeout from connecting to the complete start-up message
/// @param shutdownTimeout that [PostgresServer#close] gives sessions to end
public record ServerSettings(
    InetSocketAddress address,
    int maxConnections,
    int maxMessageBytes,
    int maxPendingBytes,
    Duration startupTimeout,
    Duration shutdownTimeout) {
  public ServerSettings {
    if (maxConnections < 1 || maxMessageBytes < 1024 || maxPendingBytes < 1024) {
      throw new IllegalArgumentException("a limit is too small");
    }
  }

  /// 100 connections, 256 MiB messages, 512 KiB pending output, 30 s for start-up, 5 s for
  /// shutdown.
  public static ServerSettings of(InetSocketAddress address) {
    return new ServerSettings(
        address, 100, 256 << 20, 512 << 10, Duration.ofSeconds(30), Duration.ofSeconds(5));
  }
}
