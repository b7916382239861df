package dev.aevum.cli.shell;

import dev.aevum.cli.shell.ResultPrinter.Layout;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.SQLWarning;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.postgresql.util.PSQLException;
import org.postgresql.util.ServerErrorMessage;

/// The shell's statements: from `-c`, files, standard input or a terminal, over one connection.
///
/// Exit codes: 0 fine; 1 a statement of `-c` failed or a file can't be read; 2 no connection; 3 a
/// statement of a script failed, where it stops. On a terminal errors are printed and the shell
/// goes on.
public final class SqlShell {
  public static final int OK = 0;
  public static final int FAILED = 1;
  public static final int NO_CONNECTION = 2;
  public static final int SCRIPT_FAILED = 3;

  private final ShellOptions options;
  private final Map<String, String> environment;
  private final String systemUser;
  private final LongSupplier nanoTime;
  private final PrintStream out;
  private final PrintStream err;
  private final ResultPrinter printer;
  private boolean expanded;
  private boolean timing;
  private boolean quit;
  private volatile @Nullable Statement running;

  /// @param environment PGHOST and its kin
  /// @param systemUser who connects when nobody is named
  /// @param nanoTime for `\timing`
  public SqlShell(
      ShellOptions options,
      Map<String, String> environment,
      String systemUser,
      LongSupplier nanoTime,
      PrintStream out,
      PrintStream err) {
    this.options = options;
    this.environment = Map.copyOf(environment);
    this.systemUser = systemUser;
    this.nanoTime = nanoTime;
    this.out = out;
    this.err = err;
    this.printer = new ResultPrinter(out);
  }

  /// Runs to the end and returns the exit code.
  ///
  /// @param in standard input, read when there is nothing else to run
  /// @param interactive whether that is a terminal
  public int run(InputStream in, boolean interactive) {
    String url = options.jdbcUrl(environment);
    try (Connection connection =
        DriverManager.getConnection(url, ShellOptions.credentials(environment, systemUser))) {
      if (options.commands().isEmpty() && options.files().isEmpty()) {
        return interactive
            ? new InteractiveShell(this, options.historyFile(), out).run(connection)
            : script(connection, reader(in));
      }
      for (String command : options.commands()) {
        if (!executeAll(connection, command, true)) {
          return FAILED;
        }
      }
      for (Path file : options.files()) {
        int code = file(connection, file);
        if (code != OK) {
          return code;
        }
      }
      return OK;
    } catch (SQLException e) {
      err.println("error: " + e.getMessage());
      return NO_CONNECTION;
    } finally {
      out.flush();
    }
  }

  boolean isDone() {
    return quit;
  }

  private static BufferedReader reader(InputStream in) {
    return new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8));
  }

  private int file(Connection connection, Path file) {
    try (BufferedReader reader = Files.newBufferedReader(file)) {
      return script(connection, reader);
    } catch (IOException e) {
      err.println("error: can't read " + file + ": " + e.getMessage());
      return FAILED;
    }
  }

  /// Runs all statements of a text, the last with or without semicolon; false when one failed.
  boolean executeAll(Connection connection, String text, boolean stopAtError) {
    ScriptSplitter splitter = new ScriptSplitter();
    List<String> statements = new ArrayList<>();
    text.lines().forEach(line -> statements.addAll(splitter.add(line)));
    String rest = splitter.rest();
    if (!rest.isEmpty()) {
      statements.add(rest);
    }
    boolean ok = true;
    for (String statement : statements) {
      if (!quit && (ok || !stopAtError)) {
        ok &= execute(connection, statement);
      }
    }
    return ok;
  }

  /// Cancels what runs. From any thread.
  void cancelRunning() {
    Statement statement = running;
    if (statement != null) {
      try {
        statement.cancel();
      } catch (SQLException e) {
        err.println("error: can't cancel: " + e.getMessage());
      }
    }
  }

  private int script(Connection connection, BufferedReader reader) {
    ScriptSplitter splitter = new ScriptSplitter();
    try {
      for (String line = reader.readLine(); line != null && !quit; line = reader.readLine()) {
        for (String statement : splitter.add(line)) {
          if (!execute(connection, statement)) {
            return SCRIPT_FAILED;
          }
        }
      }
    } catch (IOException e) {
      err.println("error: can't read on: " + e.getMessage());
      return FAILED;
    }
    String rest = splitter.rest();
    return rest.isEmpty() || execute(connection, rest) ? OK : SCRIPT_FAILED;
  }

  /// Runs a statement or a backslash command and prints what comes; false when it failed.
  boolean execute(Connection connection, String text) {
    if (text.startsWith("\\")) {
      return command(connection, text);
    }
    long start = nanoTime.getAsLong();
    try (Statement statement = connection.createStatement()) {
      running = statement;
      boolean rows = statement.execute(text);
      printWarnings(statement.getWarnings());
      while (rows || statement.getUpdateCount() >= 0) {
        if (rows) {
          try (ResultSet result = statement.getResultSet()) {
            printer.print(
                result, options.csv() ? Layout.CSV : expanded ? Layout.EXPANDED : Layout.ALIGNED);
          }
        } else if (!options.csv()) {
          out.println(tag(text, statement.getUpdateCount()));
        }
        rows = statement.getMoreResults();
      }
      if (timing) {
        out.printf(Locale.ROOT, "Time: %.3f ms%n", (nanoTime.getAsLong() - start) / 1e6);
      }
      return true;
    } catch (SQLException e) {
      printError(text, e);
      return false;
    } finally {
      running = null;
      out.flush();
    }
  }

  /// pgjdbc keeps the count of a command tag and not its words.
  private static String tag(String text, long count) {
    List<String> words = List.of(text.strip().toUpperCase(Locale.ROOT).split("[\\s(]+", 5));
    return switch (words.getFirst()) {
      case "INSERT" -> "INSERT 0 " + count;
      case "UPDATE", "DELETE", "COPY", "MERGE" -> words.getFirst() + " " + count;
      case "CREATE", "DROP", "ALTER" ->
          words.size() > 2 && words.get(1).equals("MATERIALIZED")
              ? words.getFirst() + " MATERIALIZED VIEW"
              : words.size() > 1 ? words.getFirst() + " " + words.get(1) : words.getFirst();
      case "END" -> "COMMIT";
      case "ABORT" -> "ROLLBACK";
      default -> words.getFirst();
    };
  }

  private boolean command(Connection connection, String text) {
    String[] words = text.replaceAll(";+$", "").strip().split("\\s+", 2);
    String argument = words.length > 1 ? words[1].strip() : null;
    switch (words[0]) {
      case "\\q" -> quit = true;
      case "\\?" -> out.println(MetaCommands.HELP);
      case "\\x" -> {
        expanded = !expanded;
        out.println("Expanded display is " + (expanded ? "on." : "off."));
      }
      case "\\timing" -> {
        timing = !timing;
        out.println("Timing is " + (timing ? "on." : "off."));
      }
      case "\\i" -> {
        return argument != null && file(connection, Path.of(argument)) == OK;
      }
      default -> {
        return list(connection, words[0], argument);
      }
    }
    return true;
  }

  private boolean list(Connection connection, String command, @Nullable String argument) {
    String query = MetaCommands.query(command, argument);
    if (query == null) {
      err.println("invalid command " + command + "; \\? lists them");
      return false;
    }
    return execute(connection, query);
  }

  private void printWarnings(@Nullable SQLWarning first) {
    for (SQLWarning warning = first; warning != null; warning = warning.getNextWarning()) {
      err.println("NOTICE:  " + warning.getMessage());
    }
  }

  private void printError(String text, SQLException error) {
    ServerErrorMessage server = error instanceof PSQLException e ? e.getServerErrorMessage() : null;
    if (server == null) {
      err.println("ERROR:  " + error.getMessage());
      return;
    }
    err.println(
        server.getSeverity() + ":  " + server.getMessage() + " (" + server.getSQLState() + ")");
    if (server.getPosition() > 0) {
      printCaret(text, server.getPosition());
    }
    if (server.getDetail() != null) {
      err.println("DETAIL:  " + server.getDetail());
    }
    if (server.getHint() != null) {
      err.println("HINT:  " + server.getHint());
    }
    if (server.getWhere() != null) {
      err.println("CONTEXT:  " + server.getWhere());
    }
  }

  /// The line of the error, with a caret under its place; `position` counts characters from 1.
  private void printCaret(String text, int position) {
    int length = text.codePointCount(0, text.length());
    int at = text.offsetByCodePoints(0, Math.min(position - 1, length));
    int lineStart = at == 0 ? 0 : text.lastIndexOf('\n', at - 1) + 1;
    int lineEnd = text.indexOf('\n', at);
    String line =
        text.substring(lineStart, lineEnd < 0 ? text.length() : lineEnd).replace('\t', ' ');
    long number = text.substring(0, lineStart).lines().count() + 1;
    String prefix = "LINE " + number + ": ";
    err.println(prefix + line);
    err.println(" ".repeat(prefix.length() + at - lineStart) + "^");
  }
}
