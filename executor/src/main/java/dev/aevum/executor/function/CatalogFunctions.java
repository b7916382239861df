package dev.aevum.executor.function;

import dev.aevum.executor.function.FunctionDefinitions.Definition;
import dev.aevum.executor.kernel.CatalogLookup;
import dev.aevum.executor.kernel.CatalogLookup.ObjectKind;
import dev.aevum.executor.kernel.EvaluationContext;
import dev.aevum.model.batch.Column;
import dev.aevum.model.error.ErrorCode;
import dev.aevum.model.error.SqlException;
import dev.aevum.model.type.SimpleType;
import dev.aevum.model.type.SqlType;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/// What clients ask about objects of the catalogue, answered by [CatalogLookup]. Ad-hoc queries
/// only: all are stable.
final class CatalogFunctions {
  private static final SimpleType TEXT = SimpleType.TEXT;
  private static final SimpleType NAME = SimpleType.NAME;
  private static final SimpleType OID = SimpleType.OID;
  private static final SimpleType BOOLEAN = SimpleType.BOOLEAN;
  private static final SimpleType INTEGER = SimpleType.INTEGER;

  private CatalogFunctions() {}

  static void define(FunctionDefinitions f) {
    names(f);
    definitions(f);
    comments(f);
    sizes(f);
    privileges(f);
  }

  private static Definition stable(
      FunctionDefinitions f, String name, SqlType result, SqlType... arguments) {
    return f.define(name).takes(arguments).returns(result).stable();
  }

  private static CatalogLookup catalog(EvaluationContext context) {
    return context.session().catalog();
  }

  private static void names(FunctionDefinitions f) {
    stable(f, "pg_get_userbyid", NAME, OID)
        .describe("The name of a role.")
        .example("pg_get_userbyid(10) -> aevum")
        .runs(
            RowKernels.text(
                NAME,
                (c, a, i) -> {
                  String name = catalog(c).nameOf(ObjectKind.ROLE, a[0].longAt(i));
                  return name == null ? "unknown (OID=" + a[0].longAt(i) + ")" : name;
                }));
    resolver(
        f,
        "to_regclass",
        SimpleType.REGCLASS,
        ObjectKind.RELATION,
        "to_regclass('t')::oid -> 16400");
    resolver(f, "to_regtype", SimpleType.REGTYPE, ObjectKind.TYPE, "to_regtype('no_such') -> NULL");
    resolver(
        f, "to_regproc", SimpleType.REGPROC, ObjectKind.FUNCTION, "to_regproc('no_such') -> NULL");
    resolver(
        f,
        "to_regnamespace",
        SimpleType.REGNAMESPACE,
        ObjectKind.NAMESPACE,
        "to_regnamespace('no_such') -> NULL");
    resolver(f, "to_regrole", SimpleType.REGROLE, ObjectKind.ROLE, "to_regrole('no_such') -> NULL");
    visible(f, "pg_table_is_visible", ObjectKind.RELATION);
    visible(f, "pg_type_is_visible", ObjectKind.TYPE);
    visible(f, "pg_function_is_visible", ObjectKind.FUNCTION);
    for (String name :
        List.of(
            "pg_collation_is_visible",
            "pg_opclass_is_visible",
            "pg_opfamily_is_visible",
            "pg_operator_is_visible",
            "pg_conversion_is_visible",
            "pg_ts_config_is_visible",
            "pg_ts_dict_is_visible",
            "pg_statistics_obj_is_visible")) {
      stable(f, name, BOOLEAN, OID)
          .describe("Whether an object is found by its bare name; those in pg_catalog are.")
          .example(name + "(100) -> t")
          .runs(RowKernels.booleans((c, a, i) -> true));
    }
    stable(f, "pg_relation_is_publishable", BOOLEAN, SimpleType.REGCLASS)
        .describe("Whether logical replication can publish a relation: never.")
        .example("pg_relation_is_publishable(16400::oid) -> f")
        .runs(RowKernels.booleans((c, a, i) -> false));
    f.define("pg_partition_ancestors")
        .takes(SimpleType.REGCLASS)
        .returns(SimpleType.REGCLASS)
        .stable()
        .describe("The relation and what it is a partition of: itself alone.")
        .example("pg_partition_ancestors(16400::oid) -> 16400")
        .returnsSet((types, result) ->
            (context, arguments, rows) -> {
              int[] ends = new int[rows.size()];
              for (int i = 0; i < ends.length; i++) {
                ends[i] = i + 1;
              }
              return new dev.aevum.executor.kernel.SetReturningKernel.Rows(
                  new Column[] {arguments[0].retain()}, ends);
            });
  }

  private static void resolver(
      FunctionDefinitions f, String name, SimpleType type, ObjectKind kind, String example) {
    stable(f, name, type, TEXT)
        .describe("The object of a name; NULL when there is none.")
        .example(example)
        .runs(
            RowKernels.strict(
                type,
                (c, a, i, out) -> {
                  OptionalLong oid = catalog(c).resolve(kind, a[0].textAt(i));
                  if (oid.isPresent()) {
                    out.appendLong(oid.getAsLong());
                  } else {
                    out.appendNull();
                  }
                }));
  }

  private static void visible(FunctionDefinitions f, String name, ObjectKind kind) {
    stable(f, name, BOOLEAN, OID)
        .describe("Whether an object is found by its bare name; NULL when there is none.")
        .example(name + "(16400) -> t")
        .runs(
            RowKernels.strict(
                BOOLEAN,
                (c, a, i, out) -> {
                  Boolean visible = catalog(c).isVisible(kind, a[0].longAt(i));
                  if (visible == null) {
                    out.appendNull();
                  } else {
                    out.appendBoolean(visible);
                  }
                }));
  }

  @FunctionalInterface
  private interface Lookup {
    @Nullable String of(CatalogLookup catalog, Column[] arguments, int row);
  }

  private static void definitions(FunctionDefinitions f) {
    lookup(
        f,
        "pg_get_viewdef",
        "The query of a view.",
        (c, a, i) -> c.viewDefinition(a[0].longAt(i), false),
        OID);
    lookup(
        f,
        "pg_get_viewdef",
        "The query of a view, on request with line breaks.",
        (c, a, i) -> c.viewDefinition(a[0].longAt(i), a[1].booleanAt(i)),
        OID,
        BOOLEAN);
    lookup(
        f,
        "pg_get_viewdef",
        "The query of a view, wrapped at a column.",
        (c, a, i) -> c.viewDefinition(a[0].longAt(i), true),
        OID,
        INTEGER);
    lookup(
        f,
        "pg_get_viewdef",
        "The query of a view by name.",
        (c, a, i) -> viewByName(c, a[0].textAt(i)),
        TEXT);
    lookup(
        f,
        "pg_get_indexdef",
        "The statement that makes an index.",
        (c, a, i) -> c.indexDefinition(a[0].longAt(i), 0),
        OID);
    lookup(
        f,
        "pg_get_indexdef",
        "The statement that makes an index, or one of its columns.",
        (c, a, i) -> c.indexDefinition(a[0].longAt(i), a[1].intAt(i)),
        OID,
        INTEGER,
        BOOLEAN);
    lookup(
        f,
        "pg_get_constraintdef",
        "The clause of a constraint.",
        (c, a, i) -> c.constraintDefinition(a[0].longAt(i)),
        OID);
    lookup(
        f,
        "pg_get_constraintdef",
        "The clause of a constraint.",
        (c, a, i) -> c.constraintDefinition(a[0].longAt(i)),
        OID,
        BOOLEAN);
    lookup(
        f,
        "pg_get_function_result",
        "The result type of a function.",
        (c, a, i) -> c.functionResult(a[0].longAt(i)),
        OID);
    for (String name : List.of("pg_get_function_arguments", "pg_get_function_identity_arguments")) {
      lookup(
          f,
          name,
          "The argument types of a function.",
          (c, a, i) -> c.functionArguments(a[0].longAt(i)),
          OID);
    }
    for (String name :
        List.of(
            "pg_get_ruledef",
            "pg_get_triggerdef",
            "pg_get_partkeydef",
            "pg_get_functiondef",
            "pg_get_function_sqlbody",
            "pg_get_statisticsobjdef_columns",
            "pg_get_statisticsobjdef",
            "pg_tablespace_location")) {
      lookup(
          f,
          name,
          "The text of an object of a kind that is not kept: NULL.",
          (c, a, i) -> null,
          OID);
    }
    lookup(
        f,
        "pg_get_triggerdef",
        "The text of a trigger: there are none.",
        (c, a, i) -> null,
        OID,
        BOOLEAN);
    lookup(
        f,
        "pg_get_ruledef",
        "The text of a rule: there are none.",
        (c, a, i) -> null,
        OID,
        BOOLEAN);
    stable(f, "pg_get_serial_sequence", TEXT, TEXT, TEXT)
        .describe("The sequence of a column: there are none.")
        .example("pg_get_serial_sequence('t', 'id') -> NULL")
        .runs(RowKernels.text((c, a, i) -> null));
    stable(f, "pg_get_expr", TEXT, TEXT, OID)
        .describe("An expression of the catalogue as SQL: it is kept as that.")
        .example("pg_get_expr('1', 16400) -> 1")
        .runs(RowKernels.text((c, a, i) -> a[0].textAt(i)));
    stable(f, "pg_get_expr", TEXT, TEXT, OID, BOOLEAN)
        .describe("An expression of the catalogue as SQL: it is kept as that.")
        .example("pg_get_expr('1', 16400, true) -> 1")
        .runs(RowKernels.text((c, a, i) -> a[0].textAt(i)));
  }

  private static @Nullable String viewByName(CatalogLookup catalog, String name) {
    OptionalLong oid = catalog.resolve(ObjectKind.RELATION, name);
    if (oid.isEmpty()) {
      throw noRelation(name);
    }
    return catalog.viewDefinition(oid.getAsLong(), false);
  }

  private static SqlException noRelation(String name) {
    return new SqlException(ErrorCode.UNDEFINED_TABLE, "relation \"" + name + "\" does not exist");
  }

  private static void lookup(
      FunctionDefinitions f, String name, String description, Lookup lookup, SqlType... types) {
    List<String> shown = new ArrayList<>();
    for (SqlType type : types) {
      shown.add(type == OID ? "1" : type == INTEGER ? "0" : type == TEXT ? "'t'" : "true");
    }
    stable(f, name, TEXT, types)
        .mayFail()
        .describe(description)
        .example(name + "(" + String.join(", ", shown) + ") -> NULL")
        .runs(RowKernels.text((c, a, i) -> lookup.of(catalog(c), a, i)));
  }

  private static void comments(FunctionDefinitions f) {
    stable(f, "obj_description", TEXT, OID)
        .describe("The comment of an object.")
        .example("obj_description(16400) -> a table")
        .runs(RowKernels.text((c, a, i) -> catalog(c).comment(a[0].longAt(i), 0, 0)));
    for (String name : List.of("obj_description", "shobj_description")) {
      stable(f, name, TEXT, OID, NAME)
          .describe("The comment of an object, by the catalogue it is in.")
          .example(name + "(16400, 'pg_class') -> a table")
          .runs(
              RowKernels.text((c, a, i) -> {
                OptionalLong relation =
                    catalog(c).resolve(ObjectKind.RELATION, "pg_catalog." + a[1].textAt(i));
                return catalog(c).comment(a[0].longAt(i), relation.orElse(0), 0);
              }));
    }
    stable(f, "col_description", TEXT, OID, INTEGER)
        .describe("The comment of a column.")
        .example("col_description(16400, 1) -> NULL")
        .runs(
            RowKernels.text((c, a, i) -> catalog(c).comment(a[0].longAt(i), 1259, a[1].intAt(i))));
  }

  private static void sizes(FunctionDefinitions f) {
    for (String name : List.of("pg_relation_size", "pg_table_size", "pg_total_relation_size")) {
      stable(f, name, SimpleType.BIGINT, SimpleType.REGCLASS)
          .describe("Bytes that a relation takes.")
          .example(name + "(16400::oid) -> 8192")
          .runs(
              RowKernels.strict(
                  SimpleType.BIGINT,
                  (c, a, i, out) -> {
                    Long bytes = catalog(c).relationBytes(a[0].longAt(i));
                    if (bytes == null) {
                      out.appendNull();
                    } else {
                      out.appendLong(bytes);
                    }
                  }));
    }
    stable(f, "pg_indexes_size", SimpleType.BIGINT, SimpleType.REGCLASS)
        .describe("Bytes that the indexes of a relation take beside it: 0, the key is its order.")
        .example("pg_indexes_size(16400::oid) -> 0")
        .runs(RowKernels.longs(SimpleType.BIGINT, (c, a, i) -> 0));
    for (SimpleType type : List.of(NAME, OID)) {
      stable(f, "pg_database_size", SimpleType.BIGINT, type)
          .describe("Bytes that the database takes.")
          .example(
              type == NAME
                  ? "pg_database_size('aevum') -> 1048576"
                  : "pg_database_size(5) -> 1048576")
          .runs(RowKernels.longs(SimpleType.BIGINT, (c, a, i) -> catalog(c).databaseBytes()));
    }
  }

  private static void privileges(FunctionDefinitions f) {
    privilege(f, "has_table_privilege", ObjectKind.RELATION);
    privilege(f, "has_any_column_privilege", ObjectKind.RELATION);
    privilege(f, "has_sequence_privilege", ObjectKind.RELATION);
    privilege(f, "has_schema_privilege", ObjectKind.NAMESPACE);
    privilege(f, "has_function_privilege", ObjectKind.FUNCTION);
    privilege(f, "has_type_privilege", ObjectKind.TYPE);
    for (SimpleType column : List.of(TEXT, SimpleType.SMALLINT)) {
      for (SimpleType table : List.of(TEXT, OID)) {
        check(f, "has_column_privilege", ObjectKind.RELATION, 0, table, column, TEXT);
        check(f, "has_column_privilege", ObjectKind.RELATION, 1, NAME, table, column, TEXT);
      }
    }
    // There is one database, and every role may use it; roles are members of themselves alone.
    for (SimpleType database : List.of(TEXT, OID)) {
      always(f, "has_database_privilege", database, TEXT);
      always(f, "has_database_privilege", NAME, database, TEXT);
      always(f, "has_tablespace_privilege", database, TEXT);
    }
    for (SimpleType role : List.of(NAME, OID)) {
      always(f, "pg_has_role", role, TEXT);
      always(f, "pg_has_role", NAME, role, TEXT);
      always(f, "pg_has_role", OID, role, TEXT);
    }
  }

  private static void always(FunctionDefinitions f, String name, SqlType... types) {
    stable(f, name, BOOLEAN, types)
        .describe("Whether a role may do something to what everybody may use: yes.")
        .example(name + "(" + shown(types) + ") -> t")
        .runs(RowKernels.booleans((c, a, i) -> true));
  }

  private static String shown(SqlType... types) {
    List<String> texts = new ArrayList<>();
    for (int i = 0; i < types.length; i++) {
      boolean last = i == types.length - 1;
      texts.add(
          types[i] == OID
              ? "16400"
              : types[i] == SimpleType.SMALLINT
                  ? "1::smallint"
                  : types[i] == NAME ? "'aevum'::name" : last ? "'SELECT'" : "'t'");
    }
    return String.join(", ", texts);
  }

  private static void privilege(FunctionDefinitions f, String name, ObjectKind kind) {
    for (SimpleType object : List.of(TEXT, OID)) {
      check(f, name, kind, 0, object, TEXT);
      check(f, name, kind, 1, NAME, object, TEXT);
      check(f, name, kind, 1, OID, object, TEXT);
    }
  }

  /// A form whose object is argument `object`; the one before it, if any, is the role; the last is
  /// the privilege.
  private static void check(
      FunctionDefinitions f, String name, ObjectKind kind, int object, SqlType... types) {
    boolean byName = types[object] == TEXT;
    boolean resolves = !byName || kind == ObjectKind.RELATION;
    stable(f, name, BOOLEAN, types)
        .mayFail()
        .describe("Whether a role, or the session's, has a privilege on an object.")
        .example(
            name + "(" + shown(types) + ") -> " + (resolves ? "t" : "42704 \"t\" does not exist"))
        .runs(
            RowKernels.strict(
                BOOLEAN,
                (c, a, i, out) -> {
                  String role = role(c, a, i, object);
                  long oid = byName ? named(c, kind, a[object].textAt(i)) : a[object].longAt(i);
                  String privilege = a[a.length - 1].textAt(i).toUpperCase(Locale.ROOT);
                  Boolean has = catalog(c).hasPrivilege(role, kind, oid, privilege);
                  if (has == null) {
                    out.appendNull();
                  } else {
                    out.appendBoolean(has);
                  }
                }));
  }

  private static String role(EvaluationContext c, Column[] a, int i, int object) {
    if (object == 0) {
      return c.session().user();
    }
    if (a[0].type() == OID) {
      String name = catalog(c).nameOf(ObjectKind.ROLE, a[0].longAt(i));
      return name == null ? c.session().user() : name;
    }
    return a[0].textAt(i);
  }

  private static long named(EvaluationContext c, ObjectKind kind, String name) {
    OptionalLong oid = catalog(c).resolve(kind, name);
    if (oid.isPresent()) {
      return oid.getAsLong();
    }
    if (kind == ObjectKind.RELATION) {
      throw noRelation(name);
    }
    throw new SqlException(ErrorCode.UNDEFINED_OBJECT, "\"" + name + "\" does not exist");
  }
}
