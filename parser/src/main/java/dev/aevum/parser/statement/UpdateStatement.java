package dev.aevum.parser.statement;

import java.util.List;
import org.apache.calcite.sql.SqlNode;
import org.jspecify.annotations.Nullable;

/// UPDATE [... FROM from] [WHERE] [RETURNING].
public record UpdateStatement(
    ObjectName target,
    @Nullable Name alias,
    List<Assignment> assignments,
    @Nullable SqlNode from,
    @Nullable SqlNode where,
    List<SqlNode> returning)
    implements Statement {
  public UpdateStatement {
    assignments = List.copyOf(assignments);
    returning = List.copyOf(returning);
  }
}
