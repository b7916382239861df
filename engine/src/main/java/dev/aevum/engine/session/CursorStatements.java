package dev.aevum.engine.session;

import dev.aevum.engine.api.Portal;
import dev.aevum.engine.api.ResultColumn;
import dev.aevum.engine.api.Session.Prepared;
import dev.aevum.model.batch.Column;
import dev.aevum.model.error.ErrorCode;
import dev.aevum.model.error.SqlException;
import dev.aevum.model.type.SqlType;
import dev.aevum.parser.statement.CloseCursorStatement;
import dev.aevum.parser.statement.DeallocateStatement;
import dev.aevum.parser.statement.DeclareCursorStatement;
import dev.aevum.parser.statement.ExecuteStatement;
import dev.aevum.parser.statement.FetchStatement;
import dev.aevum.parser.statement.PrepareStatement;
import dev.aevum.parser.statement.QueryStatement;
import dev.aevum.parser.tree.StatementText;
import dev.aevum.parser.tree.TypeName;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// DECLARE, FETCH, MOVE, CLOSE, and PREPARE, EXECUTE, DEALLOCATE.
final class CursorStatements {
  private final SessionImpl session;

  CursorStatements(SessionImpl session) {
    this.session = session;
  }

  Prepared declare(DeclareCursorStatement statement) {
    if (!(statement.statement() instanceof QueryStatement query)) {
      throw Statements.unsupported("a cursor over this statement", statement.name().span());
    }
    return Commands.command(() -> {
      if (!statement.hold()
          && !session.transaction().inBlock()
          && !session.transaction().isImplicit()) {
        throw new SqlException(
            ErrorCode.NO_ACTIVE_SQL_TRANSACTION,
            "DECLARE CURSOR can only be used in transaction blocks");
      }
      Portal portal = new Statements(session).query(query, List.of()).bind(List.of());
      session.named().declare(statement.name().text(), portal, statement.hold());
      return "DECLARE CURSOR";
    });
  }

  Prepared fetch(FetchStatement statement) {
    if (statement.direction() != FetchStatement.Direction.FORWARD || statement.count() < 0) {
      throw new SqlException(
              ErrorCode.OBJECT_NOT_IN_PREREQUISITE_STATE, "cursor can only scan forward")
          .withHint("Declare it with SCROLL option to enable backward scan.");
    }
    Portal cursor = session.named().cursor(statement.cursor().text());
    long count = statement.count();
    if (statement.move()) {
      return Commands.command(() -> "MOVE " + skip(cursor, count));
    }
    return new FetchPrepared(cursor, count);
  }

  private static long skip(Portal cursor, long count) {
    long skipped = 0;
    while (skipped < count) {
      Portal.Fetched piece = cursor.fetch((int) Math.min(Integer.MAX_VALUE, count - skipped));
      if (piece.batch() != null) {
        skipped += piece.batch().rows();
        piece.batch().close();
      }
      if (piece.done()) {
        break;
      }
    }
    return skipped;
  }

  private record FetchPrepared(Portal cursor, long count) implements Prepared {
    @Override
    public List<SqlType> parameterTypes() {
      return List.of();
    }

    @Override
    public @Nullable List<ResultColumn> columns() {
      return cursor.columns();
    }

    @Override
    public Portal bind(List<Column> parameters) {
      return new FetchPortal(cursor, count);
    }
  }

  private static final class FetchPortal implements Portal {
    private final Portal cursor;
    private final long count;
    private long given;

    FetchPortal(Portal cursor, long count) {
      this.cursor = cursor;
      this.count = count;
    }

    @Override
    public @Nullable List<ResultColumn> columns() {
      return cursor.columns();
    }

    @Override
    public Fetched fetch(int maxRows) {
      long left = count - given;
      long wanted = maxRows > 0 ? Math.min(maxRows, left) : left;
      if (wanted <= 0) {
        return new Fetched(null, true, "FETCH " + given, null, 0);
      }
      Fetched piece = cursor.fetch((int) Math.min(Integer.MAX_VALUE, wanted));
      if (piece.batch() != null) {
        given += piece.batch().rows();
      }
      return piece.done()
          ? new Fetched(piece.batch(), true, "FETCH " + given, null, 0)
          : new Fetched(piece.batch(), false, null, null, 0);
    }

    @Override
    public void close() {}
  }

  Prepared close(CloseCursorStatement statement) {
    return Commands.command(() -> {
      if (statement.cursor() == null) {
        session.named().closeAllCursors();
        return "CLOSE CURSOR ALL";
      }
      session.named().closeCursor(statement.cursor().text());
      return "CLOSE CURSOR";
    });
  }

  Prepared prepare(PrepareStatement statement) {
    return Commands.command(() -> {
      List<SqlType> types = new ArrayList<>();
      for (TypeName type : statement.parameterTypes()) {
        types.add(session.runtime().planner().type(type, session.catalogView()));
      }
      Prepared inner =
          new Statements(session)
              .prepare(statement.statement(), new StatementText(statement.text(), 1), types);
      session.named().prepare(statement.name().text(), inner);
      return "PREPARE";
    });
  }

  Prepared execute(ExecuteStatement statement) {
    Prepared inner = session.named().statement(statement.name().text());
    return new ExecutePrepared(session, inner, statement);
  }

  private record ExecutePrepared(SessionImpl session, Prepared inner, ExecuteStatement statement)
      implements Prepared {
    @Override
    public List<SqlType> parameterTypes() {
      return List.of();
    }

    @Override
    public @Nullable List<ResultColumn> columns() {
      return inner.columns();
    }

    @Override
    public Portal bind(List<Column> parameters) {
      List<Column> values = new ArrayList<>();
      try {
        values.addAll(
            ConstantValues.evaluate(
                session,
                session
                    .runtime()
                    .planner()
                    .arguments(statement, inner.parameterTypes(), session.catalogView())));
        return inner.bind(values);
      } finally {
        values.forEach(Column::close);
      }
    }
  }

  Prepared deallocate(DeallocateStatement statement) {
    return Commands.command(() -> {
      if (statement.name() == null) {
        session.named().deallocateAll();
        return "DEALLOCATE ALL";
      }
      String name = statement.name().text();
      if (session.named().has(name) || !session.closeProtocolStatement(name)) {
        session.named().deallocate(name);
      }
      return "DEALLOCATE";
    });
  }
}
