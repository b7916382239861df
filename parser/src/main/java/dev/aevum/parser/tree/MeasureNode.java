package dev.aevum.parser.tree;

import java.util.List;
import org.apache.calcite.sql.SqlIdentifier;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.parser.SqlParserPos;

/// `measure OVER window`: a measure of a window with a row pattern. `name` is as written: it may be
/// qualified, which makes no sense.
public final class MeasureNode extends TreeNode {
  private final SqlIdentifier name;
  private final WindowNode over;

  public MeasureNode(SqlParserPos pos, SqlIdentifier name, WindowNode over) {
    super(pos);
    this.name = name;
    this.over = over;
  }

  public SqlIdentifier name() {
    return name;
  }

  public WindowNode over() {
    return over;
  }

  @Override
  public List<SqlNode> getOperandList() {
    return List.of(name, over);
  }
}
