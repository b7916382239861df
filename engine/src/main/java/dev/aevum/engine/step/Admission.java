package dev.aevum.engine.step;

import dev.aevum.engine.catalog.Catalog;
import dev.aevum.engine.catalog.CatalogObject;
import dev.aevum.engine.catalog.CatalogObject.StreamObject;
import dev.aevum.engine.catalog.CatalogObject.TableObject;
import dev.aevum.engine.system.KeyDefinitions;
import dev.aevum.engine.write.TableChange;
import dev.aevum.executor.spi.StepInput.RelationChange;
import dev.aevum.model.batch.Column;
import dev.aevum.model.batch.DeltaBatch;
import dev.aevum.model.batch.FixedColumn;
import dev.aevum.model.codec.ByteSink;
import dev.aevum.model.error.ConstraintErrors;
import dev.aevum.model.error.ErrorCode;
import dev.aevum.model.error.SqlException;
import dev.aevum.model.text.PgText;
import dev.aevum.model.text.TextStyle;
import dev.aevum.storage.contents.ContentsLayout;
import dev.aevum.storage.contents.ContentsVersion;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.arrow.memory.BufferAllocator;

/// Checks the writes of one step as they are admitted and turns them into step input: primary keys
/// against the contents and the step's earlier writes, arrival ordinals for kept streams. A request
/// that breaks a constraint is refused as a whole and leaves no trace. One thread: the step thread,
/// but for checks ahead of it.
final class Admission {
  private final BufferAllocator allocator;
  private final Catalog catalog;
  private final ContentsVersion contents;
  private final Map<String, Long> sequences;
  private final NetKeys pendingKeys = new NetKeys(new HashMap<>());
  private final List<RelationChange> changes = new ArrayList<>();
  private final ByteSink scratch = new ByteSink();

  Admission(
      BufferAllocator allocator,
      Catalog catalog,
      ContentsVersion contents,
      Map<String, Long> sequences) {
    this.allocator = allocator;
    this.catalog = catalog;
    this.contents = contents;
    this.sequences = sequences;
  }

  /// What was admitted; the batches belong to the caller.
  List<RelationChange> changes() {
    return changes;
  }

  /// Admits all changes of a request or throws; takes the batches over when it returns.
  void admit(List<TableChange> request) {
    check(request, pendingKeys);
    for (TableChange change : request) {
      CatalogObject object = catalog.find(change.relation());
      if (object instanceof StreamObject stream && stream.columnIndex(Ordinals.COLUMN) >= 0) {
        changes.add(new RelationChange(stream.oid(), 0, withOrdinals(stream, change.batch())));
      } else {
        changes.add(new RelationChange(change.relation(), 0, change.batch()));
      }
    }
  }

  /// Checks the keys of changes against the contents and the keys of `earlier` ones, which they
  /// join.
  void check(List<TableChange> request, NetKeys earlier) {
    Map<Integer, Map<ByteBuffer, Long>> net = new HashMap<>();
    for (TableChange change : request) {
      if (catalog.find(change.relation()) instanceof TableObject table
          && !table.primaryKey().isEmpty()) {
        addKeys(table, change.batch(), net.computeIfAbsent(table.oid(), t -> new HashMap<>()));
      } else if (catalog.find(change.relation()) == null) {
        throw new SqlException(
            ErrorCode.UNDEFINED_TABLE,
            "relation with OID " + change.relation() + " does not exist");
      }
    }
    net.forEach((table, keys) -> checkKeys(table, keys, earlier));
    net.forEach((table, keys) -> {
      Map<ByteBuffer, Long> sum = earlier.tables().computeIfAbsent(table, t -> new HashMap<>());
      keys.forEach((key, weight) -> sum.merge(key, weight, Long::sum));
    });
  }

  private void addKeys(TableObject table, DeltaBatch batch, Map<ByteBuffer, Long> keys) {
    ContentsLayout layout = contents.layout(table.oid());
    Column[] columns = new Column[table.primaryKey().size()];
    for (int i = 0; i < columns.length; i++) {
      columns[i] = batch.column(table.primaryKey().get(i));
    }
    for (int row = 0; row < batch.rows(); row++) {
      scratch.reset();
      layout.keyCodec().encode(columns, row, scratch);
      keys.merge(ByteBuffer.wrap(scratch.toBytes()), batch.weightAt(row), Long::sum);
    }
  }

  private void checkKeys(int table, Map<ByteBuffer, Long> net, NetKeys earlier) {
    Map<ByteBuffer, Long> pending = earlier.tables().getOrDefault(table, Map.of());
    for (Map.Entry<ByteBuffer, Long> e : net.entrySet()) {
      if (e.getValue() <= 0) {
        continue;
      }
      long there =
          contents.weight(table, e.getKey().array()) + pending.getOrDefault(e.getKey(), 0L);
      if (there + e.getValue() > 1) {
        throw new KeyTaken(table, e.getKey());
      }
    }
  }

  /// Weights of primary keys, by table.
  record NetKeys(Map<Integer, Map<ByteBuffer, Long>> tables) {}

  /// A key that would be there twice.
  static final class KeyTaken extends RuntimeException {
    private static final long serialVersionUID = 1L;
    private final int table;
    private final transient ByteBuffer key;

    KeyTaken(int table, ByteBuffer key) {
      this.table = table;
      this.key = key;
    }
  }

  /// PostgreSQL's error for it, with the values of the offending row of `request`.
  SqlException violation(KeyTaken taken, List<TableChange> request) {
    TableObject table = (TableObject) catalog.find(taken.table);
    if (table == null) {
      throw new IllegalStateException("table " + taken.table);
    }
    List<String> names = new ArrayList<>();
    List<String> values = new ArrayList<>();
    for (int column : table.primaryKey()) {
      names.add(table.columns().get(column).name());
    }
    for (TableChange change : request) {
      if (change.relation() == taken.table && values.isEmpty()) {
        values.addAll(keyValues(table, change.batch(), taken.key));
      }
    }
    return ConstraintErrors.duplicateKey(
            table.schemaName(), table.name(), KeyDefinitions.indexName(table))
        .withDetail(
            "Key ("
                + String.join(", ", names)
                + ")=("
                + String.join(", ", values)
                + ") already exists.");
  }

  private List<String> keyValues(TableObject table, DeltaBatch batch, ByteBuffer key) {
    ContentsLayout layout = contents.layout(table.oid());
    Column[] columns = table.primaryKey().stream().map(batch::column).toArray(Column[]::new);
    for (int row = 0; row < batch.rows(); row++) {
      scratch.reset();
      layout.keyCodec().encode(columns, row, scratch);
      if (ByteBuffer.wrap(scratch.toBytes()).equals(key)) {
        List<String> values = new ArrayList<>();
        for (Column c : columns) {
          values.add(c.isNull(row) ? "null" : PgText.text(c, row, TextStyle.DEFAULT));
        }
        return values;
      }
    }
    return List.of();
  }

  /// The batch with the ordinal column filled, counting on from the last; takes the batch over.
  private DeltaBatch withOrdinals(StreamObject stream, DeltaBatch batch) {
    int at = stream.columnIndex(Ordinals.COLUMN);
    String sequence = "ordinal:" + stream.oid();
    long next = sequences.getOrDefault(sequence, 0L);
    sequences.put(sequence, next + batch.rows());
    try (batch) {
      Column[] columns = new Column[batch.columnCount()];
      for (int i = 0; i < columns.length; i++) {
        columns[i] =
            i == at
                ? FixedColumn.counting(allocator, next, batch.rows())
                : batch.column(i).retain();
      }
      return new DeltaBatch(batch.rows(), columns, null);
    }
  }
}
