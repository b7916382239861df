package dev.aevum.parser.tree;

import java.util.List;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.parser.SqlParserPos;

/// `value IS [NOT] NULL|TRUE|FALSE|UNKNOWN`; ISNULL and NOTNULL too.
public final class IsNode extends TreeNode {
  private final SqlNode value;
  private final Test test;
  private final boolean negated;

  public IsNode(SqlParserPos pos, SqlNode value, Test test, boolean negated) {
    super(pos);
    this.value = value;
    this.test = test;
    this.negated = negated;
  }

  public SqlNode value() {
    return value;
  }

  public Test test() {
    return test;
  }

  public boolean negated() {
    return negated;
  }

  public enum Test {
    NULL,
    TRUE,
    FALSE,
    UNKNOWN
  }

  @Override
  public List<SqlNode> getOperandList() {
    return List.of(value);
  }
}
