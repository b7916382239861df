package dev.aevum.engine.catalog;

import dev.aevum.model.batch.Field;
import dev.aevum.model.batch.Schema;
import dev.aevum.parser.Renaming;
import dev.aevum.planner.plan.ModelSpec;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// A user's object. `oid` is fixed for its life (16384 and up) and is also the id of its contents
/// and state. `definition` is the statement that made it, as written but for its present name: it
/// is parsed and planned again at every start.
public sealed interface CatalogObject {
  Identity identity();

  CatalogObject withIdentity(Identity identity);

  /// Name and bookkeeping that all objects have.
  record Identity(
      int oid,
      String schema,
      String name,
      String owner,
      String definition,
      @Nullable String comment) {
    public Identity renamed(String newName) {
      String text = Renaming.renamed(definition, name, newName);
      return new Identity(oid, schema, newName, owner, text, comment);
    }

    public Identity withComment(@Nullable String text) {
      return new Identity(oid, schema, name, owner, definition, text);
    }
  }

  default int oid() {
    return identity().oid();
  }

  default String name() {
    return identity().name();
  }

  default String schemaName() {
    return identity().schema();
  }

  /// An object with rows: it can be named in FROM.
  sealed interface Relation extends CatalogObject {
    List<ColumnInfo> columns();

    Relation withColumns(List<ColumnInfo> columns);

    /// All columns, hidden ones too, in order.
    default Schema schema() {
      return new Schema(
          columns().stream().map(c -> new Field(c.name(), c.type(), !c.notNull())).toList());
    }

    default int columnIndex(String name) {
      for (int i = 0; i < columns().size(); i++) {
        if (columns().get(i).name().equals(name)) {
          return i;
        }
      }
      return -1;
    }
  }

  /// Append-only input. `connector` null: fed by INSERT and COPY. `watermarkColumn` -1: none;
  /// `watermarkSql` is the expression's text. `retentionMicros`: how long rows are kept; -1 for
  /// ever, 0 not at all.
  record StreamObject(
      Identity identity,
      List<ColumnInfo> columns,
      @Nullable String connector,
      Map<String, String> options,
      int watermarkColumn,
      @Nullable String watermarkSql,
      long retentionMicros)
      implements Relation {
    public StreamObject {
      columns = List.copyOf(columns);
      options = Map.copyOf(options);
    }

    @Override
    public StreamObject withIdentity(Identity newIdentity) {
      return new StreamObject(
          newIdentity, columns, connector, options, watermarkColumn, watermarkSql, retentionMicros);
    }

    @Override
    public StreamObject withColumns(List<ColumnInfo> newColumns) {
      return new StreamObject(
          identity, newColumns, connector, options, watermarkColumn, watermarkSql, retentionMicros);
    }

    /// Whether rows can be read back by a SELECT.
    public boolean keepsRows() {
      return connector == null && retentionMicros != 0;
    }
  }

  /// A table. `primaryKey`: column positions; empty: none, equal rows may repeat. `appendOnly`:
  /// only the database adds rows (LATE DATA INTO made it).
  record TableObject(
      Identity identity, List<ColumnInfo> columns, List<Integer> primaryKey, boolean appendOnly)
      implements Relation {
    public TableObject {
      columns = List.copyOf(columns);
      primaryKey = List.copyOf(primaryKey);
    }

    @Override
    public TableObject withIdentity(Identity newIdentity) {
      return new TableObject(newIdentity, columns, primaryKey, appendOnly);
    }

    @Override
    public TableObject withColumns(List<ColumnInfo> newColumns) {
      return new TableObject(identity, newColumns, primaryKey, appendOnly);
    }
  }

  /// A maintained view. `key`: columns that identify a row, empty for none known. `fingerprint`: of
  /// the plan that its state was made by. `failure`: why it is not maintained any more, or null.
  /// `model`: of a model, whose rows are its versions and which no FROM may name; null for a view.
  record MaterializedViewObject(
      Identity identity,
      List<ColumnInfo> columns,
      List<Integer> key,
      boolean appendOnly,
      String queryText,
      Map<String, String> options,
      int lateTable,
      List<Integer> inputs,
      String fingerprint,
      @Nullable String failure,
      @Nullable ModelSpec model)
      implements Relation {
    public MaterializedViewObject {
      columns = List.copyOf(columns);
      key = List.copyOf(key);
      options = Map.copyOf(options);
      inputs = List.copyOf(inputs);
    }

    @Override
    public MaterializedViewObject withIdentity(Identity newIdentity) {
      return new MaterializedViewObject(
          newIdentity,
          columns,
          key,
          appendOnly,
          queryText,
          options,
          lateTable,
          inputs,
          fingerprint,
          failure,
          model);
    }

    @Override
    public MaterializedViewObject withColumns(List<ColumnInfo> newColumns) {
      return new MaterializedViewObject(
          identity,
          newColumns,
          key,
          appendOnly,
          queryText,
          options,
          lateTable,
          inputs,
          fingerprint,
          failure,
          model);
    }

    /// As another plan makes it.
    public MaterializedViewObject planned(
        List<ColumnInfo> newColumns,
        List<Integer> newKey,
        boolean newAppendOnly,
        List<Integer> newInputs) {
      return new MaterializedViewObject(
          identity,
          newColumns,
          newKey,
          newAppendOnly,
          queryText,
          options,
          lateTable,
          newInputs,
          fingerprint,
          failure,
          model);
    }

    public MaterializedViewObject withState(String newFingerprint, @Nullable String newFailure) {
      return new MaterializedViewObject(
          identity,
          columns,
          key,
          appendOnly,
          queryText,
          options,
          lateTable,
          inputs,
          newFingerprint,
          newFailure,
          model);
    }

    /// With other options.
    public MaterializedViewObject withOptions(Map<String, String> newOptions) {
      return new MaterializedViewObject(
          identity,
          columns,
          key,
          appendOnly,
          queryText,
          newOptions,
          lateTable,
          inputs,
          fingerprint,
          failure,
          model);
    }
  }

  /// A view that is expanded where it is used.
  record LogicalViewObject(
      Identity identity, List<ColumnInfo> columns, String queryText, List<Integer> inputs)
      implements Relation {
    public LogicalViewObject {
      columns = List.copyOf(columns);
      inputs = List.copyOf(inputs);
    }

    @Override
    public LogicalViewObject withIdentity(Identity newIdentity) {
      return new LogicalViewObject(newIdentity, columns, queryText, inputs);
    }

    @Override
    public LogicalViewObject withColumns(List<ColumnInfo> newColumns) {
      return new LogicalViewObject(identity, newColumns, queryText, inputs);
    }
  }

  /// A sink: `from` is the relation it follows, or 0 with a query of its own in `queryText`.
  /// `fingerprint` and `failure` as of a view. It writes what comes after `startStep`, the step at
  /// which it was made.
  record SinkObject(
      Identity identity,
      int from,
      @Nullable String queryText,
      String connector,
      Map<String, String> options,
      List<Integer> inputs,
      String fingerprint,
      @Nullable String failure,
      long startStep)
      implements CatalogObject {
    public SinkObject {
      options = Map.copyOf(options);
      inputs = List.copyOf(inputs);
    }

    @Override
    public SinkObject withIdentity(Identity newIdentity) {
      return new SinkObject(
          newIdentity,
          from,
          queryText,
          connector,
          options,
          inputs,
          fingerprint,
          failure,
          startStep);
    }

    public SinkObject withState(String newFingerprint, @Nullable String newFailure) {
      return new SinkObject(
          identity,
          from,
          queryText,
          connector,
          options,
          inputs,
          newFingerprint,
          newFailure,
          startStep);
    }

    public SinkObject startingAt(long step) {
      return new SinkObject(
          identity, from, queryText, connector, options, inputs, fingerprint, failure, step);
    }
  }
}
