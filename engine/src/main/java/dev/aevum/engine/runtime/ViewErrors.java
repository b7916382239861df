package dev.aevum.engine.runtime;

import dev.aevum.engine.system.RunningState.ErrorRow;
import dev.aevum.executor.spi.StepInput.RelationChange;
import dev.aevum.executor.spi.StepOutput.RowError;
import dev.aevum.model.batch.BatchWriter;
import dev.aevum.model.batch.DeltaBatch;
import dev.aevum.model.type.SimpleType;
import dev.aevum.model.type.SqlType;
import dev.aevum.storage.contents.ContentsLayout;
import dev.aevum.storage.contents.ContentsReader;
import dev.aevum.storage.contents.ContentsVersion;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.IntFunction;
import org.apache.arrow.memory.BufferAllocator;

/// The error relations of all views: one multiset of (view, operator, SQLSTATE, message, row) among
/// the contents, so that errors are durable and leave when their row is corrected.
final class ViewErrors {
  static final int RELATION = 15_500;

  private static final List<SqlType> TYPES =
      List.of(
          SimpleType.INTEGER, SimpleType.TEXT, SimpleType.TEXT, SimpleType.TEXT, SimpleType.TEXT);

  private ViewErrors() {}

  static ContentsLayout layout() {
    return new ContentsLayout(RELATION, TYPES, List.of(0));
  }

  /// The changes as step input; the caller owns the batch.
  static RelationChange changes(BufferAllocator allocator, List<RowError> errors) {
    try (BatchWriter out = new BatchWriter(allocator, TYPES, true, errors.size())) {
      for (RowError e : errors) {
        out.column(0).appendInt(e.relation());
        out.column(1).appendText(e.operatorName());
        out.column(2).appendText(e.sqlState());
        out.column(3).appendText(e.message());
        out.column(4).appendText(e.rowText());
        out.endRow(e.weight());
      }
      return new RelationChange(RELATION, 0, out.finish());
    }
  }

  /// All errors that stand now; each counts as often as its weight.
  static List<ErrorRow> rows(
      ContentsVersion contents, BufferAllocator allocator, IntFunction<String> nameOf) {
    List<ErrorRow> rows = new ArrayList<>();
    try (ContentsReader reader =
        contents.read(RELATION, List.of(0, 1, 2, 3, 4), new byte[0], allocator)) {
      for (DeltaBatch batch = reader.next(); batch != null; batch = reader.next()) {
        try (DeltaBatch b = batch) {
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
        }
      }
    }
    return rows;
  }

  /// The OIDs of views that have errors now.
  static Set<Integer> views(ContentsVersion contents, BufferAllocator allocator) {
    Set<Integer> found = new TreeSet<>();
    try (ContentsReader reader = contents.read(RELATION, List.of(0), new byte[0], allocator)) {
      for (DeltaBatch batch = reader.next(); batch != null; batch = reader.next()) {
        try (DeltaBatch b = batch) {
          for (int row = 0; row < b.rows(); row++) {
            found.add(b.column(0).intAt(row));
          }
        }
      }
    }
    return found;
  }

  /// How many errors a view has now.
  static long count(ContentsVersion contents, int view, BufferAllocator allocator) {
    return contents.weight(RELATION, key(view, allocator));
  }

  /// What takes all errors of a view away; the caller owns the batches.
  static List<RelationChange> removal(
      ContentsVersion contents, int view, BufferAllocator allocator) {
    List<RelationChange> changes = new ArrayList<>();
    try (ContentsReader reader =
        contents.read(RELATION, List.of(0, 1, 2, 3, 4), key(view, allocator), allocator)) {
      for (DeltaBatch batch = reader.next(); batch != null; batch = reader.next()) {
        try (DeltaBatch b = batch;
            BatchWriter out = new BatchWriter(allocator, TYPES, true, b.rows())) {
          for (int row = 0; row < b.rows(); row++) {
            for (int c = 0; c < TYPES.size(); c++) {
              out.column(c).appendFrom(b.column(c), row);
            }
            out.endRow(-b.weightAt(row));
          }
          changes.add(new RelationChange(RELATION, 0, out.finish()));
        }
      }
    }
    return changes;
  }

  private static byte[] key(int view, BufferAllocator allocator) {
    dev.aevum.model.codec.ByteSink key = new dev.aevum.model.codec.ByteSink();
    try (BatchWriter out = new BatchWriter(allocator, List.of(SimpleType.INTEGER), false, 1)) {
      out.column(0).appendInt(view);
      out.endRow();
      try (DeltaBatch batch = out.finish()) {
        layout().keyCodec().encode(new dev.aevum.model.batch.Column[] {batch.column(0)}, 0, key);
      }
    }
    return key.toBytes();
  }
}
