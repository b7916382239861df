package dev.aevum.engine.runtime;

import dev.aevum.engine.catalog.CatalogObject.StreamObject;
import dev.aevum.engine.step.Ordinals;
import dev.aevum.executor.spi.StepInput.RelationChange;
import dev.aevum.model.batch.BatchWriter;
import dev.aevum.model.batch.Column;
import dev.aevum.model.batch.DeltaBatch;
import dev.aevum.model.step.Watermarks;
import dev.aevum.model.type.SqlType;
import dev.aevum.storage.contents.ContentsReader;
import dev.aevum.storage.contents.ContentsVersion;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.apache.arrow.memory.OutOfMemoryException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Deletes rows of kept streams that are older than the stream's retention: by their event time
/// against the stream's watermark, rows without an event time by their arrival.
///
/// A deletion is a step that changes the contents only: views computed from the rows are not
/// retracted, the next new view sees what is left. Contents are immutable, so that the rows of a
/// large stream are looked for on another thread; everything else is the step thread's.
final class Retention implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Retention.class);

  /// How often streams are looked at, by the step clock.
  private static final long EVERY_MICROS = 1_000_000;

  /// Rows that are deleted in one step at most.
  private static final int MAX_ROWS = 65_536;

  /// Streams with fewer rows are looked through on the step thread.
  private static final long SMALL = 16_384;

  /// A large stream is looked through for one part in so many of the time.
  private static final int REST = 20;

  /// Arrival is known to this part of the retention.
  private static final int MARKS = 32;

  private static final String MARK = "mark:";
  private static final String DELETED = "deleted:";

  /// What is too old in a stream.
  ///
  /// @param event event times below it; [Long#MIN_VALUE] for none
  /// @param arrival ordinals below it, of rows without event time
  private record Cut(long event, long arrival) {
    boolean cutsNothing() {
      return event == Long.MIN_VALUE && arrival == 0;
    }
  }

  /// What a search found: changes that take old rows away.
  ///
  /// @param all there were no more of them
  private record Found(@Nullable RelationChange change, boolean all) {}

  /// A look at a stream that left nothing to delete.
  private record Done(Cut cut, long ordinal) {}

  /// A search on the other thread.
  private record Search(StreamObject stream, Done done, long startNanos, Future<Found> found) {}

  private final DatabaseRuntime runtime;
  private final Map<Integer, Done> done = new HashMap<>();
  private final Map<Integer, Long> restUntilNanos = new HashMap<>();
  private final ExecutorService searcher =
      Executors.newSingleThreadExecutor(
          Thread.ofPlatform().name("aevum-retention").daemon(true).factory());
  private @Nullable Search search;
  private long nextMicros = Long.MIN_VALUE;

  Retention(DatabaseRuntime runtime) {
    this.runtime = runtime;
  }

  /// Whether rows of the stream have been deleted.
  boolean hasDeleted(int stream) {
    return runtime.committer().sequence(DELETED + stream) > 0;
  }

  /// Remembers when rows arrived, before their step is written.
  void arrived(List<RelationChange> changes, long nowMicros) {
    for (RelationChange change : changes) {
      if (runtime.catalog().find(change.relation()) instanceof StreamObject stream
          && isBounded(stream)) {
        mark(stream, nowMicros);
      }
    }
  }

  static boolean isBounded(StreamObject stream) {
    return stream.keepsRows() && stream.retentionMicros() > 0;
  }

  /// A mark says that all ordinals below it arrived until then. The last one moves on while it is
  /// near.
  private void mark(StreamObject stream, long nowMicros) {
    String prefix = MARK + stream.oid() + ":";
    long ordinal = runtime.committer().sequence("ordinal:" + stream.oid());
    long bucket = Math.max(1, stream.retentionMicros() / MARKS);
    for (String name : runtime.committer().sequenceNames(prefix)) {
      long at = Long.parseLong(name, prefix.length(), name.length(), 10);
      if (Math.floorDiv(at, bucket) == Math.floorDiv(nowMicros, bucket)) {
        runtime.committer().setSequence(name, 0);
      }
    }
    runtime.committer().setSequence(prefix + nowMicros, ordinal);
  }

  /// The highest ordinal below which everything arrived too long ago; forgets marks before it.
  private long arrivalCut(StreamObject stream, long nowMicros) {
    String prefix = MARK + stream.oid() + ":";
    String best = null;
    long cut = 0;
    for (String name : runtime.committer().sequenceNames(prefix)) {
      long at = Long.parseLong(name, prefix.length(), name.length(), 10);
      long ordinal = runtime.committer().sequence(name);
      if (at < nowMicros - stream.retentionMicros() && ordinal >= cut) {
        if (best != null) {
          runtime.committer().setSequence(best, 0);
        }
        best = name;
        cut = ordinal;
      }
    }
    return cut;
  }

  /// Looks at the streams when it is time. Step thread, between steps.
  void turn(long nowMicros) {
    if (nowMicros < nextMicros && search == null) {
      return;
    }
    boolean more = finishSearch();
    if (nowMicros >= nextMicros || more) {
      nextMicros = nowMicros + EVERY_MICROS;
      for (StreamObject stream : runtime.streamObjects()) {
        if (isBounded(stream)) {
          look(stream, nowMicros);
        }
      }
    }
  }

  private void look(StreamObject stream, long nowMicros) {
    Cut cut = new Cut(eventCut(stream), arrivalCut(stream, nowMicros));
    Done now = new Done(cut, runtime.committer().sequence("ordinal:" + stream.oid()));
    long rows = runtime.contents().current().rows(stream.oid());
    if (cut.cutsNothing() || now.equals(done.get(stream.oid()))) {
      return;
    }
    long nanos = runtime.config().nanoClock().getAsLong();
    boolean small = rows <= SMALL;
    if (search != null && (!small || search.stream().oid() == stream.oid())
        || !small && nanos - restUntilNanos.getOrDefault(stream.oid(), nanos) < 0) {
      return;
    }
    runtime.committer().awaitPublished();
    ContentsVersion contents = runtime.contents().current();
    if (small) {
      take(stream, now, guarded(stream, cut, contents));
    } else {
      search =
          new Search(stream, now, nanos, searcher.submit(() -> guarded(stream, cut, contents)));
    }
  }

  /// Event times below it are too old.
  private long eventCut(StreamObject stream) {
    long watermark = runtime.committer().watermark(stream.oid());
    return stream.watermarkColumn() < 0 || watermark == Watermarks.NONE
        ? Long.MIN_VALUE
        : Math.max(Long.MIN_VALUE + stream.retentionMicros(), watermark) - stream.retentionMicros();
  }

  /// True when the search that ended left rows to delete.
  private boolean finishSearch() {
    Search ended = search;
    if (ended == null || !ended.found().isDone()) {
      return false;
    }
    search = null;
    try {
      Found found = ended.found().get();
      long nanos = runtime.config().nanoClock().getAsLong();
      int oid = ended.stream().oid();
      if (found.all()) {
        restUntilNanos.put(oid, nanos + REST * (nanos - ended.startNanos()));
      }
      take(ended.stream(), ended.done(), found);
      return !found.all();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    } catch (ExecutionException e) {
      throw new IllegalStateException("rows past their retention could not be read", e.getCause());
    }
  }

  /// Old rows. Without memory there are none: they are looked for later.
  private Found guarded(StreamObject stream, Cut cut, ContentsVersion contents) {
    try {
      return find(stream, cut, contents);
    } catch (OutOfMemoryException e) {
      LOG.warn("event=retention_waits stream={} message=\"{}\"", stream.name(), e.getMessage());
      return new Found(null, false);
    }
  }

  private Found find(StreamObject stream, Cut cut, ContentsVersion contents) {
    List<SqlType> types = contents.layout(stream.oid()).types();
    List<Integer> all = IntStream.range(0, types.size()).boxed().toList();
    int ordinals = stream.columnIndex(Ordinals.COLUMN);
    boolean ended = true;
    try (ContentsReader reader =
            contents.read(stream.oid(), all, new byte[0], runtime.allocator());
        BatchWriter out = new BatchWriter(runtime.allocator(), types, true, 64)) {
      for (DeltaBatch batch = reader.next(); batch != null; batch = reader.next()) {
        try (DeltaBatch b = batch) {
          if (out.rows() >= MAX_ROWS) {
            ended = false;
            break;
          }
          if (isBeyond(b, ordinals, cut)) {
            break;
          }
          copyOld(stream, b, ordinals, cut, out);
        }
      }
      return new Found(
          out.rows() == 0 ? null : new RelationChange(stream.oid(), 0, out.finish()), ended);
    }
  }

  /// Rows come by arrival: without a cut of event times nothing old comes after the other cut.
  private static boolean isBeyond(DeltaBatch batch, int ordinals, Cut cut) {
    return cut.event() == Long.MIN_VALUE && batch.column(ordinals).longAt(0) >= cut.arrival();
  }

  private static void copyOld(
      StreamObject stream, DeltaBatch batch, int ordinals, Cut cut, BatchWriter out) {
    Column ordinal = batch.column(ordinals);
    Column time = stream.watermarkColumn() < 0 ? null : batch.column(stream.watermarkColumn());
    for (int row = 0; row < batch.rows(); row++) {
      boolean old =
          time == null || time.isNull(row)
              ? ordinal.longAt(row) < cut.arrival()
              : time.longAt(row) < cut.event();
      if (old) {
        for (int c = 0; c < batch.columnCount(); c++) {
          out.column(c).appendFrom(batch.column(c), row);
        }
        out.endRow(-batch.weightAt(row));
      }
    }
  }

  /// Deletes what was found, in a step of its own.
  private void take(StreamObject stream, Done looked, Found found) {
    RelationChange change = found.change();
    if (change == null) {
      if (found.all()) {
        done.put(stream.oid(), looked);
      }
      return;
    }
    if (!runtime.contents().current().has(stream.oid())) {
      change.batch().close();
      return;
    }
    int rows = change.batch().rows();
    String deleted = DELETED + stream.oid();
    runtime.committer().setSequence(deleted, runtime.committer().sequence(deleted) + rows);
    runtime.changeContents(List.of(change));
    LOG.info("event=retention stream={} rows={} step={}", stream.name(), rows, runtime.step());
    if (found.all()) {
      done.put(stream.oid(), looked);
    } else {
      nextMicros = Long.MIN_VALUE;
    }
  }

  /// A stream is gone.
  void forget(int stream) {
    done.remove(stream);
    restUntilNanos.remove(stream);
  }

  /// The step thread has ended.
  @Override
  public void close() {
    Search running = search;
    searcher.close();
    if (running != null) {
      try {
        RelationChange change = running.found().get().change();
        if (change != null) {
          change.batch().close();
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      } catch (ExecutionException e) {
        LOG.warn("event=retention_failed", e);
      }
    }
  }
}
