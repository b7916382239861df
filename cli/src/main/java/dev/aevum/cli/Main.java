package dev.aevum.cli;

import dev.aevum.model.error.SqlException;
import dev.aevum.model.text.EditDistance;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/// Entry point of every command.
@Command(
    name = "aevum",
    description = "A SQL-first streaming database.",
    mixinStandardHelpOptions = true,
    version = Main.VERSION,
    subcommands = {
      ServerCommand.class,
      DemoCommand.class,
      SqlCommand.class,
      RunCommand.class,
      dev.aevum.cli.bench.BenchCommand.class,
      dev.aevum.cli.slt.SltCommand.class,
      VersionCommand.class,
      CommandLine.HelpCommand.class
    })
public final class Main implements Runnable {
  static final String VERSION = "Aevum 0.1.0";

  @CommandLine.Spec
  private CommandLine.Model.CommandSpec spec = CommandLine.Model.CommandSpec.create();

  public static void main(String[] arguments) {
    CommandLine line = new CommandLine(new Main());
    line.setExecutionExceptionHandler(Main::explain);
    line.setParameterExceptionHandler(Main::refuse);
    System.exit(line.execute(arguments));
  }

  /// A wrong command line in one line, with what was meant where that can be guessed.
  private static int refuse(CommandLine.ParameterException e, String[] arguments) {
    CommandLine command = e.getCommandLine();
    String name = command.getCommandSpec().qualifiedName();
    String message = e.getMessage();
    if (e instanceof CommandLine.UnmatchedArgumentException unmatched) {
      String wrong = unmatched.getUnmatched().getFirst();
      String bare = wrong.startsWith("-") ? wrong.replaceFirst("=.*", "") : wrong;
      String meant =
          EditDistance.closest(
              bare, names(command.getCommandSpec()), Math.max(1, bare.length() / 3));
      message =
          (wrong.startsWith("-") ? "unknown option " : "unknown command or argument ")
              + wrong
              + (meant == null ? "" : "; did you mean " + meant + "?");
    }
    command.getErr().println("aevum: " + message + " (" + name + " --help lists what there is)");
    return command.getCommandSpec().exitCodeOnInvalidInput();
  }

  /// A command's options and the commands below it.
  private static List<String> names(CommandLine.Model.CommandSpec command) {
    List<String> names = new ArrayList<>(command.subcommands().keySet());
    command.options().forEach(option -> names.addAll(List.of(option.names())));
    return names;
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
