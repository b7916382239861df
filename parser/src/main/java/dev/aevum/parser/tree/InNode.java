package dev.aevum.parser.tree;

import java.util.List;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.parser.SqlParserPos;
import org.jspecify.annotations.Nullable;

/// `value [NOT] IN (items)` or `IN (query)`: exactly one of `items` (never empty) and `query` is
/// there.
public final class InNode extends TreeNode {
  private final SqlNode value;
  private final boolean negated;
  private final @Nullable List<SqlNode> items;
  private final @Nullable SqlNode query;

  public InNode(
      SqlParserPos pos,
      SqlNode value,
      boolean negated,
      @Nullable List<SqlNode> items,
      @Nullable SqlNode query) {
    super(pos);
    this.value = value;
    this.negated = negated;
    this.items = items;
    this.query = query;
  }

  public SqlNode value() {
    return value;
  }

  public boolean negated() {
    return negated;
  }

  public @Nullable List<SqlNode> items() {
    return items;
  }

  public @Nullable SqlNode query() {
    return query;
  }

  @Override
  public List<SqlNode> getOperandList() {
    return items == null ? operands(value, query) : concat(value, items);
  }
}
