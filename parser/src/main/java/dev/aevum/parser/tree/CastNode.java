package dev.aevum.parser.tree;

import dev.aevum.model.error.SourceSpan;
import java.util.List;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.parser.SqlParserPos;

/// `operand::type` and `CAST(operand AS type)`. `operatorSpan` is where `::` or CAST stands.
public final class CastNode extends TreeNode {
  private final SqlNode operand;
  private final TypeName type;
  private final SourceSpan operatorSpan;

  public CastNode(SqlParserPos pos, SqlNode operand, TypeName type, SourceSpan operatorSpan) {
    super(pos);
    this.operand = operand;
    this.type = type;
    this.operatorSpan = operatorSpan;
  }

  public SqlNode operand() {
    return operand;
  }

  public TypeName type() {
    return type;
  }

  public SourceSpan operatorSpan() {
    return operatorSpan;
  }

  @Override
  public List<SqlNode> getOperandList() {
    return List.of(operand);
  }
}
