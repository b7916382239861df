package dev.aevum.parser.tree;

import dev.aevum.model.error.SourceSpan;
import java.util.List;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.parser.SqlParserPos;

/// `left op ANY (right)` (`isAll` false; SOME too) or `left op ALL (right)`. `right` is a query
/// ([TreeNode#isQuery]) or an array expression. LIKE, ILIKE come as `~~`, `~~*`, negated `!~~`,
/// `!~~*`.
public final class QuantifiedNode extends TreeNode {
  private final SqlNode left;
  private final String operator;
  private final boolean isAll;
  private final SqlNode right;
  private final SourceSpan operatorSpan;

  public QuantifiedNode(
      SqlParserPos pos,
      SqlNode left,
      String operator,
      boolean isAll,
      SqlNode right,
      SourceSpan operatorSpan) {
    super(pos);
    this.left = left;
    this.operator = operator;
    this.isAll = isAll;
    this.right = right;
    this.operatorSpan = operatorSpan;
  }

  public SqlNode left() {
    return left;
  }

  public String operator() {
    return operator;
  }

  public boolean isAll() {
    return isAll;
  }

  public SqlNode right() {
    return right;
  }

  public SourceSpan operatorSpan() {
    return operatorSpan;
  }

  @Override
  public List<SqlNode> getOperandList() {
    return List.of(left, right);
  }
}
