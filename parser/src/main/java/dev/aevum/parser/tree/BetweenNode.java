package dev.aevum.parser.tree;

import java.util.List;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.parser.SqlParserPos;

/// `value [NOT] BETWEEN [SYMMETRIC] low AND high`.
public final class BetweenNode extends TreeNode {
  private final SqlNode value;
  private final SqlNode low;
  private final SqlNode high;
  private final boolean negated;
  private final boolean symmetric;

  public BetweenNode(
      SqlParserPos pos,
      SqlNode value,
      SqlNode low,
      SqlNode high,
      boolean negated,
      boolean symmetric) {
    super(pos);
    this.value = value;
    this.low = low;
    this.high = high;
    this.negated = negated;
    this.symmetric = symmetric;
  }

  public SqlNode value() {
    return value;
  }

  public SqlNode low() {
    return low;
  }

  public SqlNode high() {
    return high;
  }

  public boolean negated() {
    return negated;
  }

  public boolean symmetric() {
    return symmetric;
  }

  @Override
  public List<SqlNode> getOperandList() {
    return List.of(value, low, high);
  }
}
