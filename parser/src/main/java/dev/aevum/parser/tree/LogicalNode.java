package dev.aevum.parser.tree;

import java.util.List;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.parser.SqlParserPos;

/// AND or OR of two or more operands, flattened: a chain of the same word is one node.
public final class LogicalNode extends TreeNode {
  private final boolean isAnd;
  private final List<SqlNode> operands;

  public LogicalNode(SqlParserPos pos, boolean isAnd, List<SqlNode> operands) {
    super(pos);
    this.isAnd = isAnd;
    this.operands = List.copyOf(operands);
  }

  public boolean isAnd() {
    return isAnd;
  }

  public List<SqlNode> operands() {
    return operands;
  }

  @Override
  public List<SqlNode> getOperandList() {
    return operands;
  }
}
