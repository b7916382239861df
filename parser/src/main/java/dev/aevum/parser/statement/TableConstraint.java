package dev.aevum.parser.statement;

import dev.aevum.model.error.SourceSpan;
import java.util.List;
import org.apache.calcite.sql.SqlNode;
import org.jspecify.annotations.Nullable;

/// A constraint of the table element list, or a column's CHECK and REFERENCES moved there.
public sealed interface TableConstraint {
  SourceSpan span();

  record PrimaryKey(@Nullable Name name, List<Name> columns, SourceSpan span)
      implements TableConstraint {}

  record Unique(@Nullable Name name, List<Name> columns, SourceSpan span)
      implements TableConstraint {}

  record Check(@Nullable Name name, SqlNode condition, SourceSpan span)
      implements TableConstraint {}

  record ForeignKey(
      @Nullable Name name,
      List<Name> columns,
      ObjectName target,
      List<Name> targetColumns,
      SourceSpan span)
      implements TableConstraint {}
}
