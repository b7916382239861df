package dev.aevum.engine.session;

import dev.aevum.engine.catalog.ColumnInfo;
import dev.aevum.model.error.ErrorCode;
import dev.aevum.model.error.SqlException;
import dev.aevum.model.type.SqlType;
import dev.aevum.parser.statement.ColumnDefinition;
import dev.aevum.parser.tree.StatementText;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/// Column definitions of CREATE STREAM and CREATE TABLE.
final class ColumnDefinitions {
  private final SessionImpl session;
  private final StatementText text;

  ColumnDefinitions(SessionImpl session, StatementText text) {
    this.session = session;
    this.text = text;
  }

  List<ColumnInfo> columns(List<ColumnDefinition> definitions) {
    List<ColumnInfo> columns = new ArrayList<>();
    Set<String> names = new HashSet<>();
    for (ColumnDefinition d : definitions) {
      if (!names.add(d.name().text())) {
        throw new SqlException(
                ErrorCode.DUPLICATE_COLUMN,
                "column \"" + d.name().text() + "\" specified more than once")
            .at(d.name().span());
      }
      SqlType type = session.runtime().planner().type(d.type(), session.catalogView());
      String defaultSql = d.defaultExpression() == null ? null : text.of(d.defaultExpression());
      if (d.defaultExpression() != null) {
        session
            .runtime()
            .planner()
            .defaultExpression(d.defaultExpression(), d.name().text(), type, session.catalogView());
      }
      columns.add(
          new ColumnInfo(
              d.name().text(), type, d.notNull() || d.primaryKey(), defaultSql, false, null));
    }
    if (columns.isEmpty()) {
      throw new SqlException(
          ErrorCode.INVALID_TABLE_DEFINITION, "a relation must have at least one column");
    }
    return columns;
  }
}
