package dev.aevum.planner.catalog;

import dev.aevum.model.type.SqlType;
import dev.aevum.planner.plan.function.FunctionCatalog;
import java.util.Collection;
import java.util.List;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/// One statement's consistent, immutable view of the catalogue and its session.
public interface CatalogView {
  /// The relation of that name: in `schema`, or through the search path when null. Names are exact
  /// (already folded). Null: there is none.
  @Nullable RelationInfo relation(@Nullable String schema, String name);

  boolean schemaExists(String schema);

  /// Names that a user may have meant, for "did you mean": all relations of the schema or of the
  /// search path.
  Collection<String> relationNames(@Nullable String schema);

  /// The same for models.
  default Collection<String> modelNames(@Nullable String schema) {
    return List.of();
  }

  FunctionCatalog functions();

  /// The schemas of the search path that exist, in order, `pg_catalog` first unless it is listed.
  List<String> searchPath();

  /// The same catalogue seen through another search path: for the query of a logical view.
  CatalogView withSearchPath(List<String> searchPath);

  String currentUser();

  String currentDatabase();

  /// A setting's value by lower-case name; null when there is none.
  @Nullable String setting(String name);

  /// Value of a literal of an OID-like type (regclass, regtype, regproc, regnamespace, regrole)
  /// from the name as the user wrote it: quoted, qualified, or a number. Empty: there is no such
  /// object, and the planner raises PostgreSQL's error.
  OptionalLong resolveName(SqlType regType, String name);

  /// Reads a literal's text as a value of `type`, in the form that
  /// [dev.aevum.planner.plan.Expr.Literal] holds, by the type's input function and the session's
  /// settings.
  ///
  /// @throws dev.aevum.model.error.SqlException as PostgreSQL's input function does (22P02, 22007,
  ///   22003, ...), without a span
  Object readLiteral(String text, SqlType type);

  /// The statement time in microseconds since 1970 UTC: what 'now' and 'today' in literals mean.
  long nowMicros();
}
