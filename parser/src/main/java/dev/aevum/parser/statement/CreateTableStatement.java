package dev.aevum.parser.statement;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// CREATE [TEMPORARY] TABLE. A column's PRIMARY KEY stays on the column; at most one primary key in
/// all was checked.
public record CreateTableStatement(
    ObjectName name,
    boolean orReplace,
    boolean ifNotExists,
    boolean temporary,
    List<ColumnDefinition> columns,
    List<TableConstraint> constraints,
    @Nullable WatermarkDefinition watermark,
    Options options)
    implements Statement {
  public CreateTableStatement {
    columns = List.copyOf(columns);
    constraints = List.copyOf(constraints);
  }
}
