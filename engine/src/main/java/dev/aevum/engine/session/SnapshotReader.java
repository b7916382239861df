package dev.aevum.engine.session;

import dev.aevum.engine.system.SystemRelation;
import dev.aevum.engine.system.SystemRelations;
import dev.aevum.engine.system.SystemSnapshot;
import dev.aevum.engine.write.TableChange;
import dev.aevum.executor.query.Batches;
import dev.aevum.executor.query.RelationReader;
import dev.aevum.executor.query.RowSource;
import dev.aevum.model.batch.BatchWriter;
import dev.aevum.model.batch.Column;
import dev.aevum.model.batch.DeltaBatch;
import dev.aevum.model.codec.ByteSink;
import dev.aevum.model.error.ErrorCode;
import dev.aevum.model.error.SqlException;
import dev.aevum.model.text.JavaValues;
import dev.aevum.storage.contents.ContentsLayout;
import dev.aevum.storage.contents.ContentsReader;
import dev.aevum.storage.contents.ContentsVersion;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntConsumer;
import java.util.function.Supplier;
import org.apache.arrow.memory.BufferAllocator;
import org.jspecify.annotations.Nullable;

/// What one statement reads: contents of one version with the transaction's own writes on top, and
/// system relations from one snapshot, each made once.
final class SnapshotReader implements RelationReader, AutoCloseable {
  private final ContentsVersion contents;
  private final Transaction transaction;
  private final SystemRelations system;
  private final Supplier<SystemSnapshot> snapshots;
  private final BufferAllocator allocator;
  private final IntConsumer readable;
  private final Map<Integer, DeltaBatch> systemRows = new HashMap<>();
  private @Nullable SystemSnapshot snapshot;

  /// `readable` refuses a relation that must not be read.
  SnapshotReader(
      ContentsVersion contents,
      Transaction transaction,
      SystemRelations system,
      Supplier<SystemSnapshot> snapshots,
      BufferAllocator allocator,
      IntConsumer readable) {
    this.readable = readable;
    this.contents = contents;
    this.transaction = transaction;
    this.system = system;
    this.snapshots = snapshots;
    this.allocator = allocator;
  }

  @Override
  public RowSource read(int relation, List<Integer> columns, List<Column> keyPrefix) {
    SystemRelation described = system.find(relation);
    if (described != null) {
      return new Once(Batches.pick(systemRows(described), columns));
    }
    readable.accept(relation);
    if (!contents.has(relation)) {
      throw new SqlException(
          ErrorCode.OBJECT_NOT_IN_PREREQUISITE_STATE,
          "relation with OID " + relation + " has no contents");
    }
    byte[] prefix = prefix(relation, keyPrefix);
    ContentsReader stored = contents.read(relation, columns, prefix, allocator);
    return transaction.wrote(relation)
        ? overlay(relation, columns, prefix, stored)
        : new Stored(stored);
  }

  private byte[] prefix(int relation, List<Column> keyPrefix) {
    if (keyPrefix.isEmpty()) {
      return new byte[0];
    }
    ByteSink sink = new ByteSink();
    Column[] columns = keyPrefix.toArray(Column[]::new);
    contents.layout(relation).keyCodec().encodePrefix(columns, columns.length, 0, sink);
    return sink.toBytes();
  }

  /// Stored rows and own writes, added up by row.
  private RowSource overlay(
      int relation, List<Integer> columns, byte[] prefix, ContentsReader stored) {
    ContentsLayout layout = contents.layout(relation);
    stored.close();
    OverlayRows rows = new OverlayRows(layout, prefix);
    List<Integer> all = java.util.stream.IntStream.range(0, layout.types().size()).boxed().toList();
    try (ContentsReader whole = contents.read(relation, all, prefix, allocator)) {
      for (DeltaBatch batch = whole.next(); batch != null; batch = whole.next()) {
        try (DeltaBatch b = batch) {
          rows.add(b);
        }
      }
    }
    for (TableChange write : transaction.writes()) {
      if (write.relation() == relation) {
        rows.add(write.batch());
      }
    }
    return new Once(Batches.pick(rows.batch(allocator), columns));
  }

  private DeltaBatch systemRows(SystemRelation relation) {
    DeltaBatch known = systemRows.get(relation.oid());
    if (known == null) {
      SystemSnapshot now = snapshot;
      if (now == null) {
        now = snapshots.get();
        snapshot = now;
      }
      known = make(relation, now);
      systemRows.put(relation.oid(), known);
    }
    return known.retain();
  }

  private DeltaBatch make(SystemRelation relation, SystemSnapshot now) {
    try (BatchWriter out = new BatchWriter(allocator, relation.schema().types(), false, 64)) {
      relation
          .rows()
          .produce(
              now,
              values -> {
                for (int i = 0; i < values.length; i++) {
                  JavaValues.append(values[i], out.column(i));
                }
                out.endRow();
              });
      return out.finish();
    }
  }

  @Override
  public void close() {
    systemRows.values().forEach(DeltaBatch::close);
    systemRows.clear();
  }

  private static final class Once implements RowSource {
    private @Nullable DeltaBatch batch;

    Once(DeltaBatch batch) {
      this.batch = batch;
    }

    @Override
    public @Nullable DeltaBatch next() {
      DeltaBatch given = batch;
      batch = null;
      return given;
    }

    @Override
    public void close() {
      if (batch != null) {
        batch.close();
        batch = null;
      }
    }
  }

  private record Stored(ContentsReader reader) implements RowSource {
    @Override
    public @Nullable DeltaBatch next() {
      return reader.next();
    }

    @Override
    public void close() {
      reader.close();
    }
  }

  /// Rows added up by their bytes.
  private static final class OverlayRows {
    private final ContentsLayout layout;
    private final byte[] prefix;
    private final Map<java.nio.ByteBuffer, Long> weights = new java.util.LinkedHashMap<>();
    private final ByteSink scratch = new ByteSink();
    private final ByteSink keyScratch = new ByteSink();

    OverlayRows(ContentsLayout layout, byte[] prefix) {
      this.layout = layout;
      this.prefix = prefix;
    }

    void add(DeltaBatch batch) {
      Column[] columns = batch.columns().toArray(Column[]::new);
      Column[] keys = layout.key().stream().map(batch::column).toArray(Column[]::new);
      for (int row = 0; row < batch.rows(); row++) {
        keyScratch.reset();
        layout.keyCodec().encode(keys, row, keyScratch);
        if (keyScratch.position() < prefix.length
            || !java.util.Arrays.equals(
                keyScratch.array(), 0, prefix.length, prefix, 0, prefix.length)) {
          continue;
        }
        scratch.reset();
        layout.rowCodec().encode(columns, row, scratch);
        weights.merge(java.nio.ByteBuffer.wrap(scratch.toBytes()), batch.weightAt(row), Long::sum);
      }
    }

    DeltaBatch batch(BufferAllocator allocator) {
      try (BatchWriter out = new BatchWriter(allocator, layout.types(), true, weights.size())) {
        List<Map.Entry<java.nio.ByteBuffer, Long>> kept = new ArrayList<>(weights.entrySet());
        for (Map.Entry<java.nio.ByteBuffer, Long> e : kept) {
          if (e.getValue() > 0) {
            byte[] bytes = e.getKey().array();
            layout.rowCodec().decode(bytes, out);
            out.endRow(e.getValue());
          }
        }
        return out.finish();
      }
    }
  }
}
