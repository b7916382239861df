package dev.aevum.parser.tree;

import java.util.List;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.parser.SqlParserPos;

/// `operand COLLATE name`.
public final class CollateNode extends TreeNode {
  private final SqlNode operand;
  private final List<String> collation;

  public CollateNode(SqlParserPos pos, SqlNode operand, List<String> collation) {
    super(pos);
    this.operand = operand;
    this.collation = List.copyOf(collation);
  }

  public SqlNode operand() {
    return operand;
  }

  public List<String> collation() {
    return collation;
  }

  @Override
  public List<SqlNode> getOperandList() {
    return List.of(operand);
  }
}
