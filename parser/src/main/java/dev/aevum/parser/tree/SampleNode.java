package dev.aevum.parser.tree;

import java.util.List;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.parser.SqlParserPos;
import org.jspecify.annotations.Nullable;

/// `table TABLESAMPLE method (arguments) [REPEATABLE (seed)]`.
public final class SampleNode extends TreeNode {
  private final SqlNode table;
  private final String method;
  private final List<SqlNode> arguments;
  private final @Nullable SqlNode seed;

  public SampleNode(
      SqlParserPos pos,
      SqlNode table,
      String method,
      List<SqlNode> arguments,
      @Nullable SqlNode seed) {
    super(pos);
    this.table = table;
    this.method = method;
    this.arguments = List.copyOf(arguments);
    this.seed = seed;
  }

  public SqlNode table() {
    return table;
  }

  public String method() {
    return method;
  }

  public List<SqlNode> arguments() {
    return arguments;
  }

  public @Nullable SqlNode seed() {
    return seed;
  }

  @Override
  public List<SqlNode> getOperandList() {
    return allOf(List.of(table), arguments, seed, null);
  }
}
