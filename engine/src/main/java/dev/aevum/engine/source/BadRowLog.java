package dev.aevum.engine.source;

import dev.aevum.connectors.spi.SourceReader.BadRow;
import dev.aevum.engine.system.RunningState.ErrorRow;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.function.LongSupplier;

/// The last rows that a source could not decode, and how many there were in all. Thread-safe.
public final class BadRowLog {
  private static final int KEPT = 10_000;

  private final String object;
  private final LongSupplier clockMicros;
  private final Deque<ErrorRow> rows = new ArrayDeque<>();
  private long count;

  public BadRowLog(String object, LongSupplier clockMicros) {
    this.object = object;
    this.clockMicros = clockMicros;
  }

  public synchronized void add(BadRow bad) {
    count++;
    rows.add(
        new ErrorRow(
            clockMicros.getAsLong(),
            object,
            "stream",
            null,
            null,
            bad.partition(),
            bad.offset(),
            bad.sqlState(),
            bad.message(),
            bad.text()));
    if (rows.size() > KEPT) {
      rows.removeFirst();
    }
  }

  public synchronized long count() {
    return count;
  }

  public synchronized List<ErrorRow> rows() {
    return new ArrayList<>(rows);
  }
}
