package dev.aevum.wire.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.UnpooledByteBufAllocator;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;

/// A server over a [FakeDatabase]; closing it checks that nothing is left open or allocated.
final class ServerFixture implements AutoCloseable {
  final BufferAllocator allocator = new RootAllocator();
  final FakeDatabase database = new FakeDatabase(allocator);

  /// Unpooled, so that a buffer that is not released is seen at the end.
  final UnpooledByteBufAllocator buffers = new UnpooledByteBufAllocator(true);

  final PostgresServer server;

  ServerFixture() {
    this(100);
  }

  ServerFixture(int maxConnections) {
    this(settings(maxConnections));
  }

  ServerFixture(ServerSettings settings) {
    server = PostgresServer.start(database, allocator, settings, buffers);
  }

  static ServerSettings settings(int maxConnections) {
    InetSocketAddress address = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    return new ServerSettings(
        address, maxConnections, 1 << 20, 64 << 10, Duration.ofSeconds(30), Duration.ofSeconds(5));
  }

  WireClient connect() {
    return WireClient.connect(server.port());
  }

  /// Waits until something becomes true, at most 5 s.
  static void await(String what, BooleanSupplier condition) {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(5);
    while (!condition.getAsBoolean()) {
      assertThat(System.nanoTime()).as("waiting until " + what).isLessThan(end);
      LockSupport.parkNanos(1_000_000);
    }
  }

  @Override
  public void close() {
    server.close();
    await("sessions end", () -> server.sessionCount() == 0);
    assertThat(database.openSessions).hasValue(0);
    assertThat(database.openPortals).hasValue(0);
    assertThat(allocator.getAllocatedMemory()).isZero();
    await(
        "all buffers are released",
        () -> buffers.metric().usedDirectMemory() + buffers.metric().usedHeapMemory() == 0);
    allocator.close();
  }
}
