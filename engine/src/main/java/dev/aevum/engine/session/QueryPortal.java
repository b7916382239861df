package dev.aevum.engine.session;

import dev.aevum.engine.api.Portal;
import dev.aevum.engine.api.ResultColumn;
import dev.aevum.engine.runtime.IdleReaders;
import dev.aevum.executor.kernel.Gather;
import dev.aevum.executor.kernel.Selection;
import dev.aevum.executor.query.QueryExecution;
import dev.aevum.executor.query.RowSource;
import dev.aevum.model.batch.DeltaBatch;
import dev.aevum.model.error.ErrorCode;
import dev.aevum.model.error.SqlException;
import dev.aevum.planner.plan.Expr;
import dev.aevum.planner.plan.QueryPlan;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// A running query: it reads the version of the contents that was published when it was first
/// fetched from, and lets go of it when nobody fetches for a minute. The session's thread uses it;
/// the lock is for the one that releases it.
final class QueryPortal implements Portal, IdleReaders.Reader {
  private final SessionImpl session;
  private final QueryPlan plan;
  private final List<ResultColumn> columns;
  private final List<Expr.Literal> parameters;
  private @Nullable StatementRun run;
  private @Nullable RowSource source;
  private @Nullable DeltaBatch rest;
  private int restFrom;
  private long rows;
  private boolean done;
  private final ReentrantLock lock = new ReentrantLock();
  private long idleSince;
  private boolean released;

  QueryPortal(
      SessionImpl session,
      QueryPlan plan,
      List<ResultColumn> columns,
      List<Expr.Literal> parameters) {
    this.session = session;
    this.plan = plan;
    this.columns = columns;
    this.parameters = parameters;
  }

  @Override
  public List<ResultColumn> columns() {
    return columns;
  }

  @Override
  public Fetched fetch(int maxRows) {
    lock.lock();
    try {
      if (released) {
        throw new SqlException(ErrorCode.SNAPSHOT_TOO_OLD, "snapshot too old")
            .withDetail("The rows of this query were not fetched for more than 60 seconds.")
            .withHint("Run the query again, and fetch its rows without such a pause.");
      }
      return session.running(() -> next(maxRows));
    } catch (RuntimeException | Error e) {
      close();
      throw e;
    } finally {
      idleSince = session.runtime().readers().nanos();
      lock.unlock();
    }
  }

  @Override
  public boolean releaseIfIdleSince(long nanos) {
    if (!lock.tryLock()) {
      return false;
    }
    try {
      if (source == null || idleSince - nanos > 0) {
        return false;
      }
      close();
      released = true;
      return true;
    } finally {
      lock.unlock();
    }
  }

  private Fetched next(int maxRows) {
    DeltaBatch batch = rest;
    if (batch == null) {
      batch = pull();
      restFrom = 0;
    }
    rest = null;
    if (batch == null) {
      close();
      return new Fetched(null, true, "SELECT " + rows, null, 0);
    }
    int left = batch.rows() - restFrom;
    if (maxRows <= 0 || left <= maxRows) {
      DeltaBatch given = restFrom == 0 ? batch : cut(batch, restFrom, left);
      rows += given.rows();
      return new Fetched(given, false, null, null, 0);
    }
    DeltaBatch given = cut(batch.retain(), restFrom, maxRows);
    rest = batch;
    restFrom += maxRows;
    rows += maxRows;
    return new Fetched(given, false, null, null, 0);
  }

  private @Nullable DeltaBatch pull() {
    if (done) {
      return null;
    }
    RowSource open = source;
    if (open == null) {
      StatementRun started = session.start(parameters);
      session.warnOfErrors(plan.root());
      run = started;
      open = QueryExecution.open(plan.root(), started.context());
      source = open;
      session.runtime().readers().add(this);
    }
    DeltaBatch next = open.next();
    StatementRun current = run;
    if (next == null || current == null) {
      return null;
    }
    return current.expand(next);
  }

  /// `count` rows from `from`; takes the batch over.
  private DeltaBatch cut(DeltaBatch batch, int from, int count) {
    int[] rowNumbers = new int[count];
    for (int i = 0; i < count; i++) {
      rowNumbers[i] = from + i;
    }
    try (batch) {
      return Gather.gather(session.allocator(), batch, Selection.of(rowNumbers, count));
    }
  }

  @Override
  public void close() {
    lock.lock();
    try {
      done = true;
      if (rest != null) {
        rest.close();
        rest = null;
      }
      if (source != null) {
        source.close();
        source = null;
        session.runtime().readers().remove(this);
      }
      if (run != null) {
        run.close();
        run = null;
      }
    } finally {
      lock.unlock();
    }
  }
}
