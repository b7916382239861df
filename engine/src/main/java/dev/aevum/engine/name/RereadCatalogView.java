package dev.aevum.engine.name;

import dev.aevum.model.type.SqlType;
import dev.aevum.planner.catalog.CatalogView;
import dev.aevum.planner.catalog.RelationInfo;
import dev.aevum.planner.plan.function.FunctionCatalog;
import java.util.Collection;
import java.util.List;
import java.util.OptionalLong;
import java.util.function.IntPredicate;
import org.jspecify.annotations.Nullable;

/// A catalogue in which streams that keep no rows can be read ad hoc, where their connector gives
/// the rows again.
///
/// @param base the catalogue as it is
/// @param again whether a stream's rows can be had again, by its id
public record RereadCatalogView(CatalogView base, IntPredicate again) implements CatalogView {
  @Override
  public @Nullable RelationInfo relation(@Nullable String schema, String name) {
    RelationInfo found = base.relation(schema, name);
    return found instanceof RelationInfo.Stored stored
            && !stored.readable()
            && again.test(stored.id())
        ? stored.asReadable()
        : found;
  }

  @Override
  public boolean schemaExists(String schema) {
    return base.schemaExists(schema);
  }

  @Override
  public Collection<String> relationNames(@Nullable String schema) {
    return base.relationNames(schema);
  }

  @Override
  public FunctionCatalog functions() {
    return base.functions();
  }

  @Override
  public List<String> searchPath() {
    return base.searchPath();
  }

  @Override
  public CatalogView withSearchPath(List<String> searchPath) {
    return new RereadCatalogView(base.withSearchPath(searchPath), again);
  }

  @Override
  public String currentUser() {
    return base.currentUser();
  }

  @Override
  public String currentDatabase() {
    return base.currentDatabase();
  }

  @Override
  public @Nullable String setting(String name) {
    return base.setting(name);
  }

  @Override
  public OptionalLong resolveName(SqlType regType, String name) {
    return base.resolveName(regType, name);
  }

  @Override
  public Object readLiteral(String text, SqlType type) {
    return base.readLiteral(text, type);
  }

  @Override
  public long nowMicros() {
    return base.nowMicros();
  }
}
