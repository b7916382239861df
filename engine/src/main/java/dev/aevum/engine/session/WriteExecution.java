package dev.aevum.engine.session;

import dev.aevum.engine.catalog.CatalogObject.Relation;
import dev.aevum.engine.catalog.CatalogObject.TableObject;
import dev.aevum.engine.session.RowChanges.Kind;
import dev.aevum.engine.write.TableChange;
import dev.aevum.executor.expression.CalcEvaluator;
import dev.aevum.executor.kernel.Gather;
import dev.aevum.executor.kernel.Selection;
import dev.aevum.executor.query.QueryExecution;
import dev.aevum.executor.query.RowSource;
import dev.aevum.model.batch.Column;
import dev.aevum.model.batch.DeltaBatch;
import dev.aevum.model.codec.ByteSink;
import dev.aevum.model.error.ErrorCode;
import dev.aevum.model.error.SqlException;
import dev.aevum.planner.WritePlan;
import dev.aevum.planner.plan.Expr;
import dev.aevum.planner.plan.WriteConflict;
import dev.aevum.storage.contents.ContentsLayout;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/// One execution of INSERT, UPDATE or DELETE: the plan's rows become changes of the transaction,
/// and rows of RETURNING.
final class WriteExecution implements AutoCloseable {
  private final SessionImpl session;
  private final Relation target;
  private final Kind kind;
  private final boolean joined;
  private final WritePlan plan;
  private final List<Expr.Literal> parameters;
  private final Queue<DeltaBatch> returned = new ArrayDeque<>();
  private final ByteSink scratch = new ByteSink();
  private final int width;
  private @Nullable CalcEvaluator returning;
  private @Nullable Map<ByteBuffer, Long> updatable;
  private final Set<ByteBuffer> keys = new HashSet<>();
  private long count;

  /// `joined`: an UPDATE's old row may come several times; it is changed once.
  WriteExecution(
      SessionImpl session,
      Relation target,
      Kind kind,
      boolean joined,
      WritePlan plan,
      List<Expr.Literal> parameters) {
    this.session = session;
    this.target = target;
    this.kind = kind;
    this.joined = joined;
    this.plan = plan;
    this.parameters = parameters;
    this.width = target.columns().size();
  }

  /// What RETURNING gives; batches belong to whoever removes them.
  Queue<DeltaBatch> returned() {
    return returned;
  }

  /// Does it all and gives the command tag.
  String run() {
    if (session.transaction().isReadOnly()) {
      throw new SqlException(
          ErrorCode.READ_ONLY_SQL_TRANSACTION,
          "cannot execute " + kind.name() + " in a read-only transaction");
    }
    boolean alone = kind != Kind.INSERT || plan.conflict() != WriteConflict.NONE;
    session.runtime().locks().acquire(session.lockOwner(), target.oid(), alone);
    try (StatementRun run = session.start(parameters);
        RowSource source = QueryExecution.open(plan.rows().root(), run.context())) {
      if (!plan.returning().isEmpty()) {
        returning = run.context().calc(null, plan.returning(), target.schema().types());
      }
      for (DeltaBatch next = source.next(); next != null; next = source.next()) {
        try (DeltaBatch rows = run.expand(next)) {
          if (plan.conflict() != WriteConflict.NONE) {
            resolve(run, rows);
          } else if (joined) {
            try (DeltaBatch once = firstMatches(run, rows)) {
              write(run, kind, once);
            }
          } else {
            write(run, kind, rows);
          }
        }
      }
    }
    checkKeys();
    return switch (kind) {
      case INSERT -> "INSERT 0 " + count;
      case UPDATE -> "UPDATE " + count;
      case DELETE -> "DELETE " + count;
    };
  }

  private void checkKeys() {
    if (session.transaction().inBlock() || !returned.isEmpty()) {
      session
          .transaction()
          .keys()
          .check(
              session.allocator(),
              session.runtime().catalog(),
              session.runtime().contents().current(),
              session.transaction().writes());
    }
  }

  /// Rows laid out as `as` says, borrowed.
  private void write(StatementRun run, Kind as, DeltaBatch rows) {
    if (rows.rows() == 0) {
      return;
    }
    count += rows.rows();
    TableChange change = new RowChanges(session.runtime().allocator(), target, as).of(rows);
    session.transaction().write(change);
    CalcEvaluator evaluator = returning;
    if (evaluator == null) {
      return;
    }
    try (DeltaBatch written = columns(rows, as == Kind.UPDATE ? width : 0);
        CalcEvaluator.Result result = evaluator.evaluate(run.context().evaluation(), written)) {
      run.context().check();
      for (Column column : result.columns()) {
        column.retain();
      }
      returned.add(new DeltaBatch(written.rows(), result.columns(), null));
    }
  }

  /// The target's columns from column `from` on.
  private DeltaBatch columns(DeltaBatch rows, int from) {
    Column[] chosen =
        IntStream.range(from, from + width)
            .mapToObj(i -> rows.column(i).retain())
            .toArray(Column[]::new);
    return new DeltaBatch(rows.rows(), chosen, null);
  }

  /// INSERT ... ON CONFLICT: new rows go in, rows whose key is there are left out or changed.
  private void resolve(StatementRun run, DeltaBatch rows) {
    int[] fresh = new int[rows.rows()];
    int[] changed = new int[rows.rows()];
    int freshCount = 0;
    int changedCount = 0;
    boolean updates = plan.conflict() == WriteConflict.UPDATE;
    Column found = rows.column(2 * width);
    for (int row = 0; row < rows.rows(); row++) {
      boolean there = found.booleanAt(row);
      boolean first = keys.add(key(rows, row));
      if (first && !there) {
        fresh[freshCount++] = row;
      } else if (updates && !first) {
        throw new SqlException(
                ErrorCode.CARDINALITY_VIOLATION,
                "ON CONFLICT DO UPDATE command cannot affect row a second time")
            .withHint(
                "Ensure that no rows proposed for insertion within the same command have duplicate"
                    + " constrained values.");
      } else if (updates) {
        Column condition = rows.column(2 * width + 1);
        if (!condition.isNull(row) && condition.booleanAt(row)) {
          changed[changedCount++] = row;
        }
      }
    }
    try (DeltaBatch inserts = gather(rows, 0, width, -1, fresh, freshCount)) {
      write(run, Kind.INSERT, inserts);
    }
    if (updates) {
      try (DeltaBatch both = gather(rows, width, 2 * width, 2 * width + 2, changed, changedCount)) {
        write(run, Kind.UPDATE, both);
      }
    }
  }

  /// Columns `from` to `to`, then (if not -1) as many as the target has from `second` on.
  private DeltaBatch gather(
      DeltaBatch rows, int from, int to, int second, int[] chosen, int chosenCount) {
    IntStream indices = IntStream.range(from, to);
    if (second >= 0) {
      indices = IntStream.concat(indices, IntStream.range(second, second + width));
    }
    Column[] columns =
        indices
            .mapToObj(i -> Gather.gather(session.allocator(), rows.column(i), chosen, chosenCount))
            .toArray(Column[]::new);
    return new DeltaBatch(chosenCount, columns, null);
  }

  private ByteBuffer key(DeltaBatch rows, int row) {
    Column[] key =
        ((TableObject) target).primaryKey().stream().map(rows::column).toArray(Column[]::new);
    scratch.reset();
    layout().keyCodec().encode(key, row, scratch);
    return ByteBuffer.wrap(scratch.toBytes());
  }

  private ContentsLayout layout() {
    return session.runtime().contents().current().layout(target.oid());
  }

  /// UPDATE ... FROM: each old row as often as it is there, the first of its matches.
  private DeltaBatch firstMatches(StatementRun run, DeltaBatch rows) {
    Map<ByteBuffer, Long> left = updatable;
    if (left == null) {
      left = present(run);
      updatable = left;
    }
    int[] kept = new int[rows.rows()];
    int keptCount = 0;
    Column[] old = IntStream.range(0, width).mapToObj(rows::column).toArray(Column[]::new);
    for (int row = 0; row < rows.rows(); row++) {
      ByteBuffer bytes = bytes(old, row);
      long times = left.getOrDefault(bytes, 0L);
      if (times > 0) {
        left.put(bytes, times - 1);
        kept[keptCount++] = row;
      }
    }
    return Gather.gather(session.allocator(), rows, Selection.of(kept, keptCount));
  }

  private Map<ByteBuffer, Long> present(StatementRun run) {
    Map<ByteBuffer, Long> weights = new HashMap<>();
    List<Integer> all = IntStream.range(0, width).boxed().toList();
    try (RowSource rows = run.reader().read(target.oid(), all, List.of())) {
      for (DeltaBatch next = rows.next(); next != null; next = rows.next()) {
        try (DeltaBatch batch = next) {
          Column[] columns = batch.columns().toArray(Column[]::new);
          for (int row = 0; row < batch.rows(); row++) {
            weights.merge(bytes(columns, row), batch.weightAt(row), Long::sum);
          }
        }
      }
    }
    return weights;
  }

  private ByteBuffer bytes(Column[] columns, int row) {
    scratch.reset();
    layout().rowCodec().encode(columns, row, scratch);
    return ByteBuffer.wrap(scratch.toBytes());
  }

  @Override
  public void close() {
    returned.forEach(DeltaBatch::close);
    returned.clear();
  }
}
