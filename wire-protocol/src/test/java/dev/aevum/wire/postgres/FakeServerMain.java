package dev.aevum.wire.postgres;

import java.net.InetSocketAddress;
import org.apache.arrow.memory.RootAllocator;

/// Serves a [FakeDatabase] until killed, to try clients by hand.
final class FakeServerMain {
  private FakeServerMain() {}

  public static void main(String[] arguments) throws InterruptedException {
    RootAllocator allocator = new RootAllocator();
    PostgresServer server =
        PostgresServer.start(
            new FakeDatabase(allocator),
            allocator,
            ServerSettings.of(new InetSocketAddress("127.0.0.1", Integer.parseInt(arguments[0]))));
    Runtime.getRuntime().addShutdownHook(new Thread(server::close));
    Thread.currentThread().join();
  }
}
