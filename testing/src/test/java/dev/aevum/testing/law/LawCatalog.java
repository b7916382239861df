package dev.aevum.testing.law;

import dev.aevum.model.text.PgText;
import dev.aevum.model.text.TextStyle;
import dev.aevum.model.type.SqlType;
import dev.aevum.planner.catalog.CatalogView;
import dev.aevum.planner.catalog.RelationInfo;
import dev.aevum.planner.catalog.RelationInfo.Stored;
import dev.aevum.planner.catalog.RelationInfo.StoredKind;
import dev.aevum.planner.catalog.RelationInfo.Watermark;
import dev.aevum.planner.plan.function.FunctionCatalog;
import dev.aevum.testing.random.HistoryGenerator;
import dev.aevum.testing.random.Relation;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// The catalogue that the planner sees in a law: generated relations in schema `public`.
final class LawCatalog implements CatalogView {
  private final Map<String, RelationInfo> relations = new LinkedHashMap<>();
  private final FunctionCatalog functions;

  LawCatalog(List<Relation> generated, FunctionCatalog functions) {
    this.functions = functions;
    for (Relation relation : generated) {
      long delay = HistoryGenerator.DELAY_SECONDS * 1_000_000L;
      relations.put(
          relation.name(),
          new Stored(
              relation.id(),
              "public",
              relation.name(),
              relation.isStream() ? StoredKind.STREAM : StoredKind.TABLE,
              relation.schema(),
              List.of(),
              relation.isStream() ? new Watermark(relation.timeColumn(), 0, delay, null) : null,
              relation.isStream(),
              Set.of(),
              true,
              null,
              Map.of()));
    }
  }

  @Override
  public @Nullable RelationInfo relation(@Nullable String schema, String name) {
    return relations.get(name);
  }

  @Override
  public boolean schemaExists(String schema) {
    return schema.equals("public") || schema.equals("pg_catalog");
  }

  @Override
  public Collection<String> relationNames(@Nullable String schema) {
    return relations.keySet();
  }

  @Override
  public FunctionCatalog functions() {
    return functions;
  }

  @Override
  public List<String> searchPath() {
    return List.of("pg_catalog", "public");
  }

  @Override
  public CatalogView withSearchPath(List<String> searchPath) {
    return this;
  }

  @Override
  public String currentUser() {
    return "aevum";
  }

  @Override
  public String currentDatabase() {
    return "aevum";
  }

  @Override
  public @Nullable String setting(String name) {
    return null;
  }

  @Override
  public OptionalLong resolveName(SqlType regType, String name) {
    return OptionalLong.empty();
  }

  @Override
  public Object readLiteral(String text, SqlType type) {
    return PgText.parseValue(type, text, TextStyle.DEFAULT);
  }

  @Override
  public long nowMicros() {
    return 0;
  }
}
