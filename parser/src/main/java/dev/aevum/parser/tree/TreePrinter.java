package dev.aevum.parser.tree;

import java.util.List;
import org.apache.calcite.sql.JoinConditionType;
import org.apache.calcite.sql.JoinType;
import org.apache.calcite.sql.SqlAsofJoin;
import org.apache.calcite.sql.SqlBasicCall;
import org.apache.calcite.sql.SqlCharStringLiteral;
import org.apache.calcite.sql.SqlIdentifier;
import org.apache.calcite.sql.SqlJoin;
import org.apache.calcite.sql.SqlLiteral;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.SqlNodeList;
import org.apache.calcite.sql.SqlOrderBy;
import org.apache.calcite.sql.SqlSnapshot;
import org.apache.calcite.sql.SqlWith;
import org.apache.calcite.sql.SqlWithItem;
import org.jspecify.annotations.Nullable;

/// Prints a tree as an S-expression: one form per node, fields in a fixed order. Equal trees print
/// equally, whatever their positions.
public final class TreePrinter {
  private final StringBuilder out = new StringBuilder();

  private TreePrinter() {}

  public static String print(@Nullable SqlNode node) {
    TreePrinter printer = new TreePrinter();
    printer.node(node);
    return printer.out.toString();
  }

  private void node(@Nullable SqlNode node) {
    switch (node) {
      case null -> out.append("-");
      case TreeNode tree -> tree(tree);
      case SelectNode select -> select(select);
      case SqlIdentifier identifier -> identifier(identifier);
      case SqlLiteral literal -> literal(literal);
      case SqlNodeList list -> list(list);
      case SqlOrderBy order ->
          form("order", order.query, order.orderList, order.offset, order.fetch);
      case SqlWith with -> form("with", with.withList, with.body);
      case SqlWithItem item ->
          form(
              item.recursive.booleanValue() ? "recursive" : "cte",
              item.name,
              item.columnList,
              item.query);
      case SqlJoin join -> join(join);
      case SqlSnapshot snapshot ->
          form("system-time", snapshot.getTableRef(), snapshot.getPeriod());
      case SqlBasicCall call -> call(call);
      default -> out.append(node);
    }
  }

  private void identifier(SqlIdentifier identifier) {
    String separator = "";
    for (String name : identifier.names) {
      out.append(separator).append(name.isEmpty() ? "*" : quoted(name));
      separator = ".";
    }
  }

  private static String quoted(String name) {
    return name.matches("[a-z_][a-z0-9_$]*") ? name : '"' + name.replace("\"", "\"\"") + '"';
  }

  private void literal(SqlLiteral literal) {
    if (literal instanceof SqlCharStringLiteral) {
      string(literal.getValueAs(String.class));
    } else {
      out.append(
          literal.getValue() == null
              ? "null"
              : literal.toValue() == null ? literal.toString() : literal.toValue());
    }
  }

  private void string(String text) {
    out.append('\'').append(text.replace("'", "''").replace("\n", "\\n")).append('\'');
  }

  private void list(List<? extends @Nullable SqlNode> items) {
    out.append('[');
    for (int i = 0; i < items.size(); i++) {
      out.append(i == 0 ? "" : " ");
      node(items.get(i));
    }
    out.append(']');
  }

  private void form(String head, @Nullable SqlNode... parts) {
    out.append('(').append(head);
    for (SqlNode part : parts) {
      out.append(' ');
      node(part);
    }
    out.append(')');
  }

  private void form(String head, List<? extends @Nullable SqlNode> parts) {
    form(head, parts.toArray(new SqlNode[0]));
  }

  private void select(SelectNode select) {
    out.append("(select");
    if (select.distinctOn() != null) {
      clause("distinct-on", select.distinctOn());
    } else if (select.isDistinct()) {
      out.append(" distinct");
    }
    out.append(' ');
    node(select.getSelectList());
    clause("from", select.getFrom());
    clause("where", select.getWhere());
    clause("group", select.getGroup());
    clause("having", select.getHaving());
    SqlNodeList windows = select.getWindowList();
    clause("window", windows.isEmpty() ? null : windows);
    clause("qualify", select.getQualify());
    out.append(')');
  }

  private void clause(String name, @Nullable SqlNode part) {
    if (part != null) {
      out.append(' ').append(name).append(' ');
      node(part);
    }
  }

  private void join(SqlJoin join) {
    JoinType type = join.getJoinType();
    String head =
        (join.isNatural() ? "natural-" : "")
            + type.lowerName
            + (type == JoinType.COMMA ? "" : "-join");
    out.append('(').append(head).append(' ');
    node(join.getLeft());
    out.append(' ');
    node(join.getRight());
    if (join instanceof SqlAsofJoin asof) {
      clause("match", asof.getMatchCondition());
    }
    if (join.getConditionType() != JoinConditionType.NONE) {
      clause(join.getConditionType() == JoinConditionType.ON ? "on" : "using", join.getCondition());
    }
    out.append(')');
  }

  /// Set operations and groupings by their operator's name.
  private void call(SqlBasicCall call) {
    String name = call.getOperator().getName().strip();
    String head = name.matches("[A-Za-z_ $]+") ? name : call.getKind().name();
    form(
        head.toLowerCase(java.util.Locale.ROOT).replace(' ', '-').replace('_', '-'),
        call.getOperandList());
  }

  private void tree(TreeNode node) {
    switch (node) {
      case ParameterNode n -> out.append('$').append(n.number());
      case CastNode n -> typed("cast", n.type(), n.operand());
      case TypedLiteralNode n -> typedText(n.type().toString(), n.text());
      case IntervalLiteralNode n ->
          typedText(
              "interval"
                  + (n.fields() == null ? "" : " " + n.fields())
                  + (n.precision() < 0 ? "" : "(" + n.precision() + ")"),
              n.text());
      case ArrayNode n -> form("array", n.elements());
      case ArraySubqueryNode n -> form("array-of", n.query());
      case SubscriptNode n when n.isSlice() -> form("slice", n.base(), n.lower(), n.upper());
      case SubscriptNode n -> form("item", n.base(), n.lower());
      case FieldAccessNode n ->
          form("field " + (n.field().equals("*") ? "*" : quoted(n.field())), n.base());
      case CollateNode n -> form("collate " + String.join(".", n.collation()), n.operand());
      case OperatorNode n -> operator(n);
      case QuantifiedNode n ->
          form(n.operator() + (n.isAll() ? " all" : " any"), n.left(), n.right());
      case InNode n -> in(n);
      case BetweenNode n ->
          form(
              not(n.negated()) + "between" + (n.symmetric() ? "-symmetric" : ""),
              n.value(),
              n.low(),
              n.high());
      case LikeNode n -> form(not(n.negated()) + lower(n.kind()), n.getOperandList());
      case IsNode n -> form("is-" + not(n.negated()) + lower(n.test()), n.value());
      case DistinctFromNode n -> form("is-" + not(n.negated()) + "distinct", n.left(), n.right());
      case LogicalNode n -> form(n.isAnd() ? "and" : "or", n.operands());
      case NotNode n -> form("not", n.operand());
      case ArgumentNode n -> form("=> " + quoted(n.name()), n.value());
      case FunctionCallNode n -> function(n);
      case WindowNode n -> window(n);
      case FrameNode n -> frame(n);
      case SortItemNode n -> sortItem(n);
      case RowNode n -> form("row", n.items());
      case SubqueryNode n -> form("subquery", n.query());
      case ExistsNode n -> form("exists", n.query());
      case CaseNode n -> caseOf(n);
      case DefaultNode ignored -> out.append("default");
      case TableFunctionNode n -> form(n.withOrdinality() ? "table-ordinality" : "table", n.call());
      case TableArgumentNode n -> tableArgument(n);
      case DescriptorNode n -> form("descriptor", n.columns());
      case AliasNode n -> alias(n);
      case LateralNode n -> form("lateral", n.item());
      case MatchRecognizeNode n -> matchRecognize(n);
      case MeasureNode n -> form("measure", n.name(), n.over());
      case AsOfNode n -> form(n.isStep() ? "as-of-step" : "as-of-timestamp", n.table(), n.point());
      case SampleNode n -> sample(n);
    }
  }

  private static String not(boolean negated) {
    return negated ? "not-" : "";
  }

  private static String lower(Enum<?> word) {
    return word.name().toLowerCase(java.util.Locale.ROOT).replace('_', '-');
  }

  private void typed(String head, TypeName type, SqlNode operand) {
    out.append('(').append(head).append(' ');
    node(operand);
    out.append(' ').append(type).append(')');
  }

  private void typedText(String type, String text) {
    out.append('(').append(type).append(' ');
    string(text);
    out.append(')');
  }

  private void operator(OperatorNode node) {
    String head = (node.schema() == null ? "" : node.schema() + ".") + node.name();
    if (node.left() == null) {
      form(head, node.right());
    } else {
      form(head, node.left(), node.right());
    }
  }

  private void in(InNode node) {
    out.append('(').append(not(node.negated())).append("in ");
    node(node.value());
    out.append(' ');
    if (node.items() != null) {
      list(node.items());
    } else {
      node(node.query());
    }
    out.append(')');
  }

  private void function(FunctionCallNode call) {
    out.append('(')
        .append(String.join(".", call.name().stream().map(TreePrinter::quoted).toList()));
    if (call.isBare()) {
      out.append(" bare");
    }
    if (call.isStar()) {
      out.append(" *");
    }
    if (call.quantifier() != null) {
      out.append(' ').append(call.quantifier().toLowerCase(java.util.Locale.ROOT));
    }
    for (int i = 0; i < call.arguments().size(); i++) {
      out.append(call.variadic() && i == call.arguments().size() - 1 ? " variadic " : " ");
      node(call.arguments().get(i));
    }
    if (!call.orderBy().isEmpty()) {
      out.append(call.isWithinGroup() ? " within-group " : " order ");
      list(call.orderBy());
    }
    clause("filter", call.filter());
    if (call.nullTreatment() != null) {
      out.append(' ')
          .append(call.nullTreatment().toLowerCase(java.util.Locale.ROOT).replace(' ', '-'));
    }
    clause("over", call.over());
    out.append(')');
  }

  private void window(WindowNode node) {
    out.append("(window");
    if (node.declared() != null) {
      out.append(" declared ").append(quoted(node.declared()));
    }
    if (node.existing() != null) {
      out.append(" existing ").append(quoted(node.existing()));
    }
    if (!node.partitionBy().isEmpty()) {
      out.append(" partition ");
      list(node.partitionBy());
    }
    if (!node.orderBy().isEmpty()) {
      out.append(" order ");
      list(node.orderBy());
    }
    clause("frame", node.frame());
    if (node.pattern() != null) {
      out.append(node.pattern().seek() ? " seek" : " initial");
      match(node.pattern().match());
    }
    out.append(')');
  }

  private void frame(FrameNode node) {
    out.append('(').append(lower(node.unit())).append(' ');
    bound(node.start(), node.startOffset());
    out.append(' ');
    bound(node.end(), node.endOffset());
    if (node.exclusion() != null) {
      out.append(" exclude ").append(node.exclusion().toLowerCase(java.util.Locale.ROOT));
    }
    out.append(')');
  }

  private void bound(FrameNode.Bound bound, @Nullable SqlNode offset) {
    if (offset == null) {
      out.append(lower(bound));
    } else {
      form(lower(bound), offset);
    }
  }

  private void sortItem(SortItemNode item) {
    String using = item.usingOperator() == null ? "" : " using " + item.usingOperator();
    String nulls =
        item.nullsFirst() == null ? "" : item.nullsFirst() ? " nulls-first" : " nulls-last";
    form((item.descending() ? "desc" : "asc") + using + nulls, item.value());
  }

  private void caseOf(CaseNode node) {
    out.append("(case");
    clause("of", node.value());
    for (int i = 0; i < node.conditions().size(); i++) {
      out.append(' ');
      form("when", node.conditions().get(i), node.results().get(i));
    }
    clause("else", node.otherwise());
    out.append(')');
  }

  private void tableArgument(TableArgumentNode node) {
    out.append("(data ");
    node(node.data());
    if (!node.partitionBy().isEmpty()) {
      out.append(" partition ");
      list(node.partitionBy());
    }
    if (!node.orderBy().isEmpty()) {
      out.append(" order ");
      list(node.orderBy());
    }
    out.append(')');
  }

  private void alias(AliasNode node) {
    out.append("(as ");
    node(node.item());
    out.append(' ').append(node.alias().isEmpty() ? "-" : quoted(node.alias()));
    for (int i = 0; i < node.columns().size(); i++) {
      out.append(' ').append(quoted(node.columns().get(i)));
      if (!node.types().isEmpty()) {
        out.append(':').append(node.types().get(i));
      }
    }
    out.append(')');
  }

  private void sample(SampleNode node) {
    out.append("(sample ").append(node.method()).append(' ');
    node(node.table());
    out.append(' ');
    list(node.arguments());
    clause("seed", node.seed());
    out.append(')');
  }

  private void matchRecognize(MatchRecognizeNode node) {
    out.append("(match-recognize ");
    node(node.data());
    if (!node.partitionBy().isEmpty()) {
      out.append(" partition ");
      list(node.partitionBy());
    }
    if (!node.orderBy().isEmpty()) {
      out.append(" order ");
      list(node.orderBy());
    }
    match(node.match());
    out.append(')');
  }

  private void match(MatchClause match) {
    if (!match.measures().isEmpty()) {
      out.append(" measures ");
      list(match.measures());
    }
    if (match.rows() != null) {
      out.append(' ').append(lower(match.rows()));
    }
    if (match.skip() != null) {
      PatternName to = match.skip().variable();
      out.append(" skip-").append(lower(match.skip().kind()));
      out.append(to == null ? "" : " " + quoted(to.text()));
    }
    out.append(" pattern ");
    pattern(match.pattern());
    clause("within", match.within());
    if (match.timeouts() != null) {
      out.append(" timeouts");
    }
    for (MatchClause.Subset subset : match.subsets()) {
      out.append(" (subset ").append(quoted(subset.union().text()));
      subset.members().forEach(m -> out.append(' ').append(quoted(m.text())));
      out.append(')');
    }
    for (MatchClause.Define define : match.defines()) {
      out.append(" (define ").append(quoted(define.variable().text())).append(' ');
      node(define.condition());
      out.append(')');
    }
  }

  private void pattern(RowPattern pattern) {
    switch (pattern) {
      case RowPattern.Variable p -> out.append(quoted(p.name()));
      case RowPattern.Empty ignored -> out.append("()");
      case RowPattern.Start ignored -> out.append('^');
      case RowPattern.End ignored -> out.append('$');
      case RowPattern.Concatenation p -> patterns("then", p.parts());
      case RowPattern.Alternation p -> patterns("or", p.branches());
      case RowPattern.Permutation p -> patterns("permute", p.parts());
      case RowPattern.Exclusion p -> patterns("exclude", List.of(p.operand()));
      case RowPattern.Quantified p ->
          patterns(
              (p.reluctant() ? "reluctant " : "repeat ")
                  + p.min()
                  + " "
                  + (p.max() == RowPattern.UNBOUNDED ? "*" : p.max()),
              List.of(p.operand()));
    }
  }

  private void patterns(String head, List<RowPattern> parts) {
    out.append('(').append(head);
    for (RowPattern part : parts) {
      out.append(' ');
      pattern(part);
    }
    out.append(')');
  }
}
