package dev.aevum.engine.system;

import java.util.ArrayList;
import java.util.List;

/// Puts all system relations together.
public final class SystemCatalog {
  private SystemCatalog() {}

  public static SystemRelations relations() {
    List<SystemRelation> all = new ArrayList<>(PgCatalog.all());
    all.addAll(AevumRelations.all());
    return new SystemRelations(all);
  }
}
