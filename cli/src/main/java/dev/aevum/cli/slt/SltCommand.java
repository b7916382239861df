package dev.aevum.cli.slt;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `aevum slt`: runs sqllogictest files. Exit code 1 when something failed.
@Command(name = "slt", description = "Runs sqllogictest files.", mixinStandardHelpOptions = true)
public final class SltCommand implements Callable<Integer> {
  @CommandLine.Spec
  private CommandLine.Model.CommandSpec spec = CommandLine.Model.CommandSpec.create();

  @Option(
      names = "--host",
      description =
          "A running server; without, each file runs in a fresh database in this process.")
  private @Nullable String host;

  @Option(
      names = "--port",
      defaultValue = "5433",
      description = "Its port (default: ${DEFAULT-VALUE}).")
  private int port;

  @Option(
      names = "--user",
      defaultValue = "aevum",
      description = "User (default: ${DEFAULT-VALUE}).")
  private String user = "aevum";

  @Option(
      names = "--database",
      defaultValue = "aevum",
      description = "Database (default: ${DEFAULT-VALUE}).")
  private String database = "aevum";

  @Option(
      names = "--mode",
      defaultValue = "straight",
      description =
          "Without a server: straight, rows (a step for each inserted row), restarts (after every statement), workers (two).")
  private String mode = "straight";

  @Option(
      names = "--postgres",
      description = "The server is PostgreSQL: materialized views are plain views there.")
  private boolean postgres;

  @Option(names = "--rewrite", description = "Expectations that failed become what came out.")
  private boolean rewrite;

  @Parameters(
      arity = "1..*",
      paramLabel = "FILES",
      description = "Files, or folders of .slt files.")
  private List<Path> files = List.of();

  @Override
  public Integer call() {
    SltMode chosen = mode();
    int passed = 0;
    int failed = 0;
    PrintWriter out = spec.commandLine().getOut();
    for (Path file : expand(files)) {
      List<SltResult> results = run(file, chosen);
      for (SltResult result : results) {
        if (result.failed()) {
          failed++;
          out.println(describe(result));
        } else if (!result.skipped()) {
          passed++;
        }
      }
      if (rewrite) {
        SltRewriter.rewrite(file, results);
      }
      out.flush();
    }
    out.println(passed + " passed, " + failed + " failed");
    out.flush();
    return failed == 0 ? 0 : 1;
  }

  private SltMode mode() {
    for (SltMode candidate : SltMode.values()) {
      if (candidate.label().equals(mode.toLowerCase(Locale.ROOT))) {
        return candidate;
      }
    }
    throw new CommandLine.ParameterException(
        spec.commandLine(),
        "--mode is one of straight, rows, restarts, workers, not \"" + mode + "\"");
  }

  private List<SltResult> run(Path file, SltMode chosen) {
    if (host == null) {
      return SltFile.runEmbedded(file, chosen);
    }
    String url = "jdbc:postgresql://" + host + ":" + port + "/" + database;
    try (SltTarget target = new ServerTarget(url, user, postgres)) {
      return SltFile.runOn(target, file);
    }
  }

  /// Where, what and why.
  static String describe(SltResult result) {
    String what =
        switch (result.record()) {
          case SltRecord.Statement s -> s.sql();
          case SltRecord.Query q -> q.sql();
          case SltRecord.Changes c -> "changes " + c.view();
          case SltRecord.Restart r -> "restart";
          case SltRecord.Advance a -> "advance";
          case SltRecord.HashThreshold h -> "hash-threshold";
          case SltRecord.Halt h -> "halt";
        };
    return result.record().where()
        + ": FAILED\n  "
        + what.replace("\n", "\n  ")
        + "\n  "
        + result.difference();
  }

  /// Files as they are, of folders all .slt files, in order.
  static List<Path> expand(List<Path> given) {
    List<Path> all = new ArrayList<>();
    for (Path path : given) {
      if (!Files.isDirectory(path)) {
        all.add(path);
        continue;
      }
      try (Stream<Path> inside = Files.walk(path)) {
        inside.filter(p -> p.toString().endsWith(".slt")).sorted().forEach(all::add);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
    return all;
  }
}
