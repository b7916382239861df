package dev.aevum.parser.statement;

import dev.aevum.parser.tree.TypeName;
import java.util.List;
import org.apache.calcite.sql.SqlNode;
import org.jspecify.annotations.Nullable;

/// CREATE MODEL name PREDICT target type USING algorithm [PARTITION BY ...] [WITH (...)] AS query.
/// Without PREDICT, `target` and `targetType` are null. `queryText` is the query as written.
public record CreateModelStatement(
    ObjectName name,
    boolean orReplace,
    boolean ifNotExists,
    @Nullable Name target,
    @Nullable TypeName targetType,
    Name algorithm,
    List<Name> partitionBy,
    Options options,
    SqlNode query,
    String queryText)
    implements Statement {
  public CreateModelStatement {
    partitionBy = List.copyOf(partitionBy);
  }
}
