package dev.aevum.engine.runtime;

import dev.aevum.engine.catalog.CatalogObject;
import dev.aevum.engine.catalog.CatalogObject.MaterializedViewObject;
import dev.aevum.engine.catalog.CatalogObject.SinkObject;
import dev.aevum.engine.source.BadRowLog;
import dev.aevum.engine.system.RunningState;
import dev.aevum.executor.step.OperatorStatus;
import dev.aevum.model.step.Watermarks;
import dev.aevum.storage.contents.ContentsVersion;
import dev.aevum.storage.durable.Storage;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// What runs, read when asked. Operators' counters are taken between steps.
public final class RuntimeState implements RunningState {
  private final DatabaseRuntime runtime;
  private final List<SessionState> sessions;

  RuntimeState(DatabaseRuntime runtime, List<SessionState> sessions) {
    this.runtime = runtime;
    this.sessions = List.copyOf(sessions);
  }

  @Override
  public List<SourceState> sources() {
    return runtime.sources().states(runtime.streamObjects());
  }

  @Override
  public List<ViewState> views() {
    Map<Integer, Long> stateBytes = new HashMap<>();
    List<OperatorStatus> operators = statuses();
    operators.forEach(o -> stateBytes.merge(o.view(), o.stateBytes(), Long::sum));
    ContentsVersion contents = runtime.contents().current();
    List<ViewState> states = new ArrayList<>();
    for (CatalogObject object : runtime.catalog().objects()) {
      ViewRuntime view =
          object instanceof MaterializedViewObject v && v.model() == null
              ? runtime.views().get(object.oid())
              : null;
      if (view != null) {
        String failure = view.failure();
        long watermark = failure == null ? watermark(object.oid()) : Watermarks.NONE;
        states.add(
            new ViewState(
                object.oid(),
                object.name(),
                failure == null ? "RUNNING" : "FAILED",
                failure,
                contents.step(),
                contents.has(object.oid()) ? contents.rows(object.oid()) : 0,
                stateBytes.getOrDefault(object.oid(), 0L),
                view.lateRows.get(),
                ViewErrors.ROWS.count(contents, object.oid(), runtime.allocator()),
                watermark == Watermarks.NONE ? null : watermark));
      }
    }
    return states;
  }

  private long watermark(int view) {
    return runtime.driver().exclusive(() -> runtime.engine().watermark(view));
  }

  private List<OperatorStatus> statuses() {
    return runtime.driver().exclusive(() -> runtime.engine().operators());
  }

  @Override
  public List<OperatorState> operators() {
    List<OperatorState> states = new ArrayList<>();
    for (OperatorStatus o : statuses()) {
      states.add(
          new OperatorState(
              o.view(),
              runtime.nameOf(o.view()),
              o.ordinal(),
              o.name(),
              o.worker(),
              o.rowsIn(),
              o.rowsOut(),
              o.pushNanos() + o.flushNanos(),
              o.stateBytes(),
              o.stateKeys() < 0 ? null : o.stateKeys(),
              o.stateRows() < 0 ? null : o.stateRows(),
              o.oldestMicros() == Watermarks.NONE ? null : o.oldestMicros()));
    }
    return states;
  }

  @Override
  public List<ModelRow> models() {
    return runtime.driver().exclusive(() -> runtime.engine().models()).stream()
        .map(m ->
            new ModelRow(
                m.view(),
                runtime.nameOf(m.view()),
                m.function(),
                m.key(),
                m.learned(),
                m.warmupLeft(),
                m.lastMicros(),
                m.stateBytes(),
                m.resets(),
                m.replayed(),
                m.forgotten(),
                m.nonFinite(),
                m.thresholds()))
        .toList();
  }

  @Override
  public List<ModelState> learnedModels() {
    List<ModelState> states = new ArrayList<>();
    ContentsVersion contents = runtime.contents().current();
    for (CatalogObject object : runtime.catalog().objects()) {
      if (object instanceof MaterializedViewObject model && model.model() != null) {
        String state =
            runtime.hasFailed(model.oid())
                ? "FAILED"
                : model.options().containsKey(Definitions.PAUSED) ? "PAUSED" : "LEARNING";
        states.addAll(ModelRows.of(model, state, contents, runtime.allocator()));
      }
    }
    return states;
  }

  @Override
  public List<SinkState> sinks() {
    List<SinkState> states = new ArrayList<>();
    List<SinkObject> sinks = runtime.sinkObjects();
    Map<Integer, SinkState> writing = new HashMap<>();
    runtime.sinks().states(sinks, runtime.step()).forEach(s -> writing.put(s.oid(), s));
    for (SinkObject sink : sinks) {
      SinkState state = writing.get(sink.oid());
      ViewRuntime query = runtime.views().get(sink.oid());
      String failure = query == null ? null : query.failure();
      if (failure != null) {
        long committed = state == null ? 0 : state.committedStep();
        long rows = state == null ? 0 : state.rows();
        long behind = state == null ? 0 : state.lagSteps();
        states.add(
            new SinkState(
                sink.oid(),
                sink.name(),
                sink.connector(),
                "FAILED",
                failure,
                committed,
                behind,
                rows));
      } else if (state != null) {
        states.add(state);
      }
    }
    return states;
  }

  @Override
  public List<SessionState> sessions() {
    return sessions;
  }

  @Override
  public List<ErrorRow> errors() {
    ContentsVersion contents = runtime.contents().current();
    List<ErrorRow> rows =
        new ArrayList<>(BadRowLog.rows(contents, runtime.allocator(), runtime::nameOf));
    rows.addAll(ViewErrors.rows(contents, runtime.allocator(), runtime::nameOf));
    return rows;
  }

  @Override
  public List<StepState> steps() {
    return runtime.committer().recentSteps();
  }

  @Override
  public List<Metric> metrics() {
    Storage.Usage usage = runtime.storage().usage();
    List<Metric> metrics = new ArrayList<>();
    metrics.add(new Metric("aevum_engine_published_step", "", runtime.step()));
    metrics.add(new Metric("aevum_engine_sessions_count", "", sessions.size()));
    metrics.add(new Metric("aevum_engine_memory_used_bytes", "", runtime.memory().usedBytes()));
    metrics.add(new Metric("aevum_engine_memory_limit_bytes", "", runtime.memory().limitBytes()));
    for (ViewRuntime view : runtime.views().values()) {
      metrics.add(
          new Metric(
              "aevum_view_memory_bytes",
              "view=" + runtime.nameOf(view.oid),
              runtime.memory().viewBytes(view.oid)));
    }
    metrics.add(new Metric("aevum_storage_contents_bytes", "", usage.contentsBytes()));
    metrics.add(new Metric("aevum_storage_pending_bytes", "", usage.pendingBytes()));
    metrics.add(new Metric("aevum_storage_cache_bytes", "", usage.cacheBytes()));
    metrics.add(new Metric("aevum_storage_log_bytes", "", usage.logBytes()));
    metrics.add(new Metric("aevum_storage_store_bytes", "", usage.storeBytes()));
    metrics.add(new Metric("aevum_storage_applied_step", "", usage.appliedStep()));
    metrics.add(new Metric("aevum_storage_flushed_step", "", usage.flushedStep()));
    for (SourceState s : sources()) {
      metrics.add(new Metric("aevum_source_rows_count", "source=" + s.name(), s.rows()));
      metrics.add(new Metric("aevum_source_bad_rows_count", "source=" + s.name(), s.badRows()));
      metrics.add(new Metric("aevum_source_lag_rows", "source=" + s.name(), s.lag()));
    }
    for (SinkState s : sinks()) {
      metrics.add(new Metric("aevum_sink_rows_count", "sink=" + s.name(), s.rows()));
      metrics.add(new Metric("aevum_sink_lag_steps", "sink=" + s.name(), s.lagSteps()));
    }
    return metrics;
  }

  @Override
  public long startMicros() {
    return runtime.startMicros();
  }
}
