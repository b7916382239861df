package dev.aevum.parser.tree;

import java.util.List;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.parser.SqlParserPos;

/// DEFAULT as a value in INSERT, UPDATE or a call.
public final class DefaultNode extends TreeNode {

  public DefaultNode(SqlParserPos pos) {
    super(pos);
  }

  @Override
  public List<SqlNode> getOperandList() {
    return List.of();
  }
}
