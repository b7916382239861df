package dev.aevum.cli.slt;

import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// A database that a file runs against. Used by one thread; closing it removes what the file made.
public interface SltTarget extends AutoCloseable {
  /// What `skipif` and `onlyif` may name.
  Set<String> labels();

  /// Runs a script in the session of that name, which is opened at its first use.
  Outcome run(String connection, String sql);

  /// Whether that session is in a transaction block.
  boolean inTransaction(String connection);

  /// Closes and opens the database. `keepSettings`: sessions get their settings and prepared
  /// statements again. False: this target cannot.
  boolean restart(boolean keepSettings);

  /// Moves the clock on. False: this target cannot.
  boolean advance(Duration by);

  @Override
  void close();

  /// How a script ended.
  sealed interface Outcome {
    /// @param typeOids of the columns of the last statement that had any
    /// @param rows values as text, null for NULL
    /// @param count rows that the last statement changed or gave, -1 where that has no meaning
    record Success(List<Integer> typeOids, List<List<@Nullable String>> rows, long count)
        implements Outcome {}

    record Failure(String sqlState, String message, @Nullable String detail, @Nullable String hint)
        implements Outcome {
      /// `SQLSTATE: message`, then DETAIL and HINT, each on a line.
      String text() {
        StringBuilder text = new StringBuilder(sqlState).append(": ").append(message);
        if (detail != null) {
          text.append("\nDETAIL: ").append(detail);
        }
        if (hint != null) {
          text.append("\nHINT: ").append(hint);
        }
        return text.toString();
      }
    }
  }
}
