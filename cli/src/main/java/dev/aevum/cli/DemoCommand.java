package dev.aevum.cli;

import dev.aevum.cli.bench.EmbeddedSession;
import dev.aevum.engine.session.SessionRegistry;
import dev.aevum.wire.postgres.PostgresServer;
import dev.aevum.wire.postgres.ServerSettings;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// `aevum demo`: a server in memory with generated payments and four views over them.
@Command(
    name = "demo",
    description = "Server with generated data.",
    mixinStandardHelpOptions = true)
final class DemoCommand implements Callable<Integer> {
  @CommandLine.Spec
  private CommandLine.Model.CommandSpec spec = CommandLine.Model.CommandSpec.create();

  @Mixin private ServerOptions options = new ServerOptions();

  @Option(
      names = "--port",
      description = "SQL port, 0 for a free one (default: ${DEFAULT-VALUE}).",
      defaultValue = "5433")
  private int port;

  @Override
  public Integer call() throws InterruptedException {
    Logging.level("warn");
    CountDownLatch stop = new CountDownLatch(1);
    CountDownLatch stopped = new CountDownLatch(1);
    try (EmbeddedSession session =
            new EmbeddedSession(options.transientConfig(spec.commandLine()));
        PostgresServer server =
            PostgresServer.start(
                new SessionRegistry(session.runtime()),
                session.runtime().allocator(),
                ServerSettings.of(
                    new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), port)))) {
      session.run(script());
      Runtime.getRuntime()
          .addShutdownHook(
              Thread.ofPlatform()
                  .name("aevum-stop")
                  .unstarted(() -> {
                    stop.countDown();
                    try {
                      stopped.await();
                    } catch (InterruptedException e) {
                      Thread.currentThread().interrupt();
                    }
                  }));
      banner(spec.commandLine().getOut(), server.port());
      stop.await();
    } finally {
      stopped.countDown();
    }
    return 0;
  }

  private static String script() {
    try (InputStream in =
        Objects.requireNonNull(DemoCommand.class.getResourceAsStream("demo.sql"))) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void banner(PrintWriter out, int port) {
    out.println("Aevum demo: payments between accounts, 1,000 a second, five live views.");
    out.println(
        "Development mode: loopback only, no password. Everything is in memory and gone at the end (Ctrl-C).");
    out.println();
    out.println("  SQL       127.0.0.1:" + port);
    out.println("  psql      psql -h 127.0.0.1 -p " + port + " -U aevum aevum");
    out.println("  or        ./aevum sql postgresql://127.0.0.1:" + port + "/aevum");
    out.println();
    out.println("Try:");
    out.println("  SELECT * FROM revenue_per_minute ORDER BY window_start DESC LIMIT 5;");
    out.println("  SELECT * FROM merchants ORDER BY revenue DESC LIMIT 10;");
    out.println(
        "  SELECT sum(balance) FROM balances;      -- always 0: every view is exact at every step");
    out.println(
        "  SELECT * FROM suspicious ORDER BY at DESC LIMIT 5;      -- a pattern: small payments, then a large one");
    out.println(
        "  SELECT * FROM unusual ORDER BY ts DESC LIMIT 5;      -- an anomaly detector a merchant");
    out.println(
        "  EXPLAIN WHY suspicious WHERE tries > 2;      -- the rows of each match, and why; of anomalies too");
    out.println();
    out.println("ready sql=127.0.0.1:" + port + " http=127.0.0.1:0 data=memory");
    out.flush();
  }
}
