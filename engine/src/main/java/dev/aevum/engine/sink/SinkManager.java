package dev.aevum.engine.sink;

import dev.aevum.connectors.Connectors;
import dev.aevum.connectors.spi.SinkSpec;
import dev.aevum.engine.catalog.CatalogObject.SinkObject;
import dev.aevum.engine.system.RunningState.SinkState;
import dev.aevum.storage.contents.ContentsLayout;
import dev.aevum.storage.contents.Run;
import dev.aevum.storage.durable.Storage;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.arrow.memory.BufferAllocator;

/// All running sinks. A blackhole sink has no thread and no frames: its rows are counted where they
/// come out of the step.
public final class SinkManager implements AutoCloseable {
  private static final String BLACKHOLE = "blackhole";

  private final Connectors connectors;
  private final Storage storage;
  private final BufferAllocator allocator;
  private final Map<Integer, SinkRunner> runners = new ConcurrentHashMap<>();
  private final Map<Integer, AtomicLong> blackholes = new ConcurrentHashMap<>();

  public SinkManager(Connectors connectors, Storage storage, BufferAllocator allocator) {
    this.connectors = connectors;
    this.storage = storage;
    this.allocator = allocator;
  }

  /// Starts a sink that writes the changes of `layout`'s relation after the step at which it was
  /// made, from where its target stands.
  ///
  /// @param published the last visible step
  public void start(SinkObject sink, SinkSpec spec, ContentsLayout layout, long published) {
    if (sink.connector().equals(BLACKHOLE)) {
      blackholes.put(sink.oid(), new AtomicLong());
      return;
    }
    SinkRunner runner =
        new SinkRunner(
            sink.oid(),
            sink.name(),
            layout,
            sink.startStep(),
            () -> connectors.get(sink.connector()).openSink(spec),
            storage,
            allocator);
    runners.put(sink.oid(), runner);
    runner.start();
    runner.published(published);
  }

  /// The log could not keep what the sink has not written: it fails. Any thread.
  public void lost(int sink) {
    SinkRunner runner = runners.get(sink);
    if (runner != null) {
      runner.lost();
    }
  }

  public void stop(int sink) {
    blackholes.remove(sink);
    SinkRunner runner = runners.remove(sink);
    if (runner != null) {
      runner.close();
      storage.release(sink);
    }
  }

  /// Counts rows of a blackhole sink with a query of its own; false for any other relation.
  public boolean discard(int relation, long rows) {
    AtomicLong count = blackholes.get(relation);
    if (count != null) {
      count.addAndGet(rows);
    }
    return count != null;
  }

  /// A step is visible: sinks may write it. `followed` counts for blackhole sinks FROM a view.
  public void published(long step, Map<Integer, Run> runs, Iterable<SinkObject> sinks) {
    runners.values().forEach(r -> r.published(step));
    if (!blackholes.isEmpty()) {
      for (SinkObject sink : sinks) {
        Run run = sink.from() == 0 ? null : runs.get(sink.from());
        if (run != null) {
          discard(sink.oid(), run.entries());
        }
      }
    }
  }

  public List<SinkState> states(Iterable<SinkObject> sinks, long step) {
    List<SinkState> states = new ArrayList<>();
    for (SinkObject sink : sinks) {
      SinkRunner runner = runners.get(sink.oid());
      AtomicLong count = blackholes.get(sink.oid());
      if (runner != null) {
        states.add(
            new SinkState(
                sink.oid(),
                sink.name(),
                sink.connector(),
                runner.state(),
                runner.reason(),
                runner.committed(),
                Math.max(0, step - runner.committed()),
                runner.rows()));
      } else if (count != null) {
        states.add(
            new SinkState(
                sink.oid(), sink.name(), sink.connector(), "RUNNING", null, step, 0, count.get()));
      }
    }
    return states;
  }

  /// Every sink has written up to `step` or has failed. Any thread.
  public boolean isDrained(long step) {
    return runners.values().stream()
        .allMatch(r -> r.committed() >= step || r.state().equals("FAILED"));
  }

  @Override
  public void close() {
    runners.values().forEach(SinkRunner::close);
    runners.clear();
  }
}
