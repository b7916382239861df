package dev.aevum.engine.system;

import dev.aevum.engine.catalog.Catalog;
import dev.aevum.engine.catalog.CatalogObject;
import dev.aevum.engine.catalog.CatalogObject.LogicalViewObject;
import dev.aevum.engine.catalog.CatalogObject.MaterializedViewObject;
import dev.aevum.engine.catalog.CatalogObject.Relation;
import dev.aevum.engine.catalog.CatalogObject.StreamObject;
import dev.aevum.engine.catalog.CatalogObject.TableObject;
import dev.aevum.engine.catalog.ColumnInfo;
import dev.aevum.model.batch.Field;
import dev.aevum.model.batch.Schema;
import dev.aevum.model.type.CharType;
import dev.aevum.model.type.SimpleType;
import dev.aevum.model.type.SqlType;
import dev.aevum.model.type.VarcharType;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/// Rows of the catalogue relations about relations: pg_namespace, pg_class, pg_attribute,
/// pg_attrdef, pg_index, pg_constraint, pg_description and the readable views pg_tables, pg_views,
/// pg_matviews, pg_indexes.
///
/// What a client sees: tables and streams are `r`, logical views `v`, materialized views `m`; a
/// primary or view key is a unique index `NAME_pkey` of kind `i`; a primary key also a constraint.
final class PgObjects {
  private PgObjects() {}

  static Set<String> schemas(Catalog catalog) {
    Set<String> schemas = new LinkedHashSet<>(List.of("pg_catalog", "information_schema", "aevum"));
    schemas.addAll(catalog.schemas());
    return schemas;
  }

  static void namespaces(Schema schema, SystemSnapshot s, SystemRelation.RowConsumer out) {
    RowBuilder row = new RowBuilder(schema, out);
    for (String name : schemas(s.catalog())) {
      row.set("oid", SystemOids.namespace(name))
          .set("nspname", name)
          .set("nspowner", SystemOids.OWNER)
          .emit();
    }
  }

  static String relationKind(Relation relation) {
    return switch (relation) {
      case StreamObject stream -> "r";
      case TableObject table -> "r";
      case MaterializedViewObject view -> "m";
      case LogicalViewObject view -> "v";
    };
  }

  /// Columns that identify a row and that clients may see as a key: never hidden ones.
  static List<Integer> key(Relation relation) {
    List<Integer> key =
        switch (relation) {
          case StreamObject stream -> List.of();
          case TableObject table -> table.primaryKey();
          case MaterializedViewObject view -> view.key();
          case LogicalViewObject view -> List.of();
        };
    return key.stream().anyMatch(i -> relation.columns().get(i).hidden()) ? List.of() : key;
  }

  static String keyName(Relation relation) {
    return relation.name() + "_pkey";
  }

  static void classes(Schema schema, SystemSnapshot s, SystemRelation.RowConsumer out) {
    RowBuilder row = new RowBuilder(schema, out);
    for (SystemRelation r : s.relations().all()) {
      classRow(
          row,
          r.oid(),
          r.name(),
          r.schemaName(),
          r.schemaName().equals("pg_catalog") && r.oid() < 10000 ? "r" : "v",
          r.schema().size(),
          false);
    }
    for (Relation r : s.catalog().relations()) {
      boolean keyed = !key(r).isEmpty();
      classRow(row, r.oid(), r.name(), r.schemaName(), relationKind(r), visible(r).size(), keyed);
      if (keyed) {
        row.set("relam", SystemOids.BTREE);
        classRow(
            row,
            SystemOids.keyIndex(r.oid()),
            keyName(r),
            r.schemaName(),
            "i",
            key(r).size(),
            false);
      }
    }
  }

  private static void classRow(
      RowBuilder row,
      int oid,
      String name,
      String schemaName,
      String kind,
      int columns,
      boolean keyed) {
    row.set("oid", oid)
        .set("relname", name)
        .set("relnamespace", SystemOids.namespace(schemaName))
        .set("relowner", SystemOids.OWNER)
        .set("relkind", kind)
        .set("relnatts", columns)
        .set("relhasindex", keyed)
        .set("relpersistence", "p")
        .set("relispopulated", true)
        .set("relreplident", "d")
        .set("reltuples", -1d)
        .set("relhasrules", kind.equals("v") || kind.equals("m"));
    if (kind.equals("r") || kind.equals("m")) {
      row.set("relam", SystemOids.HEAP);
    }
    row.emit();
  }

  /// Columns with their 0-based positions, hidden ones left out.
  static List<ColumnInfo> visible(Relation relation) {
    return relation.columns().stream().filter(c -> !c.hidden()).toList();
  }

  static void attributes(Schema schema, SystemSnapshot s, SystemRelation.RowConsumer out) {
    RowBuilder row = new RowBuilder(schema, out);
    for (SystemRelation r : s.relations().all()) {
      int number = 0;
      for (Field f : r.schema().fields()) {
        attributeRow(row, r.oid(), ++number, f.name(), f.type(), !f.nullable(), false);
      }
    }
    for (Relation r : s.catalog().relations()) {
      int number = 0;
      for (ColumnInfo c : r.columns()) {
        number++;
        if (!c.hidden()) {
          attributeRow(
              row, r.oid(), number, c.name(), c.type(), c.notNull(), c.defaultSql() != null);
        }
      }
      int position = 0;
      for (int column : key(r)) {
        ColumnInfo c = r.columns().get(column);
        attributeRow(
            row, SystemOids.keyIndex(r.oid()), ++position, c.name(), c.type(), false, false);
      }
    }
  }

  private static void attributeRow(
      RowBuilder row,
      int relation,
      int number,
      String name,
      SqlType type,
      boolean notNull,
      boolean hasDefault) {
    row.set("attrelid", relation)
        .set("attname", name)
        .set("atttypid", type.oid())
        .set("attstattarget", -1)
        .set("attlen", type.length())
        .set("attnum", number)
        .set("attcacheoff", -1)
        .set("atttypmod", type.modifier())
        .set("attbyval", type.length() > 0 && type.length() <= 8)
        .set("attalign", "i")
        .set("attstorage", type.length() < 0 ? "x" : "p")
        .set("attnotnull", notNull)
        .set("atthasdef", hasDefault)
        .set("attislocal", true)
        .set("attcollation", collation(type))
        .emit();
  }

  private static int collation(SqlType type) {
    return switch (type) {
      case SimpleType s when s == SimpleType.TEXT -> 100;
      case SimpleType s when s == SimpleType.NAME -> 950;
      case VarcharType v -> 100;
      case CharType c -> 100;
      case SimpleType s -> 0;
      case dev.aevum.model.type.DecimalType d -> 0;
      case dev.aevum.model.type.ArrayType a -> collation(a.element());
      case dev.aevum.model.type.CompositeType c -> 0;
    };
  }

  static void defaults(Schema schema, SystemSnapshot s, SystemRelation.RowConsumer out) {
    RowBuilder row = new RowBuilder(schema, out);
    for (Relation r : s.catalog().relations()) {
      int number = 0;
      for (ColumnInfo c : r.columns()) {
        number++;
        if (c.defaultSql() != null && !c.hidden()) {
          row.set("oid", SystemOids.columnDefault(r.oid(), number))
              .set("adrelid", r.oid())
              .set("adnum", number)
              .set("adbin", c.defaultSql())
              .emit();
        }
      }
    }
  }

  static void indexes(Schema schema, SystemSnapshot s, SystemRelation.RowConsumer out) {
    RowBuilder row = new RowBuilder(schema, out);
    for (Relation r : s.catalog().relations()) {
      List<Integer> key = key(r);
      if (key.isEmpty()) {
        continue;
      }
      List<Object> zeros = new ArrayList<>();
      key.forEach(k -> zeros.add(0L));
      row.set("indexrelid", SystemOids.keyIndex(r.oid()))
          .set("indrelid", r.oid())
          .set("indnatts", key.size())
          .set("indnkeyatts", key.size())
          .set("indisunique", true)
          .set("indisprimary", r instanceof TableObject)
          .set("indimmediate", true)
          .set("indisvalid", true)
          .set("indisready", true)
          .set("indislive", true)
          .set("indkey", attributeNumbers(key))
          .set("indcollation", zeros)
          .set("indclass", zeros)
          .set("indoption", zeros)
          .emit();
    }
  }

  private static List<Object> attributeNumbers(List<Integer> columns) {
    List<Object> numbers = new ArrayList<>();
    columns.forEach(c -> numbers.add((long) c + 1));
    return numbers;
  }

  static void constraints(Schema schema, SystemSnapshot s, SystemRelation.RowConsumer out) {
    RowBuilder row = new RowBuilder(schema, out);
    for (Relation r : s.catalog().relations()) {
      if (r instanceof TableObject table && !table.primaryKey().isEmpty()) {
        row.set("oid", SystemOids.keyConstraint(r.oid()))
            .set("conname", keyName(r))
            .set("connamespace", SystemOids.namespace(r.schemaName()))
            .set("contype", "p")
            .set("convalidated", true)
            .set("conrelid", r.oid())
            .set("conindid", SystemOids.keyIndex(r.oid()))
            .set("conislocal", true)
            .set("connoinherit", true)
            .set("conkey", attributeNumbers(table.primaryKey()))
            .emit();
      }
    }
  }

  static void descriptions(Schema schema, SystemSnapshot s, SystemRelation.RowConsumer out) {
    RowBuilder row = new RowBuilder(schema, out);
    for (CatalogObject object : s.catalog().objects()) {
      String comment = object.identity().comment();
      if (comment != null) {
        row.set("objoid", object.oid())
            .set("classoid", SystemOids.PG_CLASS)
            .set("objsubid", 0)
            .set("description", comment)
            .emit();
      }
      if (object instanceof Relation r) {
        int number = 0;
        for (ColumnInfo c : r.columns()) {
          number++;
          if (c.comment() != null) {
            row.set("objoid", r.oid())
                .set("classoid", SystemOids.PG_CLASS)
                .set("objsubid", number)
                .set("description", c.comment())
                .emit();
          }
        }
      }
    }
  }

  static void tables(Schema schema, SystemSnapshot s, SystemRelation.RowConsumer out) {
    RowBuilder row = new RowBuilder(schema, out);
    for (Relation r : s.catalog().relations()) {
      if (relationKind(r).equals("r")) {
        row.set("schemaname", r.schemaName())
            .set("tablename", r.name())
            .set("tableowner", r.identity().owner())
            .set("hasindexes", !key(r).isEmpty())
            .set("hasrules", false)
            .set("hastriggers", false)
            .set("rowsecurity", false)
            .emit();
      }
    }
  }

  static void views(Schema schema, SystemSnapshot s, SystemRelation.RowConsumer out) {
    RowBuilder row = new RowBuilder(schema, out);
    for (Relation r : s.catalog().relations()) {
      if (r instanceof LogicalViewObject view) {
        row.set("schemaname", r.schemaName())
            .set("viewname", r.name())
            .set("viewowner", r.identity().owner())
            .set("definition", view.queryText())
            .emit();
      }
    }
  }

  static void materializedViews(Schema schema, SystemSnapshot s, SystemRelation.RowConsumer out) {
    RowBuilder row = new RowBuilder(schema, out);
    for (Relation r : s.catalog().relations()) {
      if (r instanceof MaterializedViewObject view) {
        row.set("schemaname", r.schemaName())
            .set("matviewname", r.name())
            .set("matviewowner", r.identity().owner())
            .set("hasindexes", !key(r).isEmpty())
            .set("ispopulated", true)
            .set("definition", view.queryText())
            .emit();
      }
    }
  }

  static void readableIndexes(Schema schema, SystemSnapshot s, SystemRelation.RowConsumer out) {
    RowBuilder row = new RowBuilder(schema, out);
    for (Relation r : s.catalog().relations()) {
      if (!key(r).isEmpty()) {
        row.set("schemaname", r.schemaName())
            .set("tablename", r.name())
            .set("indexname", keyName(r))
            .set("indexdef", indexDefinition(r))
            .emit();
      }
    }
  }

  static String indexDefinition(Relation r) {
    List<String> names =
        key(r).stream().map(i -> Quoting.identifier(r.columns().get(i).name())).toList();
    return "CREATE UNIQUE INDEX "
        + Quoting.identifier(keyName(r))
        + " ON "
        + Quoting.identifier(r.schemaName())
        + "."
        + Quoting.identifier(r.name())
        + " USING btree ("
        + String.join(", ", names)
        + ")";
  }
}
