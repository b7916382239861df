package dev.aevum.cli;

import dev.aevum.model.error.SqlException;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/// Entry point of every command.
@Command(
    name = "aevum",
    description = "A SQL-first streaming database.",
    mixinStandardHelpOptions = true,
    version = "Aevum 0.1.0",
    subcommands = {
      ServerCommand.class,
      DemoCommand.class,
      SqlCommand.class,
      RunCommand.class,
      dev.aevum.cli.bench.BenchCommand.class,
      dev.aevum.cli.slt.SltCommand.class,
      CommandLine.HelpCommand.class
    })
public final class Main implements Runnable {
  @CommandLine.Spec
  private CommandLine.Model.CommandSpec spec = CommandLine.Model.CommandSpec.create();

  public static void main(String[] arguments) {
    CommandLine line = new CommandLine(new Main());
    line.setExecutionExceptionHandler(Main::explain);
    System.exit(line.execute(arguments));
  }

  /// What went wrong in one line, with what to do; the trace only for bugs.
  private static int explain(Exception e, CommandLine command, CommandLine.ParseResult result) {
    java.io.PrintWriter err = command.getErr();
    if (e instanceof SqlException sql) {
      err.println("aevum: " + sql.text());
      if (sql.detail() != null) {
        err.println("DETAIL: " + sql.detail());
      }
      if (sql.hint() != null) {
        err.println("HINT: " + sql.hint());
      }
      return 1;
    }
    err.println("aevum: internal error: " + e);
    for (StackTraceElement element : e.getStackTrace()) {
      err.println("    at " + element);
    }
    for (Throwable cause = e.getCause(); cause != null; cause = cause.getCause()) {
      err.println("  caused by " + cause);
      for (StackTraceElement element : cause.getStackTrace()) {
        err.println("    at " + element);
      }
    }
    return 2;
  }

  @Override
  public void run() {
    spec.commandLine().usage(spec.commandLine().getOut());
  }
}
