package dev.aevum.engine.session;

import dev.aevum.engine.api.Portal;
import dev.aevum.engine.api.ResultColumn;
import dev.aevum.engine.api.Session.Prepared;
import dev.aevum.engine.catalog.CatalogObject;
import dev.aevum.engine.catalog.CatalogObject.LogicalViewObject;
import dev.aevum.engine.catalog.CatalogObject.MaterializedViewObject;
import dev.aevum.engine.catalog.CatalogObject.Relation;
import dev.aevum.engine.catalog.CatalogObject.StreamObject;
import dev.aevum.engine.catalog.CatalogObject.TableObject;
import dev.aevum.executor.query.RowSource;
import dev.aevum.model.batch.Column;
import dev.aevum.model.batch.DeltaBatch;
import dev.aevum.model.batch.Field;
import dev.aevum.model.error.ErrorCode;
import dev.aevum.model.error.SourceSpan;
import dev.aevum.model.error.SqlException;
import dev.aevum.model.type.SqlType;
import dev.aevum.parser.statement.DeleteStatement;
import dev.aevum.parser.statement.InsertStatement;
import dev.aevum.parser.statement.LockTableStatement;
import dev.aevum.parser.statement.ObjectName;
import dev.aevum.parser.statement.TruncateStatement;
import dev.aevum.parser.statement.UpdateStatement;
import dev.aevum.planner.WritePlan;
import dev.aevum.planner.catalog.RelationInfo;
import dev.aevum.planner.plan.Expr;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// INSERT, UPDATE, DELETE, TRUNCATE, LOCK TABLE.
final class WriteStatements {
  private final SessionImpl session;

  WriteStatements(SessionImpl session) {
    this.session = session;
  }

  Prepared insert(InsertStatement s, List<SqlType> types) {
    Relation target = target(s.target(), true);
    return new WritePrepared(
        session,
        target,
        RowChanges.Kind.INSERT,
        false,
        () -> session.runtime().planner().planInsert(s, session.catalogView(), types));
  }

  Prepared update(UpdateStatement s, List<SqlType> types) {
    Relation target = target(s.target(), false);
    return new WritePrepared(
        session,
        target,
        RowChanges.Kind.UPDATE,
        s.from() != null,
        () -> session.runtime().planner().planUpdate(s, session.catalogView(), types));
  }

  Prepared delete(DeleteStatement s, List<SqlType> types) {
    Relation target = target(s.target(), false);
    return new WritePrepared(
        session,
        target,
        RowChanges.Kind.DELETE,
        false,
        () -> session.runtime().planner().planDelete(s, session.catalogView(), types));
  }

  Prepared truncate(TruncateStatement s) {
    return Commands.command(() -> {
      for (ObjectName name : s.names()) {
        Relation target = target(name, false);
        session.runtime().locks().acquire(session.lockOwner(), target.oid(), true);
        try (StatementRun run = session.start(List.of())) {
          List<Integer> columns =
              java.util.stream.IntStream.range(0, target.columns().size()).boxed().toList();
          RowSource rows = run.reader().read(target.oid(), columns, List.of());
          try (rows) {
            for (DeltaBatch batch = rows.next(); batch != null; batch = rows.next()) {
              try (DeltaBatch b = batch) {
                session
                    .transaction()
                    .write(RowChanges.negated(session.runtime().allocator(), target.oid(), b));
              }
            }
          }
        }
      }
      return "TRUNCATE TABLE";
    });
  }

  Prepared lock(LockTableStatement s) {
    return Commands.command(() -> {
      if (!session.transaction().inBlock()) {
        throw new SqlException(
            ErrorCode.NO_ACTIVE_SQL_TRANSACTION,
            "LOCK TABLE can only be used in transaction blocks");
      }
      for (ObjectName name : s.names()) {
        session.runtime().locks().acquire(session.lockOwner(), target(name, false).oid(), true);
      }
      return "LOCK TABLE";
    });
  }

  /// A relation that may be written: a table, or with `append` a stream without connector.
  Relation target(ObjectName name, boolean append) {
    RelationInfo info = session.catalogView().relation(name.schema(), name.name());
    if (info == null) {
      throw new SqlException(
              ErrorCode.UNDEFINED_TABLE,
              "relation \"" + String.join(".", name.parts()) + "\" does not exist")
          .at(name.span());
    }
    CatalogObject object = session.runtime().catalog().find(info.id());
    return switch (object) {
      case TableObject t when t.appendOnly() ->
          throw refused(
              "cannot change table \"" + t.name() + "\"",
              "It takes the late rows of a view.",
              name.span());
      case TableObject t -> t;
      case StreamObject s when !append ->
          throw refused(
              "cannot update or delete rows of stream \"" + s.name() + "\"",
              "A stream is append-only. Use a table for rows that change.",
              name.span());
      case StreamObject s when s.connector() != null ->
          throw refused(
              "cannot insert into stream \"" + s.name() + "\"",
              "Its rows come from its connector.",
              name.span());
      case StreamObject s -> s;
      case MaterializedViewObject v when v.model() != null ->
          throw refused(
              "cannot change model \"" + v.name() + "\"",
              "It learns the rows of its query.",
              name.span());
      case MaterializedViewObject v ->
          throw refused(
              "cannot change materialized view \"" + v.name() + "\"",
              "Change the tables and streams that it reads.",
              name.span());
      case LogicalViewObject v ->
          throw refused(
              "cannot change view \"" + v.name() + "\"",
              "Change the tables that it reads.",
              name.span());
      case null, default ->
          throw new SqlException(
                  ErrorCode.INSUFFICIENT_PRIVILEGE,
                  "permission denied: \"" + info.name() + "\" is a system catalog")
              .at(name.span());
    };
  }

  private static SqlException refused(String message, String hint, SourceSpan span) {
    return new SqlException(ErrorCode.WRONG_OBJECT_TYPE, message).withHint(hint).at(span);
  }

  private static final class WritePrepared implements Prepared {
    private final SessionImpl session;
    private final Relation target;
    private final RowChanges.Kind kind;
    private final boolean joined;
    private final Supplier<WritePlan> planner;
    private final @Nullable List<ResultColumn> columns;
    private WritePlan plan;
    private long catalogVersion;

    /// `joined`: an old row may come several times.
    WritePrepared(
        SessionImpl session,
        Relation target,
        RowChanges.Kind kind,
        boolean joined,
        Supplier<WritePlan> planner) {
      this.session = session;
      this.target = target;
      this.kind = kind;
      this.joined = joined;
      this.planner = planner;
      this.catalogVersion = session.runtime().catalog().version();
      this.plan = planner.get();
      this.columns = plan.returning().isEmpty() ? null : columns(plan);
    }

    private static List<ResultColumn> columns(WritePlan plan) {
      List<ResultColumn> columns = new ArrayList<>();
      for (Field field : plan.returningSchema().fields()) {
        columns.add(new ResultColumn(field.name(), field.type(), 0, 0));
      }
      return columns;
    }

    @Override
    public List<SqlType> parameterTypes() {
      return plan.rows().parameters();
    }

    @Override
    public @Nullable List<ResultColumn> columns() {
      return columns;
    }

    @Override
    public Portal bind(List<Column> parameters) {
      long now = session.runtime().catalog().version();
      if (now != catalogVersion) {
        WritePlan again = planner.get();
        if (!again.returningSchema().types().equals(plan.returningSchema().types())) {
          throw new SqlException(
              ErrorCode.FEATURE_NOT_SUPPORTED, "cached plan must not change result type");
        }
        plan = again;
        catalogVersion = now;
      }
      List<Expr.Literal> values = QueryPrepared.literals(parameters, plan.rows().parameters());
      return new WritePortal(
          session, columns, new WriteExecution(session, target, kind, joined, plan, values));
    }
  }
}
