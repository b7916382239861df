package dev.aevum.engine.runtime;

import dev.aevum.engine.step.OwnedRows;
import dev.aevum.engine.system.RunningState.ErrorRow;
import dev.aevum.executor.spi.StepInput.RelationChange;
import dev.aevum.executor.spi.StepOutput.RowError;
import dev.aevum.model.batch.BatchWriter;
import dev.aevum.model.type.SimpleType;
import dev.aevum.storage.contents.ContentsVersion;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntFunction;
import org.apache.arrow.memory.BufferAllocator;

/// The error relations of all views: one multiset of (view, operator, SQLSTATE, message, row), so
/// that errors are durable and leave when their row is corrected.
final class ViewErrors {
  static final OwnedRows ROWS =
      new OwnedRows(
          15_500,
          List.of(
              SimpleType.INTEGER,
              SimpleType.TEXT,
              SimpleType.TEXT,
              SimpleType.TEXT,
              SimpleType.TEXT));

  private ViewErrors() {}

  /// The changes as step input; the caller owns the batch.
  static RelationChange changes(BufferAllocator allocator, List<RowError> errors) {
    try (BatchWriter out = ROWS.writer(allocator, errors.size())) {
      for (RowError e : errors) {
        out.column(0).appendInt(e.relation());
        out.column(1).appendText(e.operatorName());
        out.column(2).appendText(e.sqlState());
        out.column(3).appendText(e.message());
        out.column(4).appendText(e.rowText());
        out.endRow(e.weight());
      }
      return ROWS.change(out);
    }
  }

  /// All errors that stand now; each counts as often as its weight.
  static List<ErrorRow> rows(
      ContentsVersion contents, BufferAllocator allocator, IntFunction<String> nameOf) {
    List<ErrorRow> rows = new ArrayList<>();
    ROWS.read(
        contents,
        allocator,
        b -> {
          for (int row = 0; row < b.rows(); row++) {
            ErrorRow error =
                new ErrorRow(
                    0,
                    nameOf.apply(b.column(0).intAt(row)),
                    "view",
                    b.column(1).textAt(row),
                    contents.step(),
                    null,
                    null,
                    b.column(2).textAt(row),
                    b.column(3).textAt(row),
                    b.column(4).textAt(row));
            for (long n = b.weightAt(row); n > 0; n--) {
              rows.add(error);
            }
          }
        });
    return rows;
  }
}
