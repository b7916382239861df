package dev.aevum.engine.system;

import dev.aevum.model.batch.Field;
import dev.aevum.model.batch.Schema;
import dev.aevum.model.type.ArrayType;
import dev.aevum.model.type.SimpleType;
import dev.aevum.model.type.SqlType;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/// Reads the resources of this package: `relations.tsv`, the shapes of PostgreSQL's catalogue
/// relations, and `NAME.rows`, the rows of those that never change (COPY text format).
final class RelationFile {
  /// Shape of one relation.
  record Shape(int oid, String schemaName, String name, Schema schema) {}

  private RelationFile() {}

  static List<Shape> shapes() {
    List<Shape> shapes = new ArrayList<>();
    for (String line : lines("relations.tsv")) {
      if (!line.startsWith("#")) {
        String[] parts = line.split("\t");
        shapes.add(new Shape(Integer.parseInt(parts[0]), parts[1], parts[2], schema(parts[3])));
      }
    }
    return shapes;
  }

  /// A schema from `name type, name type!`: `!` for NOT NULL.
  static Schema schema(String columns) {
    List<Field> fields = new ArrayList<>();
    for (String column : columns.split(", ")) {
      int space = column.indexOf(' ');
      String type = column.substring(space + 1);
      boolean notNull = type.endsWith("!");
      fields.add(
          new Field(
              column.substring(0, space),
              type(notNull ? type.substring(0, type.length() - 1) : type),
              !notNull));
    }
    return new Schema(fields);
  }

  static List<String> lines(String resource) {
    try (InputStream in =
        Objects.requireNonNull(RelationFile.class.getResourceAsStream(resource), resource)) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8).lines().toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static SqlType type(String name) {
    if (name.endsWith("[]")) {
      return new ArrayType(type(name.substring(0, name.length() - 2)));
    }
    return switch (name) {
      case "boolean" -> SimpleType.BOOLEAN;
      case "smallint" -> SimpleType.SMALLINT;
      case "integer" -> SimpleType.INTEGER;
      case "bigint" -> SimpleType.BIGINT;
      case "real" -> SimpleType.REAL;
      case "float8" -> SimpleType.DOUBLE;
      case "numeric" -> SimpleType.NUMERIC;
      case "text" -> SimpleType.TEXT;
      case "name" -> SimpleType.NAME;
      case "\"char\"" -> SimpleType.PG_CHAR;
      case "bytea" -> SimpleType.BYTEA;
      case "oid" -> SimpleType.OID;
      case "xid" -> SimpleType.XID;
      case "regproc" -> SimpleType.REGPROC;
      case "regtype" -> SimpleType.REGTYPE;
      case "regclass" -> SimpleType.REGCLASS;
      case "int2vector" -> SimpleType.INT2VECTOR;
      case "oidvector" -> SimpleType.OIDVECTOR;
      case "timestamptz" -> SimpleType.TIMESTAMPTZ;
      case "interval" -> SimpleType.INTERVAL;
      case "jsonb" -> SimpleType.JSONB;
      default -> throw new IllegalStateException("type " + name + " in a catalogue resource");
    };
  }
}
