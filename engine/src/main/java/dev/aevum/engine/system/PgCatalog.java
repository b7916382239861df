package dev.aevum.engine.system;

import dev.aevum.model.batch.Schema;
import dev.aevum.model.text.PgText;
import dev.aevum.model.text.TextStyle;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// `pg_catalog` and `information_schema`: every relation of PostgreSQL 15 with all its columns.
/// Those named here are filled from the catalogue or from constant rows; the others are empty, as
/// in a PostgreSQL that does not use them.
final class PgCatalog {
  /// Makes a relation's rows, knowing its schema.
  private interface Filler {
    void fill(Schema schema, SystemSnapshot snapshot, SystemRelation.RowConsumer out);
  }

  private static final List<String> CONSTANT =
      List.of(
          "pg_type",
          "pg_am",
          "pg_language",
          "pg_tablespace",
          "pg_collation",
          "pg_range",
          "pg_cast",
          "pg_proc",
          "pg_opclass",
          "pg_opfamily");

  private PgCatalog() {}

  static List<SystemRelation> all() {
    Map<String, Filler> fillers = fillers();
    List<SystemRelation> relations = new ArrayList<>();
    for (RelationFile.Shape shape : RelationFile.shapes()) {
      Filler filler = fillers.remove(shape.schemaName() + "." + shape.name());
      Schema schema = shape.schema();
      SystemRelation.Rows rows;
      if (filler != null) {
        rows = (s, out) -> filler.fill(schema, s, out);
      } else if (shape.name().equals("pg_proc")) {
        SystemRelation.Rows own = constant(shape);
        rows =
            (s, out) -> {
              own.produce(s, out);
              PgFunctions.rows(schema, s, out);
            };
      } else if (shape.schemaName().equals("pg_catalog") && CONSTANT.contains(shape.name())) {
        rows = constant(shape);
      } else {
        rows = (s, out) -> {};
      }
      relations.add(
          new SystemRelation(shape.oid(), shape.schemaName(), shape.name(), schema, rows));
    }
    if (!fillers.isEmpty()) {
      throw new IllegalStateException("no such catalogue relations: " + fillers.keySet());
    }
    return relations;
  }

  private static Map<String, Filler> fillers() {
    Map<String, Filler> f = new HashMap<>();
    f.put("pg_catalog.pg_namespace", PgObjects::namespaces);
    f.put("pg_catalog.pg_class", PgObjects::classes);
    f.put("pg_catalog.pg_attribute", PgObjects::attributes);
    f.put("pg_catalog.pg_attrdef", PgObjects::defaults);
    f.put("pg_catalog.pg_index", PgObjects::indexes);
    f.put("pg_catalog.pg_constraint", PgObjects::constraints);
    f.put("pg_catalog.pg_description", PgObjects::descriptions);
    f.put("pg_catalog.pg_tables", PgObjects::tables);
    f.put("pg_catalog.pg_views", PgObjects::views);
    f.put("pg_catalog.pg_matviews", PgObjects::materializedViews);
    f.put("pg_catalog.pg_indexes", PgObjects::readableIndexes);
    f.put("pg_catalog.pg_database", PgServer::databases);
    f.put("pg_catalog.pg_roles", PgServer::roles);
    f.put("pg_catalog.pg_authid", PgServer::roles);
    f.put("pg_catalog.pg_user", PgServer::users);
    f.put("pg_catalog.pg_shadow", PgServer::users);
    f.put("pg_catalog.pg_settings", PgServer::settings);
    f.put("pg_catalog.pg_stat_activity", PgServer::activity);
    f.put("information_schema.schemata", InformationSchema::schemata);
    f.put("information_schema.tables", InformationSchema::tables);
    f.put("information_schema.views", InformationSchema::views);
    f.put("information_schema.columns", InformationSchema::columns);
    f.put("information_schema.table_constraints", InformationSchema::tableConstraints);
    f.put("information_schema.key_column_usage", InformationSchema::keyColumns);
    f.put("information_schema.constraint_column_usage", InformationSchema::keyColumns);
    f.put("information_schema.character_sets", InformationSchema::characterSets);
    return f;
  }

  /// Rows from the resource, read on first use.
  private static SystemRelation.Rows constant(RelationFile.Shape shape) {
    return new SystemRelation.Rows() {
      private volatile @Nullable List<@Nullable Object[]> rows;

      @Override
      public void produce(SystemSnapshot snapshot, SystemRelation.RowConsumer out) {
        List<@Nullable Object[]> all = rows;
        if (all == null) {
          all = read(shape);
          rows = all;
        }
        all.forEach(out::row);
      }
    };
  }

  private static List<@Nullable Object[]> read(RelationFile.Shape shape) {
    List<@Nullable Object[]> rows = new ArrayList<>();
    for (String line : RelationFile.lines(shape.name() + ".rows")) {
      String[] cells = line.split("\t", -1);
      @Nullable Object[] row = new @Nullable Object[shape.schema().size()];
      for (int i = 0; i < row.length; i++) {
        row[i] = cells[i].equals("\\N") ? null : value(shape.schema(), i, cells[i]);
      }
      rows.add(row);
    }
    return rows;
  }

  private static Object value(Schema schema, int column, String text) {
    return PgText.parseValue(schema.type(column), text.equals("-") ? "0" : text, TextStyle.DEFAULT);
  }
}
