package dev.aevum.parser.statement;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// CREATE STREAM.
public record CreateStreamStatement(
    ObjectName name,
    boolean orReplace,
    boolean ifNotExists,
    List<ColumnDefinition> columns,
    List<TableConstraint> constraints,
    @Nullable WatermarkDefinition watermark,
    Options options)
    implements Statement {
  public CreateStreamStatement {
    columns = List.copyOf(columns);
    constraints = List.copyOf(constraints);
  }
}
