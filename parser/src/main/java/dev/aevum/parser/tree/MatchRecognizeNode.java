package dev.aevum.parser.tree;

import java.util.ArrayList;
import java.util.List;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.parser.SqlParserPos;

/// `data MATCH_RECOGNIZE (...)` in FROM. `orderBy` holds [SortItemNode]s.
public final class MatchRecognizeNode extends TreeNode {
  private final SqlNode data;
  private final List<SqlNode> partitionBy;
  private final List<SqlNode> orderBy;
  private final MatchClause match;

  public MatchRecognizeNode(
      SqlParserPos pos,
      SqlNode data,
      List<SqlNode> partitionBy,
      List<SqlNode> orderBy,
      MatchClause match) {
    super(pos);
    this.data = data;
    this.partitionBy = List.copyOf(partitionBy);
    this.orderBy = List.copyOf(orderBy);
    this.match = match;
  }

  public SqlNode data() {
    return data;
  }

  public List<SqlNode> partitionBy() {
    return partitionBy;
  }

  public List<SqlNode> orderBy() {
    return orderBy;
  }

  public MatchClause match() {
    return match;
  }

  @Override
  public List<SqlNode> getOperandList() {
    List<SqlNode> all = new ArrayList<>(concat(data, partitionBy));
    all.addAll(orderBy);
    all.addAll(match.measures());
    all.addAll(operands(match.within()));
    match.defines().forEach(d -> all.add(d.condition()));
    return all;
  }
}
