package dev.aevum.engine.name;

import dev.aevum.engine.catalog.Catalog;
import dev.aevum.engine.catalog.CatalogObject;
import dev.aevum.engine.catalog.CatalogObject.MaterializedViewObject;
import dev.aevum.engine.catalog.RelationInfos;
import dev.aevum.engine.setting.SessionSettings;
import dev.aevum.engine.system.SystemRelation;
import dev.aevum.engine.system.SystemRelations;
import dev.aevum.model.text.PgText;
import dev.aevum.model.text.TextStyle;
import dev.aevum.model.type.SimpleType;
import dev.aevum.model.type.SqlType;
import dev.aevum.planner.catalog.CatalogView;
import dev.aevum.planner.catalog.RelationInfo;
import dev.aevum.planner.plan.function.FunctionCatalog;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// One statement's view of the catalogue: a snapshot and the session's search path and settings.
public final class SessionCatalogView implements CatalogView {
  private final Catalog catalog;
  private final RelationInfos infos;
  private final SystemRelations system;
  private final FunctionCatalog functions;
  private final SessionSettings settings;
  private final String user;
  private final List<String> searchPath;
  private final CatalogNames names;
  private final long nowMicros;
  private final Map<SystemRelation, RelationInfo> systemInfos;

  public SessionCatalogView(
      Catalog catalog,
      RelationInfos infos,
      SystemRelations system,
      FunctionCatalog functions,
      SessionSettings settings,
      String user,
      long nowMicros) {
    this(
        catalog,
        infos,
        system,
        functions,
        settings,
        user,
        nowMicros,
        existing(settings.searchPath(), catalog),
        new HashMap<>());
  }

  private SessionCatalogView(
      Catalog catalog,
      RelationInfos infos,
      SystemRelations system,
      FunctionCatalog functions,
      SessionSettings settings,
      String user,
      long nowMicros,
      List<String> searchPath,
      Map<SystemRelation, RelationInfo> systemInfos) {
    this.catalog = catalog;
    this.infos = infos;
    this.system = system;
    this.functions = functions;
    this.settings = settings;
    this.user = user;
    this.nowMicros = nowMicros;
    this.searchPath = searchPath;
    this.systemInfos = systemInfos;
    this.names = new CatalogNames(catalog, system, functions, searchPath, user);
  }

  private static List<String> existing(List<String> path, Catalog catalog) {
    List<String> found = new ArrayList<>();
    if (!path.contains("pg_catalog")) {
      found.add("pg_catalog");
    }
    for (String schema : path) {
      if (catalog.schemas().contains(schema) || isSystem(schema)) {
        found.add(schema);
      }
    }
    return found;
  }

  private static boolean isSystem(String schema) {
    return schema.equals("pg_catalog")
        || schema.equals("information_schema")
        || schema.equals("aevum");
  }

  public Catalog catalog() {
    return catalog;
  }

  /// Names and OIDs of everything, for functions and `reg...` types.
  public CatalogNames names() {
    return names;
  }

  /// The schema that an unqualified CREATE makes its object in, or null when the path names none
  /// that exists.
  public @Nullable String creationSchema() {
    for (String schema : searchPath) {
      if (catalog.schemas().contains(schema)) {
        return schema;
      }
    }
    return null;
  }

  @Override
  public @Nullable RelationInfo relation(@Nullable String schema, String name) {
    if (schema != null) {
      return inSchema(schema, name);
    }
    for (String candidate : searchPath) {
      RelationInfo found = inSchema(candidate, name);
      if (found != null) {
        return found;
      }
    }
    return null;
  }

  private @Nullable RelationInfo inSchema(String schema, String name) {
    if (isSystem(schema)) {
      SystemRelation relation = system.find(schema, name);
      return relation == null ? null : systemInfos.computeIfAbsent(relation, r -> systemInfo(r));
    }
    CatalogObject object = catalog.find(schema, name);
    return object instanceof CatalogObject.Relation relation ? infos.of(relation) : null;
  }

  private static RelationInfo systemInfo(SystemRelation relation) {
    return new RelationInfo.Stored(
        relation.oid(),
        relation.schemaName(),
        relation.name(),
        RelationInfo.StoredKind.SYSTEM,
        relation.schema(),
        List.of(),
        null,
        false,
        Set.of(),
        true,
        null,
        Map.of());
  }

  @Override
  public boolean schemaExists(String schema) {
    return isSystem(schema) || catalog.schemas().contains(schema);
  }

  @Override
  public Collection<String> relationNames(@Nullable String schema) {
    List<String> found = new ArrayList<>();
    for (String candidate : schema == null ? searchPath : List.of(schema)) {
      if (isSystem(candidate)) {
        found.addAll(system.names(candidate));
      } else {
        for (CatalogObject.Relation relation : catalog.relations()) {
          if (relation.schemaName().equals(candidate)) {
            found.add(relation.name());
          }
        }
      }
    }
    return found;
  }

  @Override
  public Collection<String> modelNames(@Nullable String schema) {
    List<String> schemas = schema == null ? searchPath : List.of(schema);
    return catalog.models().stream()
        .filter(m -> schemas.contains(m.schemaName()))
        .map(MaterializedViewObject::name)
        .toList();
  }

  @Override
  public FunctionCatalog functions() {
    return functions;
  }

  /// The search path without what stands on it by itself.
  public List<String> namedSearchPath() {
    return settings.searchPath().contains("pg_catalog")
        ? searchPath
        : searchPath.stream().filter(s -> !s.equals("pg_catalog")).toList();
  }

  @Override
  public List<String> searchPath() {
    return searchPath;
  }

  @Override
  public CatalogView withSearchPath(List<String> path) {
    return new SessionCatalogView(
        catalog,
        infos,
        system,
        functions,
        settings,
        user,
        nowMicros,
        existing(path, catalog),
        systemInfos);
  }

  @Override
  public String currentUser() {
    return user;
  }

  @Override
  public String currentDatabase() {
    return CatalogNames.DATABASE;
  }

  @Override
  public @Nullable String setting(String name) {
    return settings.find(name);
  }

  @Override
  public OptionalLong resolveName(SqlType regType, String name) {
    return regType instanceof SimpleType simple ? names.find(simple, name) : OptionalLong.empty();
  }

  @Override
  public Object readLiteral(String text, SqlType type) {
    return PgText.parseValue(type, text, textStyle());
  }

  public TextStyle textStyle() {
    return settings.textStyle(names);
  }

  @Override
  public long nowMicros() {
    return nowMicros;
  }
}
