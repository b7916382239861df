package dev.aevum.planner.bind;

import dev.aevum.model.error.ErrorCode;
import dev.aevum.model.error.SourceSpan;
import dev.aevum.model.type.SimpleType;
import dev.aevum.model.type.SqlType;
import dev.aevum.parser.tree.AliasNode;
import dev.aevum.parser.tree.ArgumentNode;
import dev.aevum.parser.tree.ArrayNode;
import dev.aevum.parser.tree.ArraySubqueryNode;
import dev.aevum.parser.tree.AsOfNode;
import dev.aevum.parser.tree.BetweenNode;
import dev.aevum.parser.tree.CaseNode;
import dev.aevum.parser.tree.CastNode;
import dev.aevum.parser.tree.CollateNode;
import dev.aevum.parser.tree.DefaultNode;
import dev.aevum.parser.tree.DescriptorNode;
import dev.aevum.parser.tree.DistinctFromNode;
import dev.aevum.parser.tree.ExistsNode;
import dev.aevum.parser.tree.FieldAccessNode;
import dev.aevum.parser.tree.FrameNode;
import dev.aevum.parser.tree.FunctionCallNode;
import dev.aevum.parser.tree.InNode;
import dev.aevum.parser.tree.IntervalLiteralNode;
import dev.aevum.parser.tree.IsNode;
import dev.aevum.parser.tree.LateralNode;
import dev.aevum.parser.tree.LikeNode;
import dev.aevum.parser.tree.LogicalNode;
import dev.aevum.parser.tree.MatchRecognizeNode;
import dev.aevum.parser.tree.MeasureNode;
import dev.aevum.parser.tree.NotNode;
import dev.aevum.parser.tree.OperatorNode;
import dev.aevum.parser.tree.ParameterNode;
import dev.aevum.parser.tree.QuantifiedNode;
import dev.aevum.parser.tree.RowNode;
import dev.aevum.parser.tree.SampleNode;
import dev.aevum.parser.tree.SortItemNode;
import dev.aevum.parser.tree.Spans;
import dev.aevum.parser.tree.SubqueryNode;
import dev.aevum.parser.tree.SubscriptNode;
import dev.aevum.parser.tree.TableArgumentNode;
import dev.aevum.parser.tree.TableFunctionNode;
import dev.aevum.parser.tree.TreeNode;
import dev.aevum.parser.tree.TypedLiteralNode;
import dev.aevum.parser.tree.WindowNode;
import dev.aevum.planner.error.NameErrors;
import dev.aevum.planner.error.StatementErrors;
import dev.aevum.planner.rex.Rex;
import dev.aevum.planner.rex.Scalar;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.calcite.rex.RexNode;
import org.apache.calcite.sql.SqlIdentifier;
import org.apache.calcite.sql.SqlLiteral;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.parser.SqlParserPos;
import org.jspecify.annotations.Nullable;

/// Binds expressions of one clause over one scope. What needs more than a few lines has a class of
/// its own, by family.
final class ExpressionBinder {
  private static final Set<String> BYTEWISE_COLLATIONS =
      Set.of("default", "C", "POSIX", "ucs_basic", "C.UTF-8");

  private final BindContext context;
  private final Scope scope;
  private final Environment environment;
  private final Clause clause;
  private final @Nullable PatternScope pattern;
  private final Coercion coercion;

  /// `environment`: the WITH queries and named windows that sub-queries and OVER may use.
  ExpressionBinder(BindContext context, Scope scope, Environment environment, Clause clause) {
    this(context, scope, environment, clause, null);
  }

  private ExpressionBinder(
      BindContext context,
      Scope scope,
      Environment environment,
      Clause clause,
      @Nullable PatternScope pattern) {
    this.context = context;
    this.scope = scope;
    this.environment = environment;
    this.clause = clause;
    this.pattern = pattern;
    this.coercion = new Coercion(context);
  }

  ExpressionBinder in(Clause other) {
    return new ExpressionBinder(context, scope, environment, other, pattern);
  }

  /// The binder of an expression whose columns are those of a match.
  ExpressionBinder with(PatternScope other) {
    return new ExpressionBinder(context, scope, environment, clause, other);
  }

  boolean isInPattern() {
    return pattern != null;
  }

  BindContext context() {
    return context;
  }

  Scope scope() {
    return scope;
  }

  Environment environment() {
    return environment;
  }

  Clause clause() {
    return clause;
  }

  Coercion coercion() {
    return coercion;
  }

  Rex rex() {
    return context.rex();
  }

  static @Nullable SourceSpan span(SqlNode node) {
    SqlParserPos pos = node.getParserPosition();
    return pos.equals(SqlParserPos.ZERO) ? null : Spans.of(pos);
  }

  List<RexNode> bindAll(List<? extends SqlNode> nodes) {
    List<RexNode> bound = new ArrayList<>(nodes.size());
    for (SqlNode node : nodes) {
      bound.add(bind(node));
    }
    return bound;
  }

  RexNode bindBoolean(SqlNode node, String construct) {
    return coercion.bool(bind(node), construct, span(node));
  }

  RexNode bind(SqlNode node) {
    return switch (node) {
      case SqlIdentifier name -> column(name);
      case SqlLiteral literal -> new LiteralBinder(this).literal(literal);
      case TreeNode tree -> bindTree(tree);
      default -> {
        if (TreeNode.isQuery(node)) {
          yield new SubqueryBinder(this).scalar(node);
        }
        throw StatementErrors.unsupported("this expression", span(node));
      }
    };
  }

  private RexNode bindTree(TreeNode tree) {
    return switch (tree) {
      case OperatorNode n -> new OperatorBinder(this).operator(n);
      case LogicalNode n -> logical(n);
      case NotNode n -> rex().not(bindBoolean(n.operand(), "NOT"));
      case IsNode n -> new PredicateBinder(this).is(n);
      case DistinctFromNode n -> new PredicateBinder(this).distinctFrom(n);
      case InNode n -> new PredicateBinder(this).in(n);
      case BetweenNode n -> new PredicateBinder(this).between(n);
      case LikeNode n -> new PredicateBinder(this).like(n);
      case QuantifiedNode n -> new PredicateBinder(this).quantified(n);
      case CastNode n -> cast(n);
      case FunctionCallNode n -> call(n);
      case CaseNode n -> new CaseBinder(this).bind(n);
      case ArrayNode n -> new ArrayBinder(this).constructor(n);
      case SubscriptNode n -> new ArrayBinder(this).subscript(n);
      case ArraySubqueryNode n -> new SubqueryBinder(this).array(n);
      case SubqueryNode n -> new SubqueryBinder(this).scalar(n.query());
      case ExistsNode n -> new SubqueryBinder(this).exists(n);
      case RowNode n -> row(n);
      case MeasureNode n -> new WindowPatternBinder(this).measure(n);
      case FieldAccessNode n -> new CompositeBinder(this).field(n);
      case CollateNode n -> collate(n);
      case ParameterNode n -> parameter(n);
      case IntervalLiteralNode n -> new LiteralBinder(this).interval(n);
      case TypedLiteralNode n -> new LiteralBinder(this).typed(n);
      case DefaultNode n ->
          throw StatementErrors.syntax("DEFAULT is not allowed in this context", n.span());
      case ArgumentNode n -> throw StatementErrors.unsupported("a named argument", n.span());
      case AliasNode n -> throw misplaced(n);
      case AsOfNode n -> throw misplaced(n);
      case DescriptorNode n -> throw misplaced(n);
      case FrameNode n -> throw misplaced(n);
      case LateralNode n -> throw misplaced(n);
      case MatchRecognizeNode n -> throw misplaced(n);
      case SampleNode n -> throw misplaced(n);
      case SortItemNode n -> throw misplaced(n);
      case TableArgumentNode n -> throw misplaced(n);
      case TableFunctionNode n -> throw misplaced(n);
      case WindowNode n -> throw misplaced(n);
    };
  }

  private static RuntimeException misplaced(TreeNode node) {
    return StatementErrors.syntax("syntax error: not an expression", node.span());
  }

  private RexNode call(FunctionCallNode node) {
    @Nullable RexNode value =
        pattern == null ? null : new PatternFunctions(this, pattern).call(node);
    return value == null ? new FunctionBinder(this).call(node) : value;
  }

  private RexNode column(SqlIdentifier name) {
    if (pattern != null) {
      return pattern.column(name);
    }
    if (name.isStar()) {
      throw StatementErrors.syntax("\"*\" is not allowed in this context", span(name));
    }
    @Nullable RexNode value = scope.tryResolve(name.names, span(name));
    if (value != null) {
      return value;
    }
    if (name.names.size() == 1 && scope.entry(name.names) != null) {
      throw StatementErrors.unsupported(
          "a whole-row reference (\"" + name.names.getFirst() + "\" is a table)", span(name));
    }
    return scope.resolve(name.names, span(name));
  }

  private RexNode logical(LogicalNode node) {
    String construct = node.isAnd() ? "AND" : "OR";
    List<RexNode> operands = new ArrayList<>();
    for (SqlNode operand : node.operands()) {
      operands.add(bindBoolean(operand, construct));
    }
    return node.isAnd() ? rex().and(operands) : rex().or(operands);
  }

  private RexNode cast(CastNode node) {
    SqlType target = new TypeNames(context.catalog()).resolve(node.type());
    RexNode operand =
        node.operand() instanceof ArrayNode array
                && target instanceof dev.aevum.model.type.ArrayType arrayType
            ? new ArrayBinder(this).constructor(array, arrayType)
            : bind(node.operand());
    @Nullable SourceSpan where =
        Rex.scalar(operand) instanceof Scalar.Constant ? span(node.operand()) : node.operatorSpan();
    return coercion.explicit(operand, target, where);
  }

  private RexNode row(RowNode node) {
    List<RexNode> items = bindAll(node.items());
    return rex().call(new Scalar.Row(), SimpleType.RECORD, false, items);
  }

  private RexNode collate(CollateNode node) {
    String name = node.collation().getLast();
    if (!BYTEWISE_COLLATIONS.contains(name)) {
      throw StatementErrors.of(
          ErrorCode.UNDEFINED_OBJECT,
          "collation \"" + name + "\" for encoding \"UTF8\" does not exist",
          node.span());
    }
    return coercion.orText(bind(node.operand()), node.span());
  }

  private RexNode parameter(ParameterNode node) {
    if (context.isView()) {
      throw StatementErrors.of(
          ErrorCode.UNDEFINED_PARAMETER, "there is no parameter $" + node.number(), node.span());
    }
    SqlType type = context.parameters().type(node.number());
    return rex().call(new Scalar.Parameter(node.number()), type, true, List.of());
  }

  /// The names that a wrong function name is compared with.
  List<String> functionNames() {
    return context.catalog().functions().all().stream().map(f -> f.name()).distinct().toList();
  }

  /// Checks the schema of a function's or operator's name: what is built in lives in `pg_catalog`,
  /// `information_schema` and `aevum`.
  void checkSchema(@Nullable String schema, @Nullable SourceSpan span) {
    if (schema != null
        && !Set.of("pg_catalog", "information_schema", "aevum").contains(schema)
        && !context.catalog().schemaExists(schema)) {
      throw NameErrors.unknownSchema(schema, span);
    }
  }

  /// WITH queries and the WINDOW clause in force.
  record Environment(Map<String, QueryBinder.With> with, Map<String, WindowNode> windows) {
    static final Environment EMPTY = new Environment(Map.of(), Map.of());
  }
}
