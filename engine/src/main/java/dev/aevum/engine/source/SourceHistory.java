package dev.aevum.engine.source;

import dev.aevum.connectors.spi.SourceReader;
import dev.aevum.model.batch.DeltaBatch;
import dev.aevum.model.error.ErrorCode;
import dev.aevum.model.error.SqlException;
import dev.aevum.model.step.Budget;
import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/// Rows that a source gave before, from a reader of their own that ends. Rows that cannot be
/// decoded are left out: they are on record already. One thread.
///
/// Errors: 08006 when the source cannot be read; 57014 when the thread is interrupted.
public final class SourceHistory implements Iterator<DeltaBatch>, AutoCloseable {
  private static final Budget BUDGET = new Budget(DeltaBatch.TARGET_ROWS, 4L << 20);
  private static final long WAIT_NANOS = 1_000_000L;

  private final @Nullable SourceReader reader;
  private final String name;
  private @Nullable DeltaBatch next;
  private boolean ended;

  /// Takes the reader over.
  SourceHistory(@Nullable SourceReader reader, String name) {
    this.reader = reader;
    this.name = name;
    ended = reader == null;
  }

  /// Of a source that has given nothing yet.
  static SourceHistory none(String name) {
    return new SourceHistory(null, name);
  }

  @Override
  public boolean hasNext() {
    while (next == null && !ended && reader != null) {
      SourceReader.Polled polled = reader.poll(BUDGET);
      if (polled != null) {
        next = polled.batch();
      } else if (reader.finished()) {
        close();
      } else {
        await(reader.status());
      }
    }
    return next != null;
  }

  private void await(SourceReader.Status status) {
    if (status.state() == SourceReader.Status.State.FAILED) {
      close();
      throw new SqlException(
          ErrorCode.CONNECTION_FAILURE,
          "stream \"" + name + "\" could not be read from its start: " + status.reason());
    }
    if (Thread.currentThread().isInterrupted()) {
      throw new SqlException(ErrorCode.QUERY_CANCELED, "canceling statement due to user request");
    }
    LockSupport.parkNanos(WAIT_NANOS);
  }

  @Override
  public DeltaBatch next() {
    DeltaBatch batch = hasNext() ? next : null;
    if (batch == null) {
      throw new NoSuchElementException();
    }
    next = null;
    return batch;
  }

  @Override
  public void close() {
    if (next != null) {
      next.close();
      next = null;
    }
    if (!ended && reader != null) {
      ended = true;
      reader.close();
    }
  }
}
