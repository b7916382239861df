package dev.aevum.engine.catalog;

import dev.aevum.engine.catalog.CatalogObject.LogicalViewObject;
import dev.aevum.engine.catalog.CatalogObject.MaterializedViewObject;
import dev.aevum.engine.catalog.CatalogObject.Relation;
import dev.aevum.engine.catalog.CatalogObject.StreamObject;
import dev.aevum.engine.catalog.CatalogObject.TableObject;
import dev.aevum.planner.catalog.RelationInfo;
import dev.aevum.planner.plan.Expr;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/// Turns catalogue objects into what the planner sees of them, once per object: planned defaults,
/// watermarks. Objects are immutable values, so the cache is keyed by the object itself and never
/// stale; entries of dropped objects are forgotten with [#forget]. Thread-safe.
public final class RelationInfos {
  /// Plans an expression of a column definition over a relation's columns.
  public interface ExpressionPlanner {
    /// The DEFAULT of a column, cast to its type.
    Expr defaultExpression(ColumnInfo column);

    /// The watermark of a stream, or null.
    RelationInfo.@Nullable Watermark watermark(StreamObject stream);
  }

  private final ExpressionPlanner planner;
  private final Map<Relation, RelationInfo> cache = new ConcurrentHashMap<>();
  private final Map<Integer, RelationInfo.Watermark> viewWatermarks = new ConcurrentHashMap<>();

  public RelationInfos(ExpressionPlanner planner) {
    this.planner = planner;
  }

  /// The watermark that a deployed view's plan carries on.
  public void setViewWatermark(int view, RelationInfo.@Nullable Watermark watermark) {
    if (watermark == null) {
      viewWatermarks.remove(view);
    } else {
      viewWatermarks.put(view, watermark);
    }
    cache.keySet().removeIf(r -> r.oid() == view);
  }

  public void forget(int oid) {
    viewWatermarks.remove(oid);
    cache.keySet().removeIf(r -> r.oid() == oid);
  }

  public RelationInfo of(Relation relation) {
    RelationInfo known = cache.get(relation);
    if (known == null) {
      known = build(relation);
      cache.put(relation, known);
    }
    return known;
  }

  private RelationInfo build(Relation relation) {
    return switch (relation) {
      case StreamObject s ->
          stored(
              s,
              RelationInfo.StoredKind.STREAM,
              List.of(),
              planner.watermark(s),
              true,
              s.keepsRows(),
              s.keepsRows() ? null : streamHint(s));
      case TableObject t ->
          stored(
              t,
              RelationInfo.StoredKind.TABLE,
              t.primaryKey().isEmpty() ? List.of() : List.of(t.primaryKey()),
              null,
              t.appendOnly(),
              true,
              null);
      case MaterializedViewObject v -> view(v);
      case LogicalViewObject v ->
          new RelationInfo.Logical(
              v.oid(),
              v.schemaName(),
              v.name(),
              v.schema(),
              v.queryText(),
              List.of("pg_catalog", v.schemaName()));
    };
  }

  private RelationInfo view(MaterializedViewObject v) {
    RelationInfo.Stored rows =
        stored(
            v,
            RelationInfo.StoredKind.VIEW,
            v.key().isEmpty() ? List.of() : List.of(v.key()),
            viewWatermarks.get(v.oid()),
            v.appendOnly(),
            true,
            null);
    return v.model() == null ? rows : new RelationInfo.Model(rows, v.model());
  }

  private static String streamHint(StreamObject stream) {
    return stream.connector() == null
        ? "The stream was created WITH (retention = 'none'). Create a materialized view over it and read that."
        : "A stream with a connector keeps no rows. Create a materialized view over it and read that.";
  }

  private RelationInfo.Stored stored(
      Relation relation,
      RelationInfo.StoredKind kind,
      List<List<Integer>> keys,
      RelationInfo.@Nullable Watermark watermark,
      boolean appendOnly,
      boolean readable,
      @Nullable String hint) {
    Set<Integer> hidden = new HashSet<>();
    Map<Integer, Expr> defaults = new HashMap<>();
    for (int i = 0; i < relation.columns().size(); i++) {
      ColumnInfo column = relation.columns().get(i);
      if (column.hidden()) {
        hidden.add(i);
      }
      if (column.defaultSql() != null) {
        defaults.put(i, planner.defaultExpression(column));
      }
    }
    return new RelationInfo.Stored(
        relation.oid(),
        relation.schemaName(),
        relation.name(),
        kind,
        relation.schema(),
        keys,
        watermark,
        appendOnly,
        hidden,
        readable,
        hint,
        defaults);
  }
}
