package dev.aevum.parser.tree;

import java.util.List;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.parser.SqlParserPos;
import org.jspecify.annotations.Nullable;

/// `base[index]`, or a slice `base[lower:upper]` (`isSlice`; both bounds may be null then). `index`
/// is `lower` where it is no slice.
public final class SubscriptNode extends TreeNode {
  private final SqlNode base;
  private final @Nullable SqlNode lower;
  private final @Nullable SqlNode upper;
  private final boolean isSlice;

  public SubscriptNode(
      SqlParserPos pos,
      SqlNode base,
      @Nullable SqlNode lower,
      @Nullable SqlNode upper,
      boolean isSlice) {
    super(pos);
    this.base = base;
    this.lower = lower;
    this.upper = upper;
    this.isSlice = isSlice;
  }

  public SqlNode base() {
    return base;
  }

  public @Nullable SqlNode lower() {
    return lower;
  }

  public @Nullable SqlNode upper() {
    return upper;
  }

  public boolean isSlice() {
    return isSlice;
  }

  @Override
  public List<SqlNode> getOperandList() {
    return operands(base, lower, upper);
  }
}
