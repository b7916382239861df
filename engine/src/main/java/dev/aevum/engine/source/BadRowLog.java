package dev.aevum.engine.source;

import dev.aevum.connectors.spi.SourceReader.BadRow;
import dev.aevum.engine.step.OwnedRows;
import dev.aevum.engine.system.RunningState.ErrorRow;
import dev.aevum.executor.spi.StepInput.RelationChange;
import dev.aevum.model.batch.BatchWriter;
import dev.aevum.model.step.Position;
import dev.aevum.model.type.SimpleType;
import dev.aevum.storage.contents.ContentsVersion;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntFunction;
import org.apache.arrow.memory.BufferAllocator;

/// The last rows that a source could not decode, and how many there were in all. The rows are among
/// the contents, so that they come and stay with the step that took what was around them. Step
/// thread, unless said otherwise.
public final class BadRowLog {
  /// (stream, ordinal, microseconds, partition, offset, SQLSTATE, message, text).
  public static final OwnedRows ROWS =
      new OwnedRows(
          15_501,
          List.of(
              SimpleType.INTEGER,
              SimpleType.BIGINT,
              SimpleType.BIGINT,
              SimpleType.TEXT,
              SimpleType.BIGINT,
              SimpleType.TEXT,
              SimpleType.TEXT,
              SimpleType.TEXT));

  private static final int KEPT = 10_000;

  /// `ordinal`: the how manieth bad row of its source it is, from 1.
  private record Kept(int stream, long ordinal, long micros, BadRow bad) {
    ErrorRow row(IntFunction<String> nameOf) {
      return new ErrorRow(
          micros,
          nameOf.apply(stream),
          "stream",
          null,
          null,
          bad.partition(),
          bad.offset(),
          bad.sqlState(),
          bad.message(),
          bad.text());
    }

    void write(BatchWriter out, long weight) {
      out.column(0).appendInt(stream);
      out.column(1).appendLong(ordinal);
      out.column(2).appendLong(micros);
      out.column(3).appendText(bad.partition());
      out.column(4).appendLong(bad.offset());
      out.column(5).appendText(bad.sqlState());
      out.column(6).appendText(bad.message());
      out.column(7).appendText(bad.text());
      out.endRow(weight);
    }
  }

  private final int stream;
  private final Deque<Kept> rows = new ArrayDeque<>();
  private volatile long count;

  BadRowLog(int stream) {
    this.stream = stream;
  }

  /// The logs of all streams as a step left them, by stream. `positions`: what that step says of
  /// the sources.
  static Map<Integer, BadRowLog> restore(
      ContentsVersion contents, BufferAllocator allocator, Map<Integer, Position> positions) {
    Map<Integer, BadRowLog> logs = new HashMap<>();
    positions.forEach((stream, position) -> {
      BadRowLog log = new BadRowLog(stream);
      log.count = position.badRows();
      logs.put(stream, log);
    });
    for (Kept row : kept(contents, allocator)) {
      BadRowLog log = logs.get(row.stream());
      if (log != null) {
        log.rows.add(row);
      }
    }
    return logs;
  }

  /// The bad rows of all sources that stand at a step. Any thread.
  public static List<ErrorRow> rows(
      ContentsVersion contents, BufferAllocator allocator, IntFunction<String> nameOf) {
    return kept(contents, allocator).stream().map(row -> row.row(nameOf)).toList();
  }

  /// By stream, in the order in which they came.
  private static List<Kept> kept(ContentsVersion contents, BufferAllocator allocator) {
    List<Kept> found = new ArrayList<>();
    ROWS.read(
        contents,
        allocator,
        b -> {
          for (int row = 0; row < b.rows(); row++) {
            found.add(
                new Kept(
                    b.column(0).intAt(row),
                    b.column(1).longAt(row),
                    b.column(2).longAt(row),
                    new BadRow(
                        b.column(3).textAt(row),
                        b.column(4).longAt(row),
                        b.column(5).textAt(row),
                        b.column(6).textAt(row),
                        b.column(7).textAt(row))));
          }
        });
    found.sort(Comparator.comparingInt(Kept::stream).thenComparingLong(Kept::ordinal));
    return found;
  }

  /// Takes the bad rows that came before `after`; what the contents change by them, whose batch the
  /// caller owns. The oldest leave where there are too many.
  RelationChange add(BufferAllocator allocator, List<BadRow> bad, Position after, long micros) {
    long ordinal = after.badRows() - bad.size();
    try (BatchWriter out = ROWS.writer(allocator, bad.size())) {
      for (BadRow one : bad) {
        Kept row = new Kept(stream, ++ordinal, micros, one);
        rows.add(row);
        row.write(out, 1);
      }
      while (rows.size() > KEPT) {
        rows.removeFirst().write(out, -1);
      }
      count = after.badRows();
      return ROWS.change(out);
    }
  }

  /// How many there were since the source was first read. Any thread.
  long count() {
    return count;
  }
}
