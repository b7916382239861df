package dev.aevum.parser.tree;

import dev.aevum.model.error.SourceSpan;
import java.util.List;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.parser.SqlParserPos;

/// `(base).field`, or `(base).*` with field `*`. The base is never a bare identifier: `a.b` is a
/// compound SqlIdentifier.
public final class FieldAccessNode extends TreeNode {
  private final SqlNode base;
  private final String field;
  private final SourceSpan fieldSpan;

  public FieldAccessNode(SqlParserPos pos, SqlNode base, String field, SourceSpan fieldSpan) {
    super(pos);
    this.base = base;
    this.field = field;
    this.fieldSpan = fieldSpan;
  }

  public SqlNode base() {
    return base;
  }

  public String field() {
    return field;
  }

  /// Whether all fields are meant.
  public boolean isStar() {
    return field.equals("*");
  }

  public SourceSpan fieldSpan() {
    return fieldSpan;
  }

  @Override
  public List<SqlNode> getOperandList() {
    return List.of(base);
  }
}
