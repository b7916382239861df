package dev.aevum.engine.runtime;

import dev.aevum.engine.catalog.Catalog;
import dev.aevum.engine.catalog.CatalogChange;
import dev.aevum.engine.catalog.CatalogObject;
import dev.aevum.engine.catalog.CatalogObject.MaterializedViewObject;
import dev.aevum.engine.catalog.CatalogObject.SinkObject;
import dev.aevum.engine.catalog.CatalogObject.StreamObject;
import dev.aevum.engine.catalog.ColumnInfo;
import dev.aevum.executor.spi.StepOutput.ViewFailure;
import dev.aevum.executor.step.StepEngine;
import dev.aevum.model.batch.Schema;
import dev.aevum.model.error.ErrorCode;
import dev.aevum.model.error.SqlException;
import dev.aevum.planner.plan.ViewPlan;
import dev.aevum.storage.contents.ContentsVersion;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.apache.arrow.memory.OutOfMemoryException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// What becomes of views and sinks between CREATE and DROP: taken up at a start, FAILED, rebuilt.
///
/// A failure is in the catalogue before the step that throws the view's state away is durable. A
/// view is rebuilt from its inputs when the server starts, for a failure or because its plan has
/// changed, and by REFRESH; with it everything that reads it. One step takes the new rows for the
/// old ones, so that readers and sinks see the difference.
///
/// A sink keeps no rows: what it has written is its query over the old contents of its inputs. It
/// is taken up again while those are known, else it stays FAILED: see [#follows]. All methods run
/// on the step thread, or before it starts.
final class ViewLives {
  private static final Logger LOG = LoggerFactory.getLogger(ViewLives.class);

  /// Begins the reason of what failed only because a view below it did.
  private static final String INPUT_FAILED = "input failed: ";

  private static final String NOT_FOLLOWED =
      "what it reads was rebuilt, and what it had written is not known; drop the sink and create it again";

  private final DatabaseRuntime runtime;

  ViewLives(DatabaseRuntime runtime) {
    this.runtime = runtime;
  }

  /// Takes up all views and sinks: those whose state fits where they stood, then the others anew.
  void start() {
    Map<Integer, CatalogObject> stale = new LinkedHashMap<>();
    List<CatalogObject> kept = new ArrayList<>();
    for (CatalogObject object : runtime.catalog().objects()) {
      if (object instanceof StreamObject stream && stream.connector() == null) {
        runtime.definitions().track(stream);
      } else if (object instanceof MaterializedViewObject || object instanceof SinkObject) {
        ViewPlan plan = planned(object);
        String why = plan == null ? "plan" : stale(object, plan, stale.keySet());
        if (why == null) {
          kept.add(object);
        } else {
          LOG.info("event=view_stale view={} cause={}", object.name(), why);
          // What reads it is planned with the columns that it will have.
          stale.put(
              object.oid(),
              plan != null && object instanceof MaterializedViewObject v
                  ? adapted(v, plan)
                  : object);
        }
      }
    }
    kept.forEach(this::resume);
    ContentsVersion before = runtime.contents().current();
    stale.values().forEach(this::markSink);
    for (CatalogObject object : stale.values()) {
      ViewRuntime running = runtime.views().get(object.oid());
      if (running != null && running.plan != null) {
        attempt(object.oid(), before, object, false);
      }
    }
  }

  /// The plan of an object's definition, as it is made now; null, and FAILED, when there is none.
  private @Nullable ViewPlan planned(CatalogObject object) {
    try {
      ViewDefinitions definitions = new ViewDefinitions(runtime);
      ViewPlan plan =
          object instanceof SinkObject sink
              ? definitions.plan(sink)
              : definitions.plan((MaterializedViewObject) object);
      runtime.definitions().remember(object.oid(), plan);
      switch (object) {
        case SinkObject sink -> runtime.definitions().startSink(sink, plan);
        case MaterializedViewObject view -> runtime.definitions().limitMemory(view);
        default -> {}
      }
      String failure = failure(object);
      if (failure != null) {
        running(object.oid()).fail(failure);
      }
      return plan;
    } catch (SqlException e) {
      runtime.views().put(object.oid(), new ViewRuntime(object.oid(), null));
      fail(object.oid(), reason(e), "");
      return null;
    }
  }

  private static @Nullable String failure(CatalogObject object) {
    return switch (object) {
      case MaterializedViewObject v -> v.failure();
      case SinkObject s -> s.failure();
      default -> null;
    };
  }

  private static String fingerprint(CatalogObject object) {
    return switch (object) {
      case MaterializedViewObject v -> v.fingerprint();
      case SinkObject s -> s.fingerprint();
      default -> "";
    };
  }

  /// Why the state of an object is of no use, or null.
  private static @Nullable String stale(CatalogObject object, ViewPlan plan, Set<Integer> others) {
    if (failure(object) != null) {
      return "failure";
    }
    if (!fingerprint(object).equals(ViewDefinitions.fingerprint(plan))) {
      return "plan";
    }
    return Catalog.inputs(object).stream().anyMatch(others::contains) ? "input" : null;
  }

  private void resume(CatalogObject object) {
    ViewPlan plan = running(object.oid()).plan;
    if (plan != null) {
      boolean late = object instanceof MaterializedViewObject v && v.lateTable() != 0;
      runtime.definitions().deploy(object.oid(), plan, late, false);
    }
  }

  private ViewRuntime running(int oid) {
    ViewRuntime running = runtime.views().get(oid);
    if (running == null) {
      throw new IllegalStateException("object " + oid + " is not deployed");
    }
    return running;
  }

  /// Records the failures of a step, durably, before the step is written.
  void failed(List<ViewFailure> failures, long step) {
    for (ViewFailure f : failures) {
      LOG.error(
          "event=view_failed view={} operator={} step={}",
          runtime.nameOf(f.view()),
          f.operatorName(),
          step,
          f.cause());
    }
    for (ViewFailure f : failures) {
      CatalogObject object = runtime.catalog().find(f.view());
      if (object != null) {
        String reason = f.operatorName() + ": " + reason(f);
        if (f.operatorName().equals(StepEngine.INPUT)) {
          reason = INPUT_FAILED + failedInput(object, failures);
        }
        fail(f.view(), reason, fingerprint(object));
        runtime.sources().detach(f.view());
        if (runtime.config().folder() == null
            && object instanceof MaterializedViewObject
            && isMemory(f.cause())) {
          runtime.committer().dropContents(f.view());
        }
      }
    }
  }

  /// A view that came to its own limit inside a step says so.
  private String reason(ViewFailure failure) {
    Long limit = runtime.viewMemory().limit(failure.view());
    if (failure.cause() instanceof SqlException e && isMemory(e)) {
      return reason(e);
    }
    return isMemory(failure.cause())
            && limit != null
            && runtime.viewMemory().peakBytes(failure.view()) > limit / 4
        ? reason(MemoryGuard.exceeded(limit))
        : failure.reason();
  }

  private static boolean isMemory(Throwable cause) {
    return cause instanceof OutOfMemoryException
        || cause instanceof OutOfMemoryError
        || cause instanceof SqlException e && e.code() == ErrorCode.OUT_OF_MEMORY;
  }

  private String failedInput(CatalogObject object, List<ViewFailure> failures) {
    for (int input : Catalog.inputs(object)) {
      if (failures.stream().anyMatch(f -> f.view() == input)) {
        return "view \"" + runtime.nameOf(input) + "\"";
      }
    }
    return "a view";
  }

  private void fail(int oid, String reason, String fingerprint) {
    ViewRuntime running = runtime.views().get(oid);
    if (running != null) {
      running.fail(reason);
    }
    record(oid, fingerprint, reason);
  }

  private void record(int oid, String fingerprint, @Nullable String failure) {
    CatalogObject now = runtime.catalog().find(oid);
    CatalogObject changed =
        switch (now) {
          case MaterializedViewObject v -> v.withState(fingerprint, failure);
          case SinkObject s -> s.withState(fingerprint, failure);
          case null, default -> null;
        };
    if (changed != null && !changed.equals(now)) {
      runtime.change(new CatalogChange.Put(changed));
    }
  }

  /// REFRESH of a view: rebuilds it, and what failed with it, when it has failed; else nothing is
  /// to be done.
  ///
  /// Errors: 55000 when its inputs cannot be read again or have failed; those of filling it.
  void refresh(int oid) {
    ViewRuntime view = runtime.views().get(oid);
    if (view == null || view.failure() == null) {
      return;
    }
    ContentsVersion before = runtime.contents().current();
    List<CatalogObject> above = above(oid);
    CatalogObject object = runtime.catalog().find(oid);
    if (object == null) {
      return;
    }
    refuseUnreadable(view, true);
    above.forEach(this::markSink);
    RuntimeException failure = attempt(oid, before, object, true);
    if (failure != null) {
      throw failure;
    }
    above.forEach(o -> attempt(o.oid(), before, o, false));
  }

  /// Everything that failed and reads the object, directly or not, in order of creation.
  private List<CatalogObject> above(int oid) {
    Set<Integer> found = new TreeSet<>(Set.of(oid));
    List<CatalogObject> objects = new ArrayList<>();
    for (CatalogObject object : runtime.catalog().objects()) {
      if (failure(object) != null && Catalog.inputs(object).stream().anyMatch(found::contains)) {
        found.add(object.oid());
        objects.add(object);
      }
    }
    return objects;
  }

  /// Until a sink is taken up again a crash leaves it FAILED: what it reads may have been rebuilt.
  private void markSink(CatalogObject object) {
    if (object instanceof SinkObject sink) {
      record(sink.oid(), sink.fingerprint(), NOT_FOLLOWED);
    }
  }

  /// Rebuilds one object; a failure is recorded, and returned.
  ///
  /// @param then the object before anything was rebuilt
  private @Nullable RuntimeException attempt(
      int oid, ContentsVersion before, CatalogObject then, boolean asked) {
    ViewRuntime running = running(oid);
    RuntimeException failure;
    try {
      refuseUnreadable(running, asked);
      switch (then) {
        case MaterializedViewObject v -> rebuild(v, running);
        case SinkObject s -> follow(s, running, before);
        default -> throw new IllegalStateException(then.name());
      }
      LOG.info("event=view_rebuilt view={} step={}", then.name(), runtime.step());
      return null;
    } catch (OutOfMemoryException e) {
      failure = Memory.exhausted();
    } catch (RuntimeException e) {
      if (e instanceof SqlException sql && sql.code() == ErrorCode.IO_ERROR) {
        throw e;
      }
      failure = e;
    }
    LOG.error("event=view_not_rebuilt view={}", then.name(), failure);
    runtime.sources().detach(oid);
    String reason =
        failure instanceof SqlException e
            ? reason(e)
            : failure.getClass().getSimpleName() + ": " + failure.getMessage();
    fail(oid, reason, fingerprint(then));
    return failure;
  }

  private static String reason(SqlException e) {
    return e.sqlState() + ": " + e.text() + (e.hint() == null ? "" : "; " + e.hint());
  }

  /// Errors: 55000 when an input has failed or its rows are not to be had any more.
  private void refuseUnreadable(ViewRuntime view, boolean asked) {
    ViewPlan plan = view.plan;
    if (plan == null) {
      throw new SqlException(
              ErrorCode.OBJECT_NOT_IN_PREREQUISITE_STATE, String.valueOf(view.failure()))
          .withHint("Drop it and create it again.");
    }
    for (int input : PlanInputs.of(plan.root()).keySet()) {
      runtime.requireRunning(input);
      if (runtime.catalog().find(input) instanceof StreamObject stream) {
        String why = unreadable(stream);
        if (why != null) {
          throw new SqlException(
                  ErrorCode.OBJECT_NOT_IN_PREREQUISITE_STATE,
                  "stream \"" + stream.name() + "\" cannot be read again: " + why)
              .withHint("Drop it and create it again: it then holds rows from that moment on.");
        }
        if (!asked && runtime.retention().hasDeleted(stream.oid())) {
          throw new SqlException(
                  ErrorCode.OBJECT_NOT_IN_PREREQUISITE_STATE,
                  "stream \"" + stream.name() + "\" has deleted rows by its retention")
              .withHint("REFRESH MATERIALIZED VIEW rebuilds it from the rows that are kept.");
        }
      }
    }
  }

  private @Nullable String unreadable(StreamObject stream) {
    if (stream.connector() == null) {
      return stream.keepsRows() ? null : "it keeps no rows";
    }
    boolean unread = runtime.committer().position(stream.oid()) == null;
    return unread || runtime.connectors().get(stream.connector()).replayable(stream.options())
        ? null
        : "its connector starts where it is";
  }

  private void rebuild(MaterializedViewObject view, ViewRuntime running) {
    ViewPlan plan = plan(running);
    MaterializedViewObject now = adapted(view, plan);
    runtime.forgetErrors(view.oid());
    runtime.engine().forgetState(runtime.storage().stateObjects(view.oid()));
    runtime.definitions().layOut(now);
    deploy(view.oid(), plan, view.lateTable() != 0);
    try {
      runtime.committer().replace(view.oid());
      runtime.backfill(view.oid(), runtime.definitions().history(plan, null));
    } catch (RuntimeException | Error e) {
      runtime.committer().keep(view.oid());
      runtime.engine().undeploy(view.oid(), true);
      throw e;
    }
    record(view.oid(), ViewDefinitions.fingerprint(plan), null);
    running.recovered();
  }

  private static ViewPlan plan(ViewRuntime running) {
    ViewPlan plan = running.plan;
    if (plan == null) {
      throw new IllegalStateException("no plan of object " + running.oid);
    }
    return plan;
  }

  private void deploy(int oid, ViewPlan plan, boolean allColumns) {
    runtime.definitions().deploy(oid, plan, allColumns, false);
  }

  /// Puts the columns, key and inputs of the present plan into the catalogue, before any row of
  /// that form is written.
  private MaterializedViewObject adapted(MaterializedViewObject view, ViewPlan plan) {
    Schema schema = plan.root().schema();
    List<ColumnInfo> columns = new ArrayList<>();
    for (int i = 0; i < schema.size(); i++) {
      ColumnInfo old = i < view.columns().size() ? view.columns().get(i) : null;
      columns.add(
          new ColumnInfo(
              old == null ? schema.field(i).name() : old.name(),
              old == null || !schema.type(i).equals(dev.aevum.model.type.SimpleType.UNKNOWN)
                  ? schema.type(i)
                  : old.type(),
              !schema.field(i).nullable(),
              null,
              false,
              old == null ? null : old.comment()));
    }
    CatalogObject current = runtime.catalog().find(view.oid());
    if (!(current instanceof MaterializedViewObject there)) {
      throw new IllegalStateException(view.name());
    }
    MaterializedViewObject now =
        there
            .planned(
                columns,
                plan.key(),
                plan.root().traits().appendOnly(),
                List.copyOf(PlanInputs.of(plan.root()).keySet()))
            .withState("", running(view.oid()).failure());
    if (!now.withState("", null).equals(there.withState("", null))) {
      runtime.change(new CatalogChange.Put(now));
    }
    return now;
  }

  /// Gives a sink the difference between what its query held over `before` and what it holds now.
  private void follow(SinkObject sink, ViewRuntime running, ContentsVersion before) {
    ViewPlan plan = plan(running);
    Set<Integer> inputs = PlanInputs.of(plan.root()).keySet();
    if (!follows(sink, inputs, before)) {
      throw new SqlException(ErrorCode.OBJECT_NOT_IN_PREREQUISITE_STATE, NOT_FOLLOWED);
    }
    runtime.engine().forgetState(runtime.storage().stateObjects(sink.oid()));
    deploy(sink.oid(), plan, false);
    try {
      runtime.difference(
          sink.oid(),
          runtime.definitions().history(plan, before),
          () -> {
            runtime.engine().undeploy(sink.oid(), true);
            runtime.engine().forgetState(runtime.storage().stateObjects(sink.oid()));
            deploy(sink.oid(), plan, false);
            return runtime.definitions().history(plan, null);
          });
    } catch (RuntimeException | Error e) {
      runtime.engine().undeploy(sink.oid(), true);
      throw e;
    }
    record(sink.oid(), ViewDefinitions.fingerprint(plan), null);
    running.recovered();
  }

  /// Whether what a sink has written is its query over `before`: all its inputs are kept there, and
  /// it was running until now, or stopped together with its only input.
  private boolean follows(SinkObject sink, Set<Integer> inputs, ContentsVersion before) {
    String failure = sink.failure();
    ContentsVersion now = runtime.contents().current();
    return inputs.stream()
            .allMatch(i ->
                before.has(i)
                    && now.has(i)
                    && before.layout(i).types().equals(now.layout(i).types()))
        && (failure == null || failure.startsWith(INPUT_FAILED) && inputs.size() == 1)
        && sink.fingerprint().equals(fingerprintOf(sink.oid()));
  }

  private String fingerprintOf(int oid) {
    return ViewDefinitions.fingerprint(plan(running(oid)));
  }
}
