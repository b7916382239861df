package dev.aevum.parser.tree;

import dev.aevum.model.error.SourceSpan;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A type as written, with PostgreSQL's grammar words already resolved as PostgreSQL's own grammar
/// does: `int` and `integer` are `int4`, `double precision` is `float8`, `float(24)` is `float4`,
/// `decimal` is `numeric`, `boolean` is `bool`, `character varying` is `varchar`, `char` and
/// `character` are `bpchar` (modifier 1 unless given), `timestamp with time zone` is `timestamptz`.
/// Anything else is the identifier, so the quoted `"char"` is `char`, and `int4`, `text`,
/// `regclass` stay as they are.
///
/// @param names one or two parts (`pg_catalog.int4`), outermost first
/// @param modifiers of `varchar(20)`, `numeric(10,2)`, `timestamp(3)`: empty where not written
/// @param arrayDimensions the number of `[]`; 0 is no array. PostgreSQL ignores how many there are
/// @param intervalFields the upper-case qualifier of `interval day to second`, else null
/// @param isSetOf `SETOF type`
public record TypeName(
    List<String> names,
    List<Integer> modifiers,
    int arrayDimensions,
    @Nullable String intervalFields,
    boolean isSetOf,
    SourceSpan span) {
  public TypeName {
    names = List.copyOf(names);
    modifiers = List.copyOf(modifiers);
  }

  /// The last part.
  public String name() {
    return names.getLast();
  }

  /// The schema, or null where the search path decides.
  public @Nullable String schema() {
    return names.size() < 2 ? null : names.get(names.size() - 2);
  }

  @Override
  public String toString() {
    StringBuilder text = new StringBuilder(isSetOf ? "setof " : "").append(String.join(".", names));
    if (intervalFields != null) {
      text.append(' ').append(intervalFields);
    }
    if (!modifiers.isEmpty()) {
      text.append('(');
      for (int i = 0; i < modifiers.size(); i++) {
        text.append(i == 0 ? "" : ",").append(modifiers.get(i));
      }
      text.append(')');
    }
    return text.append("[]".repeat(arrayDimensions)).toString();
  }
}
