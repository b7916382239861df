package dev.aevum.engine.source;

import dev.aevum.connectors.Connectors;
import dev.aevum.connectors.spi.Connector;
import dev.aevum.connectors.spi.SourceReader;
import dev.aevum.connectors.spi.SourceSpec;
import dev.aevum.engine.catalog.CatalogObject.StreamObject;
import dev.aevum.engine.catalog.ColumnInfo;
import dev.aevum.engine.step.MemoryPressure;
import dev.aevum.engine.step.StepDriver;
import dev.aevum.engine.system.RunningState.SourceState;
import dev.aevum.executor.expression.ExpressionCompiler;
import dev.aevum.executor.expression.VectorExpression;
import dev.aevum.executor.function.FunctionRegistry;
import dev.aevum.executor.kernel.EvaluationContext;
import dev.aevum.executor.spi.StepInput.RelationChange;
import dev.aevum.model.batch.DeltaBatch;
import dev.aevum.model.error.ErrorCode;
import dev.aevum.model.error.SqlException;
import dev.aevum.model.step.Position;
import dev.aevum.model.step.Watermarks;
import dev.aevum.planner.catalog.RelationInfo;
import dev.aevum.storage.contents.ContentsVersion;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongFunction;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.apache.arrow.memory.BufferAllocator;
import org.jspecify.annotations.Nullable;

/// All sources. A stream is read while something reads it, by one reader for all its readers, which
/// gives the union of the columns that they need, at least. The step thread calls the methods,
/// unless said otherwise.
public final class SourceManager implements StepDriver.SourceFeed, AutoCloseable {
  /// What is kept of a stream while it is read.
  private static final class Input {
    final StreamObject stream;
    final Map<Integer, Set<Integer>> readers = new HashMap<>();
    final @Nullable LongFunction<WatermarkTracker> trackers;
    @Nullable WatermarkTracker tracker;
    volatile @Nullable SourceRunner runner;
    volatile @Nullable Position position;

    /// Where the first reader was opened, and where those that came later began; of others it is
    /// not known.
    volatile @Nullable Position opened;

    final Map<Integer, Position> joined = new ConcurrentHashMap<>();
    volatile long watermark = Watermarks.NONE;

    Input(StreamObject stream, @Nullable LongFunction<WatermarkTracker> trackers) {
      this.stream = stream;
      this.trackers = trackers;
    }

    /// Follows the watermark from here on: rows that come again were counted by the tracker before.
    void follow(long from) {
      watermark = from;
      tracker = trackers == null ? null : trackers.apply(from);
    }

    Set<Integer> needed() {
      Set<Integer> all = new HashSet<>();
      readers.values().forEach(all::addAll);
      return all;
    }
  }

  private final Connectors connectors;
  private final FunctionRegistry functions;
  private final Supplier<EvaluationContext> contexts;
  private final LongSupplier clockMicros;
  private final BufferAllocator allocator;
  private final MemoryPressure memory;
  private final long queueBytes;
  private final Map<Integer, Input> inputs = new ConcurrentHashMap<>();
  private final Map<Integer, BadRowLog> badRows = new ConcurrentHashMap<>();

  /// Positions after input without rows, good or bad: no step is made for them, the next one takes
  /// them.
  private final Map<Integer, Position> passed = new HashMap<>();

  /// What bad rows change in the contents, for the step that takes what was around them.
  private final List<RelationChange> refused = new ArrayList<>();

  private Runnable wake = () -> {};

  /// @param queueBytes what each source may hold ready
  public SourceManager(
      Connectors connectors,
      FunctionRegistry functions,
      Supplier<EvaluationContext> contexts,
      LongSupplier clockMicros,
      BufferAllocator allocator,
      MemoryPressure memory,
      long queueBytes) {
    this.memory = memory;
    this.queueBytes = queueBytes;
    this.connectors = connectors;
    this.functions = functions;
    this.contexts = contexts;
    this.clockMicros = clockMicros;
    this.allocator = allocator;
  }

  public void onReady(Runnable action) {
    wake = action;
  }

  /// A view or sink begins to read columns of a stream. With a connector, reading starts (or goes
  /// on with more columns) at `from`, the position of the last step; null is where the stream's
  /// options say.
  public void attach(
      StreamObject stream,
      RelationInfo.@Nullable Watermark watermark,
      int reader,
      Set<Integer> columns,
      @Nullable Position from,
      long startWatermark) {
    Input input =
        inputs.computeIfAbsent(stream.oid(), o -> newInput(stream, watermark, startWatermark));
    Set<Integer> before = input.needed();
    Set<Integer> needed = new HashSet<>(columns);
    if (watermark != null) {
      needed.add(watermark.column());
    }
    input.readers.computeIfAbsent(reader, r -> new HashSet<>()).addAll(needed);
    if (stream.connector() == null) {
      return;
    }
    Position now = input.position;
    boolean first = input.runner == null;
    if (first || !before.containsAll(input.needed())) {
      restart(input, first ? from : now);
    }
    if (from == null) {
      Position begins = now == null ? input.opened : now;
      if (begins != null) {
        input.joined.put(reader, begins);
      }
    }
  }

  private Input newInput(
      StreamObject stream, RelationInfo.@Nullable Watermark watermark, long start) {
    LongFunction<WatermarkTracker> trackers = null;
    if (watermark != null && watermark.expression() != null) {
      VectorExpression expression =
          ExpressionCompiler.compile(watermark.expression(), stream.schema().types(), functions);
      long idle = idleAfterMicros(stream);
      trackers = from -> new WatermarkTracker(expression, idle, from);
    }
    Input input = new Input(stream, trackers);
    input.follow(start);
    return input;
  }

  private static long idleAfterMicros(StreamObject stream) {
    String text = stream.options().get("idle_after");
    return text == null ? 0 : Durations.micros("idle_after", text);
  }

  private void restart(Input input, @Nullable Position from) {
    SourceRunner old = input.runner;
    if (old != null) {
      old.close();
      input.follow(input.watermark);
    }
    StreamObject stream = input.stream;
    Connector connector = connectors.get(connectorName(stream));
    input.position = from;
    SourceReader reader = connector.openSource(spec(stream, input.needed()), from, null);
    if (from == null) {
      Position opened = connector.replayable(stream.options()) ? null : reader.position();
      input.joined.replaceAll((r, p) -> opened != null && p.equals(input.opened) ? opened : p);
      input.opened = opened;
    }
    SourceRunner runner =
        new SourceRunner(
            stream.name(),
            reader,
            input.tracker,
            contexts,
            from,
            clockMicros,
            wake,
            memory::paused,
            queueBytes);
    input.runner = runner;
    runner.start();
  }

  private static String connectorName(StreamObject stream) {
    String name = stream.connector();
    if (name == null) {
      throw new IllegalStateException(stream.name() + " has no connector");
    }
    return name;
  }

  private void refuse(int stream, SourceRunner.Ready ready) {
    if (!ready.errors().isEmpty()) {
      refused.add(
          badRows
              .computeIfAbsent(stream, BadRowLog::new)
              .add(allocator, ready.errors(), ready.after(), clockMicros.getAsLong()));
    }
  }

  /// What the step that runs changes in the contents by the bad rows that it took; the caller owns
  /// the batches.
  public List<RelationChange> takeBadRows() {
    List<RelationChange> changes = List.copyOf(refused);
    refused.clear();
    return changes;
  }

  /// Goes on with the bad rows of the last step before a restart.
  public void restore(ContentsVersion contents, Map<Integer, Position> positions) {
    badRows.putAll(BadRowLog.restore(contents, allocator, positions));
  }

  /// A stream will be read from its start again: bad rows come again. The next step takes away what
  /// is known of them.
  public void startAgain(int stream, ContentsVersion contents) {
    badRows.remove(stream);
    refused.addAll(BadRowLog.ROWS.removal(contents, stream, allocator));
  }

  /// What connectors are told of a stream.
  public SourceSpec spec(StreamObject stream, Set<Integer> needed) {
    List<Boolean> notNull = new ArrayList<>();
    List<Boolean> wanted = new ArrayList<>();
    for (int i = 0; i < stream.columns().size(); i++) {
      ColumnInfo column = stream.columns().get(i);
      notNull.add(column.notNull());
      wanted.add(needed.contains(i));
    }
    Map<String, String> options = new HashMap<>(stream.options());
    return new SourceSpec(
        stream.oid(), stream.name(), stream.schema(), options, notNull, wanted, allocator);
  }

  /// A view or sink reads no more; the last one ends the reading.
  public void detach(int reader) {
    for (Input input : List.copyOf(inputs.values())) {
      input.joined.remove(reader);
      if (input.readers.remove(reader) != null && input.readers.isEmpty()) {
        if (input.runner != null) {
          input.runner.close();
          input.runner = null;
        }
        inputs.remove(input.stream.oid());
        passed.remove(input.stream.oid());
      }
    }
  }

  /// Whether somebody reads the stream.
  public boolean isRead(int stream) {
    return inputs.containsKey(stream);
  }

  public void forget(int stream) {
    badRows.remove(stream);
  }

  /// The rows of a stream from its start up to where its shared reader stands, for a view that
  /// comes later. Empty when nothing has been read yet.
  ///
  /// Errors: 55000 when the connector cannot read again.
  public Iterator<DeltaBatch> history(StreamObject stream, Set<Integer> columns) {
    Input input = inputs.get(stream.oid());
    Position until = input == null ? null : input.position;
    if (until == null) {
      return List.<DeltaBatch>of().iterator();
    }
    Connector connector = connectors.get(connectorName(stream));
    if (!connector.replayable(stream.options())) {
      return List.<DeltaBatch>of().iterator();
    }
    return new SourceHistory(
        connector.openSource(spec(stream, columns), null, until), stream.name());
  }

  /// Whether [#again] gives the rows that a view or sink has read. Any thread.
  public boolean canReadAgain(StreamObject stream, int reader) {
    Input input = inputs.get(stream.oid());
    if (input == null || stream.connector() == null) {
      return false;
    }
    Connector connector = connectors.get(stream.connector());
    Position until = input.position;
    Position from = input.joined.get(reader);
    return connector.replayable(stream.options())
        || from != null && (until == null || connector.repeats(stream.options(), from, until));
  }

  /// How far each source has been taken into steps, by stream; those without a row are missing. Any
  /// thread; between steps it is what the last step holds.
  public Map<Integer, Position> positions() {
    Map<Integer, Position> positions = new HashMap<>();
    inputs.forEach((stream, input) -> {
      Position position = input.position;
      if (position != null) {
        positions.put(stream, position);
      }
    });
    return positions;
  }

  /// The rows that a view or sink has read up to a position of [#positions], once more from the
  /// connector; the caller closes it. Any thread.
  ///
  /// @param until null when the stream had given nothing yet
  public SourceHistory again(
      StreamObject stream, int reader, Set<Integer> columns, @Nullable Position until) {
    Input input = inputs.get(stream.oid());
    if (input == null || !canReadAgain(stream, reader)) {
      throw new SqlException(
          ErrorCode.OBJECT_NOT_IN_PREREQUISITE_STATE,
          "stream \"" + stream.name() + "\" cannot be read again");
    }
    if (until == null) {
      return SourceHistory.none(stream.name());
    }
    Connector connector = connectors.get(connectorName(stream));
    boolean whole = connector.replayable(stream.options());
    return new SourceHistory(
        connector.openSource(spec(stream, columns), whole ? null : input.joined.get(reader), until),
        stream.name());
  }

  /// Whether a new view over the stream starts now instead of at its beginning.
  public boolean startsNow(StreamObject stream) {
    Input input = inputs.get(stream.oid());
    return stream.connector() != null
        && !connectors.get(connectorName(stream)).replayable(stream.options())
        && input != null
        && input.position != null;
  }

  @Override
  public boolean hasRows() {
    if (memory.paused()) {
      return false;
    }
    for (Input input : inputs.values()) {
      if (input.runner != null && input.runner.hasRows()) {
        return true;
      }
    }
    return false;
  }

  @Override
  public Taken take(long maxRows, long maxBytes) {
    if (memory.paused()) {
      return Taken.NONE;
    }
    List<RelationChange> changes = new ArrayList<>();
    Map<Integer, Position> positions = new HashMap<>();
    Map<Integer, Long> watermarks = new HashMap<>();
    long rows = 0;
    long bytes = 0;
    boolean any = true;
    while (any && rows < maxRows && bytes < maxBytes) {
      any = false;
      for (Input input : inputs.values()) {
        SourceRunner.Ready ready = input.runner == null ? null : input.runner.take();
        if (ready != null) {
          any = true;
          rows += ready.batch().rows();
          bytes += ready.batch().sizeBytes();
          refuse(input.stream.oid(), ready);
          if (ready.batch().rows() == 0) {
            ready.batch().close();
            passed.put(input.stream.oid(), ready.after());
          } else {
            changes.add(new RelationChange(input.stream.oid(), ready.partition(), ready.batch()));
            passed.remove(input.stream.oid());
            positions.put(input.stream.oid(), ready.after());
          }
          input.position = ready.after();
          if (ready.watermark() > input.watermark) {
            watermarks.put(input.stream.oid(), ready.watermark());
            input.watermark = ready.watermark();
          }
        }
      }
    }
    if (changes.isEmpty() && watermarks.isEmpty() && refused.isEmpty()) {
      return Taken.NONE;
    }
    positions.putAll(passed);
    passed.clear();
    return new Taken(changes, positions, watermarks);
  }

  @Override
  public Map<Integer, Long> idleWatermarks() {
    Map<Integer, Long> moved = new HashMap<>();
    for (Input input : inputs.values()) {
      if (input.runner != null && input.tracker != null) {
        long now = input.runner.idleWatermark();
        if (now > input.watermark) {
          input.watermark = now;
          moved.put(input.stream.oid(), now);
        }
      }
    }
    return moved;
  }

  /// Watermarks that rows written by INSERT and COPY move.
  public Map<Integer, Long> observeWrites(List<RelationChange> changes, long nowMicros) {
    Map<Integer, Long> moved = new HashMap<>();
    for (RelationChange change : changes) {
      Input input = inputs.get(change.relation());
      if (input != null && input.tracker != null && input.runner == null) {
        input.tracker.observe(contexts.get(), change.partition(), change.batch(), nowMicros);
        long now = input.tracker.watermark(nowMicros);
        if (now > input.watermark) {
          input.watermark = now;
          moved.put(change.relation(), now);
        }
      }
    }
    return moved;
  }

  /// All bounded sources that are read have ended and their rows were taken; false when there is an
  /// unbounded one. Any thread.
  public boolean isDrained() {
    for (Input input : inputs.values()) {
      if (input.runner != null && !input.runner.isDrained()) {
        return false;
      }
    }
    return true;
  }

  /// Steps have taken what was there when the stream's reader was opened; or nobody can wait for
  /// that: it is not read, cannot go on, or the engine's memory is used up. Any thread.
  public boolean isCaughtUp(int stream) {
    Input input = inputs.get(stream);
    SourceRunner runner = input == null ? null : input.runner;
    if (runner == null || runner.tookPresent() || memory.paused()) {
      return true;
    }
    SourceReader.Status.State state = runner.status().state();
    return state == SourceReader.Status.State.FAILED || state == SourceReader.Status.State.RETRYING;
  }

  /// State of each stream with a connector. Any thread.
  public List<SourceState> states(Iterable<StreamObject> streams) {
    List<SourceState> states = new ArrayList<>();
    for (StreamObject stream : streams) {
      if (stream.connector() == null) {
        continue;
      }
      Input input = inputs.get(stream.oid());
      SourceRunner runner = input == null ? null : input.runner;
      BadRowLog bad = badRows.get(stream.oid());
      long badCount = bad == null ? 0 : bad.count();
      if (input == null || runner == null) {
        states.add(
            new SourceState(
                stream.oid(),
                stream.name(),
                connectorName(stream),
                "UNREAD",
                null,
                "",
                0,
                badCount,
                0,
                null));
        continue;
      }
      SourceReader.Status status = runner.status();
      boolean paused =
          memory.paused()
              && (status.state() == SourceReader.Status.State.RUNNING
                  || status.state() == SourceReader.Status.State.IDLE);
      Position position = input.position;
      states.add(
          new SourceState(
              stream.oid(),
              stream.name(),
              connectorName(stream),
              paused ? "PAUSED" : status.state().name(),
              paused ? memory.described() : status.reason(),
              position == null ? "" : position.encoded(),
              runner.rows(),
              badCount,
              status.lag(),
              input.watermark == Watermarks.NONE ? null : input.watermark));
    }
    return states;
  }

  @Override
  public void close() {
    for (Input input : inputs.values()) {
      if (input.runner != null) {
        input.runner.close();
      }
    }
    inputs.clear();
    takeBadRows().forEach(c -> c.batch().close());
  }
}
