package dev.aevum.parser.statement;

import java.util.List;
import org.apache.calcite.sql.SqlNode;
import org.jspecify.annotations.Nullable;

/// INSERT. `source` null is DEFAULT VALUES; in a VALUES source an item may be a
/// [dev.aevum.parser.tree.DefaultNode]. `returning` holds select items and is empty where the
/// clause is absent.
public record InsertStatement(
    ObjectName target,
    @Nullable Name alias,
    List<Name> columns,
    @Nullable SqlNode source,
    @Nullable OnConflict onConflict,
    List<SqlNode> returning)
    implements Statement {
  public InsertStatement {
    columns = List.copyOf(columns);
    returning = List.copyOf(returning);
  }
}
