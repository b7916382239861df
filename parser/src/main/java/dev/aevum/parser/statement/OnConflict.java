package dev.aevum.parser.statement;

import dev.aevum.model.error.SourceSpan;
import java.util.List;
import org.apache.calcite.sql.SqlNode;
import org.jspecify.annotations.Nullable;

/// `ON CONFLICT [(columns)] DO NOTHING`, or DO UPDATE with its assignments. `columns` empty: any
/// conflict.
public record OnConflict(
    List<Name> columns,
    boolean doNothing,
    List<Assignment> assignments,
    @Nullable SqlNode where,
    SourceSpan span) {
  public OnConflict {
    columns = List.copyOf(columns);
    assignments = List.copyOf(assignments);
  }
}
