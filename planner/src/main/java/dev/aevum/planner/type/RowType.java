package dev.aevum.planner.type;

import dev.aevum.model.type.ArrayType;
import dev.aevum.model.type.CharType;
import dev.aevum.model.type.CompositeType;
import dev.aevum.model.type.DecimalType;
import dev.aevum.model.type.SimpleType;
import dev.aevum.model.type.SqlType;
import dev.aevum.model.type.VarcharType;
import java.util.stream.Collectors;
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
    text.append(withDetail ? identity(sqlType) : sqlType.displayName());
  }

  /// Types of equal digest are taken for one: composite types of the same name may differ in their
  /// attributes.
  private static String identity(SqlType type) {
    return switch (type) {
      case ArrayType(SqlType element) -> identity(element) + "[]";
      case CompositeType composite ->
          composite.attributes().stream()
              .map(a -> a.name() + " " + identity(a.type()))
              .collect(Collectors.joining(", ", composite.name() + "(", ")"));
      case SimpleType t -> t.displayName();
      case DecimalType t -> t.displayName();
      case VarcharType t -> t.displayName();
      case CharType t -> t.displayName();
    };
  }
}
