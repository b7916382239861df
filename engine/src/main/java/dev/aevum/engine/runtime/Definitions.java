package dev.aevum.engine.runtime;

import dev.aevum.connectors.spi.SinkSpec;
import dev.aevum.engine.catalog.Catalog;
import dev.aevum.engine.catalog.CatalogChange;
import dev.aevum.engine.catalog.CatalogObject;
import dev.aevum.engine.catalog.CatalogObject.LogicalViewObject;
import dev.aevum.engine.catalog.CatalogObject.MaterializedViewObject;
import dev.aevum.engine.catalog.CatalogObject.Relation;
import dev.aevum.engine.catalog.CatalogObject.SinkObject;
import dev.aevum.engine.catalog.CatalogObject.StreamObject;
import dev.aevum.engine.catalog.CatalogObject.TableObject;
import dev.aevum.executor.spi.ControlsModel;
import dev.aevum.model.batch.DeltaBatch;
import dev.aevum.model.step.Position;
import dev.aevum.model.step.Watermarks;
import dev.aevum.parser.statement.AlterModelStatement;
import dev.aevum.planner.catalog.RelationInfo;
import dev.aevum.planner.plan.Traits;
import dev.aevum.planner.plan.ViewPlan;
import dev.aevum.storage.contents.ContentsLayout;
import dev.aevum.storage.contents.ContentsVersion;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;

/// Makes, changes and drops objects, each as one exclusive task between steps. The caller has
/// checked the statement against a catalogue snapshot; `make` functions get the catalogue at the
/// moment of the change and may refuse.
///
/// A new view's first step is durable before its catalogue record: a crash in between leaves state
/// that nobody names, which the next start skips.
public final class Definitions {
  private final DatabaseRuntime runtime;

  Definitions(DatabaseRuntime runtime) {
    this.runtime = runtime;
  }

  /// Puts an object without a plan: stream, table, logical view. `make` is given the catalogue and
  /// the new OID.
  public <T extends CatalogObject> T create(CatalogMaker<T> make) {
    return runtime
        .driver()
        .exclusive(() -> {
          T object = make.make(runtime.catalog(), runtime.catalog().nextOid());
          open(object);
          runtime.change(new CatalogChange.Put(object));
          return object;
        });
  }

  /// Makes an object of a catalogue as it is now, or throws.
  public interface CatalogMaker<T extends CatalogObject> {
    T make(Catalog catalog, int oid);
  }

  private void open(CatalogObject object) {
    ContentsLayout layout = Recovery.layout(object);
    if (layout != null) {
      runtime.contents().create(layout, null, 0);
    }
    if (object instanceof StreamObject stream && stream.connector() == null) {
      track(stream);
    }
  }

  /// Watermarks of streams that are written by INSERT are followed from the start.
  void track(StreamObject stream) {
    RelationInfo.Watermark watermark = watermark(stream);
    if (watermark != null) {
      runtime
          .sources()
          .attach(
              stream,
              watermark,
              stream.oid(),
              Set.of(),
              null,
              runtime.committer().watermark(stream.oid()));
    }
  }

  private RelationInfo.@org.jspecify.annotations.Nullable Watermark watermark(Relation relation) {
    return runtime.infos().of(relation) instanceof RelationInfo.Stored stored
        ? stored.watermark()
        : null;
  }

  /// What a planned object is made of.
  ///
  /// @param object the object, of the OID given
  /// @param plan its plan
  /// @param more objects that are made with it (late tables)
  public record Planned<T extends CatalogObject>(
      T object, ViewPlan plan, List<CatalogObject> more) {
    public Planned {
      more = List.copyOf(more);
    }
  }

  /// Makes a planned object of a catalogue as it is now.
  public interface PlannedMaker<T extends CatalogObject> {
    Planned<T> make(Catalog catalog, int oid);
  }

  /// Makes a view and fills it.
  public MaterializedViewObject createView(PlannedMaker<MaterializedViewObject> make) {
    return runtime
        .driver()
        .exclusive(() -> {
          Planned<MaterializedViewObject> made =
              make.make(runtime.catalog(), runtime.catalog().nextOid());
          MaterializedViewObject view = made.object();
          runtime.spend(view.oid());
          made.more().forEach(this::open);
          ContentsLayout layout = new ContentsLayout(view.oid(), view.schema().types(), view.key());
          runtime.contents().create(layout, null, 0);
          try {
            remember(view.oid(), made.plan());
            limitMemory(view);
            deploy(view.oid(), made.plan(), view.lateTable() != 0, true);
            runtime.backfill(view.oid(), history(made.plan(), null));
          } catch (RuntimeException | Error e) {
            undo(view.oid());
            throw e;
          }
          made.more().forEach(o -> runtime.change(new CatalogChange.Put(o)));
          runtime.change(new CatalogChange.Put(view));
          return view;
        });
  }

  /// Makes a sink and gives it what its query holds now.
  public SinkObject createSink(PlannedMaker<SinkObject> make) {
    return runtime
        .driver()
        .exclusive(() -> {
          Planned<SinkObject> made = make.make(runtime.catalog(), runtime.catalog().nextOid());
          SinkObject sink = made.object();
          runtime.spend(sink.oid());
          ContentsLayout layout = sinkLayout(sink, made.plan());
          runtime.committer().addSink(layout);
          runtime.sinks().start(sink, sinkSpec(sink, made.plan()), layout, runtime.step());
          try {
            remember(sink.oid(), made.plan());
            deploy(sink.oid(), made.plan(), false, true);
            runtime.backfill(sink.oid(), history(made.plan(), null));
          } catch (RuntimeException | Error e) {
            runtime.sinks().stop(sink.oid());
            undo(sink.oid());
            throw e;
          }
          runtime.change(new CatalogChange.Put(sink));
          return sink;
        });
  }

  private static ContentsLayout sinkLayout(SinkObject sink, ViewPlan plan) {
    return new ContentsLayout(sink.oid(), plan.root().schema().types(), plan.key());
  }

  /// What a connector is told of a sink.
  public static SinkSpec sinkSpec(SinkObject sink, ViewPlan plan) {
    return new SinkSpec(
        sink.oid(),
        sink.name(),
        plan.root().schema(),
        plan.key(),
        plan.root().traits().appendOnly(),
        ViewDefinitions.written(sink.options()));
  }

  private void undo(int oid) {
    if (runtime.views().remove(oid) != null) {
      runtime.engine().undeploy(oid, true);
    }
    runtime.viewMemory().release(oid);
    runtime.sources().detach(oid);
    runtime.infos().forget(oid);
    runtime.contents().drop(oid);
    runtime.committer().forget(oid);
    runtime.forgetErrors(oid);
  }

  /// Starts the writer of a sink after a restart.
  void startSink(SinkObject sink, ViewPlan plan) {
    ContentsLayout layout = sinkLayout(sink, plan);
    runtime.committer().addSink(layout);
    runtime.sinks().start(sink, sinkSpec(sink, plan), layout, runtime.step());
  }

  /// Makes the place for a view's rows what its definition says.
  void layOut(MaterializedViewObject view) {
    ContentsLayout layout = new ContentsLayout(view.oid(), view.schema().types(), view.key());
    ContentsVersion now = runtime.contents().current();
    if (!now.has(view.oid())) {
      runtime.contents().create(layout, null, 0);
    } else if (!now.layout(view.oid()).types().equals(layout.types())
        || !now.layout(view.oid()).key().equals(layout.key())) {
      runtime.contents().relayout(layout);
    }
  }

  /// The option that a paused model has.
  public static final String PAUSED = "paused";

  /// ALTER MODEL ... PAUSE, RESUME, RESET.
  public void alterModel(
      Function<Catalog, MaterializedViewObject> choose, AlterModelStatement.Action action) {
    runtime
        .driver()
        .exclusive(() -> {
          MaterializedViewObject model = choose.apply(runtime.catalog());
          runtime.requireRunning(model.oid());
          if (action == AlterModelStatement.Action.RESET) {
            runtime.engine().control(model.oid(), ControlsModel::reset);
            runtime.changeContents(List.of());
            return model;
          }
          Map<String, String> options = new HashMap<>(model.options());
          if (action == AlterModelStatement.Action.PAUSE) {
            options.put(PAUSED, "true");
          } else {
            options.remove(PAUSED);
          }
          MaterializedViewObject changed = model.withOptions(options);
          runtime.change(new CatalogChange.Put(changed));
          pauseModel(changed);
          return changed;
        });
  }

  /// Tells the operators of a deployed model whether it is paused.
  void pauseModel(MaterializedViewObject model) {
    boolean paused = model.options().containsKey(PAUSED);
    runtime.engine().control(model.oid(), m -> m.pause(paused));
  }

  /// REFRESH MATERIALIZED VIEW.
  public void refresh(Function<Catalog, MaterializedViewObject> choose) {
    runtime
        .driver()
        .exclusive(() -> {
          int oid = choose.apply(runtime.catalog()).oid();
          runtime.lives().refresh(oid);
          return oid;
        });
  }

  void deploy(int oid, ViewPlan plan, boolean allColumns, boolean fresh) {
    Map<Integer, Set<Integer>> inputs = PlanInputs.of(plan.root());
    for (Map.Entry<Integer, Set<Integer>> input : inputs.entrySet()) {
      if (runtime.catalog().find(input.getKey()) instanceof StreamObject stream) {
        attach(stream, oid, allColumns ? all(stream) : input.getValue(), fresh);
      }
    }
    runtime.engine().deploy(oid, plan);
    if (runtime.catalog().find(oid) instanceof MaterializedViewObject model
        && model.options().containsKey(PAUSED)) {
      pauseModel(model);
    }
  }

  /// `memory_limit` of a view.
  void limitMemory(MaterializedViewObject view) {
    String limit = view.options().get(MemorySize.OPTION);
    if (limit != null) {
      runtime.viewMemory().limit(view.oid(), MemorySize.bytes(limit));
    }
  }

  /// What is known of a view besides its definition: what reads it is planned with that.
  void remember(int oid, ViewPlan plan) {
    runtime.views().put(oid, new ViewRuntime(oid, plan));
    List<Traits.TimeColumn> times = plan.root().traits().timeColumns();
    runtime
        .infos()
        .setViewWatermark(
            oid,
            times.isEmpty()
                ? null
                : new RelationInfo.Watermark(
                    times.getFirst().column(), times.getFirst().offsetMicros(), 0, null));
  }

  private static Set<Integer> all(StreamObject stream) {
    Set<Integer> columns = new HashSet<>();
    for (int i = 0; i < stream.columns().size(); i++) {
      columns.add(i);
    }
    return columns;
  }

  private void attach(StreamObject stream, int reader, Set<Integer> columns, boolean fresh) {
    RelationInfo.Watermark watermark = watermark(stream);
    boolean first = fresh && stream.connector() != null && !runtime.sources().isRead(stream.oid());
    Position from = fresh ? null : runtime.committer().position(stream.oid());
    long start = runtime.committer().watermark(stream.oid());
    if (first) {
      start = Watermarks.NONE;
      runtime.committer().resetStream(stream.oid());
      runtime.sources().startAgain(stream.oid(), runtime.contents().current());
      runtime.engine().restoreWatermarks(Map.of(stream.oid(), Watermarks.NONE));
    }
    runtime.sources().attach(stream, watermark, reader, columns, from, start);
  }

  /// The contents of everything a plan reads, now or at a version.
  ///
  /// Errors: 55000 when a view that it reads has failed.
  Map<Integer, Iterator<DeltaBatch>> history(
      ViewPlan plan, @org.jspecify.annotations.Nullable ContentsVersion version) {
    Map<Integer, Iterator<DeltaBatch>> found = new HashMap<>();
    ContentsVersion contents = version == null ? runtime.contents().current() : version;
    PlanInputs.of(plan.root())
        .forEach((relation, columns) -> {
          if (version == null) {
            runtime.requireRunning(relation);
          }
          if (contents.has(relation)) {
            found.put(relation, new ContentsIterator(contents, relation, runtime.allocator()));
          } else if (runtime.catalog().find(relation) instanceof StreamObject stream
              && stream.connector() != null) {
            found.put(relation, runtime.sources().history(stream, columns));
          }
        });
    return found;
  }

  /// Drops objects; the caller has made sure that nothing else reads them, or lists what does. In
  /// order: readers before what they read.
  public void drop(Function<Catalog, Collection<CatalogObject>> choose) {
    runtime
        .driver()
        .exclusive(() -> {
          List<CatalogObject> victims =
              new ArrayList<>(new LinkedHashSet<>(choose.apply(runtime.catalog())));
          victims.sort((a, b) -> Integer.compare(b.oid(), a.oid()));
          for (CatalogObject victim : victims) {
            runtime.change(new CatalogChange.Remove(victim.oid()));
            remove(victim);
          }
          return victims;
        });
  }

  private void remove(CatalogObject victim) {
    switch (victim) {
      case MaterializedViewObject v -> undo(v.oid());
      case SinkObject s -> {
        runtime.sinks().stop(s.oid());
        undo(s.oid());
      }
      case StreamObject s -> {
        runtime.sources().detach(s.oid());
        runtime.sources().forget(s.oid());
        runtime.retention().forget(s.oid());
        undo(s.oid());
      }
      case TableObject t -> undo(t.oid());
      case LogicalViewObject v -> runtime.infos().forget(v.oid());
    }
  }

  /// Replaces an object's definition facts (name, comments) by a changed copy.
  public void alter(Function<Catalog, CatalogObject> change) {
    runtime
        .driver()
        .exclusive(() -> {
          CatalogObject changed = change.apply(runtime.catalog());
          runtime.change(new CatalogChange.Put(changed));
          return changed;
        });
  }

  public void schemaChange(Function<Catalog, CatalogChange> change) {
    runtime
        .driver()
        .exclusive(() -> {
          CatalogChange made = change.apply(runtime.catalog());
          runtime.change(made);
          return made;
        });
  }
}
