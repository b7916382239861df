package dev.aevum.parser.tree;

import java.util.List;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.parser.SqlParserPos;

/// A function in FROM. `call` is a [FunctionCallNode]. For the window functions (TUMBLE, HOP,
/// CUMULATE, SESSION, COUNT_TUMBLE, COUNT_HOP, DIFF and any other call) the first argument is a
/// [TableArgumentNode] wherever a query, `TABLE t`, or PARTITION BY / ORDER BY was written; a bare
/// table name is a plain SqlIdentifier, and the binder decides by the function that it means a
/// table. `DESCRIPTOR(ts)` is a [DescriptorNode].
public final class TableFunctionNode extends TreeNode {
  private final FunctionCallNode call;
  private final boolean withOrdinality;

  public TableFunctionNode(SqlParserPos pos, FunctionCallNode call, boolean withOrdinality) {
    super(pos);
    this.call = call;
    this.withOrdinality = withOrdinality;
  }

  public FunctionCallNode call() {
    return call;
  }

  public boolean withOrdinality() {
    return withOrdinality;
  }

  @Override
  public List<SqlNode> getOperandList() {
    return List.of(call);
  }
}
