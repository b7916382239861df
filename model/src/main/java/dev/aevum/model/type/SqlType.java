package dev.aevum.model.type;

/// A SQL type, without nullability. The family is closed: handle it with a `switch` without
/// `default`.
///
/// Numerics: `numeric(p,s)` with p up to 38, and the results of arithmetic on such values where the
/// scale is known from the types, are [DecimalType]: a scaled integer in flight. `numeric` without
/// precision, results whose scale depends on values (division), and precisions over 38 are
/// [SimpleType#NUMERIC]: variable length, slower. Both are OID 1700.
public sealed interface SqlType
    permits SimpleType, DecimalType, VarcharType, CharType, ArrayType, CompositeType {
  /// How values of this type lie in a [dev.aevum.model.batch.Column].
  PhysicalType physical();

  /// PostgreSQL's type OID.
  int oid();

  /// PostgreSQL's `typlen`: bytes of a fixed-length type, -1 for variable length.
  int length();

  /// PostgreSQL's `atttypmod`; -1 where the type has no modifier.
  int modifier();

  /// PostgreSQL's name with modifiers, as `format_type` prints it: `character varying(10)`,
  /// `bigint[]`.
  String displayName();
}
