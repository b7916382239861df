package dev.aevum.parser.tree;

import java.util.List;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.parser.SqlParserPos;

/// `DESCRIPTOR(column, ...)`.
public final class DescriptorNode extends TreeNode {
  private final List<SqlNode> columns;

  public DescriptorNode(SqlParserPos pos, List<SqlNode> columns) {
    super(pos);
    this.columns = List.copyOf(columns);
  }

  public List<SqlNode> columns() {
    return columns;
  }

  @Override
  public List<SqlNode> getOperandList() {
    return columns;
  }
}
