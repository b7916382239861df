package dev.aevum.parser.tree;

import java.util.List;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.parser.SqlParserPos;

/// `ARRAY(query)`.
public final class ArraySubqueryNode extends TreeNode {
  private final SqlNode query;

  public ArraySubqueryNode(SqlParserPos pos, SqlNode query) {
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
