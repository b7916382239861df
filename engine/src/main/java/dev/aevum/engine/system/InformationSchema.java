package dev.aevum.engine.system;

import dev.aevum.engine.catalog.CatalogObject.LogicalViewObject;
import dev.aevum.engine.catalog.CatalogObject.MaterializedViewObject;
import dev.aevum.engine.catalog.CatalogObject.Relation;
import dev.aevum.engine.catalog.CatalogObject.TableObject;
import dev.aevum.engine.catalog.ColumnInfo;
import dev.aevum.model.batch.Schema;
import dev.aevum.model.type.ArrayType;
import dev.aevum.model.type.CharType;
import dev.aevum.model.type.CompositeType;
import dev.aevum.model.type.DecimalType;
import dev.aevum.model.type.SimpleType;
import dev.aevum.model.type.SqlType;
import dev.aevum.model.type.VarcharType;
import java.util.List;

/// Rows of `information_schema` (SQL:2016 part 11, as PostgreSQL fills it). Materialized views are
/// listed too, as `VIEW`s: column pickers would miss them.
final class InformationSchema {
  private InformationSchema() {}

  static void schemata(Schema schema, SystemSnapshot s, SystemRelation.RowConsumer out) {
    RowBuilder row = new RowBuilder(schema, out);
    for (String name : PgObjects.schemas(s.catalog())) {
      row.set("catalog_name", PgServer.DATABASE)
          .set("schema_name", name)
          .set("schema_owner", PgServer.DATABASE)
          .emit();
    }
  }

  static void tables(Schema schema, SystemSnapshot s, SystemRelation.RowConsumer out) {
    RowBuilder row = new RowBuilder(schema, out);
    for (SystemRelation r : s.relations().all()) {
      row.set("table_catalog", PgServer.DATABASE)
          .set("table_schema", r.schemaName())
          .set("table_name", r.name())
          .set("table_type", "VIEW")
          .set("is_insertable_into", "NO")
          .set("is_typed", "NO")
          .emit();
    }
    for (Relation r : s.catalog().relations()) {
      boolean base = PgObjects.relationKind(r).equals("r");
      row.set("table_catalog", PgServer.DATABASE)
          .set("table_schema", r.schemaName())
          .set("table_name", r.name())
          .set("table_type", base ? "BASE TABLE" : "VIEW")
          .set("is_insertable_into", base ? "YES" : "NO")
          .set("is_typed", "NO")
          .emit();
    }
  }

  static void views(Schema schema, SystemSnapshot s, SystemRelation.RowConsumer out) {
    RowBuilder row = new RowBuilder(schema, out);
    for (Relation r : s.catalog().relations()) {
      String query =
          r instanceof LogicalViewObject v
              ? v.queryText()
              : r instanceof MaterializedViewObject m ? m.queryText() : null;
      if (query != null) {
        row.set("table_catalog", PgServer.DATABASE)
            .set("table_schema", r.schemaName())
            .set("table_name", r.name())
            .set("view_definition", query)
            .set("check_option", "NONE")
            .set("is_updatable", "NO")
            .set("is_insertable_into", "NO")
            .emit();
      }
    }
  }

  static void columns(Schema schema, SystemSnapshot s, SystemRelation.RowConsumer out) {
    RowBuilder row = new RowBuilder(schema, out);
    for (Relation r : s.catalog().relations()) {
      int position = 0;
      for (ColumnInfo c : r.columns()) {
        position++;
        if (c.hidden()) {
          continue;
        }
        row.set("table_catalog", PgServer.DATABASE)
            .set("table_schema", r.schemaName())
            .set("table_name", r.name())
            .set("column_name", c.name())
            .set("ordinal_position", position)
            .set("column_default", c.defaultSql())
            .set("is_nullable", c.notNull() ? "NO" : "YES");
        type(row, c.type());
        row.set("udt_catalog", PgServer.DATABASE)
            .set("udt_schema", "pg_catalog")
            .set("dtd_identifier", Integer.toString(position))
            .set("is_self_referencing", "NO")
            .set("is_identity", "NO")
            .set("is_generated", "NEVER")
            .set("is_updatable", r instanceof TableObject ? "YES" : "NO")
            .emit();
      }
    }
  }

  private static void type(RowBuilder row, SqlType type) {
    switch (type) {
      case VarcharType v ->
          row.set("data_type", "character varying")
              .set("udt_name", "varchar")
              .set("character_maximum_length", v.maxLength() < 0 ? null : v.maxLength());
      case CharType c ->
          row.set("data_type", "character")
              .set("udt_name", "bpchar")
              .set("character_maximum_length", c.characters());
      case DecimalType d ->
          row.set("data_type", "numeric")
              .set("udt_name", "numeric")
              .set("numeric_precision", d.precision())
              .set("numeric_precision_radix", 10)
              .set("numeric_scale", d.scale());
      case ArrayType a ->
          row.set("data_type", "ARRAY").set("udt_name", "_" + PgTypeNames.name(a.element()));
      case CompositeType c -> row.set("data_type", "record").set("udt_name", "record");
      case SimpleType s -> {
        row.set("data_type", s.displayName()).set("udt_name", PgTypeNames.name(s));
        int bits =
            switch (s) {
              case SMALLINT -> 16;
              case INTEGER -> 32;
              case BIGINT -> 64;
              case REAL -> 24;
              case DOUBLE -> 53;
              default -> 0;
            };
        if (bits > 0) {
          row.set("numeric_precision", bits).set("numeric_precision_radix", 2);
          if (s != SimpleType.REAL && s != SimpleType.DOUBLE) {
            row.set("numeric_scale", 0);
          }
        }
        if (List.of(
                SimpleType.TIME, SimpleType.TIMESTAMP, SimpleType.TIMESTAMPTZ, SimpleType.INTERVAL)
            .contains(s)) {
          row.set("datetime_precision", 6);
        }
      }
    }
  }

  static void tableConstraints(Schema schema, SystemSnapshot s, SystemRelation.RowConsumer out) {
    RowBuilder row = new RowBuilder(schema, out);
    for (Relation r : s.catalog().relations()) {
      if (r instanceof TableObject t && !t.primaryKey().isEmpty()) {
        row.set("constraint_catalog", PgServer.DATABASE)
            .set("constraint_schema", r.schemaName())
            .set("constraint_name", PgObjects.keyName(r))
            .set("table_catalog", PgServer.DATABASE)
            .set("table_schema", r.schemaName())
            .set("table_name", r.name())
            .set("constraint_type", "PRIMARY KEY")
            .set("is_deferrable", "NO")
            .set("initially_deferred", "NO")
            .set("enforced", "YES")
            .emit();
      }
    }
  }

  static void keyColumns(Schema schema, SystemSnapshot s, SystemRelation.RowConsumer out) {
    RowBuilder row = new RowBuilder(schema, out);
    for (Relation r : s.catalog().relations()) {
      if (r instanceof TableObject t) {
        int position = 0;
        for (int column : t.primaryKey()) {
          position++;
          row.set("constraint_catalog", PgServer.DATABASE)
              .set("constraint_schema", r.schemaName())
              .set("constraint_name", PgObjects.keyName(r))
              .set("table_catalog", PgServer.DATABASE)
              .set("table_schema", r.schemaName())
              .set("table_name", r.name())
              .set("column_name", t.columns().get(column).name());
          if (schema.indexOf("ordinal_position") >= 0) {
            row.set("ordinal_position", position);
          }
          row.emit();
        }
      }
    }
  }

  static void characterSets(Schema schema, SystemSnapshot s, SystemRelation.RowConsumer out) {
    new RowBuilder(schema, out)
        .set("character_set_name", "UTF8")
        .set("character_repertoire", "UCS")
        .set("form_of_use", "UTF8")
        .set("default_collate_catalog", PgServer.DATABASE)
        .set("default_collate_schema", "pg_catalog")
        .set("default_collate_name", "default")
        .emit();
  }
}
