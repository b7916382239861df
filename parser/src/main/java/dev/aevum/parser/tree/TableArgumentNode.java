package dev.aevum.parser.tree;

import java.util.List;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.parser.SqlParserPos;

/// `data [PARTITION BY keys] [ORDER BY items]` as an argument: `data` is a SqlIdentifier or a
/// query.
public final class TableArgumentNode extends TreeNode {
  private final SqlNode data;
  private final List<SqlNode> partitionBy;
  private final List<SqlNode> orderBy;

  public TableArgumentNode(
      SqlParserPos pos, SqlNode data, List<SqlNode> partitionBy, List<SqlNode> orderBy) {
    super(pos);
    this.data = data;
    this.partitionBy = List.copyOf(partitionBy);
    this.orderBy = List.copyOf(orderBy);
  }

  public SqlNode data() {
    return data;
  }

  public List<SqlNode> partitionBy() {
    return partitionBy;
  }

  public List<SqlNode> orderBy() {
    return orderBy;
  }

  @Override
  public List<SqlNode> getOperandList() {
    return allOf(List.of(data), partitionBy, null, null);
  }
}
