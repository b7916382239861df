package dev.aevum.planner;

import dev.aevum.model.batch.Field;
import dev.aevum.model.batch.Schema;
import dev.aevum.model.error.ErrorCode;
import dev.aevum.model.error.SqlException;
import dev.aevum.model.type.ArrayType;
import dev.aevum.model.type.DecimalType;
import dev.aevum.model.type.IntervalValue;
import dev.aevum.model.type.SimpleType;
import dev.aevum.model.type.SqlType;
import dev.aevum.planner.catalog.CatalogView;
import dev.aevum.planner.catalog.RelationInfo;
import dev.aevum.planner.catalog.RelationInfo.Stored;
import dev.aevum.planner.catalog.RelationInfo.StoredKind;
import dev.aevum.planner.catalog.RelationInfo.Watermark;
import dev.aevum.planner.plan.Expr;
import dev.aevum.planner.plan.function.FunctionCatalog;
import java.math.BigDecimal;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// A fixed catalogue: streams bids (with a watermark) and clicks, tables accounts and owners, a
/// logical view rich.
final class TestCatalog implements CatalogView {
  private final Map<String, RelationInfo> relations = new LinkedHashMap<>();
  private final FunctionCatalog functions = new TestFunctions();

  TestCatalog() {
    add(
        new Stored(
            101,
            "public",
            "bids",
            StoredKind.STREAM,
            schema(
                required("auction", SimpleType.BIGINT), field("bidder", SimpleType.BIGINT),
                field("price", SimpleType.BIGINT), field("channel", SimpleType.TEXT),
                field("ts", SimpleType.TIMESTAMPTZ), field("_source_offset", SimpleType.BIGINT)),
            List.of(),
            new Watermark(4, 0, 4_000_000, null),
            true,
            Set.of(5),
            true,
            null,
            Map.of()));
    add(
        new Stored(
            102,
            "public",
            "clicks",
            StoredKind.STREAM,
            schema(
                field("user_id", SimpleType.BIGINT),
                field("url", SimpleType.TEXT),
                field("ts", SimpleType.TIMESTAMPTZ)),
            List.of(),
            null,
            true,
            Set.of(),
            false,
            null,
            Map.of()));
    Expr zero = new Expr.Literal(new BigDecimal("0.00"), new DecimalType(18, 2));
    add(
        new Stored(
            103,
            "public",
            "accounts",
            StoredKind.TABLE,
            schema(
                required("id", SimpleType.BIGINT), required("owner", SimpleType.TEXT),
                required("balance", new DecimalType(18, 2)),
                    field("tags", new ArrayType(SimpleType.TEXT))),
            List.of(List.of(0)),
            null,
            false,
            Set.of(),
            true,
            null,
            Map.of(2, zero)));
    add(
        new Stored(
            104,
            "public",
            "owners",
            StoredKind.TABLE,
            schema(
                required("name", SimpleType.TEXT),
                field("city", SimpleType.TEXT),
                field("born", SimpleType.DATE),
                field("size", SimpleType.INTEGER)),
            List.of(List.of(0)),
            null,
            false,
            Set.of(),
            true,
            null,
            Map.of()));
    add(
        new RelationInfo.Logical(
            105,
            "public",
            "rich",
            schema(required("id", SimpleType.BIGINT), required("who", SimpleType.TEXT)),
            "SELECT id, owner FROM accounts WHERE balance > 1000",
            List.of("public")));
  }

  private void add(RelationInfo relation) {
    relations.put(relation.name(), relation);
  }

  private static Schema schema(Field... fields) {
    return new Schema(Arrays.asList(fields));
  }

  private static Field field(String name, SqlType type) {
    return new Field(name, type, true);
  }

  private static Field required(String name, SqlType type) {
    return new Field(name, type, false);
  }

  @Override
  public @Nullable RelationInfo relation(@Nullable String schema, String name) {
    return schema == null || schema.equals("public") ? relations.get(name) : null;
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
    RelationInfo relation = relations.get(name);
    return relation == null ? OptionalLong.empty() : OptionalLong.of(relation.id());
  }

  /// Numbers, booleans, and intervals of seconds; the rest stays text.
  @Override
  public Object readLiteral(String text, SqlType type) {
    try {
      if (type == SimpleType.INTEGER || type == SimpleType.BIGINT || type == SimpleType.OID) {
        return Long.valueOf(text);
      }
      if (type == SimpleType.NUMERIC || type instanceof DecimalType) {
        return new BigDecimal(text);
      }
      if (type == SimpleType.INTERVAL) {
        String[] words = text.strip().split(" ");
        long unit =
            words[1].toLowerCase(java.util.Locale.ROOT).startsWith("minute")
                ? 60_000_000L
                : 1_000_000L;
        return new IntervalValue(0, 0, Long.parseLong(words[0]) * unit);
      }
      return text;
    } catch (NumberFormatException e) {
      throw new SqlException(
          ErrorCode.INVALID_TEXT_REPRESENTATION,
          "invalid input syntax for type " + type.displayName() + ": \"" + text + "\"");
    }
  }

  @Override
  public long nowMicros() {
    return 0;
  }
}
