package dev.aevum.parser.tree;

import java.util.List;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.parser.SqlParserPos;

/// `$number`, from 1.
public final class ParameterNode extends TreeNode {
  private final int number;

  public ParameterNode(SqlParserPos pos, int number) {
    super(pos);
    this.number = number;
  }

  public int number() {
    return number;
  }

  @Override
  public List<SqlNode> getOperandList() {
    return List.of();
  }
}
