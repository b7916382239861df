package dev.aevum.parser.tree;

import java.util.List;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.parser.SqlParserPos;

/// `NOT operand`.
public final class NotNode extends TreeNode {
  private final SqlNode operand;

  public NotNode(SqlParserPos pos, SqlNode operand) {
    super(pos);
    this.operand = operand;
  }

  public SqlNode operand() {
    return operand;
  }

  @Override
  public List<SqlNode> getOperandList() {
    return List.of(operand);
  }
}
