package dev.aevum.engine.step;

import dev.aevum.engine.catalog.ColumnInfo;
import dev.aevum.model.type.SimpleType;

/// The hidden column that orders a kept stream's rows by arrival.
public final class Ordinals {
  public static final String COLUMN = "_seq";

  private Ordinals() {}

  public static ColumnInfo column() {
    return new ColumnInfo(COLUMN, SimpleType.BIGINT, true, null, true, null);
  }
}
