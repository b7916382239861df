package dev.aevum.engine.name;

import dev.aevum.engine.catalog.Catalog;
import dev.aevum.engine.catalog.CatalogObject;
import dev.aevum.engine.catalog.CatalogObject.LogicalViewObject;
import dev.aevum.engine.catalog.CatalogObject.MaterializedViewObject;
import dev.aevum.engine.catalog.CatalogObject.Relation;
import dev.aevum.engine.system.ConstantNames;
import dev.aevum.engine.system.KeyDefinitions;
import dev.aevum.engine.system.PgFunctions;
import dev.aevum.engine.system.Quoting;
import dev.aevum.engine.system.SystemOids;
import dev.aevum.engine.system.SystemRelation;
import dev.aevum.engine.system.SystemRelations;
import dev.aevum.executor.kernel.CatalogLookup;
import dev.aevum.model.error.ErrorCode;
import dev.aevum.model.error.SqlException;
import dev.aevum.model.text.TextStyle;
import dev.aevum.model.type.SimpleType;
import dev.aevum.planner.plan.function.FunctionCatalog;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/// Names and OIDs of one catalogue snapshot, seen through a search path: what `reg...` types and
/// catalogue functions ask.
public final class CatalogNames implements TextStyle.OidNames, CatalogLookup {
  public static final String DATABASE = "aevum";

  private final Catalog catalog;
  private final SystemRelations system;
  private final FunctionCatalog functions;
  private @Nullable PgFunctions pgFunctions;
  private final List<String> searchPath;
  private final String user;

  CatalogNames(
      Catalog catalog,
      SystemRelations system,
      FunctionCatalog functions,
      List<String> searchPath,
      String user) {
    this.catalog = catalog;
    this.system = system;
    this.functions = functions;
    this.searchPath = searchPath;
    this.user = user;
  }

  @Override
  public @Nullable String name(SimpleType alias, long oid) {
    ObjectKind kind = kind(alias);
    if (oid == 0) {
      return "-";
    }
    return kind == null ? null : nameOf(kind, oid);
  }

  @Override
  public long oid(SimpleType alias, String name) {
    OptionalLong found = find(alias, name);
    if (found.isPresent()) {
      return found.getAsLong();
    }
    throw switch (alias) {
      case REGCLASS ->
          new SqlException(ErrorCode.UNDEFINED_TABLE, "relation \"" + name + "\" does not exist");
      case REGTYPE ->
          new SqlException(ErrorCode.UNDEFINED_OBJECT, "type \"" + name + "\" does not exist");
      case REGPROC ->
          new SqlException(
              ErrorCode.UNDEFINED_FUNCTION, "function \"" + name + "\" does not exist");
      case REGNAMESPACE ->
          new SqlException(ErrorCode.INVALID_SCHEMA_NAME, "schema \"" + name + "\" does not exist");
      default ->
          new SqlException(ErrorCode.UNDEFINED_OBJECT, "role \"" + name + "\" does not exist");
    };
  }

  OptionalLong find(SimpleType alias, String name) {
    String text = name.strip();
    if (text.equals("-")) {
      return OptionalLong.of(0);
    }
    if (!text.isEmpty() && text.chars().allMatch(c -> c >= '0' && c <= '9')) {
      return OptionalLong.of(Long.parseLong(text));
    }
    ObjectKind kind = kind(alias);
    return kind == null ? OptionalLong.empty() : resolve(kind, text);
  }

  private static @Nullable ObjectKind kind(SimpleType alias) {
    return switch (alias) {
      case REGCLASS -> ObjectKind.RELATION;
      case REGTYPE -> ObjectKind.TYPE;
      case REGPROC -> ObjectKind.FUNCTION;
      case REGNAMESPACE -> ObjectKind.NAMESPACE;
      case REGROLE -> ObjectKind.ROLE;
      default -> null;
    };
  }

  @Override
  public OptionalLong resolve(ObjectKind kind, String name) {
    List<String> parts = parts(name);
    if (parts.isEmpty() || parts.size() > 3) {
      throw new SqlException(ErrorCode.INVALID_NAME, "invalid name syntax");
    }
    String last = parts.getLast();
    String schema = parts.size() < 2 ? null : parts.get(parts.size() - 2);
    return switch (kind) {
      case RELATION -> relation(schema, last);
      case TYPE -> ConstantNames.typeOid(name, last);
      case FUNCTION -> ConstantNames.functionOid(last, functions);
      case NAMESPACE ->
          namespaceExists(last)
              ? OptionalLong.of(SystemOids.namespace(last))
              : OptionalLong.empty();
      case ROLE -> role(last);
    };
  }

  private OptionalLong role(String name) {
    if (name.equals(DATABASE)) {
      return OptionalLong.of(SystemOids.OWNER);
    }
    return name.equals(user) ? OptionalLong.of(SystemOids.SESSION_ROLE) : OptionalLong.empty();
  }

  private boolean namespaceExists(String schema) {
    return catalog.schemas().contains(schema)
        || schema.equals("pg_catalog")
        || schema.equals("information_schema")
        || schema.equals("aevum");
  }

  private OptionalLong relation(@Nullable String schema, String name) {
    for (String candidate : schema == null ? searchPath : List.of(schema)) {
      CatalogObject object = catalog.find(candidate, name);
      if (object instanceof Relation) {
        return OptionalLong.of(object.oid());
      }
      SystemRelation relation = system.find(candidate, name);
      if (relation != null) {
        return OptionalLong.of(relation.oid());
      }
      int index = KeyDefinitions.indexByName(catalog, candidate, name);
      if (index != 0) {
        return OptionalLong.of(index);
      }
    }
    return OptionalLong.empty();
  }

  @Override
  public @Nullable String nameOf(ObjectKind kind, long oid) {
    return switch (kind) {
      case RELATION -> relationName(oid);
      case TYPE -> ConstantNames.typeName(oid);
      case FUNCTION -> ConstantNames.functionName(oid, functions);
      case NAMESPACE -> namespaceName(oid);
      case ROLE ->
          oid == SystemOids.OWNER ? DATABASE : oid == SystemOids.SESSION_ROLE ? user : null;
    };
  }

  private @Nullable String namespaceName(long oid) {
    for (String schema : allSchemas()) {
      if (SystemOids.namespace(schema) == oid) {
        return Quoting.identifier(schema);
      }
    }
    return null;
  }

  private List<String> allSchemas() {
    List<String> all = new ArrayList<>(List.of("pg_catalog", "information_schema", "aevum"));
    all.addAll(catalog.schemas());
    return all;
  }

  private @Nullable String relationName(long oid) {
    String[] found = schemaAndName(oid);
    if (found == null) {
      return null;
    }
    String name = Quoting.identifier(found[1]);
    return isVisible(found[0], found[1], oid) ? name : Quoting.identifier(found[0]) + "." + name;
  }

  private String @Nullable [] schemaAndName(long oid) {
    SystemRelation relation = system.find((int) oid);
    if (relation != null) {
      return new String[] {relation.schemaName(), relation.name()};
    }
    CatalogObject object = catalog.find((int) oid);
    if (object instanceof Relation) {
      return new String[] {object.schemaName(), object.name()};
    }
    Relation indexed = KeyDefinitions.relationOfIndex(catalog, oid);
    return indexed == null
        ? null
        : new String[] {indexed.schemaName(), KeyDefinitions.indexName(indexed)};
  }

  private boolean isVisible(String schema, String name, long oid) {
    OptionalLong first = searchPath.contains(schema) ? relation(null, name) : OptionalLong.empty();
    return first.isPresent() && first.getAsLong() == oid;
  }

  @Override
  public @Nullable Boolean isVisible(ObjectKind kind, long oid) {
    return switch (kind) {
      case RELATION -> {
        String[] found = schemaAndName(oid);
        yield found == null ? null : isVisible(found[0], found[1], oid);
      }
      case TYPE -> ConstantNames.typeName(oid) == null ? null : Boolean.TRUE;
      case FUNCTION -> ConstantNames.functionName(oid, functions) == null ? null : Boolean.TRUE;
      case NAMESPACE, ROLE -> Boolean.TRUE;
    };
  }

  @Override
  public @Nullable String viewDefinition(long relation, boolean pretty) {
    return switch (catalog.find((int) relation)) {
      case LogicalViewObject v -> " " + v.queryText().strip() + ";";
      case MaterializedViewObject v -> " " + v.queryText().strip() + ";";
      case null, default -> null;
    };
  }

  @Override
  public @Nullable String indexDefinition(long index, int column) {
    Relation relation = KeyDefinitions.relationOfIndex(catalog, index);
    return relation == null ? null : KeyDefinitions.indexDefinition(relation, column);
  }

  @Override
  public @Nullable String functionResult(long function) {
    return pgFunctions().result(function);
  }

  @Override
  public @Nullable String functionArguments(long function) {
    return pgFunctions().arguments(function);
  }

  private PgFunctions pgFunctions() {
    PgFunctions known = pgFunctions;
    if (known == null) {
      known = new PgFunctions(functions);
      pgFunctions = known;
    }
    return known;
  }

  @Override
  public @Nullable String constraintDefinition(long constraint) {
    Relation relation = KeyDefinitions.relationOfConstraint(catalog, constraint);
    return relation == null ? null : KeyDefinitions.constraintDefinition(relation);
  }

  @Override
  public @Nullable String comment(long object, long classOid, int subId) {
    if (classOid != 0 && classOid != SystemOids.PG_CLASS) {
      return null;
    }
    CatalogObject found = catalog.find((int) object);
    if (found == null) {
      return null;
    }
    if (subId == 0) {
      return found.identity().comment();
    }
    return found instanceof Relation r && subId <= r.columns().size()
        ? r.columns().get(subId - 1).comment()
        : null;
  }

  @Override
  public @Nullable Long relationBytes(long relation) {
    return schemaAndName(relation) == null ? null : 0L;
  }

  @Override
  public long databaseBytes() {
    return 0;
  }

  @Override
  public @Nullable Boolean hasPrivilege(String role, ObjectKind kind, long oid, String privilege) {
    return switch (kind) {
      case RELATION -> schemaAndName(oid) == null ? null : Boolean.TRUE;
      case TYPE, FUNCTION, NAMESPACE, ROLE -> Boolean.TRUE;
    };
  }

  /// The parts of a possibly quoted, dotted name; unquoted ones folded.
  private static List<String> parts(String name) {
    List<String> parts = new ArrayList<>();
    StringBuilder part = new StringBuilder();
    boolean quoted = false;
    boolean inQuotes = false;
    for (int i = 0; i < name.length(); i++) {
      char c = name.charAt(i);
      if (c == '"') {
        if (inQuotes && i + 1 < name.length() && name.charAt(i + 1) == '"') {
          part.append('"');
          i++;
        } else {
          inQuotes = !inQuotes;
          quoted = true;
        }
      } else if (c == '.' && !inQuotes) {
        parts.add(fold(part, quoted));
        part.setLength(0);
        quoted = false;
      } else {
        part.append(inQuotes ? c : Character.toLowerCase(c));
      }
    }
    parts.add(fold(part, quoted));
    return parts;
  }

  private static String fold(StringBuilder part, boolean quoted) {
    return quoted ? part.toString() : part.toString().strip().toLowerCase(Locale.ROOT);
  }
}
