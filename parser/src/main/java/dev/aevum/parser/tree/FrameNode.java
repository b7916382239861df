package dev.aevum.parser.tree;

import java.util.List;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.parser.SqlParserPos;
import org.jspecify.annotations.Nullable;

/// The frame of a window. `startOffset` and `endOffset` are there for PRECEDING and FOLLOWING
/// bounds only; a frame written without BETWEEN ends at the current row. `exclusion` is null or
/// `CURRENT ROW`, `GROUP`, `TIES`.
public final class FrameNode extends TreeNode {
  private final Unit unit;
  private final Bound start;
  private final @Nullable SqlNode startOffset;
  private final Bound end;
  private final @Nullable SqlNode endOffset;
  private final @Nullable String exclusion;

  public FrameNode(
      SqlParserPos pos,
      Unit unit,
      Bound start,
      @Nullable SqlNode startOffset,
      Bound end,
      @Nullable SqlNode endOffset,
      @Nullable String exclusion) {
    super(pos);
    this.unit = unit;
    this.start = start;
    this.startOffset = startOffset;
    this.end = end;
    this.endOffset = endOffset;
    this.exclusion = exclusion;
  }

  public Unit unit() {
    return unit;
  }

  public Bound start() {
    return start;
  }

  public @Nullable SqlNode startOffset() {
    return startOffset;
  }

  public Bound end() {
    return end;
  }

  public @Nullable SqlNode endOffset() {
    return endOffset;
  }

  public @Nullable String exclusion() {
    return exclusion;
  }

  public enum Unit {
    ROWS,
    RANGE,
    GROUPS
  }

  public enum Bound {
    UNBOUNDED_PRECEDING,
    PRECEDING,
    CURRENT_ROW,
    FOLLOWING,
    UNBOUNDED_FOLLOWING
  }

  @Override
  public List<SqlNode> getOperandList() {
    return operands(startOffset, endOffset);
  }
}
