package dev.aevum.engine.session;

import dev.aevum.engine.catalog.CatalogObject.Relation;
import dev.aevum.engine.catalog.CatalogObject.StreamObject;
import dev.aevum.engine.catalog.ColumnInfo;
import dev.aevum.engine.write.TableChange;
import dev.aevum.model.batch.BatchWriter;
import dev.aevum.model.batch.Column;
import dev.aevum.model.batch.DeltaBatch;
import dev.aevum.model.error.ConstraintErrors;
import dev.aevum.model.text.PgText;
import dev.aevum.model.text.TextStyle;
import dev.aevum.model.type.SqlType;
import java.util.ArrayList;
import java.util.List;
import org.apache.arrow.memory.BufferAllocator;

/// Turns the rows that a write statement's plan gives into changes of its table: checks NOT NULL,
/// sets weights. Hidden columns are filled later.
final class RowChanges {
  enum Kind {
    /// The plan's rows are new rows.
    INSERT,
    /// The plan's rows are the old row's columns, then the new row's.
    UPDATE,
    /// The plan's rows are old rows.
    DELETE
  }

  private final BufferAllocator allocator;
  private final Relation target;
  private final Kind kind;
  private final List<SqlType> types;

  RowChanges(BufferAllocator allocator, Relation target, Kind kind) {
    this.allocator = allocator;
    this.target = target;
    this.kind = kind;
    this.types = target.schema().types();
  }

  /// The change that the rows (borrowed) make.
  TableChange of(DeltaBatch rows) {
    int width = types.size();
    return switch (kind) {
      case INSERT -> {
        checkNotNull(rows, 0);
        yield write(rows, 0, 1, -1, 0);
      }
      case DELETE -> write(rows, 0, -1, -1, 0);
      case UPDATE -> {
        checkNotNull(rows, width);
        yield write(rows, 0, -1, width, 1);
      }
    };
  }

  /// Rows from columns `first` on with weight `weight`, then (if not -1) from columns `second` on
  /// with `secondWeight`.
  private TableChange write(
      DeltaBatch rows, int first, long weight, int second, long secondWeight) {
    boolean weighted = !(target instanceof StreamObject);
    try (BatchWriter out = new BatchWriter(allocator, types, weighted, rows.rows())) {
      for (int row = 0; row < rows.rows(); row++) {
        copy(rows, row, first, out, weight);
        if (second >= 0) {
          copy(rows, row, second, out, secondWeight);
        }
      }
      return new TableChange(target.oid(), out.finish());
    }
  }

  private void copy(DeltaBatch rows, int row, int from, BatchWriter out, long weight) {
    for (int c = 0; c < types.size(); c++) {
      out.column(c).appendFrom(rows.column(from + c), row);
    }
    out.endRow(weight);
  }

  private void checkNotNull(DeltaBatch rows, int from) {
    for (int i = 0; i < types.size(); i++) {
      ColumnInfo column = target.columns().get(i);
      Column values = rows.column(from + i);
      if (column.hidden() || !column.notNull() || !values.mayHaveNulls()) {
        continue;
      }
      for (int row = 0; row < rows.rows(); row++) {
        if (values.isNull(row)) {
          throw ConstraintErrors.notNull(target.schemaName(), target.name(), column.name())
              .withDetail("Failing row contains (" + rowText(rows, row, from) + ").");
        }
      }
    }
  }

  private String rowText(DeltaBatch rows, int row, int from) {
    List<String> cells = new ArrayList<>();
    for (int i = 0; i < types.size(); i++) {
      if (target.columns().get(i).hidden()) {
        continue;
      }
      Column c = rows.column(from + i);
      cells.add(c.isNull(row) ? "null" : PgText.text(c, row, TextStyle.DEFAULT));
    }
    return String.join(", ", cells);
  }

  /// The removal of all rows of a batch, as often as they weigh; the batch is borrowed.
  static TableChange negated(BufferAllocator allocator, int relation, DeltaBatch rows) {
    List<SqlType> types = rows.columns().stream().map(Column::type).toList();
    try (BatchWriter out = new BatchWriter(allocator, types, true, rows.rows())) {
      for (int row = 0; row < rows.rows(); row++) {
        out.appendRow(rows, row, -rows.weightAt(row));
      }
      return new TableChange(relation, out.finish());
    }
  }
}
