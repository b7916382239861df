package dev.aevum.parser.tree;

import java.util.List;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.parser.SqlParserPos;

/// A named argument, `name => value`.
public final class ArgumentNode extends TreeNode {
  private final String name;
  private final SqlNode value;

  public ArgumentNode(SqlParserPos pos, String name, SqlNode value) {
    super(pos);
    this.name = name;
    this.value = value;
  }

  public String name() {
    return name;
  }

  public SqlNode value() {
    return value;
  }

  @Override
  public List<SqlNode> getOperandList() {
    return List.of(value);
  }
}
