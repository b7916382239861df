package dev.aevum.parser.statement;

import dev.aevum.model.error.SourceSpan;
import org.apache.calcite.sql.SqlNode;

/// When a view gives its rows. A statement without the clause has null: the planner decides (ON
/// UPDATE mostly).
public sealed interface EmitClause {
  SourceSpan span();

  record OnUpdate(SourceSpan span) implements EmitClause {}

  record OnWindowClose(SourceSpan span) implements EmitClause {}

  /// `interval` is a constant expression of type interval.
  record Every(SqlNode interval, SourceSpan span) implements EmitClause {}
}
