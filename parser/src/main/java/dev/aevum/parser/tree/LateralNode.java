package dev.aevum.parser.tree;

import java.util.List;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.parser.SqlParserPos;

/// `LATERAL item` written out. (A function in FROM is lateral without the word.)
public final class LateralNode extends TreeNode {
  private final SqlNode item;

  public LateralNode(SqlParserPos pos, SqlNode item) {
    super(pos);
    this.item = item;
  }

  public SqlNode item() {
    return item;
  }

  @Override
  public List<SqlNode> getOperandList() {
    return List.of(item);
  }
}
