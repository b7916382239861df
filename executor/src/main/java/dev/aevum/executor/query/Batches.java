package dev.aevum.executor.query;

import dev.aevum.executor.kernel.Gather;
import dev.aevum.executor.kernel.Selection;
import dev.aevum.model.batch.BatchWriter;
import dev.aevum.model.batch.Column;
import dev.aevum.model.batch.DeltaBatch;
import dev.aevum.model.batch.Schema;
import dev.aevum.model.error.ErrorCode;
import dev.aevum.model.error.SqlException;
import java.util.ArrayList;
import java.util.List;
import org.apache.arrow.memory.BufferAllocator;

/// Batches of whole inputs. Results belong to the caller.
public final class Batches {
  /// Rows that one gathered input may have.
  static final int MAX_ROWS = 50_000_000;

  private Batches() {}

  /// All rows of the source in one batch without weights; the source is read to its end and closed.
  static DeltaBatch gather(QueryContext context, Schema schema, RowSource source) {
    List<DeltaBatch> parts = new ArrayList<>();
    try (source) {
      long rows = 0;
      for (DeltaBatch next = source.next(); next != null; next = source.next()) {
        context.check();
        parts.add(expand(context.allocator(), next));
        rows += parts.getLast().rows();
        if (rows > MAX_ROWS) {
          throw new SqlException(
                  ErrorCode.OUT_OF_MEMORY,
                  "the query needs more than " + MAX_ROWS + " rows in memory")
              .withHint(
                  "Reduce the input with a WHERE clause, or maintain the result in a materialized view.");
        }
      }
      return parts.size() == 1
          ? parts.removeFirst()
          : concatenate(context.allocator(), schema, parts, (int) rows);
    } finally {
      parts.forEach(DeltaBatch::close);
    }
  }

  private static DeltaBatch concatenate(
      BufferAllocator allocator, Schema schema, List<DeltaBatch> parts, int rows) {
    try (BatchWriter out = new BatchWriter(allocator, schema.types(), false, rows)) {
      for (DeltaBatch part : parts) {
        for (int row = 0; row < part.rows(); row++) {
          out.appendRow(part, row, 1);
        }
      }
      return out.finish();
    }
  }

  /// Some columns of a batch, which is taken over.
  public static DeltaBatch pick(DeltaBatch batch, List<Integer> columns) {
    try (batch) {
      Column[] kept = new Column[columns.size()];
      for (int i = 0; i < kept.length; i++) {
        kept[i] = batch.column(columns.get(i)).retain();
      }
      if (batch.weightBuffer() != null) {
        batch.weightBuffer().getReferenceManager().retain();
      }
      return new DeltaBatch(batch.rows(), kept, batch.weightBuffer());
    }
  }

  /// The same rows without weights, those of weight n repeated; takes the batch over.
  public static DeltaBatch expand(BufferAllocator allocator, DeltaBatch batch) {
    if (batch.weights() == null) {
      return batch;
    }
    try (batch) {
      int total = 0;
      for (int i = 0; i < batch.rows(); i++) {
        total = Math.addExact(total, Math.toIntExact(batch.weightAt(i)));
      }
      int[] rows = new int[total];
      int at = 0;
      for (int i = 0; i < batch.rows(); i++) {
        for (long n = batch.weightAt(i); n > 0; n--) {
          rows[at++] = i;
        }
      }
      return rows(allocator, batch, rows, total);
    }
  }

  /// Chosen rows, without weights. The source is borrowed.
  static DeltaBatch rows(BufferAllocator allocator, DeltaBatch source, int[] rows, int count) {
    return new DeltaBatch(count, columns(allocator, source, rows, count), null);
  }

  static Column[] columns(BufferAllocator allocator, DeltaBatch source, int[] rows, int count) {
    Column[] columns = new Column[source.columnCount()];
    int made = 0;
    try {
      for (; made < columns.length; made++) {
        columns[made] = Gather.gather(allocator, source.column(made), rows, count);
      }
      return columns;
    } catch (RuntimeException e) {
      close(columns, made);
      throw e;
    }
  }

  /// As [#columns], with -1 for a row of NULLs.
  static Column[] columnsOrNull(
      BufferAllocator allocator, DeltaBatch source, int[] rows, int count) {
    Column[] columns = new Column[source.columnCount()];
    int made = 0;
    try {
      for (; made < columns.length; made++) {
        columns[made] = Gather.gatherOrNull(allocator, source.column(made), rows, count);
      }
      return columns;
    } catch (RuntimeException e) {
      close(columns, made);
      throw e;
    }
  }

  static void close(Column[] columns, int count) {
    for (int i = 0; i < count; i++) {
      columns[i].close();
    }
  }

  /// Both sides' columns next to each other; takes them over.
  static DeltaBatch join(int rows, Column[] left, Column[] right) {
    Column[] all = new Column[left.length + right.length];
    System.arraycopy(left, 0, all, 0, left.length);
    System.arraycopy(right, 0, all, left.length, right.length);
    return new DeltaBatch(rows, all, null);
  }

  /// A batch with the same columns retained and more after them (taken over).
  static DeltaBatch append(DeltaBatch source, Column[] more) {
    Column[] all = new Column[source.columnCount() + more.length];
    for (int i = 0; i < source.columnCount(); i++) {
      all[i] = source.column(i).retain();
    }
    System.arraycopy(more, 0, all, source.columnCount(), more.length);
    return new DeltaBatch(source.rows(), all, null);
  }

  /// One row without columns: the input of expressions over nothing.
  static DeltaBatch unit() {
    return new DeltaBatch(1, new Column[0], null);
  }

  static Column[] chosen(DeltaBatch batch, List<Integer> columns) {
    Column[] chosen = new Column[columns.size()];
    for (int i = 0; i < chosen.length; i++) {
      chosen[i] = batch.column(columns.get(i));
    }
    return chosen;
  }

  static Selection all(DeltaBatch batch) {
    return Selection.all(batch.rows());
  }
}
