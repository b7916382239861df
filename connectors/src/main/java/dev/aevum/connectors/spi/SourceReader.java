package dev.aevum.connectors.spi;

import dev.aevum.model.batch.DeltaBatch;
import dev.aevum.model.step.Budget;
import dev.aevum.model.step.Position;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Reads one source. One thread (the engine's ingest thread) calls all methods; fetching and
/// decoding may run on threads of the reader's own, bounded in rows and bytes. Broken neighbours
/// are retried inside; [#status] says how it stands.
public interface SourceReader extends AutoCloseable {
  /// What is there, up to the budget; null when nothing is now. Never blocks for long (some
  /// milliseconds at most).
  @Nullable Polled poll(Budget budget);

  /// A bounded source that has given everything.
  boolean finished();

  /// Everything that was there when the reader was opened has been handed over by [#poll]; true
  /// from then on. A generator that never ends has given it with its first rows.
  boolean gavePresent();

  /// Everything handed over by [#poll] so far is before this.
  Position position();

  /// Partitions known now, numbered from 0: a watermark waits for each of them that has not given
  /// its last rows. One, unless the source says otherwise.
  default int partitions() {
    return 1;
  }

  /// Stop fetching (back-pressure); [#poll] may still give what is buffered.
  void pause();

  void resume();

  Status status();

  @Override
  void close();

  /// Rows of one partition in order. `errors`: rows that could not be decoded; they are not in the
  /// batch. `last`: the partition gives no more. Owned by the caller.
  record Polled(int partition, DeltaBatch batch, List<BadRow> errors, boolean last) {
    public Polled(int partition, DeltaBatch batch, List<BadRow> errors) {
      this(partition, batch, errors, false);
    }
  }

  /// A row that was refused: where it stood (offset or line), why (SQLSTATE, message), and its
  /// text, cut to 1 KiB.
  record BadRow(String partition, long offset, String sqlState, String message, String text) {}

  /// State of a source: `RUNNING`, `IDLE`, `RETRYING` with the reason, `FINISHED`, `FAILED`.
  record Status(State state, @Nullable String reason, long rows, long badRows, long lag) {
    public enum State {
      RUNNING,
      IDLE,
      RETRYING,
      FINISHED,
      FAILED
    }
  }
}
