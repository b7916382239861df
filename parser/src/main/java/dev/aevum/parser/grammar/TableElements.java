package dev.aevum.parser.grammar;

import dev.aevum.model.error.ErrorCode;
import dev.aevum.model.error.SourceSpan;
import dev.aevum.model.error.SqlException;
import dev.aevum.parser.statement.ColumnDefinition;
import dev.aevum.parser.statement.Name;
import dev.aevum.parser.statement.TableConstraint;
import dev.aevum.parser.statement.WatermarkDefinition;
import java.util.ArrayList;
import java.util.List;
import org.apache.calcite.sql.SqlNode;
import org.jspecify.annotations.Nullable;

/// Collects what stands between the parentheses of CREATE TABLE and CREATE STREAM.
final class TableElements {
  final List<ColumnDefinition> columns = new ArrayList<>();
  final List<TableConstraint> constraints = new ArrayList<>();
  @Nullable WatermarkDefinition watermark;

  void add(ColumnDefinition column) {
    for (ColumnDefinition other : columns) {
      if (other.name().text().equals(column.name().text())) {
        throw new SqlException(
            ErrorCode.DUPLICATE_COLUMN,
            "column \"" + column.name().text() + "\" specified more than once",
            null,
            null,
            column.name().span(),
            null);
      }
    }
    columns.add(column);
  }

  void watermark(Name column, SqlNode expression, SourceSpan span) {
    if (watermark != null) {
      throw new SqlException(
          ErrorCode.INVALID_TABLE_DEFINITION,
          "a stream has at most one watermark",
          null,
          null,
          span,
          null);
    }
    watermark = new WatermarkDefinition(column, expression, span);
  }
}
