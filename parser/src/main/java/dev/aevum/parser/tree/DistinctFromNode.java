package dev.aevum.parser.tree;

import java.util.List;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.parser.SqlParserPos;

/// `left IS [NOT] DISTINCT FROM right`.
public final class DistinctFromNode extends TreeNode {
  private final SqlNode left;
  private final SqlNode right;
  private final boolean negated;

  public DistinctFromNode(SqlParserPos pos, SqlNode left, SqlNode right, boolean negated) {
    super(pos);
    this.left = left;
    this.right = right;
    this.negated = negated;
  }

  public SqlNode left() {
    return left;
  }

  public SqlNode right() {
    return right;
  }

  public boolean negated() {
    return negated;
  }

  @Override
  public List<SqlNode> getOperandList() {
    return List.of(left, right);
  }
}
