package dev.aevum.engine.runtime;

import dev.aevum.connectors.Connectors;
import dev.aevum.engine.catalog.Catalog;
import dev.aevum.engine.catalog.CatalogChange;
import dev.aevum.engine.catalog.CatalogCodec;
import dev.aevum.engine.catalog.CatalogObject;
import dev.aevum.engine.catalog.CatalogObject.MaterializedViewObject;
import dev.aevum.engine.catalog.CatalogObject.SinkObject;
import dev.aevum.engine.catalog.CatalogObject.StreamObject;
import dev.aevum.engine.catalog.RelationInfos;
import dev.aevum.engine.sink.SinkManager;
import dev.aevum.engine.source.BadRowLog;
import dev.aevum.engine.source.SourceManager;
import dev.aevum.engine.step.OwnedRows;
import dev.aevum.engine.step.StepCommitter;
import dev.aevum.engine.step.StepDriver;
import dev.aevum.engine.system.SystemCatalog;
import dev.aevum.engine.system.SystemRelations;
import dev.aevum.engine.write.TableLocks;
import dev.aevum.executor.function.FunctionRegistry;
import dev.aevum.executor.kernel.EvaluationContext;
import dev.aevum.executor.spi.StepInput;
import dev.aevum.executor.spi.StepInput.RelationChange;
import dev.aevum.executor.spi.StepOutput;
import dev.aevum.executor.step.KeptInput;
import dev.aevum.executor.step.KeptMatches;
import dev.aevum.executor.step.StepEngine;
import dev.aevum.model.batch.DeltaBatch;
import dev.aevum.model.error.ErrorCode;
import dev.aevum.model.error.SqlException;
import dev.aevum.planner.Planner;
import dev.aevum.storage.contents.ContentsStore;
import dev.aevum.storage.contents.Run;
import dev.aevum.storage.durable.DurableStorage;
import dev.aevum.storage.durable.Storage;
import dev.aevum.storage.durable.VolatileStorage;
import dev.aevum.storage.file.FileSystem;
import dev.aevum.storage.file.LocalFileSystem;
import dev.aevum.storage.state.StateBackend;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.function.IntConsumer;
import java.util.function.Supplier;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.OutOfMemoryException;
import org.apache.arrow.memory.RootAllocator;
import org.jspecify.annotations.Nullable;

/// All parts of a running database, built in one order and closed in the reverse one. Parts are
/// final; the catalogue is a volatile snapshot that only the step thread replaces.
public final class DatabaseRuntime implements AutoCloseable, StepCommitter.Listener {

  /// How much more state than a transaction has rows a new view may begin with: it stands in the
  /// heap fewer times.
  private static final int STATE_SHARE = 4;

  private static final List<OwnedRows> ERRORS = List.of(ViewErrors.ROWS, BadRowLog.ROWS);

  /// Holder of the log's frames until sinks have told what they need of them.
  private static final int STARTING = -1;

  private static final long MAX_QUEUE_BYTES = 256L << 20;

  private final DatabaseConfig config;
  private final BufferAllocator allocator;
  private final BufferAllocator queries;
  private final ViewMemory viewMemory;
  private final MemoryGuard memory;
  private final FunctionRegistry functions;
  private final SystemRelations system;
  private final Planner planner;
  private final RelationInfos infos;
  private final Connectors connectors;
  private final Storage storage;
  private final ContentsStore contents;
  private final StepEngine engine;
  private final StepCommitter committer;
  private final SourceManager sources;
  private final SinkManager sinks;
  private final StepDriver driver;
  private final TableLocks locks = new TableLocks();
  private final Definitions definitions;
  private final ViewLives lives;
  private final Retention retention;
  private final IdleReaders readers;
  private final StuckWatch stuckWatch;
  private final Map<Integer, ViewRuntime> views = new ConcurrentHashMap<>();
  private final long startMicros;
  private volatile Catalog catalog = Catalog.EMPTY;
  private volatile @Nullable Throwable failure;

  /// Opens the database and everything in its folder; takes input from now on.
  ///
  /// @param fatal told when the database cannot go on (a failed sync): the process has to stop
  public DatabaseRuntime(DatabaseConfig config, Consumer<Throwable> fatal) {
    this(
        config,
        new LocalFileSystem(),
        DurableStorage.Options.within(config.memoryBytes(), Runtime.getRuntime().maxMemory()),
        fatal);
  }

  /// As above, with the files of the catalogue and the step log on `files`.
  public DatabaseRuntime(
      DatabaseConfig config,
      FileSystem files,
      DurableStorage.Options options,
      Consumer<Throwable> fatal) {
    this(config, files, options, new Planner(), fatal);
  }

  /// As above, with statements planned by `planner`.
  public DatabaseRuntime(
      DatabaseConfig config,
      FileSystem files,
      DurableStorage.Options options,
      Planner planner,
      Consumer<Throwable> fatal) {
    this.config = config;
    this.startMicros = config.micros();
    // The guard acts before; what is above its bound is for the step under way.
    this.allocator =
        new RootAllocator(config.memoryBytes() + Math.max(64L << 20, config.memoryBytes() / 4));
    this.queries = allocator.newChildAllocator("queries", 0, config.memoryBytes() / 4);
    this.viewMemory = new ViewMemory(allocator);
    this.functions = FunctionRegistry.standard();
    this.system = SystemCatalog.relations();
    this.planner = planner;
    this.infos = new RelationInfos(new ColumnExpressions(this));
    this.connectors = new Connectors(config.clock());
    AtomicReference<@Nullable StepDriver> driving = new AtomicReference<>();
    Consumer<Throwable> stop =
        t -> {
          failure = t;
          StepDriver running = driving.get();
          if (running != null) {
            running.stop(t);
          }
          fatal.accept(t);
        };
    // Told by threads of the storage, which runs before there are sinks.
    AtomicReference<SinkManager> manager = new AtomicReference<>();
    this.storage =
        open(
            config,
            files,
            options,
            stop,
            sink -> {
              SinkManager running = manager.get();
              if (running != null) {
                running.lost(sink);
              }
            });
    this.contents = storage.contents();
    this.catalog = Recovery.catalog(storage.catalogue());
    storage.hold(STARTING, 0);
    Storage.Recovered recovered = storage.recover(Recovery.layouts(catalog));
    ServerEnvironment environment = new ServerEnvironment();
    this.committer = new StepCommitter(storage, this::catalog, this, config.nanoClock(), stop);
    committer.restore(recovered);
    this.catalog = catalog.atLeast(committer.unspent());
    this.engine =
        new StepEngine(
            allocator,
            backends(storage, viewMemory, config.workers()),
            functions,
            environment,
            config.nanoClock(),
            config.folder() != null,
            MemoryGuard.viewStepBytes());
    engine.restoreWatermarks(recovered.manifest().watermarks());
    this.memory = new MemoryGuard(this, viewMemory);
    this.sources =
        new SourceManager(
            connectors,
            functions,
            () -> new EvaluationContext(allocator, environment, config.micros()),
            config::micros,
            allocator,
            memory,
            Math.clamp(config.memoryBytes() / 16, 2L << 20, MAX_QUEUE_BYTES));
    this.sinks = new SinkManager(connectors, storage, allocator);
    manager.set(sinks);
    this.driver =
        new StepDriver(
            engine, committer, this::catalog, sources, config::micros, allocator, memory);
    driving.set(driver);
    this.definitions = new Definitions(this);
    this.lives = new ViewLives(this);
    this.retention = new Retention(this);
    sources.onReady(driver::wake);
    this.readers = new IdleReaders(config.nanoClock());
    driver.onTurn(nowMicros -> {
      retention.turn(nowMicros);
      readers.turn();
    });
    sources.restore(contents.current(), recovered.manifest().sources());
    lives.start();
    storage.release(STARTING);
    forgetOrphans();
    driver.start();
    this.stuckWatch = StuckWatch.start(engine::running, config.nanoClock());
  }

  /// Errors of views and sources that the catalogue does not know: a crash came between a first or
  /// last step of theirs and the catalogue's record of it.
  private void forgetOrphans() {
    Set<Integer> owners = new TreeSet<>();
    for (OwnedRows errors : ERRORS) {
      owners.addAll(errors.owners(contents.current(), allocator));
    }
    for (int owner : owners) {
      if (catalog.find(owner) == null) {
        forgetErrors(owner);
      }
    }
  }

  private static Storage open(
      DatabaseConfig config,
      FileSystem files,
      DurableStorage.Options options,
      Consumer<Throwable> fatal,
      IntConsumer lostHold) {
    if (config.folder() == null) {
      return new VolatileStorage(lostHold);
    }
    return DurableStorage.open(files, config.folder(), options, fatal, lostHold);
  }

  private static List<StateBackend> backends(Storage storage, ViewMemory allocators, int workers) {
    List<StateBackend> backends = new ArrayList<>();
    for (int worker = 0; worker < workers; worker++) {
      backends.add(
          storage.backend(
              allocators,
              ShardRanges.first(worker, workers),
              ShardRanges.first(worker + 1, workers)));
    }
    return backends;
  }

  public DatabaseConfig config() {
    return config;
  }

  public BufferAllocator allocator() {
    return allocator;
  }

  /// Of what sessions compute: a query that takes too much fails alone.
  public BufferAllocator queryAllocator() {
    return queries;
  }

  MemoryGuard memory() {
    return memory;
  }

  ViewMemory viewMemory() {
    return viewMemory;
  }

  public FunctionRegistry functions() {
    return functions;
  }

  public SystemRelations system() {
    return system;
  }

  public Planner planner() {
    return planner;
  }

  public RelationInfos infos() {
    return infos;
  }

  public Connectors connectors() {
    return connectors;
  }

  public ContentsStore contents() {
    return contents;
  }

  public StepDriver driver() {
    return driver;
  }

  public TableLocks locks() {
    return locks;
  }

  public Definitions definitions() {
    return definitions;
  }

  public SourceManager sources() {
    return sources;
  }

  public SinkManager sinks() {
    return sinks;
  }

  public long startMicros() {
    return startMicros;
  }

  public long nowMicros() {
    return config.micros();
  }

  /// What `version()` gives.
  public String version() {
    return ServerEnvironment.VERSION;
  }

  /// The catalogue now. Any thread.
  public Catalog catalog() {
    return catalog;
  }

  StepEngine engine() {
    return engine;
  }

  StepCommitter committer() {
    return committer;
  }

  Storage storage() {
    return storage;
  }

  Map<Integer, ViewRuntime> views() {
    return views;
  }

  /// The last published step. Any thread.
  public long step() {
    return committer.published();
  }

  public RuntimeState state(List<dev.aevum.engine.system.RunningState.SessionState> sessions) {
    return new RuntimeState(this, sessions);
  }

  /// The plan of a deployed view or sink by name. Errors: 42P01, 42809.
  public dev.aevum.planner.plan.ViewPlan planOf(
      dev.aevum.engine.name.SessionCatalogView view, dev.aevum.parser.statement.ObjectName name) {
    for (String schema : name.schema() == null ? view.searchPath() : List.of(name.schema())) {
      CatalogObject found = view.catalog().find(schema, name.name());
      ViewRuntime running = found == null ? null : views.get(found.oid());
      if (running != null && running.plan != null) {
        return running.plan;
      }
      if (found != null) {
        throw new SqlException(
                ErrorCode.WRONG_OBJECT_TYPE,
                "\"" + name.name() + "\" is not a maintained view or sink")
            .withHint("EXPLAIN takes materialized views, sinks and statements.")
            .at(name.span());
      }
    }
    throw new SqlException(ErrorCode.UNDEFINED_TABLE, "relation \"" + name + "\" does not exist")
        .at(name.span());
  }

  /// The plan that a view or sink runs by; null when there is none of that OID. Any thread.
  public dev.aevum.planner.plan.@Nullable ViewPlan planOf(int oid) {
    ViewRuntime running = views.get(oid);
    return running == null ? null : running.plan;
  }

  /// Whether any view has open errors. Any thread.
  public boolean hasViewErrors() {
    return contents.current().rows(ViewErrors.ROWS.relation()) > 0;
  }

  /// Open errors of a view, for the warning of reads.
  public long viewErrors(int view) {
    return ViewErrors.ROWS.count(contents.current(), view, allocator);
  }

  /// All bounded sources have been read to their end, everything of them is published and written
  /// by sinks. Any thread.
  public boolean isDrained() {
    return sources.isDrained() && sinks.isDrained(step());
  }

  /// No other object gets this OID, whatever becomes of the one that was to have it. Step thread.
  void spend(int oid) {
    committer.spend(oid);
    catalog = catalog.atLeast(oid + 1);
  }

  /// Makes a change durable and visible. Step thread.
  void change(CatalogChange change) {
    storage.catalogue().append(CatalogCodec.encode(change));
    catalog = change.apply(catalog);
  }

  @Override
  public Map<Integer, Long> writeWatermarks(List<RelationChange> changes, long nowMicros) {
    retention.arrived(changes, nowMicros);
    return sources.observeWrites(changes, nowMicros);
  }

  @Override
  public List<RelationChange> consequences(long step, StepOutput output) {
    List<RelationChange> changes = new ArrayList<>();
    if (!output.failures().isEmpty()) {
      lives.failed(output.failures(), step);
    }
    if (!output.errors().isEmpty()) {
      changes.add(ViewErrors.changes(allocator, output.errors()));
    }
    changes.addAll(sources.takeBadRows());
    for (StepOutput.LateRows late : output.late()) {
      try (var batch = late.batch()) {
        ViewRuntime runtime = views.get(late.view());
        if (runtime != null) {
          runtime.lateRows.addAndGet(batch.rows());
        }
        if (catalog.find(late.view()) instanceof MaterializedViewObject view
            && view.lateTable() != 0
            && catalog.find(late.stream()) instanceof StreamObject stream) {
          changes.add(
              LateTables.change(allocator, view.lateTable(), stream, view.name(), step, late));
        }
      }
    }
    return changes;
  }

  @Override
  public boolean isDiscarded(int relation, long rows) {
    return sinks.discard(relation, rows);
  }

  @Override
  public void published(long step, Map<Integer, Run> runs) {
    sinks.published(step, runs, sinkObjects());
  }

  List<SinkObject> sinkObjects() {
    List<SinkObject> found = new ArrayList<>();
    for (CatalogObject object : catalog.objects()) {
      if (object instanceof SinkObject sink) {
        found.add(sink);
      }
    }
    return found;
  }

  List<StreamObject> streamObjects() {
    List<StreamObject> found = new ArrayList<>();
    for (CatalogObject object : catalog.objects()) {
      if (object instanceof StreamObject stream) {
        found.add(stream);
      }
    }
    return found;
  }

  /// An object's name, for messages.
  public String nameOf(int oid) {
    CatalogObject object = catalog.find(oid);
    return object == null ? "object " + oid : object.name();
  }

  ViewLives lives() {
    return lives;
  }

  /// Queries that are being read.
  public IdleReaders readers() {
    return readers;
  }

  Retention retention() {
    return retention;
  }

  /// Whether the object is a view or sink that is not maintained any more. Any thread.
  public boolean hasFailed(int oid) {
    ViewRuntime view = views.get(oid);
    return view != null && view.failure() != null;
  }

  /// Any thread.
  ///
  /// Errors: 55000 when the relation is a view that has failed.
  public void requireRunning(int relation) {
    ViewRuntime view = views.get(relation);
    String failure = view == null ? null : view.failure();
    if (failure != null) {
      boolean model =
          catalog().find(relation) instanceof MaterializedViewObject v && v.model() != null;
      String kind = model ? "model" : "materialized view";
      throw new SqlException(
              ErrorCode.OBJECT_NOT_IN_PREREQUISITE_STATE,
              kind + " \"" + nameOf(relation) + "\" has failed")
          .withDetail(failure)
          .withHint(
              model
                  ? "Use the REFRESH MODEL command to learn it anew from what its inputs hold."
                  : "Use the REFRESH MATERIALIZED VIEW command to rebuild it.");
    }
  }

  /// Runs one step of nothing but a view's filling. Step thread.
  void backfill(int view, Map<Integer, Iterator<DeltaBatch>> inputs) {
    long now = driver.taskMicros();
    StepOutput output = filled(now, view, inputs);
    committer.commit(now, List.of(), output, Map.of(), Map.of(), () -> {});
    committer.awaitPublished();
  }

  /// Bytes of rows that one transaction may write. Any thread.
  public long transactionBytes() {
    return MemoryGuard.transactionBytes();
  }

  /// Runs one step that brings what a deployed query gives over the inputs of `again`, which
  /// deploys it anew, less what it gives over `inputs`. Step thread.
  void difference(
      int view,
      Map<Integer, Iterator<DeltaBatch>> inputs,
      Supplier<Map<Integer, Iterator<DeltaBatch>>> again) {
    long now = driver.taskMicros();
    List<RelationChange> old = new ArrayList<>();
    try {
      StepOutput before = filled(now, view, inputs);
      before.late().forEach(l -> l.batch().close());
      before
          .changes()
          .forEach(c -> old.add(new RelationChange(view, 0, Negation.of(c.batch(), allocator))));
      StepOutput output = filled(now, view, again.get());
      List<StepOutput.OutputChange> changes = new ArrayList<>(output.changes());
      old.forEach(c -> changes.add(new StepOutput.OutputChange(view, c.batch())));
      old.clear();
      committer.commit(
          now,
          List.of(),
          new StepOutput(
              output.step(), changes, output.late(), output.errors(), output.dirty(), List.of()),
          Map.of(),
          Map.of(),
          () -> {});
      committer.awaitPublished();
    } finally {
      old.forEach(c -> c.batch().close());
    }
  }

  private StepOutput filled(long now, int view, Map<Integer, Iterator<DeltaBatch>> inputs) {
    // All of its state is in the one frame.
    StepOutput output =
        viewMemory.within(
            view,
            STATE_SHARE * MemoryGuard.transactionBytes(),
            () -> engine.backfill(committer.nextStep(), now, view, inputs));
    List<StepOutput.ViewFailure> failures = output.failures();
    if (!failures.isEmpty()) {
      output.changes().forEach(c -> c.batch().close());
      output.late().forEach(l -> l.batch().close());
      Throwable cause = failures.getFirst().cause();
      if (cause instanceof OutOfMemoryException) {
        throw outOfMemory(view);
      }
      if (cause instanceof RuntimeException e) {
        throw e;
      }
      throw new IllegalStateException(cause);
    }
    return output;
  }

  /// What to say when memory ended while a view was filled: it came to its own limit, or the engine
  /// to its.
  private SqlException outOfMemory(int view) {
    Long limit = viewMemory.limit(view);
    return limit != null && viewMemory.peakBytes(view) > limit / 4
        ? MemoryGuard.exceeded(limit)
        : Memory.exhausted();
  }

  /// Takes the errors of an object that is gone away, in a step of their own. Step thread.
  void forgetErrors(int owner) {
    List<RelationChange> changes = new ArrayList<>();
    for (OwnedRows errors : ERRORS) {
      changes.addAll(errors.removal(contents.current(), owner, allocator));
    }
    if (!changes.isEmpty()) {
      changeContents(changes);
    }
  }

  /// Lets models of a view begin anew: of keys that have the given values (by partition column, as
  /// text). Durable on return. Errors: 42809 for a view without models, 42703 for a column that
  /// does not partition them.
  public void resetModels(int view, Map<String, String> condition) {
    driver.exclusive(() -> {
      engine.resetModels(view, condition);
      changeContents(List.of());
      return true;
    });
  }

  /// The latest matches of a view with their rows, by worker.
  public List<KeptMatches> recentMatches(int view) {
    return driver.exclusive(() -> engine.matches(view));
  }

  /// The rows that a view's row pattern keeps of its input, by worker; none of a worker that keeps
  /// more than `most`.
  public List<KeptInput> keptInput(int view, long most) {
    return driver.exclusive(() -> engine.inputs(view, most));
  }

  /// Runs one step that changes contents and no view, and waits until it is visible; closes the
  /// batches. Step thread.
  void changeContents(List<RelationChange> changes) {
    try {
      long now = driver.taskMicros();
      StepOutput output = engine.run(new StepInput(committer.nextStep(), now, List.of(), Map.of()));
      committer.commit(now, changes, output, Map.of(), Map.of(), () -> {});
      committer.awaitPublished();
    } finally {
      changes.forEach(c -> c.batch().close());
    }
  }

  /// Stops taking input, finishes what was taken, closes all files.
  @Override
  public void close() {
    stuckWatch.close();
    driver.close();
    retention.close();
    sources.close();
    sinks.close();
    engine.close();
    storage.close();
    viewMemory.close();
    queries.close();
    allocator.close();
  }

  /// What made the database stop, or null.
  public @Nullable Throwable failure() {
    return failure;
  }
}
