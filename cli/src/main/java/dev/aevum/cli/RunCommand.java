package dev.aevum.cli;

import dev.aevum.cli.bench.EmbeddedSession;
import dev.aevum.engine.api.ResultColumn;
import dev.aevum.model.batch.DeltaBatch;
import dev.aevum.model.error.ErrorCode;
import dev.aevum.model.error.SqlException;
import dev.aevum.model.text.PgText;
import dev.aevum.model.text.TextStyle;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `aevum run FILE.sql`: a script in one process without a server. Each SELECT waits until the
/// bounded sources have been read to their end; the command ends when they are and all sinks have
/// written.
@Command(
    name = "run",
    description = "Runs a script without a server.",
    mixinStandardHelpOptions = true)
final class RunCommand implements Callable<Integer> {
  @CommandLine.Spec
  private CommandLine.Model.CommandSpec spec = CommandLine.Model.CommandSpec.create();

  @Mixin private ServerOptions options = new ServerOptions();

  @Parameters(index = "0", description = "The script.")
  private Path file = Path.of(".");

  @Option(names = "--csv", description = "Results as CSV with a header line.")
  private boolean csv;

  @Override
  public Integer call() {
    Logging.level("warn");
    String script;
    try {
      script = Files.readString(file);
    } catch (IOException e) {
      throw new SqlException(ErrorCode.IO_ERROR, "cannot read " + file + ": " + reason(e));
    }
    PrintWriter out = spec.commandLine().getOut();
    try (EmbeddedSession session =
        new EmbeddedSession(options.transientConfig(spec.commandLine()))) {
      session.runEach(
          script,
          columns -> awaitSources(session),
          (columns, batches) -> print(out, columns, batches));
      awaitSources(session);
    } catch (SqlException e) {
      spec.commandLine().getErr().println(new ErrorText(script).of(e));
      return 3;
    } finally {
      out.flush();
    }
    return 0;
  }

  private static String reason(IOException e) {
    return switch (e) {
      case java.nio.file.NoSuchFileException missing -> "no such file";
      case java.nio.file.AccessDeniedException denied -> "permission denied";
      case IOException other -> String.valueOf(other.getMessage());
    };
  }

  private static void awaitSources(EmbeddedSession session) {
    while (!session.runtime().isDrained()) {
      LockSupport.parkNanos(1_000_000L);
    }
    session.runtime().driver().exclusive(() -> 0);
  }

  private void print(PrintWriter out, List<ResultColumn> columns, List<DeltaBatch> batches) {
    String separator = csv ? "," : "\t";
    out.println(String.join(separator, columns.stream().map(c -> cell(c.name())).toList()));
    for (DeltaBatch batch : batches) {
      for (int row = 0; row < batch.rows(); row++) {
        List<String> cells = new ArrayList<>();
        for (int c = 0; c < batch.columnCount(); c++) {
          cells.add(
              batch.column(c).isNull(row)
                  ? ""
                  : cell(PgText.text(batch.column(c), row, TextStyle.DEFAULT)));
        }
        out.println(String.join(separator, cells));
      }
    }
  }

  private String cell(@Nullable String text) {
    String value = text == null ? "" : text;
    boolean plain =
        !csv
            || (!value.isEmpty()
                && value.indexOf(',') < 0
                && value.indexOf('"') < 0
                && value.indexOf('\n') < 0
                && value.indexOf('\r') < 0);
    return plain ? value : '"' + value.replace("\"", "\"\"") + '"';
  }
}
