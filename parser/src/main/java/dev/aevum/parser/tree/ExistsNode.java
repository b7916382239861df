package dev.aevum.parser.tree;

import java.util.List;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.parser.SqlParserPos;

/// `EXISTS (query)`.
public final class ExistsNode extends TreeNode {
  private final SqlNode query;

  public ExistsNode(SqlParserPos pos, SqlNode query) {
    super(pos);
    this.query = query;
  }

  public SqlNode query() {
    return query;
  }

  @Override
  public List<SqlNode> getOperandList() {
    return List.of(query);
  }
}
