package dev.aevum.testing.random;

import dev.aevum.model.batch.Field;
import dev.aevum.model.batch.Schema;
import dev.aevum.model.type.SqlType;
import java.util.List;
import java.util.stream.Collectors;

/// A table (rows come and go) or a stream (rows come, with event times).
///
/// @param id object id in plans
/// @param timeColumn of a stream: the column its watermark is about; -1 for tables
public record Relation(int id, String name, Schema schema, int timeColumn) {
  public boolean isStream() {
    return timeColumn >= 0;
  }

  public List<SqlType> types() {
    return schema.types();
  }

  /// The relation without connector, key and watermark, as PostgreSQL takes it too.
  public String createTable() {
    return "CREATE TABLE " + name + " (" + columns() + ")";
  }

  private String columns() {
    return schema.fields().stream()
        .map(f -> f.name() + " " + f.type().displayName() + (f.nullable() ? "" : " NOT NULL"))
        .collect(Collectors.joining(", "));
  }

  /// As a stream whose watermark follows the greatest time by `delaySeconds`.
  public String createStream(int delaySeconds) {
    Field time = schema.field(timeColumn);
    return "CREATE STREAM "
        + name
        + " ("
        + columns()
        + ", WATERMARK FOR "
        + time.name()
        + " AS "
        + time.name()
        + " - INTERVAL '"
        + delaySeconds
        + " seconds')";
  }
}
