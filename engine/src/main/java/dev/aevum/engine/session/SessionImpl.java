package dev.aevum.engine.session;

import dev.aevum.engine.api.ResultColumn;
import dev.aevum.engine.api.Session;
import dev.aevum.engine.catalog.Catalog;
import dev.aevum.engine.name.CatalogNames;
import dev.aevum.engine.name.SessionCatalogView;
import dev.aevum.engine.runtime.DatabaseRuntime;
import dev.aevum.engine.runtime.PlanInputs;
import dev.aevum.engine.setting.SessionSettings;
import dev.aevum.engine.step.StepDriver;
import dev.aevum.engine.system.RunningState.SessionState;
import dev.aevum.engine.system.SystemSnapshot;
import dev.aevum.engine.write.TableChange;
import dev.aevum.executor.kernel.EvaluationContext;
import dev.aevum.executor.query.QueryContext;
import dev.aevum.executor.query.RelationReader;
import dev.aevum.model.error.ErrorCode;
import dev.aevum.model.error.SqlException;
import dev.aevum.model.step.Position;
import dev.aevum.model.text.TextStyle;
import dev.aevum.parser.ParsedStatement;
import dev.aevum.parser.SqlParser;
import dev.aevum.parser.statement.CommitStatement;
import dev.aevum.parser.statement.RollbackStatement;
import dev.aevum.parser.statement.RollbackToSavepointStatement;
import dev.aevum.planner.plan.Expr;
import dev.aevum.planner.plan.PlanNode;
import dev.aevum.storage.contents.ContentsVersion;
import dev.aevum.storage.durable.VolatileStorage;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.apache.arrow.memory.BufferAllocator;
import org.jspecify.annotations.Nullable;

/// A client's session.
final class SessionImpl implements Session {
  private final DatabaseRuntime runtime;
  private final SessionRegistry registry;
  private final int processId;
  private final int cancelKey;
  private final String user;
  private final String clientAddress;
  private final SessionSettings settings;
  private final BufferAllocator allocator;
  private final Transaction transaction;
  private final NamedStatements named = new NamedStatements();
  private final List<Notice> notices = new ArrayList<>();
  private final Random random;
  private final long startMicros;
  private final Object cancelling = new Object();
  private volatile boolean canceled;
  private @Nullable Thread thread;
  private volatile String lastQuery = "";
  private volatile long queryMicros;
  private volatile long transactionMicros;
  private volatile long changeMicros;
  private volatile boolean active;
  private Predicate<String> protocolStatements = name -> false;
  private @Nullable TextStyle style;
  private long styleVersion = -1;
  private @Nullable Catalog styleCatalog;
  private boolean closed;
  private final List<String> tookEffect = new ArrayList<>();
  private Object lockOwner = new Object();

  SessionImpl(
      DatabaseRuntime runtime,
      SessionRegistry registry,
      int processId,
      int cancelKey,
      String user,
      String clientAddress) {
    this.runtime = runtime;
    this.transaction = new Transaction(runtime.transactionBytes());
    this.registry = registry;
    this.processId = processId;
    this.cancelKey = cancelKey;
    this.user = user;
    this.clientAddress = clientAddress;
    this.settings = new SessionSettings(user);
    this.random = new Random(runtime.config().seed() + processId);
    this.startMicros = runtime.nowMicros();
    this.changeMicros = startMicros;
    this.allocator =
        runtime.queryAllocator().newChildAllocator("session-" + processId, 0, Long.MAX_VALUE);
  }

  DatabaseRuntime runtime() {
    return runtime;
  }

  SessionSettings settings() {
    return settings;
  }

  Transaction transaction() {
    return transaction;
  }

  /// Who holds the locks of the transaction.
  Object lockOwner() {
    return lockOwner;
  }

  @Override
  public @Nullable List<ResultColumn> cursorColumns(String name) {
    return named.cursorColumns(name);
  }

  NamedStatements named() {
    return named;
  }

  BufferAllocator allocator() {
    return allocator;
  }

  String user() {
    return user;
  }

  @Override
  public int processId() {
    return processId;
  }

  @Override
  public int cancelKey() {
    return cancelKey;
  }

  @Override
  public List<Parsed> split(String sql) {
    lastQuery = sql.strip();
    List<Parsed> parsed = new ArrayList<>();
    for (ParsedStatement statement : SqlParser.parseScript(sql)) {
      parsed.add(new ParsedImpl(statement));
    }
    return parsed;
  }

  /// A parsed statement as the protocol holds it.
  record ParsedImpl(ParsedStatement statement) implements Parsed {
    @Override
    public String text() {
      return statement.text();
    }

    @Override
    public boolean endsFailedBlock() {
      return statement.statement() instanceof CommitStatement
          || statement.statement() instanceof RollbackStatement
          || statement.statement() instanceof RollbackToSavepointStatement;
    }
  }

  @Override
  public Prepared prepare(Parsed parsed, List<Integer> parameterTypes) {
    if (!(parsed instanceof ParsedImpl p)) {
      throw new IllegalArgumentException("a statement of another engine");
    }
    if (transaction.status() == TransactionStatus.FAILED_BLOCK && !p.endsFailedBlock()) {
      throw new SqlException(
          ErrorCode.IN_FAILED_SQL_TRANSACTION,
          "current transaction is aborted, commands ignored until end of transaction block");
    }
    return running(() -> new Statements(this).prepare(p.statement(), parameterTypes));
  }

  /// Runs a piece of work that [#cancel] interrupts.
  <T> T running(Supplier<T> work) {
    boolean outer = !active;
    if (outer) {
      synchronized (cancelling) {
        thread = Thread.currentThread();
      }
      active = true;
      changeMicros = runtime.nowMicros();
      queryMicros = changeMicros;
    }
    try {
      if (canceled) {
        throw new SqlException(ErrorCode.QUERY_CANCELED, "canceling statement due to user request");
      }
      return work.get();
    } finally {
      if (outer) {
        synchronized (cancelling) {
          thread = null;
          canceled = false;
          var _ = Thread.interrupted();
        }
        active = false;
        changeMicros = runtime.nowMicros();
      }
    }
  }

  /// The catalogue as a statement that starts now sees it.
  SessionCatalogView catalogView() {
    return new SessionCatalogView(
        runtime.catalog(),
        runtime.infos(),
        runtime.system(),
        runtime.functions(),
        settings,
        user,
        statementMicros());
  }

  /// `now()`: the start of the transaction, or of the statement outside of one.
  long statementMicros() {
    return transaction.inBlock() && transactionMicros != 0
        ? transactionMicros
        : runtime.nowMicros();
  }

  /// Begins an execution over the version of the contents that is published now.
  StatementRun start(List<Expr.Literal> parameters) {
    return start(parameters, runtime.contents().current(), reader -> reader);
  }

  /// Begins an execution that reads streams which keep no rows from their connectors again, as a
  /// view has read them: it sees those rows and the contents as they are in one step.
  StatementRun startAgain(int view) {
    Cut cut =
        runtime
            .driver()
            .exclusive(() -> new Cut(runtime.contents().current(), runtime.sources().positions()));
    return start(
        List.of(),
        cut.contents(),
        reader -> new RereadReader(runtime, view, cut.positions(), reader));
  }

  /// What everything holds and how far sources have been taken, in one step.
  private record Cut(ContentsVersion contents, Map<Integer, Position> positions) {}

  private StatementRun start(
      List<Expr.Literal> parameters,
      ContentsVersion contents,
      UnaryOperator<RelationReader> relations) {
    SessionCatalogView catalog = catalogView();
    SnapshotReader reader =
        new SnapshotReader(
            contents,
            transaction,
            runtime.system(),
            () -> systemSnapshot(catalog),
            allocator,
            runtime::requireRunning);
    EvaluationContext evaluation =
        new EvaluationContext(
            allocator,
            new StatementEnvironment(
                catalog,
                settings,
                processId,
                runtime.version(),
                runtime::nowMicros,
                random::nextLong),
            statementMicros());
    QueryContext context =
        new QueryContext(
            evaluation,
            runtime.functions(),
            relations.apply(reader),
            parameters,
            () -> canceled,
            () -> VolatileStorage.scratch(evaluation.allocator()));
    return new StatementRun(context, reader);
  }

  /// A read of a view that has rows it could not compute says so.
  void warnOfErrors(PlanNode plan) {
    if (!runtime.hasViewErrors()) {
      return;
    }
    for (int relation : PlanInputs.of(plan).keySet()) {
      long errors = runtime.viewErrors(relation);
      if (errors > 0) {
        notice(
            "WARNING",
            ErrorCode.WARNING,
            "view \""
                + runtime.nameOf(relation)
                + "\" leaves out rows because of "
                + errors
                + (errors == 1 ? " error" : " errors"),
            "SELECT * FROM aevum.errors shows them.");
      }
    }
  }

  private SystemSnapshot systemSnapshot(SessionCatalogView catalog) {
    return new SystemSnapshot(
        catalog.catalog(),
        runtime.system(),
        runtime.functions(),
        settings,
        user,
        processId,
        runtime.state(registry.states()));
  }

  void notice(String severity, ErrorCode code, String message, @Nullable String hint) {
    notices.add(new Notice(severity, code.sqlState(), message, null, hint));
  }

  @Override
  public void beginImplicit() {
    transaction.beginImplicit();
  }

  @Override
  public void sync(boolean failed) {
    if (failed) {
      warnOfEffects();
    }
    tookEffect.clear();
    if (transaction.inBlock()) {
      if (failed) {
        transaction.fail();
      }
      return;
    }
    try {
      if (!failed) {
        running(() -> {
          commitWrites();
          return 0;
        });
      }
    } finally {
      endTransaction(!failed);
    }
  }

  /// Admits what the transaction wrote and waits until it is durable and visible.
  void commitWrites() {
    List<TableChange> writes = transaction.takeWrites();
    if (writes.isEmpty()) {
      return;
    }
    CompletableFuture<Long> done = runtime.driver().submit(writes);
    if (settings.get("synchronous_commit").equals("off")) {
      // Until the step is visible, nobody may compute changes from what these tables held before.
      Object owner = lockOwner;
      lockOwner = new Object();
      var _ = done.whenComplete((step, failure) -> runtime.locks().releaseAll(owner));
      return;
    }
    StepDriver.await(done);
  }

  /// A definition is there for good, whatever becomes of its message group.
  void tookEffect(String tag) {
    tookEffect.add(tag);
  }

  private void warnOfEffects() {
    if (!tookEffect.isEmpty()) {
      notices.add(
          new Notice(
              "WARNING",
              ErrorCode.WARNING.sqlState(),
              "statements before the error have taken effect: " + String.join(", ", tookEffect),
              "CREATE, DROP and ALTER commit what came before them in the same message, and"
                  + " themselves.",
              null));
    }
  }

  void beginBlock() {
    transaction.beginBlock();
    settings.begin();
    transactionMicros = runtime.nowMicros();
  }

  void endTransaction(boolean committed) {
    boolean block = transaction.inBlock();
    transaction.end();
    if (block) {
      settings.end(committed);
      named.closeTransactionCursors();
    }
    transactionMicros = 0;
    runtime.locks().releaseAll(lockOwner);
  }

  @Override
  public TransactionStatus status() {
    return transaction.status();
  }

  @Override
  public Map<String, String> reportedSettings() {
    return settings.reported();
  }

  @Override
  public TextStyle textStyle() {
    TextStyle known = style;
    if (known == null || styleVersion != settings.version() || styleCatalog != runtime.catalog()) {
      styleVersion = settings.version();
      styleCatalog = runtime.catalog();
      known = catalogView().textStyle();
      style = known;
    }
    return known;
  }

  @Override
  public void cancel() {
    synchronized (cancelling) {
      Thread running = thread;
      if (running != null) {
        canceled = true;
        running.interrupt();
      }
    }
  }

  @Override
  public List<Notice> takeNotices() {
    List<Notice> taken = List.copyOf(notices);
    notices.clear();
    return taken;
  }

  @Override
  public long idleInTransactionTimeoutMillis() {
    return settings.millis("idle_in_transaction_session_timeout");
  }

  @Override
  public void protocolStatements(Predicate<String> closeByName) {
    protocolStatements = closeByName;
  }

  /// Closes a statement that the protocol prepared under that name; false when there is none.
  boolean closeProtocolStatement(String name) {
    return protocolStatements.test(name);
  }

  @Override
  public long statementTimeoutMillis() {
    return settings.millis("statement_timeout");
  }

  SessionState state() {
    String state =
        active
            ? "active"
            : switch (transaction.status()) {
              case IDLE -> "idle";
              case BLOCK -> "idle in transaction";
              case FAILED_BLOCK -> "idle in transaction (aborted)";
            };
    return new SessionState(
        processId,
        user,
        CatalogNames.DATABASE,
        settings.get("application_name"),
        clientAddress,
        startMicros,
        queryMicros == 0 ? null : queryMicros,
        transactionMicros == 0 ? null : transactionMicros,
        changeMicros,
        state,
        lastQuery);
  }

  @Override
  public void close() {
    if (closed) {
      return;
    }
    closed = true;
    named.close();
    endTransaction(false);
    registry.remove(this);
    allocator.close();
  }
}
