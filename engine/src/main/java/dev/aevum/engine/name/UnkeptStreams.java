package dev.aevum.engine.name;

import dev.aevum.model.type.SqlType;
import dev.aevum.planner.catalog.CatalogView;
import dev.aevum.planner.catalog.RelationInfo;
import dev.aevum.planner.plan.function.FunctionCatalog;
import java.util.Collection;
import java.util.List;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/// A catalogue in which every stream may be read: for plans whose scans are not run.
public record UnkeptStreams(CatalogView catalog) implements CatalogView {
  @Override
  public @Nullable RelationInfo relation(@Nullable String schema, String name) {
    RelationInfo found = catalog.relation(schema, name);
    return found instanceof RelationInfo.Stored s && !s.readable()
        ? new RelationInfo.Stored(
            s.id(),
            s.schemaName(),
            s.name(),
            s.kind(),
            s.columns(),
            s.uniqueKeys(),
            s.watermark(),
            s.appendOnly(),
            s.hidden(),
            true,
            s.hint(),
            s.defaults())
        : found;
  }

  @Override
  public boolean schemaExists(String schema) {
    return catalog.schemaExists(schema);
  }

  @Override
  public Collection<String> relationNames(@Nullable String schema) {
    return catalog.relationNames(schema);
  }

  @Override
  public FunctionCatalog functions() {
    return catalog.functions();
  }

  @Override
  public List<String> searchPath() {
    return catalog.searchPath();
  }

  @Override
  public CatalogView withSearchPath(List<String> searchPath) {
    return new UnkeptStreams(catalog.withSearchPath(searchPath));
  }

  @Override
  public String currentUser() {
    return catalog.currentUser();
  }

  @Override
  public String currentDatabase() {
    return catalog.currentDatabase();
  }

  @Override
  public @Nullable String setting(String name) {
    return catalog.setting(name);
  }

  @Override
  public OptionalLong resolveName(SqlType regType, String name) {
    return catalog.resolveName(regType, name);
  }

  @Override
  public Object readLiteral(String text, SqlType type) {
    return catalog.readLiteral(text, type);
  }

  @Override
  public long nowMicros() {
    return catalog.nowMicros();
  }
}
