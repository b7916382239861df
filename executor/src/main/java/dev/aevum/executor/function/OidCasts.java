package dev.aevum.executor.function;

import dev.aevum.executor.kernel.Kernel;
import dev.aevum.model.error.ErrorCode;
import dev.aevum.model.error.SqlException;
import dev.aevum.model.type.SimpleType;
import dev.aevum.model.type.SqlType;

/// Casts among OID-like types and integers. An OID is an unsigned 32-bit number; integer keeps its
/// bits.
final class OidCasts {
  private OidCasts() {}

  static Kernel kernel(SqlType from, SqlType to) {
    boolean fromOid = Casts.family(from) == Casts.Family.OID;
    boolean toOid = Casts.family(to) == Casts.Family.OID;
    if (fromOid && toOid) {
      return (context, arguments, rows) -> arguments[0].as(to);
    }
    if (toOid) {
      return RowKernels.longs(
          to, (context, arguments, i) -> toOid(Scalars.integerAt(arguments[0], i), from));
    }
    if (to == SimpleType.BIGINT) {
      return RowKernels.longs(to, (context, arguments, i) -> arguments[0].longAt(i));
    }
    if (to == SimpleType.INTEGER) {
      return RowKernels.ints((context, arguments, i) -> (int) arguments[0].longAt(i));
    }
    throw Casts.cannotCast(from, to);
  }

  private static long toOid(long value, SqlType from) {
    if (from != SimpleType.BIGINT) {
      return value & 0xFFFF_FFFFL;
    }
    if (value < 0 || value > 0xFFFF_FFFFL) {
      throw new SqlException(ErrorCode.NUMERIC_VALUE_OUT_OF_RANGE, "OID out of range");
    }
    return value;
  }
}
