package dev.aevum.executor.kernel;

import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/// What the catalogue functions of PostgreSQL (`pg_get_viewdef`, `to_regclass`, `obj_description`,
/// ...) ask of the catalogue. All answers are as of the statement's snapshot. Null: there is no
/// such thing.
public interface CatalogLookup {
  /// The families of named objects that `reg...` types refer to.
  enum ObjectKind {
    RELATION,
    TYPE,
    FUNCTION,
    NAMESPACE,
    ROLE
  }

  /// OID of an object by name as a user writes it (quoted, schema-qualified, through the search
  /// path); empty when there is none.
  OptionalLong resolve(ObjectKind kind, String name);

  /// The name of an object as `reg...` output gives it: quoted where needed, with its schema unless
  /// visible.
  @Nullable String nameOf(ObjectKind kind, long oid);

  /// `pg_table_is_visible`, `pg_type_is_visible`, `pg_function_is_visible`: null when there is no
  /// such object.
  @Nullable Boolean isVisible(ObjectKind kind, long oid);

  /// The text that defines a view, as `pg_get_viewdef` gives it.
  @Nullable String viewDefinition(long relation, boolean pretty);

  /// `pg_get_indexdef`: of the whole index (`column` 0) or of one column of it.
  @Nullable String indexDefinition(long index, int column);

  @Nullable String constraintDefinition(long constraint);

  /// `pg_get_function_result`; null when there is no such function.
  @Nullable String functionResult(long function);

  /// `pg_get_function_arguments`; null when there is no such function.
  @Nullable String functionArguments(long function);

  /// The comment of an object, by `pg_description`'s `objoid`, `classoid` (0: any) and `objsubid`.
  @Nullable String comment(long object, long classOid, int subId);

  /// `pg_relation_size` and its kin: bytes held for a relation; null when there is no such
  /// relation.
  @Nullable Long relationBytes(long relation);

  /// Bytes held for the database.
  long databaseBytes();

  /// The privilege `privilege` (upper case) of `role` on an object of `kind`; null when there is no
  /// such object.
  @Nullable Boolean hasPrivilege(String role, ObjectKind kind, long oid, String privilege);
}
