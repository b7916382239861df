package dev.aevum.parser.tree;

import java.util.List;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.parser.SqlParserPos;
import org.jspecify.annotations.Nullable;

/// `interval 'text' [fields]`: the text is one PostgreSQL interval literal. `fields` is null or the
/// upper-case qualifier, as in `SECOND`, `DAY TO SECOND`; `precision` is -1 where not given.
public final class IntervalLiteralNode extends TreeNode {
  private final String text;
  private final @Nullable String fields;
  private final int precision;

  public IntervalLiteralNode(
      SqlParserPos pos, String text, @Nullable String fields, int precision) {
    super(pos);
    this.text = text;
    this.fields = fields;
    this.precision = precision;
  }

  public String text() {
    return text;
  }

  public @Nullable String fields() {
    return fields;
  }

  public int precision() {
    return precision;
  }

  @Override
  public List<SqlNode> getOperandList() {
    return List.of();
  }
}
