package dev.aevum.parser.statement;

import dev.aevum.model.error.SourceSpan;
import java.util.List;
import org.apache.calcite.sql.SqlNode;
import org.jspecify.annotations.Nullable;

/// CREATE MATERIALIZED VIEW. `queryText` is the text of the query alone, as written (without EMIT
/// and LATE DATA), and `querySpan` where it stands in the script.
public record CreateMaterializedViewStatement(
    ObjectName name,
    boolean orReplace,
    boolean ifNotExists,
    List<Name> columns,
    Options options,
    SqlNode query,
    String queryText,
    SourceSpan querySpan,
    @Nullable EmitClause emit,
    @Nullable ObjectName lateDataInto)
    implements Statement {
  public CreateMaterializedViewStatement {
    columns = List.copyOf(columns);
  }
}
