package dev.aevum.engine.runtime;

import dev.aevum.engine.catalog.CatalogObject.StreamObject;
import dev.aevum.engine.catalog.ColumnInfo;
import dev.aevum.executor.spi.StepInput.RelationChange;
import dev.aevum.executor.spi.StepOutput.LateRows;
import dev.aevum.model.batch.BatchWriter;
import dev.aevum.model.batch.Column;
import dev.aevum.model.batch.DeltaBatch;
import dev.aevum.model.type.SimpleType;
import dev.aevum.model.type.SqlType;
import java.util.ArrayList;
import java.util.List;
import org.apache.arrow.memory.BufferAllocator;

/// Tables of LATE DATA INTO: a stream's visible columns, then late_view, late_step, late_watermark,
/// late_by.
public final class LateTables {
  private LateTables() {}

  /// The columns of such a table for a stream.
  public static List<ColumnInfo> columns(StreamObject stream) {
    List<ColumnInfo> columns = new ArrayList<>();
    for (ColumnInfo c : stream.columns()) {
      if (!c.hidden()) {
        columns.add(new ColumnInfo(c.name(), c.type(), c.notNull(), null, false, null));
      }
    }
    columns.add(new ColumnInfo("late_view", SimpleType.TEXT, true, null, false, null));
    columns.add(new ColumnInfo("late_step", SimpleType.BIGINT, true, null, false, null));
    columns.add(new ColumnInfo("late_watermark", SimpleType.TIMESTAMPTZ, true, null, false, null));
    columns.add(new ColumnInfo("late_by", SimpleType.INTERVAL, true, null, false, null));
    return columns;
  }

  /// The rows that a view refused in a step, for its late table. The late batch has the stream's
  /// columns in `lateColumns` order; it is borrowed.
  static RelationChange change(
      BufferAllocator allocator,
      int table,
      StreamObject stream,
      String view,
      long step,
      LateRows late) {
    List<ColumnInfo> columns = columns(stream);
    List<SqlType> types = columns.stream().map(ColumnInfo::type).toList();
    int own = columns.size() - 4;
    DeltaBatch batch = late.batch();
    try (BatchWriter out = new BatchWriter(allocator, types, true, batch.rows())) {
      Column time = batch.column(stream.watermarkColumn());
      for (int row = 0; row < batch.rows(); row++) {
        for (int c = 0, source = 0; c < own; source++) {
          if (!stream.columns().get(source).hidden()) {
            out.column(c++).appendFrom(batch.column(source), row);
          }
        }
        out.column(own).appendText(view);
        out.column(own + 1).appendLong(step);
        out.column(own + 2).appendLong(late.watermark());
        out.column(own + 3).append16(Math.subtractExact(late.watermark(), time.longAt(row)), 0);
        out.endRow(batch.weightAt(row));
      }
      return new RelationChange(table, 0, out.finish());
    }
  }
}
