package dev.aevum.parser.tree;

import java.util.List;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.parser.SqlParserPos;

/// `ROW(...)` or `(a, b, ...)`; also each row of VALUES. `isExplicit` tells that ROW was written.
public final class RowNode extends TreeNode {
  private final List<SqlNode> items;
  private final boolean isExplicit;

  public RowNode(SqlParserPos pos, List<SqlNode> items, boolean isExplicit) {
    super(pos);
    this.items = List.copyOf(items);
    this.isExplicit = isExplicit;
  }

  public List<SqlNode> items() {
    return items;
  }

  public boolean isExplicit() {
    return isExplicit;
  }

  @Override
  public List<SqlNode> getOperandList() {
    return items;
  }
}
