package dev.aevum.parser.tree;

import java.util.List;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.parser.SqlParserPos;
import org.jspecify.annotations.Nullable;

/// `value [NOT] LIKE|ILIKE|SIMILAR TO pattern [ESCAPE escape]`.
public final class LikeNode extends TreeNode {
  private final Kind kind;
  private final SqlNode value;
  private final SqlNode pattern;
  private final @Nullable SqlNode escape;
  private final boolean negated;

  public LikeNode(
      SqlParserPos pos,
      Kind kind,
      SqlNode value,
      SqlNode pattern,
      @Nullable SqlNode escape,
      boolean negated) {
    super(pos);
    this.kind = kind;
    this.value = value;
    this.pattern = pattern;
    this.escape = escape;
    this.negated = negated;
  }

  public Kind kind() {
    return kind;
  }

  public SqlNode value() {
    return value;
  }

  public SqlNode pattern() {
    return pattern;
  }

  public @Nullable SqlNode escape() {
    return escape;
  }

  public boolean negated() {
    return negated;
  }

  public enum Kind {
    LIKE,
    ILIKE,
    SIMILAR
  }

  @Override
  public List<SqlNode> getOperandList() {
    return operands(value, pattern, escape);
  }
}
