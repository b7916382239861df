package dev.aevum.parser.tree;

import dev.aevum.model.error.SourceSpan;
import java.util.List;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.parser.SqlParserPos;
import org.jspecify.annotations.Nullable;

/// Every symbolic operator, by its PostgreSQL name: `+ - * / % ^ || = <> < > <= >= ~ ~* !~ !~* ->
/// ->> & | # << >> @> ...`; `!=` is `<>`. `left` null is a prefix operator. `schema` is given by
/// `OPERATOR(schema.op)`. `operatorSpan` is where an "operator does not exist" points.
public final class OperatorNode extends TreeNode {
  private final @Nullable String schema;
  private final String name;
  private final @Nullable SqlNode left;
  private final SqlNode right;
  private final SourceSpan operatorSpan;

  public OperatorNode(
      SqlParserPos pos,
      @Nullable String schema,
      String name,
      @Nullable SqlNode left,
      SqlNode right,
      SourceSpan operatorSpan) {
    super(pos);
    this.schema = schema;
    this.name = name;
    this.left = left;
    this.right = right;
    this.operatorSpan = operatorSpan;
  }

  public @Nullable String schema() {
    return schema;
  }

  public String name() {
    return name;
  }

  public @Nullable SqlNode left() {
    return left;
  }

  public SqlNode right() {
    return right;
  }

  public SourceSpan operatorSpan() {
    return operatorSpan;
  }

  @Override
  public List<SqlNode> getOperandList() {
    return operands(left, right);
  }
}
