package dev.aevum.engine.step;

import dev.aevum.executor.spi.StepInput.RelationChange;
import dev.aevum.model.batch.BatchWriter;
import dev.aevum.model.batch.Column;
import dev.aevum.model.batch.DeltaBatch;
import dev.aevum.model.codec.ByteSink;
import dev.aevum.model.type.SimpleType;
import dev.aevum.model.type.SqlType;
import dev.aevum.storage.contents.ContentsLayout;
import dev.aevum.storage.contents.ContentsReader;
import dev.aevum.storage.contents.ContentsVersion;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.apache.arrow.memory.BufferAllocator;

/// A multiset among the contents whose rows belong to objects of the catalogue: the first column is
/// the owner's OID, and what is durable and visible with each step goes when the owner does.
///
/// @param relation its number among the contents
/// @param types of its columns
public record OwnedRows(int relation, List<SqlType> types) {
  public OwnedRows {
    types = List.copyOf(types);
  }

  public ContentsLayout layout() {
    return new ContentsLayout(relation, types, List.of(0));
  }

  /// A writer of changes, for [#change].
  public BatchWriter writer(BufferAllocator allocator, int rows) {
    return new BatchWriter(allocator, types, true, rows);
  }

  /// What was written as a change of the contents; the caller owns the batch.
  public RelationChange change(BatchWriter written) {
    return new RelationChange(relation, 0, written.finish());
  }

  /// Gives all rows, in batches that the reader may not keep.
  public void read(
      ContentsVersion contents, BufferAllocator allocator, Consumer<DeltaBatch> reader) {
    read(contents, allocator, new byte[0], reader);
  }

  private void read(
      ContentsVersion contents,
      BufferAllocator allocator,
      byte[] prefix,
      Consumer<DeltaBatch> reader) {
    List<Integer> columns = IntStream.range(0, types.size()).boxed().toList();
    try (ContentsReader rows = contents.read(relation, columns, prefix, allocator)) {
      for (DeltaBatch batch = rows.next(); batch != null; batch = rows.next()) {
        try (DeltaBatch given = batch) {
          reader.accept(given);
        }
      }
    }
  }

  /// The OIDs of objects that have rows now.
  public Set<Integer> owners(ContentsVersion contents, BufferAllocator allocator) {
    Set<Integer> found = new TreeSet<>();
    read(
        contents,
        allocator,
        batch -> {
          for (int row = 0; row < batch.rows(); row++) {
            found.add(batch.column(0).intAt(row));
          }
        });
    return found;
  }

  /// How many rows an object has now.
  public long count(ContentsVersion contents, int owner, BufferAllocator allocator) {
    return contents.weight(relation, key(owner, allocator));
  }

  /// What takes all rows of an object away; the caller owns the batches.
  public List<RelationChange> removal(
      ContentsVersion contents, int owner, BufferAllocator allocator) {
    List<RelationChange> changes = new ArrayList<>();
    read(
        contents,
        allocator,
        key(owner, allocator),
        batch -> {
          try (BatchWriter out = writer(allocator, batch.rows())) {
            for (int row = 0; row < batch.rows(); row++) {
              for (int c = 0; c < types.size(); c++) {
                out.column(c).appendFrom(batch.column(c), row);
              }
              out.endRow(-batch.weightAt(row));
            }
            changes.add(change(out));
          }
        });
    return changes;
  }

  private byte[] key(int owner, BufferAllocator allocator) {
    ByteSink key = new ByteSink();
    try (BatchWriter out = new BatchWriter(allocator, List.of(SimpleType.INTEGER), false, 1)) {
      out.column(0).appendInt(owner);
      out.endRow();
      try (DeltaBatch batch = out.finish()) {
        layout().keyCodec().encode(new Column[] {batch.column(0)}, 0, key);
      }
    }
    return key.toBytes();
  }
}
