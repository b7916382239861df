package dev.aevum.engine.session;

import dev.aevum.engine.api.ResultColumn;
import dev.aevum.engine.api.Session.Prepared;
import dev.aevum.engine.catalog.CatalogObject;
import dev.aevum.engine.catalog.CatalogObject.LogicalViewObject;
import dev.aevum.engine.catalog.CatalogObject.MaterializedViewObject;
import dev.aevum.engine.catalog.CatalogObject.Relation;
import dev.aevum.engine.catalog.CatalogObject.SinkObject;
import dev.aevum.engine.catalog.CatalogObject.StreamObject;
import dev.aevum.engine.catalog.CatalogObject.TableObject;
import dev.aevum.engine.catalog.ColumnInfo;
import dev.aevum.engine.name.SessionCatalogView;
import dev.aevum.engine.setting.SettingDefinition;
import dev.aevum.engine.setting.SettingDefinitions;
import dev.aevum.model.batch.Field;
import dev.aevum.model.error.SqlException;
import dev.aevum.model.type.SimpleType;
import dev.aevum.model.type.SqlType;
import dev.aevum.parser.statement.DescribeStatement;
import dev.aevum.parser.statement.ObjectKind;
import dev.aevum.parser.statement.ObjectName;
import dev.aevum.parser.statement.ShowCreateStatement;
import dev.aevum.parser.statement.ShowObjectsStatement;
import dev.aevum.parser.statement.ShowSettingStatement;
import dev.aevum.planner.catalog.RelationInfo;
import dev.aevum.planner.plan.ModelSpec;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// SHOW and DESCRIBE.
final class ShowStatements {
  private final SessionImpl session;

  ShowStatements(SessionImpl session) {
    this.session = session;
  }

  private static ResultColumn column(String name, SqlType type) {
    return new ResultColumn(name, type, 0, 0);
  }

  private static ResultColumn text(String name) {
    return column(name, SimpleType.TEXT);
  }

  private static List<@Nullable Object> row(@Nullable Object... values) {
    return Arrays.asList(values);
  }

  Prepared setting(ShowSettingStatement s) {
    String name = s.name();
    SettingDefinition definition = SettingDefinitions.find(name);
    String display = definition == null ? name : definition.name();
    try {
      session.settings().get(name);
    } catch (SqlException e) {
      throw e.at(s.span());
    }
    return Commands.rows(
        session.allocator(),
        List.of(text(display)),
        "SHOW",
        () -> List.of(row(session.settings().show(name))));
  }

  Prepared allSettings() {
    return Commands.rows(
        session.allocator(),
        List.of(text("name"), text("setting"), text("description")),
        "SHOW",
        () -> {
          List<List<@Nullable Object>> rows = new ArrayList<>();
          for (SettingDefinition d : SettingDefinitions.all()) {
            rows.add(row(d.name(), session.settings().show(d.name()), d.description()));
          }
          return rows;
        });
  }

  Prepared objects(ShowObjectsStatement s) {
    return Commands.rows(
        session.allocator(),
        List.of(text("schema"), text("name"), text("kind"), text("details")),
        "SHOW",
        () -> {
          List<List<@Nullable Object>> rows = new ArrayList<>();
          for (CatalogObject object : session.runtime().catalog().objects()) {
            if (belongs(s.kind(), object)) {
              rows.add(row(object.schemaName(), object.name(), kind(object), details(object)));
            }
          }
          return rows;
        });
  }

  private static boolean belongs(ObjectKind kind, CatalogObject object) {
    return switch (object) {
      case StreamObject o ->
          kind == ObjectKind.STREAM || (kind == ObjectKind.SOURCE && o.connector() != null);
      case TableObject o -> kind == ObjectKind.TABLE;
      case MaterializedViewObject o ->
          o.model() == null
              ? kind == ObjectKind.VIEW || kind == ObjectKind.MATERIALIZED_VIEW
              : kind == ObjectKind.MODEL;
      case LogicalViewObject o -> kind == ObjectKind.VIEW;
      case SinkObject o -> kind == ObjectKind.SINK;
    };
  }

  private static String kind(CatalogObject object) {
    return switch (object) {
      case StreamObject o -> "stream";
      case TableObject o -> "table";
      case MaterializedViewObject o -> o.model() == null ? "materialized view" : "model";
      case LogicalViewObject o -> "view";
      case SinkObject o -> "sink";
    };
  }

  private static @Nullable String details(CatalogObject object) {
    return switch (object) {
      case StreamObject o -> o.connector() == null ? "fed by INSERT and COPY" : o.connector();
      case TableObject o -> o.primaryKey().isEmpty() ? "no primary key" : "primary key";
      case MaterializedViewObject o when o.model() != null -> o.model().algorithm();
      case MaterializedViewObject o -> o.appendOnly() ? "append-only" : null;
      case LogicalViewObject o -> null;
      case SinkObject o -> o.connector();
    };
  }

  Prepared create(ShowCreateStatement s) {
    CatalogObject object = find(s.name());
    return Commands.rows(
        session.allocator(),
        List.of(text("name"), text("create_statement")),
        "SHOW",
        () -> List.of(row(object.name(), object.identity().definition())));
  }

  private CatalogObject find(ObjectName name) {
    SessionCatalogView view = session.catalogView();
    for (String schema : name.schema() == null ? view.searchPath() : List.of(name.schema())) {
      CatalogObject object = view.catalog().find(schema, name.name());
      if (object != null) {
        return object;
      }
    }
    throw DefinitionStatements.missing("relation", name);
  }

  Prepared describe(DescribeStatement s) {
    RelationInfo info = session.catalogView().relation(s.name().schema(), s.name().name());
    if (info == null) {
      throw DefinitionStatements.missing("relation", s.name());
    }
    return Commands.rows(
        session.allocator(),
        List.of(
            text("column"),
            text("type"),
            column("nullable", SimpleType.BOOLEAN),
            text("default"),
            column("key", SimpleType.BOOLEAN),
            text("comment")),
        "DESCRIBE",
        () -> describe(info));
  }

  private List<List<@Nullable Object>> describe(RelationInfo info) {
    List<List<@Nullable Object>> rows = new ArrayList<>();
    if (info instanceof RelationInfo.Model model) {
      return describe(model.spec());
    }
    if (session.runtime().catalog().find(info.id()) instanceof Relation relation) {
      List<Integer> key =
          switch (relation) {
            case TableObject t -> t.primaryKey();
            case MaterializedViewObject v -> v.key();
            case StreamObject st -> List.of();
            case LogicalViewObject v -> List.of();
          };
      for (int i = 0; i < relation.columns().size(); i++) {
        ColumnInfo c = relation.columns().get(i);
        if (!c.hidden()) {
          rows.add(
              row(
                  c.name(),
                  c.type().displayName(),
                  !c.notNull(),
                  c.defaultSql(),
                  key.contains(i),
                  c.comment()));
        }
      }
      return rows;
    }
    for (Field f : info.columns().fields()) {
      rows.add(row(f.name(), f.type().displayName(), f.nullable(), null, false, null));
    }
    return rows;
  }

  /// What predict takes, and what it gives.
  private static List<List<@Nullable Object>> describe(ModelSpec spec) {
    List<List<@Nullable Object>> rows = new ArrayList<>();
    for (Field f : spec.partition()) {
      rows.add(row(f.name(), f.type().displayName(), f.nullable(), null, true, "partition"));
    }
    for (Field f : spec.features()) {
      rows.add(row(f.name(), f.type().displayName(), f.nullable(), null, false, "feature"));
    }
    Field target = spec.target();
    if (target != null) {
      String type = target.type().displayName();
      rows.add(row(target.name(), type, target.nullable(), null, false, "predicted"));
    }
    return rows;
  }
}
