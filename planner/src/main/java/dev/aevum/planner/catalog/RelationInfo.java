package dev.aevum.planner.catalog;

import dev.aevum.model.batch.Schema;
import dev.aevum.planner.plan.Expr;
import dev.aevum.planner.plan.ModelSpec;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// A relation as a statement sees it.
public sealed interface RelationInfo {
  /// The object id, which is its `pg_class` OID too.
  int id();

  String schemaName();

  String name();

  /// Columns in order, hidden ones (see [Stored#hidden]) included.
  Schema columns();

  enum StoredKind {
    TABLE,
    STREAM,
    /// A materialized view.
    VIEW,
    /// A catalogue relation (`pg_class`, `aevum.metrics`): readable ad hoc, never an input of a
    /// view.
    SYSTEM
  }

  /// What has changes or rows of its own.
  ///
  /// @param uniqueKeys sets of columns without duplicates among the contents, the primary key
  ///   first; empty when none is known
  /// @param watermark null when the relation carries none
  /// @param appendOnly nothing ever leaves or changes
  /// @param hidden positions of columns that `SELECT *` leaves out
  /// @param readable keeps its rows, so that an ad-hoc query can read it
  /// @param hint what to do where it is not readable
  /// @param defaults default expression by column position, over no columns, of the column's type
  record Stored(
      int id,
      String schemaName,
      String name,
      StoredKind kind,
      Schema columns,
      List<List<Integer>> uniqueKeys,
      @Nullable Watermark watermark,
      boolean appendOnly,
      Set<Integer> hidden,
      boolean readable,
      @Nullable String hint,
      Map<Integer, Expr> defaults)
      implements RelationInfo {
    public Stored {
      uniqueKeys = uniqueKeys.stream().map(List::copyOf).toList();
      hidden = Set.copyOf(hidden);
      defaults = Map.copyOf(defaults);
    }

    /// The same, where something gives its rows to an ad-hoc query.
    public Stored asReadable() {
      return new Stored(
          id,
          schemaName,
          name,
          kind,
          columns,
          uniqueKeys,
          watermark,
          appendOnly,
          hidden,
          true,
          null,
          defaults);
    }
  }

  /// A model, which `predict` names. `versions` are its rows as a [PlanNode.LearnNode] makes them.
  record Model(Stored versions, ModelSpec spec) implements RelationInfo {
    @Override
    public int id() {
      return versions.id();
    }

    @Override
    public String schemaName() {
      return versions.schemaName();
    }

    @Override
    public String name() {
      return versions.name();
    }

    @Override
    public Schema columns() {
      return versions.columns();
    }
  }

  /// A view that is not maintained: its query is planned where it is used, with `searchPath` of its
  /// creation.
  record Logical(
      int id,
      String schemaName,
      String name,
      Schema columns,
      String queryText,
      List<String> searchPath)
      implements RelationInfo {
    public Logical {
      searchPath = List.copyOf(searchPath);
    }
  }

  /// Once the relation's watermark is W, every row that is not late has `column >= W +
  /// offsetMicros`. A stream has 0; a view gives what its plan's time columns say.
  ///
  /// @param expression of a stream: the watermark over its columns, for EXPLAIN and lateness; null
  ///   for a view
  /// @param delayMicros of a stream: how far the watermark stays behind the column, where it is
  ///   `column - constant`
  record Watermark(int column, long offsetMicros, long delayMicros, @Nullable Expr expression) {}
}
