package dev.aevum.parser.tree;

import dev.aevum.model.error.SourceSpan;
import java.util.ArrayList;
import java.util.List;
import org.apache.calcite.sql.SqlCall;
import org.apache.calcite.sql.SqlKind;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.SqlOperator;
import org.apache.calcite.sql.SqlSpecialOperator;
import org.apache.calcite.sql.SqlWriter;
import org.apache.calcite.sql.parser.SqlParserPos;
import org.apache.calcite.util.Litmus;
import org.jspecify.annotations.Nullable;

/// The nodes of our own, sealed: a binder switches over them without `default`. They are calls to
/// Calcite (so that its visitors pass through the operands) but have no operator that Calcite could
/// validate: our binder reads the fields. Immutable.
public abstract sealed class TreeNode extends SqlCall
    permits AliasNode,
        ArgumentNode,
        ArrayNode,
        ArraySubqueryNode,
        AsOfNode,
        BetweenNode,
        CaseNode,
        CastNode,
        CollateNode,
        DefaultNode,
        DescriptorNode,
        DistinctFromNode,
        ExistsNode,
        FieldAccessNode,
        FrameNode,
        FunctionCallNode,
        InNode,
        IntervalLiteralNode,
        IsNode,
        LateralNode,
        LikeNode,
        LogicalNode,
        MatchRecognizeNode,
        MeasureNode,
        NotNode,
        OperatorNode,
        ParameterNode,
        QuantifiedNode,
        RowNode,
        SampleNode,
        SortItemNode,
        SubqueryNode,
        SubscriptNode,
        TableArgumentNode,
        TableFunctionNode,
        TypedLiteralNode,
        WindowNode {
  TreeNode(SqlParserPos pos) {
    super(pos);
  }

  /// Whether `node` is a query: SELECT, VALUES, a set operation, WITH, with or without ORDER BY.
  public static boolean isQuery(SqlNode node) {
    return node.isA(SqlKind.QUERY);
  }

  public final SourceSpan span() {
    return Spans.of(this);
  }

  @Override
  public final SqlOperator getOperator() {
    return new SqlSpecialOperator(getClass().getSimpleName(), SqlKind.OTHER);
  }

  @Override
  public final SqlNode clone(SqlParserPos pos) {
    throw new UnsupportedOperationException("tree nodes are not cloned");
  }

  @Override
  public final void unparse(SqlWriter writer, int leftPrec, int rightPrec) {
    writer.print(TreePrinter.print(this));
  }

  @Override
  public final boolean equalsDeep(@Nullable SqlNode node, Litmus litmus) {
    boolean isEqual = node != null && TreePrinter.print(this).equals(TreePrinter.print(node));
    return isEqual ? litmus.succeed() : litmus.fail("{} != {}", this, node);
  }

  static List<SqlNode> operands(@Nullable SqlNode... nodes) {
    List<SqlNode> present = new ArrayList<>(nodes.length);
    for (SqlNode node : nodes) {
      if (node != null) {
        present.add(node);
      }
    }
    return present;
  }

  static List<SqlNode> concat(SqlNode first, List<SqlNode> rest) {
    List<SqlNode> all = new ArrayList<>(rest.size() + 1);
    all.add(first);
    all.addAll(rest);
    return all;
  }

  static List<SqlNode> allOf(
      List<SqlNode> first,
      List<SqlNode> second,
      @Nullable SqlNode third,
      @Nullable SqlNode fourth) {
    List<SqlNode> all = new ArrayList<>(first);
    all.addAll(second);
    all.addAll(operands(third, fourth));
    return all;
  }
}
