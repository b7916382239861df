package dev.aevum.parser.statement;

import java.util.List;
import org.apache.calcite.sql.SqlNode;
import org.jspecify.annotations.Nullable;

/// DELETE FROM [USING] [WHERE] [RETURNING].
public record DeleteStatement(
    ObjectName target,
    @Nullable Name alias,
    @Nullable SqlNode using,
    @Nullable SqlNode where,
    List<SqlNode> returning)
    implements Statement {
  public DeleteStatement {
    returning = List.copyOf(returning);
  }
}
