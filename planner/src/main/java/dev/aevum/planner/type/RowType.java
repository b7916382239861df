package dev.aevum.planner.type;

import dev.aevum.model.type.SimpleType;
import dev.aevum.model.type.SqlType;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.sql.type.AbstractSqlType;
import org.apache.calcite.sql.type.SqlTypeName;

/// A model type and whether it takes NULL. Calcite sees booleans and opaque values: none of its own
/// type rules apply.
public final class RowType extends AbstractSqlType {
  private final SqlType sqlType;

  public RowType(SqlType sqlType, boolean nullable) {
    super(sqlType == SimpleType.BOOLEAN ? SqlTypeName.BOOLEAN : SqlTypeName.OTHER, nullable, null);
    this.sqlType = sqlType;
    computeDigest();
  }

  public SqlType sqlType() {
    return sqlType;
  }

  public static SqlType of(RelDataType type) {
    if (type instanceof RowType rowType) {
      return rowType.sqlType;
    }
    throw new IllegalStateException("foreign type " + type.getFullTypeString());
  }

  @Override
  protected void generateTypeString(StringBuilder text, boolean withDetail) {
    text.append(sqlType.displayName());
  }
}
