package dev.aevum.planner.bind;

import dev.aevum.model.error.ErrorCode;
import dev.aevum.model.error.SourceSpan;
import dev.aevum.model.error.SqlException;
import dev.aevum.model.type.SimpleType;
import dev.aevum.model.type.SqlType;
import dev.aevum.parser.tree.ArgumentNode;
import dev.aevum.parser.tree.FunctionCallNode;
import dev.aevum.planner.error.NameErrors;
import dev.aevum.planner.error.StatementErrors;
import dev.aevum.planner.plan.function.FunctionSignature;
import dev.aevum.planner.rex.Rex;
import dev.aevum.planner.rex.Scalar;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.calcite.rex.RexCall;
import org.apache.calcite.rex.RexNode;
import org.apache.calcite.sql.SqlNode;
import org.jspecify.annotations.Nullable;

/// Arguments of aggregates that are constants of the call: a percentile's fraction, a histogram's
/// bounds. They are known when the statement is prepared and checked then.
final class ConstantArguments {
  /// A signature bound to the constants, and the arguments that are left.
  record Bound(FunctionSignature signature, List<RexNode> arguments) {}

  private ConstantArguments() {}

  static boolean anyNamed(FunctionCallNode node) {
    return node.arguments().stream().anyMatch(ArgumentNode.class::isInstance);
  }

  /// The call with its named constants at the end, in the order of the overload that has them all.
  ///
  /// Errors: 22023 for names that no overload has.
  static FunctionCallNode positional(FunctionCallNode node, List<FunctionSignature> overloads) {
    List<SqlNode> plain = new ArrayList<>();
    List<ArgumentNode> named = new ArrayList<>();
    for (SqlNode argument : node.arguments()) {
      if (argument instanceof ArgumentNode n) {
        named.add(n);
      } else {
        plain.add(argument);
      }
    }
    int count = plain.size() + named.size();
    for (FunctionSignature overload : overloads) {
      if (overload.constants() == null || overload.arguments().size() != count) {
        continue;
      }
      List<String> last = overload.constants().names().subList(plain.size(), count);
      List<SqlNode> all = new ArrayList<>(plain);
      for (String name : last) {
        named.stream()
            .filter(n -> n.name().equals(name))
            .findFirst()
            .ifPresent(n -> all.add(n.value()));
      }
      if (all.size() == count) {
        return node.withArguments(all);
      }
    }
    throw unknown(node, named, overloads);
  }

  /// What is wrong with names that fit no overload: one that is given twice, one that none has, or
  /// one that is not for so many arguments.
  private static SqlException unknown(
      FunctionCallNode node, List<ArgumentNode> named, List<FunctionSignature> overloads) {
    Set<String> seen = new HashSet<>();
    for (ArgumentNode argument : named) {
      if (!seen.add(argument.name())) {
        return StatementErrors.syntax(
            "option \"" + argument.name() + "\" is given twice", ExpressionBinder.span(argument));
      }
    }
    List<String> known =
        overloads.stream()
            .flatMap(o -> o.constants() == null ? Stream.empty() : o.constants().names().stream())
            .filter(n -> !n.isEmpty())
            .distinct()
            .toList();
    ArgumentNode wrong =
        named.stream().filter(n -> !known.contains(n.name())).findFirst().orElse(named.getFirst());
    return new SqlException(
        ErrorCode.INVALID_PARAMETER_VALUE,
        "function "
            + node.name().getLast()
            + " has no option \""
            + wrong.name()
            + "\""
            + (known.contains(wrong.name()) ? " with these arguments" : ""),
        null,
        known.isEmpty() ? null : NameErrors.optionHint(wrong.name(), known),
        ExpressionBinder.span(wrong),
        null);
  }

  /// Parameters are constants whose values come when the statement runs.
  ///
  /// Errors: 22023 for NULL, what is no constant, and what the function does not take.
  static Bound bind(FunctionSignature signature, List<RexNode> arguments, FunctionCallNode node) {
    FunctionSignature.Constants constants = Objects.requireNonNull(signature.constants());
    List<@Nullable Object> values = new ArrayList<>();
    List<RexNode> left = new ArrayList<>();
    boolean later = false;
    for (int i = 0; i < arguments.size(); i++) {
      String name = constants.names().get(i);
      if (name.isEmpty()) {
        values.add(null);
        left.add(arguments.get(i));
        continue;
      }
      FunctionSignature.Open open = parameter(arguments.get(i));
      if (open != null) {
        values.add(open);
        later = true;
        continue;
      }
      @Nullable Object value = ConstantValues.of(arguments.get(i));
      if (value == null) {
        throw StatementErrors.of(
            ErrorCode.INVALID_PARAMETER_VALUE,
            name + " of " + signature.name() + " must be a constant and not NULL",
            span(node, i));
      }
      boolean widen = value instanceof Number && Rex.type(arguments.get(i)) == SimpleType.DOUBLE;
      values.add(widen ? (Object) ((Number) value).doubleValue() : value);
    }
    @Nullable String complaint = later ? null : constants.check().complaint(values);
    if (complaint != null) {
      throw StatementErrors.of(
          ErrorCode.INVALID_PARAMETER_VALUE, signature.name() + ": " + complaint, node.span());
    }
    return new Bound(signature.bound(values), left);
  }

  /// A parameter as it is, as another kind of text, or as double precision.
  private static FunctionSignature.@Nullable Open parameter(RexNode node) {
    if (Rex.scalar(node) instanceof Scalar.Parameter p) {
      return new FunctionSignature.Open(p.number());
    }
    SqlType type = Rex.type(node);
    return (type == SimpleType.DOUBLE || type == SimpleType.TEXT)
            && Rex.scalar(node) instanceof Scalar.Cast
        ? parameter(((RexCall) node).getOperands().getFirst())
        : null;
  }

  private static @Nullable SourceSpan span(FunctionCallNode node, int argument) {
    return argument < node.arguments().size()
        ? ExpressionBinder.span(node.arguments().get(argument))
        : node.span();
  }
}
