package dev.aevum.parser.statement;

import java.util.List;
import org.apache.calcite.sql.SqlNode;

/// EXECUTE name [(arguments)].
public record ExecuteStatement(Name name, List<SqlNode> arguments) implements Statement {
  public ExecuteStatement {
    arguments = List.copyOf(arguments);
  }
}
