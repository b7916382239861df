package dev.aevum.parser.tree;

import java.util.List;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.parser.SqlParserPos;

/// `type 'text'`: PostgreSQL reads the text with the type's input function. `B'..'` is type `bit`,
/// `X'..'` type `bit` with its digits spelled in binary.
public final class TypedLiteralNode extends TreeNode {
  private final TypeName type;
  private final String text;

  public TypedLiteralNode(SqlParserPos pos, TypeName type, String text) {
    super(pos);
    this.type = type;
    this.text = text;
  }

  public TypeName type() {
    return type;
  }

  public String text() {
    return text;
  }

  @Override
  public List<SqlNode> getOperandList() {
    return List.of();
  }
}
