package dev.aevum.parser.tree;

import java.util.List;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.parser.SqlParserPos;
import org.jspecify.annotations.Nullable;

/// A window: of `OVER (...)`, `OVER name`, or an entry of the WINDOW clause (then `declared` is its
/// name). `existing` names the window it builds on.
public final class WindowNode extends TreeNode {
  private final @Nullable String declared;
  private final @Nullable String existing;
  private final List<SqlNode> partitionBy;
  private final List<SqlNode> orderBy;
  private final @Nullable FrameNode frame;
  private final @Nullable WindowPattern pattern;

  public WindowNode(
      SqlParserPos pos,
      @Nullable String declared,
      @Nullable String existing,
      List<SqlNode> partitionBy,
      List<SqlNode> orderBy,
      @Nullable FrameNode frame,
      @Nullable WindowPattern pattern) {
    super(pos);
    this.declared = declared;
    this.existing = existing;
    this.partitionBy = List.copyOf(partitionBy);
    this.orderBy = List.copyOf(orderBy);
    this.frame = frame;
    this.pattern = pattern;
  }

  public @Nullable String declared() {
    return declared;
  }

  public @Nullable String existing() {
    return existing;
  }

  public List<SqlNode> partitionBy() {
    return partitionBy;
  }

  public List<SqlNode> orderBy() {
    return orderBy;
  }

  public @Nullable FrameNode frame() {
    return frame;
  }

  /// Null without a row pattern.
  public @Nullable WindowPattern pattern() {
    return pattern;
  }

  @Override
  public List<SqlNode> getOperandList() {
    List<SqlNode> all = allOf(partitionBy, orderBy, frame, null);
    if (pattern != null) {
      all.addAll(pattern.match().measures());
      all.addAll(operands(pattern.match().within()));
      pattern.match().defines().forEach(d -> all.add(d.condition()));
    }
    return all;
  }
}
