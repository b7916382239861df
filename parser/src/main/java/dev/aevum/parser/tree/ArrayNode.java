package dev.aevum.parser.tree;

import java.util.List;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.parser.SqlParserPos;

/// `ARRAY[...]`. Inner bracket lists of a multi-dimensional array are ArrayNodes too.
public final class ArrayNode extends TreeNode {
  private final List<SqlNode> elements;

  public ArrayNode(SqlParserPos pos, List<SqlNode> elements) {
    super(pos);
    this.elements = List.copyOf(elements);
  }

  public List<SqlNode> elements() {
    return elements;
  }

  @Override
  public List<SqlNode> getOperandList() {
    return elements;
  }
}
