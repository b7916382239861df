package dev.aevum.engine.system;

import dev.aevum.model.batch.Field;
import dev.aevum.model.batch.Schema;
import dev.aevum.model.type.ArrayType;
import dev.aevum.model.type.CharType;
import dev.aevum.model.type.CompositeType;
import dev.aevum.model.type.DecimalType;
import dev.aevum.model.type.SimpleType;
import dev.aevum.model.type.VarcharType;
import java.math.BigDecimal;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Rows by column name, for wide relations of which few columns matter here. What is not set is
/// NULL, or for NOT NULL columns the type's zero.
final class RowBuilder {
  private final Schema schema;
  private final SystemRelation.RowConsumer out;
  private final @Nullable Object[] zeros;
  private @Nullable Object[] row;

  RowBuilder(Schema schema, SystemRelation.RowConsumer out) {
    this.schema = schema;
    this.out = out;
    this.zeros = new @Nullable Object[schema.size()];
    for (int i = 0; i < zeros.length; i++) {
      zeros[i] = schema.field(i).nullable() ? null : zero(schema.field(i));
    }
    this.row = zeros.clone();
  }

  /// Sets a column; integers are widened. An unknown name is a bug in the caller.
  RowBuilder set(String column, @Nullable Object value) {
    int index = schema.indexOf(column);
    if (index < 0) {
      throw new IllegalStateException("no column " + column);
    }
    row[index] = value instanceof Integer i ? Long.valueOf(i) : value;
    return this;
  }

  void emit() {
    out.row(row);
    row = Arrays.copyOf(zeros, zeros.length);
  }

  private static Object zero(Field field) {
    return switch (field.type()) {
      case SimpleType s ->
          switch (s) {
            case BOOLEAN -> false;
            case SMALLINT,
                INTEGER,
                BIGINT,
                OID,
                XID,
                REGCLASS,
                REGTYPE,
                REGPROC,
                REGNAMESPACE,
                REGROLE,
                DATE,
                TIME,
                TIMESTAMP,
                TIMESTAMPTZ ->
                0L;
            case NUMERIC -> BigDecimal.ZERO;
            case REAL, DOUBLE -> 0d;
            case TEXT, NAME, PG_CHAR, JSON, JSONB, RECORD, UNKNOWN, VOID -> "";
            case BYTEA, SKETCH -> new byte[0];
            case INT2VECTOR, OIDVECTOR -> List.of();
            case INTERVAL, UUID -> throw new IllegalStateException("zero of " + s);
          };
      case DecimalType d -> BigDecimal.ZERO;
      case VarcharType v -> "";
      case CharType c -> "";
      case ArrayType a -> List.of();
      case CompositeType c -> "";
    };
  }
}
