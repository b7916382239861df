package dev.aevum.planner.type;

import dev.aevum.model.type.SimpleType;
import java.util.List;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.rel.type.RelDataTypeSystem;
import org.apache.calcite.sql.type.SqlTypeFactoryImpl;
import org.apache.calcite.sql.type.SqlTypeName;
import org.jspecify.annotations.Nullable;

/// Calcite's type factory where it must make types: booleans are ours, and nullability of a
/// [RowType] changes within ours.
public final class RowTypeFactory extends SqlTypeFactoryImpl {
  public RowTypeFactory() {
    super(RelDataTypeSystem.DEFAULT);
  }

  @Override
  public RelDataType createSqlType(SqlTypeName typeName) {
    return typeName == SqlTypeName.BOOLEAN
        ? new RowType(SimpleType.BOOLEAN, false)
        : super.createSqlType(typeName);
  }

  @Override
  public RelDataType createTypeWithNullability(RelDataType type, boolean nullable) {
    if (type instanceof RowType rowType) {
      return rowType.isNullable() == nullable ? type : new RowType(rowType.sqlType(), nullable);
    }
    return super.createTypeWithNullability(type, nullable);
  }

  /// Equal types apart from nullability: branches of set operations were cast to one type by the
  /// binder.
  @Override
  public @Nullable RelDataType leastRestrictive(List<RelDataType> types) {
    if (types.stream().allMatch(t -> t instanceof RowType)) {
      RowType first = (RowType) types.getFirst();
      boolean nullable = types.stream().anyMatch(RelDataType::isNullable);
      boolean same = types.stream().allMatch(t -> RowType.of(t).equals(first.sqlType()));
      return same ? new RowType(first.sqlType(), nullable) : null;
    }
    return super.leastRestrictive(types);
  }
}
