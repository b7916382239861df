package dev.aevum.model.type;

/// The types without modifiers.
///
/// Physical meanings: dates are days since 1970-01-01; times are microseconds of the day;
/// timestamps are microseconds since 1970-01-01 UTC; the extreme values of date and timestamp are
/// -infinity and infinity. `NUMERIC` bytes: see [dev.aevum.model.codec.NumericBytes]. OID-like
/// types are non-negative int64 in flight. Text-like types are UTF-8.
public enum SimpleType implements SqlType {
  BOOLEAN(16, 1, "boolean", PhysicalType.BOOL),
  SMALLINT(21, 2, "smallint", PhysicalType.INT16),
  INTEGER(23, 4, "integer", PhysicalType.INT32),
  BIGINT(20, 8, "bigint", PhysicalType.INT64),
  NUMERIC(1700, -1, "numeric", PhysicalType.VARLEN),
  REAL(700, 4, "real", PhysicalType.FLOAT32),
  DOUBLE(701, 8, "double precision", PhysicalType.FLOAT64),
  TEXT(25, -1, "text", PhysicalType.VARLEN),
  BYTEA(17, -1, "bytea", PhysicalType.VARLEN),
  DATE(1082, 4, "date", PhysicalType.INT32),
  TIME(1083, 8, "time without time zone", PhysicalType.INT64),
  TIMESTAMP(1114, 8, "timestamp without time zone", PhysicalType.INT64),
  TIMESTAMPTZ(1184, 8, "timestamp with time zone", PhysicalType.INT64),
  INTERVAL(1186, 16, "interval", PhysicalType.FIXED16),
  UUID(2950, 16, "uuid", PhysicalType.FIXED16),
  // Types of the catalogue: in ad-hoc queries only.
  NAME(19, 64, "name", PhysicalType.VARLEN),
  /// The one-byte type `"char"` of the catalogue.
  PG_CHAR(18, 1, "\"char\"", PhysicalType.VARLEN),
  OID(26, 4, "oid", PhysicalType.INT64),
  XID(28, 4, "xid", PhysicalType.INT64),
  REGCLASS(2205, 4, "regclass", PhysicalType.INT64),
  REGTYPE(2206, 4, "regtype", PhysicalType.INT64),
  REGPROC(24, 4, "regproc", PhysicalType.INT64),
  REGNAMESPACE(4089, 4, "regnamespace", PhysicalType.INT64),
  REGROLE(4096, 4, "regrole", PhysicalType.INT64),
  /// Space-separated list of smallint, 0-based subscripts; bytes as an array of SMALLINT.
  INT2VECTOR(22, -1, "int2vector", PhysicalType.VARLEN),
  OIDVECTOR(30, -1, "oidvector", PhysicalType.VARLEN),
  JSON(114, -1, "json", PhysicalType.VARLEN),
  JSONB(3802, -1, "jsonb", PhysicalType.VARLEN),
  /// A mergeable summary of values: bytes of a kind of their own, shown like bytea.
  SKETCH(16300, -1, "sketch", PhysicalType.VARLEN),
  /// An anonymous row: bytes are its text form `(a,b)`.
  RECORD(2249, -1, "record", PhysicalType.VARLEN),
  /// A string literal or parameter whose type the context has not decided yet.
  UNKNOWN(705, -2, "unknown", PhysicalType.VARLEN),
  VOID(2278, 4, "void", PhysicalType.VARLEN);

  private final int oid;
  private final int length;
  private final String displayName;
  private final PhysicalType physical;

  SimpleType(int oid, int length, String displayName, PhysicalType physical) {
    this.oid = oid;
    this.length = length;
    this.displayName = displayName;
    this.physical = physical;
  }

  @Override
  public PhysicalType physical() {
    return physical;
  }

  @Override
  public int oid() {
    return oid;
  }

  @Override
  public int length() {
    return length;
  }

  @Override
  public int modifier() {
    return -1;
  }

  @Override
  public String displayName() {
    return displayName;
  }
}
