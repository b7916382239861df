package dev.aevum.parser.tree;

import java.util.List;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.parser.SqlParserPos;
import org.jspecify.annotations.Nullable;

/// One item of ORDER BY. `nullsFirst` null: not written, PostgreSQL's default (last for ASC, first
/// for DESC). `usingOperator` is null or the operator of `USING <`.
public final class SortItemNode extends TreeNode {
  private final SqlNode value;
  private final boolean descending;
  private final @Nullable Boolean nullsFirst;
  private final @Nullable String usingOperator;

  public SortItemNode(
      SqlParserPos pos,
      SqlNode value,
      boolean descending,
      @Nullable Boolean nullsFirst,
      @Nullable String usingOperator) {
    super(pos);
    this.value = value;
    this.descending = descending;
    this.nullsFirst = nullsFirst;
    this.usingOperator = usingOperator;
  }

  public SqlNode value() {
    return value;
  }

  public boolean descending() {
    return descending;
  }

  public @Nullable Boolean nullsFirst() {
    return nullsFirst;
  }

  public @Nullable String usingOperator() {
    return usingOperator;
  }

  @Override
  public List<SqlNode> getOperandList() {
    return List.of(value);
  }
}
