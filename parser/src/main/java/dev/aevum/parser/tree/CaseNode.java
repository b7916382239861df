package dev.aevum.parser.tree;

import java.util.List;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.parser.SqlParserPos;
import org.jspecify.annotations.Nullable;

/// `CASE [value] WHEN c THEN r ... [ELSE e] END`: `conditions` and `results` have the same length.
public final class CaseNode extends TreeNode {
  private final @Nullable SqlNode value;
  private final List<SqlNode> conditions;
  private final List<SqlNode> results;
  private final @Nullable SqlNode otherwise;

  public CaseNode(
      SqlParserPos pos,
      @Nullable SqlNode value,
      List<SqlNode> conditions,
      List<SqlNode> results,
      @Nullable SqlNode otherwise) {
    super(pos);
    this.value = value;
    this.conditions = List.copyOf(conditions);
    this.results = List.copyOf(results);
    this.otherwise = otherwise;
  }

  public @Nullable SqlNode value() {
    return value;
  }

  public List<SqlNode> conditions() {
    return conditions;
  }

  public List<SqlNode> results() {
    return results;
  }

  public @Nullable SqlNode otherwise() {
    return otherwise;
  }

  @Override
  public List<SqlNode> getOperandList() {
    return allOf(conditions, results, value, otherwise);
  }
}
