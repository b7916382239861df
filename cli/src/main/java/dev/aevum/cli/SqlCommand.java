package dev.aevum.cli;

import dev.aevum.cli.shell.ShellOptions;
import dev.aevum.cli.shell.SqlShell;
import java.io.Console;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `aevum sql`: the shell, over the PostgreSQL protocol.
@Command(name = "sql", description = "SQL shell.", mixinStandardHelpOptions = true)
final class SqlCommand implements Callable<Integer> {
  @Parameters(
      index = "0",
      arity = "0..1",
      description = "Address, such as postgresql://127.0.0.1:5433/aevum.")
  private @Nullable String url;

  @Option(names = "-c", description = "Run this and leave; may repeat.")
  private List<String> commands = new ArrayList<>();

  @Option(names = "-f", description = "Run this file and leave; may repeat.")
  private List<Path> files = new ArrayList<>();

  @Option(names = "--csv", description = "Results as CSV.")
  private boolean csv;

  @Override
  public Integer call() {
    @SuppressWarnings("SystemConsoleNull") // JDK 25 gives null where input or output is no terminal
    @Nullable Console console = System.console();
    Path history = Path.of(System.getProperty("user.home", "."), ".aevum_history");
    return new SqlShell(
            new ShellOptions(url, commands, files, csv, history),
            System.getenv(),
            System.getProperty("user.name", "aevum"),
            System::nanoTime,
            System.out,
            System.err)
        .run(System.in, console != null && console.isTerminal());
  }
}
