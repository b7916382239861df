package dev.aevum.planner.bind;

import dev.aevum.model.error.ErrorCode;
import dev.aevum.model.error.SqlException;
import dev.aevum.model.type.ArrayType;
import dev.aevum.model.type.CharType;
import dev.aevum.model.type.DecimalType;
import dev.aevum.model.type.SimpleType;
import dev.aevum.model.type.SqlType;
import dev.aevum.model.type.VarcharType;
import dev.aevum.parser.tree.TypeName;
import dev.aevum.planner.catalog.CatalogView;
import dev.aevum.planner.error.NameErrors;
import dev.aevum.planner.error.StatementErrors;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Type names to types, with PostgreSQL's spellings and modifiers.
final class TypeNames {
  private static final Map<String, SqlType> SIMPLE = new HashMap<>();
  private static final Set<String> WITH_PRECISION =
      Set.of("time", "timestamp", "timestamptz", "interval");

  /// What people write who come from other systems.
  private static final Map<String, String> FOREIGN =
      Map.ofEntries(
          Map.entry("string", "text"),
          Map.entry("long", "bigint"),
          Map.entry("tinyint", "smallint"),
          Map.entry("datetime", "timestamp"),
          Map.entry("timestamp_ltz", "timestamptz"),
          Map.entry("double", "double precision"),
          Map.entry("blob", "bytea"),
          Map.entry("binary", "bytea"),
          Map.entry("varbinary", "bytea"),
          Map.entry("clob", "text"),
          Map.entry("number", "numeric"));

  static {
    for (SimpleType type : SimpleType.values()) {
      SIMPLE.put(type.displayName(), type);
    }
    SIMPLE.put("bool", SimpleType.BOOLEAN);
    SIMPLE.put("int2", SimpleType.SMALLINT);
    SIMPLE.put("int4", SimpleType.INTEGER);
    SIMPLE.put("int", SimpleType.INTEGER);
    SIMPLE.put("int8", SimpleType.BIGINT);
    SIMPLE.put("float4", SimpleType.REAL);
    SIMPLE.put("float8", SimpleType.DOUBLE);
    SIMPLE.put("decimal", SimpleType.NUMERIC);
    SIMPLE.put("timestamp", SimpleType.TIMESTAMP);
    SIMPLE.put("timestamptz", SimpleType.TIMESTAMPTZ);
    SIMPLE.put("time", SimpleType.TIME);
    SIMPLE.put("varchar", new VarcharType(-1));
    SIMPLE.put("bpchar", SimpleType.TEXT);
    SIMPLE.put("char", SimpleType.PG_CHAR);
    // Types whose values we hold as text or as another type of the same values.
    SIMPLE.put("cstring", SimpleType.TEXT);
    SIMPLE.put("regprocedure", SimpleType.REGPROC);
    SIMPLE.put("cid", SimpleType.XID);
  }

  private final CatalogView catalog;

  TypeNames(CatalogView catalog) {
    this.catalog = catalog;
  }

  /// @throws SqlException 42704 for an unknown name
  SqlType resolve(TypeName name) {
    if (name.isSetOf()) {
      throw StatementErrors.unsupported("SETOF", name.span());
    }
    SqlType element = element(name);
    return name.arrayDimensions() > 0 ? new ArrayType(element) : element;
  }

  private SqlType element(TypeName name) {
    String text = name.name();
    @Nullable String schema = name.schema();
    if (schema != null && !schema.equals("pg_catalog") && !catalog.schemaExists(schema)) {
      throw NameErrors.unknownSchema(schema, name.span());
    }
    if (name.modifiers().isEmpty()) {
      return simple(name);
    }
    int first = name.modifiers().getFirst();
    return switch (text) {
      case "varchar" -> new VarcharType(length(name, first));
      case "bpchar" -> new CharType(length(name, first));
      case "numeric", "decimal" -> numeric(name);
      default -> {
        SqlType type = simple(name);
        if (!WITH_PRECISION.contains(text)) {
          throw StatementErrors.syntax(
              "type modifier is not allowed for type \"" + text + "\"", name.span());
        }
        if (first < 6) {
          throw StatementErrors.unsupported(
              type.displayName() + " of less than microsecond precision", name.span());
        }
        yield type;
      }
    };
  }

  private static int length(TypeName name, int length) {
    if (length < 1) {
      throw StatementErrors.of(
          ErrorCode.INVALID_PARAMETER_VALUE,
          "length for type " + name.name() + " must be at least 1",
          name.span());
    }
    return length;
  }

  private static SqlType numeric(TypeName name) {
    int precision = name.modifiers().getFirst();
    int scale = name.modifiers().size() > 1 ? name.modifiers().get(1) : 0;
    if (precision < 1 || precision > 1000) {
      throw StatementErrors.of(
          ErrorCode.INVALID_PARAMETER_VALUE,
          "NUMERIC precision " + precision + " must be between 1 and 1000",
          name.span());
    }
    if (precision > DecimalType.MAX_PRECISION) {
      throw StatementErrors.of(
              ErrorCode.FEATURE_NOT_SUPPORTED,
              "numeric precision over " + DecimalType.MAX_PRECISION + " is not supported",
              name.span())
          .withHint("Use numeric without precision, which holds any number of digits.");
    }
    if (scale < 0 || scale > precision) {
      throw StatementErrors.of(
          ErrorCode.FEATURE_NOT_SUPPORTED,
          "numeric scale "
              + scale
              + " outside 0 to the precision "
              + precision
              + " is not supported",
          name.span());
    }
    return new DecimalType(precision, scale);
  }

  private static SqlType simple(TypeName name) {
    @Nullable SqlType type = SIMPLE.get(name.name());
    if (type == null || type == SimpleType.UNKNOWN && name.schema() == null) {
      @Nullable String known = FOREIGN.get(name.name());
      String hint =
          known != null
              ? "Use " + known + "."
              : NameErrors.closest(name.name(), SIMPLE.keySet())
                  .map(c -> "Perhaps you meant the type \"" + c + "\".")
                  .orElse(null);
      throw NameErrors.unknownType(name.name(), hint, name.span());
    }
    return type;
  }

  /// The type of an unqualified name, null if there is none: for a type's name used as a function.
  static @Nullable SqlType byName(String name) {
    return SIMPLE.get(name);
  }
}
