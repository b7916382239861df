package dev.aevum.engine.session;

import dev.aevum.engine.catalog.CatalogObject.Identity;
import dev.aevum.engine.catalog.CatalogObject.TableObject;
import dev.aevum.engine.catalog.ColumnInfo;
import dev.aevum.model.error.ErrorCode;
import dev.aevum.model.error.SourceSpan;
import dev.aevum.model.error.SqlException;
import dev.aevum.parser.statement.ColumnDefinition;
import dev.aevum.parser.statement.CreateTableStatement;
import dev.aevum.parser.statement.Name;
import dev.aevum.parser.statement.TableConstraint;
import dev.aevum.parser.tree.StatementText;
import java.util.ArrayList;
import java.util.List;

/// CREATE TABLE: columns and the primary key.
final class TableDefinitions {
  private final SessionImpl session;
  private final StatementText text;

  TableDefinitions(SessionImpl session, StatementText text) {
    this.session = session;
    this.text = text;
  }

  TableObject table(CreateTableStatement s, Identity identity) {
    if (!s.options().entries().isEmpty()) {
      throw Statements.unsupported(
          "a table with a connector", s.options().entries().getFirst().nameSpan());
    }
    if (s.watermark() != null) {
      throw new SqlException(ErrorCode.INVALID_TABLE_DEFINITION, "a table cannot have a watermark")
          .withHint("Rows of a table change. Use CREATE STREAM for append-only input.")
          .at(s.watermark().span());
    }
    List<ColumnInfo> columns =
        new ArrayList<>(new ColumnDefinitions(session, text).columns(s.columns()));
    List<Integer> key = primaryKey(s, columns);
    for (int column : key) {
      ColumnInfo c = columns.get(column);
      columns.set(
          column,
          new ColumnInfo(c.name(), c.type(), true, c.defaultSql(), c.hidden(), c.comment()));
    }
    return new TableObject(identity, columns, key, false);
  }

  private static List<Integer> primaryKey(CreateTableStatement s, List<ColumnInfo> columns) {
    List<Integer> key = new ArrayList<>();
    SourceSpan first = null;
    for (int i = 0; i < s.columns().size(); i++) {
      ColumnDefinition c = s.columns().get(i);
      if (c.unique()) {
        throw Statements.unsupported("UNIQUE", c.span());
      }
      if (c.primaryKey()) {
        first = once(s, first, c.span());
        key.add(i);
      }
    }
    for (TableConstraint constraint : s.constraints()) {
      switch (constraint) {
        case TableConstraint.PrimaryKey pk -> {
          first = once(s, first, pk.span());
          for (Name name : pk.columns()) {
            key.add(column(columns, name));
          }
        }
        case TableConstraint.Unique u -> throw Statements.unsupported("UNIQUE", u.span());
        case TableConstraint.Check c -> throw Statements.unsupported("CHECK", c.span());
        case TableConstraint.ForeignKey f -> throw Statements.unsupported("FOREIGN KEY", f.span());
      }
    }
    return key;
  }

  private static SourceSpan once(
      CreateTableStatement s, @org.jspecify.annotations.Nullable SourceSpan first, SourceSpan now) {
    if (first != null) {
      throw new SqlException(
              ErrorCode.INVALID_TABLE_DEFINITION,
              "multiple primary keys for table \"" + s.name().name() + "\" are not allowed")
          .at(now);
    }
    return now;
  }

  private static int column(List<ColumnInfo> columns, Name name) {
    for (int i = 0; i < columns.size(); i++) {
      if (columns.get(i).name().equals(name.text())) {
        return i;
      }
    }
    throw new SqlException(
            ErrorCode.UNDEFINED_COLUMN,
            "column \"" + name.text() + "\" named in key does not exist")
        .at(name.span());
  }
}
