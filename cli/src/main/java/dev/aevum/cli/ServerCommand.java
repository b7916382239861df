package dev.aevum.cli;

import dev.aevum.engine.runtime.DatabaseRuntime;
import dev.aevum.engine.session.SessionRegistry;
import dev.aevum.wire.postgres.PostgresServer;
import dev.aevum.wire.postgres.ServerSettings;
import java.net.InetSocketAddress;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// `aevum server`: the database until it is told to stop. One line on stdout when it accepts
/// connections; logs go to stderr.
@Command(name = "server", description = "Runs the server.", mixinStandardHelpOptions = true)
final class ServerCommand implements Callable<Integer> {
  private static final Logger LOG = LoggerFactory.getLogger(ServerCommand.class);

  @Mixin private ServerOptions options = new ServerOptions();

  @CommandLine.Spec
  private CommandLine.Model.CommandSpec spec = CommandLine.Model.CommandSpec.create();

  @Option(
      names = "--port",
      description = "SQL port, 0 for a free one (default: ${DEFAULT-VALUE}).",
      defaultValue = "5433")
  private int port;

  @Option(
      names = "--http-port",
      description = "HTTP port; there is no HTTP yet.",
      defaultValue = "8080")
  @SuppressWarnings("UnusedVariable") // scripts give it; there is no HTTP yet
  private int httpPort;

  @Option(
      names = "--host",
      description = "Address to listen on (default: ${DEFAULT-VALUE}).",
      defaultValue = "127.0.0.1")
  private String host = "127.0.0.1";

  @Option(
      names = "--log-level",
      description = "error, warn, info, debug or trace.",
      defaultValue = "info")
  private String logLevel = "info";

  @Override
  public Integer call() throws InterruptedException {
    Logging.level(logLevel);
    CountDownLatch stop = new CountDownLatch(1);
    CountDownLatch stopped = new CountDownLatch(1);
    AtomicReference<Throwable> failure = new AtomicReference<>();
    Thread hook =
        Thread.ofPlatform()
            .name("aevum-stop")
            .unstarted(() -> {
              stop.countDown();
              awaitQuietly(stopped);
            });
    try (DatabaseRuntime runtime =
            new DatabaseRuntime(options.config(spec.commandLine()), t -> fail(failure, t, stop));
        PostgresServer server =
            PostgresServer.start(
                new SessionRegistry(runtime),
                runtime.allocator(),
                ServerSettings.of(new InetSocketAddress(host, port)))) {
      Runtime.getRuntime().addShutdownHook(hook);
      String where = options.inMemory() ? "memory" : options.data().toString();
      spec.commandLine()
          .getOut()
          .println(
              "ready sql=" + host + ":" + server.port() + " http=" + host + ":0 data=" + where);
      spec.commandLine().getOut().flush();
      stop.await();
      LOG.info("event=stopping");
      Throwable reason = failure.get();
      if (reason != null) {
        // Storage cannot be trusted any more: nothing is written, the next start recovers.
        spec.commandLine().getErr().println("aevum: stopping: " + reason.getMessage());
        spec.commandLine().getErr().flush();
        Runtime.getRuntime().halt(3);
      }
    } finally {
      stopped.countDown();
    }
    return 0;
  }

  private static void fail(AtomicReference<Throwable> failure, Throwable t, CountDownLatch stop) {
    LOG.error("event=fatal", t);
    failure.compareAndSet(null, t);
    stop.countDown();
  }

  private static void awaitQuietly(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
