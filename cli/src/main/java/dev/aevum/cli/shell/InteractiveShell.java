package dev.aevum.cli.shell;

import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.time.Instant;
import org.jline.reader.EOFError;
import org.jline.reader.EndOfFileException;
import org.jline.reader.LineReader;
import org.jline.reader.LineReaderBuilder;
import org.jline.reader.ParsedLine;
import org.jline.reader.UserInterruptException;
import org.jline.reader.impl.DefaultParser;
import org.jline.reader.impl.history.DefaultHistory;
import org.jline.terminal.Terminal;
import org.jline.terminal.TerminalBuilder;
import org.jspecify.annotations.Nullable;

/// The shell on a terminal: a statement is edited as a whole over several lines, and kept in the
/// history as a whole unless it holds secrets. Ctrl-C forgets what is being typed, or cancels what
/// runs.
final class InteractiveShell {
  private final SqlShell shell;
  private final @Nullable Path historyFile;
  private final PrintStream out;

  InteractiveShell(SqlShell shell, @Nullable Path historyFile, PrintStream out) {
    this.shell = shell;
    this.historyFile = historyFile;
    this.out = out;
  }

  /// Reads and runs until the end of the input or `\q`.
  int run(Connection connection) {
    try (Terminal terminal = TerminalBuilder.builder().system(true).dumb(true).build()) {
      terminal.handle(Terminal.Signal.INT, signal -> shell.cancelRunning());
      LineReaderBuilder builder =
          LineReaderBuilder.builder()
              .terminal(terminal)
              .appName("aevum")
              .parser(new StatementParser())
              .history(new DiscreetHistory());
      if (historyFile != null) {
        builder.variable(LineReader.HISTORY_FILE, historyFile);
      }
      LineReader reader =
          builder
              .variable(LineReader.SECONDARY_PROMPT_PATTERN, "aevum-> ")
              .option(LineReader.Option.DISABLE_EVENT_EXPANSION, true)
              .build();
      out.println("Type \\? for help, \\q to leave.");
      loop(connection, reader);
      return SqlShell.OK;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void loop(Connection connection, LineReader reader) {
    while (!shell.isDone()) {
      try {
        shell.executeAll(connection, reader.readLine("aevum=> "), false);
      } catch (UserInterruptException e) {
        out.println("^C");
      } catch (EndOfFileException e) {
        return;
      }
    }
  }

  /// Lets the editor go on with another line until a statement is complete.
  static final class StatementParser extends DefaultParser {
    StatementParser() {
      setQuoteChars(new char[0]);
      setEscapeChars(new char[0]);
    }

    @Override
    public ParsedLine parse(String text, int cursor, ParseContext context) {
      if (context == ParseContext.ACCEPT_LINE && !isComplete(text)) {
        throw new EOFError(-1, -1, "the statement goes on");
      }
      return super.parse(text, cursor, context);
    }

    static boolean isComplete(String text) {
      ScriptSplitter splitter = new ScriptSplitter();
      text.lines().forEach(splitter::add);
      return splitter.isEmpty();
    }
  }

  /// Keeps no statement that speaks of a password or secret.
  static final class DiscreetHistory extends DefaultHistory {
    @Override
    public void add(Instant time, String statement) {
      if (!ScriptSplitter.isSecret(statement)) {
        super.add(time, statement);
      }
    }
  }
}
