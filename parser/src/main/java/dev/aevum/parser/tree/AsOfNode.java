package dev.aevum.parser.tree;

import java.util.List;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.parser.SqlParserPos;

/// `table AS OF STEP n` (`isStep`) or `table AS OF TIMESTAMP t`.
public final class AsOfNode extends TreeNode {
  private final SqlNode table;
  private final boolean isStep;
  private final SqlNode point;

  public AsOfNode(SqlParserPos pos, SqlNode table, boolean isStep, SqlNode point) {
    super(pos);
    this.table = table;
    this.isStep = isStep;
    this.point = point;
  }

  public SqlNode table() {
    return table;
  }

  public boolean isStep() {
    return isStep;
  }

  public SqlNode point() {
    return point;
  }

  @Override
  public List<SqlNode> getOperandList() {
    return List.of(table, point);
  }
}
