package dev.aevum.planner.bind;

import dev.aevum.model.error.ErrorCode;
import dev.aevum.model.error.SourceSpan;
import dev.aevum.model.type.SimpleType;
import dev.aevum.model.type.SqlType;
import dev.aevum.parser.tree.OperatorNode;
import dev.aevum.planner.error.NameErrors;
import dev.aevum.planner.error.StatementErrors;
import dev.aevum.planner.plan.function.FunctionSignature;
import dev.aevum.planner.rex.Rex;
import dev.aevum.planner.rex.Scalar;
import dev.aevum.planner.type.TypeCategory;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.calcite.rex.RexCall;
import org.apache.calcite.rex.RexNode;
import org.apache.calcite.sql.SqlNumericLiteral;
import org.jspecify.annotations.Nullable;

/// Symbolic operators: resolution, coercion of the operands, and rows compared item by item.
final class OperatorBinder {
  private static final Set<String> NEVER_NULL =
      Set.of(
          "+", "-", "*", "/", "%", "=", "<>", "<", "<=", ">", ">=", "||", "~~", "!~~", "~~*",
          "!~~*", "&", "|", "#");

  private final ExpressionBinder expressions;

  OperatorBinder(ExpressionBinder expressions) {
    this.expressions = expressions;
  }

  RexNode operator(OperatorNode node) {
    expressions.checkSchema(node.schema(), node.operatorSpan());
    if (node.left() == null) {
      if (node.right() instanceof SqlNumericLiteral number
          && (node.name().equals("-") || node.name().equals("+"))) {
        return new LiteralBinder(expressions).number(number, node.name().equals("-"));
      }
      return apply(node.name(), List.of(expressions.bind(node.right())), node.operatorSpan());
    }
    return apply(
        node.name(),
        List.of(expressions.bind(node.left()), expressions.bind(node.right())),
        node.operatorSpan());
  }

  RexNode apply(String name, List<RexNode> operands, @Nullable SourceSpan span) {
    if (operands.stream().anyMatch(o -> Rex.scalar(o) instanceof Scalar.Row)) {
      return rows(name, operands, span);
    }
    List<SqlType> types = widened(operands.stream().map(Rex::type).toList());
    FunctionSignature signature = resolve(name, types, span);
    List<SqlType> targets = Polymorphism.targets(signature, types);
    return call(signature, operands, targets, span);
  }

  /// real with a number of another type is double precision, as with PostgreSQL's mixed operators.
  private static List<SqlType> widened(List<SqlType> types) {
    boolean mixed =
        types.size() == 2
            && types.contains(SimpleType.REAL)
            && types.stream()
                .anyMatch(t -> t != SimpleType.REAL && TypeCategory.of(t) == TypeCategory.NUMBER);
    return mixed
        ? types.stream().map(t -> t == SimpleType.REAL ? SimpleType.DOUBLE : t).toList()
        : types;
  }

  private RexNode call(
      FunctionSignature signature,
      List<RexNode> operands,
      List<SqlType> targets,
      @Nullable SourceSpan span) {
    List<RexNode> arguments = new ArrayList<>();
    for (int i = 0; i < operands.size(); i++) {
      arguments.add(expressions.coercion().implicit(operands.get(i), targets.get(i), span));
    }
    SqlType type = signature.result().resolve(arguments.stream().map(Rex::type).toList());
    boolean nullable =
        !signature.strict() || !NEVER_NULL.contains(signature.name()) || Rex.anyNullable(arguments);
    return expressions.rex().call(new Scalar.Function(signature), type, nullable, arguments);
  }

  FunctionSignature resolve(String name, List<SqlType> types, @Nullable SourceSpan span) {
    OverloadResolver.Result result =
        OverloadResolver.resolve(
            expressions.context().catalog().functions().named(name), types, true);
    if (result.isUnique()) {
      return result.candidates().getFirst();
    }
    throw result.candidates().isEmpty()
        ? NameErrors.unknownOperator(shown(name, types), span)
        : NameErrors.ambiguousOperator(shown(name, types), span);
  }

  static String shown(String name, List<SqlType> types) {
    List<String> names = types.stream().map(OperatorBinder::errorName).toList();
    return names.size() == 1
        ? name + " " + names.getFirst()
        : names.stream().collect(Collectors.joining(" " + name + " "));
  }

  /// Types in error texts have no modifiers.
  static String errorName(SqlType type) {
    return switch (type) {
      case dev.aevum.model.type.DecimalType d -> "numeric";
      case dev.aevum.model.type.VarcharType v -> "character varying";
      case dev.aevum.model.type.CharType c -> "character";
      case dev.aevum.model.type.ArrayType a -> errorName(a.element()) + "[]";
      case dev.aevum.model.type.CompositeType c -> c.displayName();
      case dev.aevum.model.type.SimpleType s -> s.displayName();
    };
  }

  private RexNode rows(String name, List<RexNode> operands, @Nullable SourceSpan span) {
    boolean bothRows =
        operands.size() == 2
            && operands.stream().allMatch(o -> Rex.scalar(o) instanceof Scalar.Row);
    if (!bothRows) {
      throw NameErrors.unknownOperator(
          shown(name, operands.stream().map(Rex::type).toList()), span);
    }
    List<RexNode> left = ((RexCall) operands.get(0)).getOperands();
    List<RexNode> right = ((RexCall) operands.get(1)).getOperands();
    if (left.size() != right.size()) {
      throw StatementErrors.syntax("unequal number of entries in row expressions", span);
    }
    if (left.isEmpty()) {
      throw StatementErrors.of(
          ErrorCode.FEATURE_NOT_SUPPORTED, "cannot compare rows of zero length", span);
    }
    return switch (name) {
      case "=" -> expressions.rex().and(pairwise("=", left, right, span));
      case "<>" -> expressions.rex().or(pairwise("<>", left, right, span));
      case "<", "<=", ">", ">=" -> lexical(name, left, right, 0, span);
      default -> throw StatementErrors.unsupported("operator " + name + " on rows", span);
    };
  }

  private List<RexNode> pairwise(
      String name, List<RexNode> left, List<RexNode> right, @Nullable SourceSpan span) {
    List<RexNode> pairs = new ArrayList<>();
    for (int i = 0; i < left.size(); i++) {
      pairs.add(apply(name, List.of(left.get(i), right.get(i)), span));
    }
    return pairs;
  }

  /// `a < c OR a = c AND (rest)`; the last pair decides with the operator itself.
  private RexNode lexical(
      String name, List<RexNode> left, List<RexNode> right, int from, @Nullable SourceSpan span) {
    List<RexNode> pair = List.of(left.get(from), right.get(from));
    if (from == left.size() - 1) {
      return apply(name, pair, span);
    }
    RexNode strict = apply(name.substring(0, 1), pair, span);
    RexNode equal = apply("=", pair, span);
    RexNode rest = lexical(name, left, right, from + 1, span);
    return expressions.rex().or(List.of(strict, expressions.rex().and(List.of(equal, rest))));
  }
}
