package dev.aevum.engine.runtime;

import dev.aevum.engine.catalog.CatalogObject.StreamObject;
import dev.aevum.engine.catalog.ColumnInfo;
import dev.aevum.engine.catalog.RelationInfos;
import dev.aevum.engine.name.CatalogNames;
import dev.aevum.engine.name.SessionCatalogView;
import dev.aevum.engine.setting.SessionSettings;
import dev.aevum.parser.SqlParser;
import dev.aevum.planner.catalog.CatalogView;
import dev.aevum.planner.catalog.RelationInfo;
import dev.aevum.planner.plan.Expr;
import org.jspecify.annotations.Nullable;

/// Plans the expressions of column definitions, from their text.
final class ColumnExpressions implements RelationInfos.ExpressionPlanner {
  private final DatabaseRuntime runtime;

  ColumnExpressions(DatabaseRuntime runtime) {
    this.runtime = runtime;
  }

  @Override
  public Expr defaultExpression(ColumnInfo column) {
    String sql = column.defaultSql();
    if (sql == null) {
      throw new IllegalStateException(column.name() + " has no default");
    }
    return runtime
        .planner()
        .defaultExpression(SqlParser.parseExpression(sql), column.name(), column.type(), view());
  }

  @Override
  public RelationInfo.@Nullable Watermark watermark(StreamObject stream) {
    String sql = stream.watermarkSql();
    return sql == null
        ? null
        : runtime
            .planner()
            .watermark(
                SqlParser.parseExpression(sql), stream.watermarkColumn(), stream.schema(), view());
  }

  private CatalogView view() {
    return new SessionCatalogView(
        runtime.catalog(),
        runtime.infos(),
        runtime.system(),
        runtime.functions(),
        new SessionSettings(CatalogNames.DATABASE),
        CatalogNames.DATABASE,
        runtime.nowMicros());
  }
}
