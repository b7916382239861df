package dev.aevum.engine.session;

import dev.aevum.engine.api.Portal;
import dev.aevum.engine.api.Portal.CopyIn;
import dev.aevum.engine.api.ResultColumn;
import dev.aevum.engine.api.Session.Prepared;
import dev.aevum.engine.catalog.CatalogObject.Relation;
import dev.aevum.model.batch.Column;
import dev.aevum.model.error.ErrorCode;
import dev.aevum.model.error.SqlException;
import dev.aevum.model.type.SqlType;
import dev.aevum.parser.SqlParser;
import dev.aevum.parser.statement.CopyStatement;
import dev.aevum.parser.statement.Name;
import dev.aevum.parser.statement.ObjectName;
import dev.aevum.parser.statement.QueryStatement;
import dev.aevum.planner.catalog.RelationInfo;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// COPY table FROM STDIN, COPY table or query TO STDOUT.
final class CopyStatements {
  private final SessionImpl session;

  CopyStatements(SessionImpl session) {
    this.session = session;
  }

  Prepared prepare(CopyStatement s) {
    if (s.endpoint() != CopyStatement.Endpoint.STDIO) {
      throw new SqlException(
              ErrorCode.FEATURE_NOT_SUPPORTED, "COPY with a file or program is not supported")
          .withHint("Use COPY ... FROM STDIN; psql's \\copy does so with a file of the client.");
    }
    if (s.where() != null) {
      throw Statements.unsupported("COPY ... WHERE", null);
    }
    if (s.direction() == CopyStatement.Direction.TO || s.table() == null) {
      return copyTo(s);
    }
    Relation target = new WriteStatements(session).target(s.table(), true);
    List<Integer> columns = new ArrayList<>();
    for (Name name : s.columns()) {
      int index = target.columnIndex(name.text());
      if (index < 0 || target.columns().get(index).hidden()) {
        throw new SqlException(
                ErrorCode.UNDEFINED_COLUMN,
                "column \""
                    + name.text()
                    + "\" of relation \""
                    + target.name()
                    + "\" does not exist")
            .at(name.span());
      }
      columns.add(index);
    }
    if (columns.isEmpty()) {
      for (int i = 0; i < target.columns().size(); i++) {
        if (!target.columns().get(i).hidden()) {
          columns.add(i);
        }
      }
    }
    CopyFormat format = CopyFormat.of(s.options(), false);
    return new CopyPrepared(session, target, columns, format);
  }

  private Prepared copyTo(CopyStatement s) {
    CopyFormat format = CopyFormat.of(s.options(), true);
    if (s.table() != null) {
      return new CopyTo.Statement(session, wholeTable(s), format);
    }
    if (s.query() instanceof QueryStatement q) {
      return new CopyTo.Statement(session, new Statements(session).query(q, List.of()), format);
    }
    throw Statements.unsupported("COPY of this statement", null);
  }

  private Prepared wholeTable(CopyStatement s) {
    ObjectName table = Objects.requireNonNull(s.table());
    RelationInfo info = session.catalogView().relation(table.schema(), table.name());
    if (info instanceof RelationInfo.Logical) {
      throw new SqlException(
              ErrorCode.WRONG_OBJECT_TYPE, "cannot copy from view \"" + table.name() + "\"")
          .withHint("Try the COPY (SELECT ...) TO variant.")
          .at(table.span());
    }
    String columns =
        s.columns().isEmpty()
            ? "*"
            : String.join(", ", s.columns().stream().map(n -> quoted(n.text())).toList());
    String name = String.join(".", table.parts().stream().map(CopyStatements::quoted).toList());
    try {
      return new Statements(session)
          .query(
              (QueryStatement) SqlParser.parseOne("SELECT " + columns + " FROM " + name),
              List.of());
    } catch (SqlException e) {
      throw e.at(s.columns().isEmpty() ? table.span() : s.columns().getFirst().span());
    }
  }

  private static String quoted(String name) {
    return '"' + name.replace("\"", "\"\"") + '"';
  }

  private record CopyPrepared(
      SessionImpl session, Relation target, List<Integer> targets, CopyFormat format)
      implements Prepared {
    @Override
    public List<SqlType> parameterTypes() {
      return List.of();
    }

    @Override
    public @Nullable List<ResultColumn> columns() {
      return null;
    }

    @Override
    public Portal bind(List<Column> parameters) {
      return new CopyPortal(session, target, targets, format);
    }
  }

  private record CopyPortal(
      SessionImpl session, Relation target, List<Integer> targets, CopyFormat format)
      implements Portal {
    @Override
    public @Nullable List<ResultColumn> columns() {
      return null;
    }

    @Override
    public Fetched fetch(int maxRows) {
      session.runtime().locks().acquire(session.lockOwner(), target.oid(), false);
      CopyIn reader = new CopyReader(session, target, targets, format);
      return new Fetched(null, false, null, reader, 0);
    }

    @Override
    public void close() {}
  }
}
