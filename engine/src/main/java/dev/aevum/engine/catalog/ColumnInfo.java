package dev.aevum.engine.catalog;

import dev.aevum.model.type.SqlType;
import org.jspecify.annotations.Nullable;

/// A column of a relation. `defaultSql`: the DEFAULT expression's text. `hidden`: not in `SELECT
/// *`, not inserted into.
public record ColumnInfo(
    String name,
    SqlType type,
    boolean notNull,
    @Nullable String defaultSql,
    boolean hidden,
    @Nullable String comment) {
  public ColumnInfo withComment(@Nullable String text) {
    return new ColumnInfo(name, type, notNull, defaultSql, hidden, text);
  }
}
