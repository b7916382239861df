package dev.aevum.connectors.datagen;

import dev.aevum.connectors.spi.SourceReader;
import dev.aevum.connectors.spi.SourceSpec;
import dev.aevum.model.batch.Column;
import dev.aevum.model.batch.DeltaBatch;
import dev.aevum.model.batch.NullColumns;
import dev.aevum.model.step.Budget;
import dev.aevum.model.step.Position;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Takes rows from a data set on the caller's thread. A budget of n rows means n ticks, so that the
/// tables of one data set go forward together. Position: the next tick, and when tick 0 happened.
///
/// Paced: ticks are due `rate` a second, those before an `until` at once. After a stop (a restart,
/// a long pause) at most 10 seconds are made up for; the rest of the gap moves the times of what
/// follows.
final class DatagenReader implements SourceReader {
  private static final long CATCH_UP_MICROS = 10_000_000;

  private final SourceSpec spec;
  private final DatagenSettings settings;
  private final InstantSource clock;
  private final Dataset dataset;
  private final NullColumns nulls;
  private final int[] sources;
  private final boolean[] needed;
  private final long end;
  private final boolean paced;
  private long tick;
  private long baseMicros;
  private boolean paused;
  private long rows;

  /// Takes `dataset` over. `sources`: for each column of the stream, that of the data set.
  DatagenReader(
      SourceSpec spec,
      DatagenSettings settings,
      Dataset dataset,
      int[] sources,
      InstantSource clock,
      @Nullable Position from,
      @Nullable Position until) {
    this.spec = spec;
    this.settings = settings;
    this.sources = sources.clone();
    this.clock = clock;
    this.dataset = dataset;
    this.nulls = new NullColumns(spec.allocator());
    needed = new boolean[dataset.fields().size()];
    for (int c = 0; c < sources.length; c++) {
      needed[sources[c]] |= spec.needed().get(c);
    }
    paced = settings.paced() && until == null;
    end = until == null ? settings.ticks() : Math.min(settings.ticks(), tickOf(until));
    if (from != null) {
      tick = tickOf(from);
      baseMicros = baseOf(from);
    } else {
      Long start = settings.startMicros();
      baseMicros = start == null ? now() : start;
    }
  }

  private static long tickOf(Position position) {
    return Long.parseLong(position.encoded().substring(0, position.encoded().indexOf('@')));
  }

  /// When tick 0 happened, in microseconds since 1970.
  static long baseOf(Position position) {
    return Long.parseLong(position.encoded().substring(position.encoded().indexOf('@') + 1));
  }

  private long now() {
    return ChronoUnit.MICROS.between(Instant.EPOCH, clock.instant());
  }

  /// Ticks that are due by the clock.
  private long due() {
    if (!paced) {
      return end;
    }
    long rate = settings.rate();
    long sinceStart = now() - baseMicros;
    long dueMicros = tick / rate * 1_000_000 + tick % rate * 1_000_000 / rate;
    if (sinceStart - dueMicros > CATCH_UP_MICROS) {
      baseMicros += sinceStart - dueMicros - CATCH_UP_MICROS;
      sinceStart = now() - baseMicros;
    }
    long due = sinceStart / 1_000_000 * rate + sinceStart % 1_000_000 * rate / 1_000_000;
    return Math.min(end, Math.max(tick, due));
  }

  @Override
  public @Nullable Polled poll(Budget budget) {
    if (paused || tick >= end) {
      return null;
    }
    long due = due();
    long to = Math.min(due, tick + Math.clamp(budget.rows(), 1, DeltaBatch.MAX_ROWS));
    long firstRow = dataset.rowsBefore(tick);
    if (to > tick && dataset.rowsBefore(to) == firstRow) {
      to = Math.min(due, dataset.tickOf(firstRow) + 1);
    }
    int count = (int) (dataset.rowsBefore(to) - firstRow);
    tick = Math.max(tick, to);
    if (count == 0) {
      return null;
    }
    rows += count;
    return new Polled(0, batch(firstRow, count), List.of());
  }

  private DeltaBatch batch(long firstRow, int count) {
    @Nullable Column[] made = dataset.columns(firstRow, count, needed, baseMicros);
    Column[] columns = new Column[sources.length];
    for (int c = 0; c < columns.length; c++) {
      Column column = made[sources[c]];
      columns[c] =
          column == null || !spec.needed().get(c)
              ? nulls.column(spec.schema().type(c), count)
              : Conversion.convert(spec.allocator(), column.retain(), spec.schema().type(c));
    }
    for (Column column : made) {
      if (column != null) {
        column.close();
      }
    }
    return new DeltaBatch(count, columns, null);
  }

  @Override
  public boolean finished() {
    return tick >= end;
  }

  @Override
  public boolean gavePresent() {
    return finished() || paced || end == Long.MAX_VALUE && rows > 0;
  }

  @Override
  public Position position() {
    return new Position(tick + "@" + baseMicros);
  }

  @Override
  public void pause() {
    paused = true;
  }

  @Override
  public void resume() {
    paused = false;
  }

  @Override
  public Status status() {
    Status.State state =
        finished()
            ? Status.State.FINISHED
            : paced && due() == tick ? Status.State.IDLE : Status.State.RUNNING;
    long lag = paced ? due() - tick : end == Long.MAX_VALUE ? 0 : end - tick;
    return new Status(state, null, rows, 0, lag);
  }

  @Override
  public void close() {
    dataset.close();
    nulls.close();
  }
}
