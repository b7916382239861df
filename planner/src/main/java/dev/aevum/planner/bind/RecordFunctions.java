package dev.aevum.planner.bind;

import dev.aevum.model.batch.Field;
import dev.aevum.model.type.SimpleType;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The columns of set-returning functions whose result type is RECORD: several columns, which the
/// signature cannot say.
final class RecordFunctions {
  private static final Map<String, List<Field>> COLUMNS =
      Map.of(
          "pg_get_keywords",
          List.of(
              new Field("word", SimpleType.TEXT, false),
              new Field("catcode", SimpleType.PG_CHAR, false),
              new Field("barelabel", SimpleType.BOOLEAN, false),
              new Field("catdesc", SimpleType.TEXT, false),
              new Field("baredesc", SimpleType.TEXT, false)));

  private RecordFunctions() {}

  /// Null: the function has one column of its own type.
  static @Nullable List<Field> columns(String function) {
    return COLUMNS.get(function);
  }
}
