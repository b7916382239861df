package dev.aevum.parser.statement;

import dev.aevum.model.error.SourceSpan;
import java.util.List;
import org.apache.calcite.sql.SqlNode;

/// CREATE VIEW: expanded where it is used.
public record CreateViewStatement(
    ObjectName name,
    boolean orReplace,
    boolean ifNotExists,
    boolean temporary,
    List<Name> columns,
    Options options,
    SqlNode query,
    String queryText,
    SourceSpan querySpan)
    implements Statement {
  public CreateViewStatement {
    columns = List.copyOf(columns);
  }
}
