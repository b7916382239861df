package dev.aevum.planner.bind;

import dev.aevum.model.error.SourceSpan;
import dev.aevum.parser.tree.ArgumentNode;
import dev.aevum.parser.tree.FunctionCallNode;
import dev.aevum.planner.error.NameErrors;
import dev.aevum.planner.error.StatementErrors;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.calcite.sql.SqlLiteral;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.parser.SqlParserPos;
import org.jspecify.annotations.Nullable;

/// `f(name => value)`: the parameters that PostgreSQL names, put in their places.
final class NamedArguments {
  /// @param optional the parameters are 0 where they are not given
  private record Parameters(List<String> names, boolean optional) {}

  private static final Map<String, Parameters> FUNCTIONS =
      Map.of(
          "make_interval",
          new Parameters(
              List.of("years", "months", "weeks", "days", "hours", "mins", "secs"), true),
          "make_date",
          new Parameters(List.of("year", "month", "day"), false),
          "make_time",
          new Parameters(List.of("hour", "min", "sec"), false),
          "make_timestamp",
          new Parameters(List.of("year", "month", "mday", "hour", "min", "sec"), false),
          "make_timestamptz",
          new Parameters(List.of("year", "month", "mday", "hour", "min", "sec"), false));

  private NamedArguments() {}

  /// The arguments of a call in order of the parameters.
  ///
  /// Errors: 42883 for a function without such parameters, 42601 for a name given twice or a
  /// positional argument after a named one.
  static List<SqlNode> inOrder(FunctionCallNode node, ExpressionBinder expressions) {
    List<SqlNode> given = node.arguments();
    if (given.stream().noneMatch(ArgumentNode.class::isInstance)) {
      return given;
    }
    checkOrder(given);
    @Nullable Parameters parameters = FUNCTIONS.get(node.name().getLast());
    if (parameters == null) {
      throw unknown(node, expressions);
    }
    Map<Integer, SqlNode> places = new HashMap<>();
    for (int i = 0; i < given.size(); i++) {
      int place = i;
      SqlNode value = given.get(i);
      if (value instanceof ArgumentNode named) {
        place = parameters.names.indexOf(named.name());
        value = named.value();
      }
      if (place < 0
          || place >= parameters.names.size()
          || places.putIfAbsent(place, value) != null) {
        throw unknown(node, expressions);
      }
    }
    int last = places.keySet().stream().mapToInt(p -> p).max().orElse(-1);
    if (!parameters.optional && places.size() < parameters.names.size()) {
      throw unknown(node, expressions);
    }
    List<SqlNode> ordered = new ArrayList<>();
    for (int i = 0; i <= last; i++) {
      SqlNode value = places.get(i);
      ordered.add(value == null ? SqlLiteral.createExactNumeric("0", SqlParserPos.ZERO) : value);
    }
    return ordered;
  }

  private static void checkOrder(List<SqlNode> given) {
    List<String> names = new ArrayList<>();
    for (SqlNode argument : given) {
      SourceSpan span = ExpressionBinder.span(argument);
      if (argument instanceof ArgumentNode named) {
        if (names.contains(named.name())) {
          throw StatementErrors.syntax(
              "argument name \"" + named.name() + "\" used more than once", span);
        }
        names.add(named.name());
      } else if (!names.isEmpty()) {
        throw StatementErrors.syntax("positional argument cannot follow named argument", span);
      }
    }
  }

  private static RuntimeException unknown(FunctionCallNode node, ExpressionBinder expressions) {
    List<String> shown = new ArrayList<>();
    for (SqlNode argument : node.arguments()) {
      SqlNode value = argument instanceof ArgumentNode named ? named.value() : argument;
      String type =
          OperatorBinder.errorName(dev.aevum.planner.rex.Rex.type(expressions.bind(value)));
      shown.add(argument instanceof ArgumentNode named ? named.name() + " => " + type : type);
    }
    String name = node.name().getLast();
    boolean exists = !expressions.context().catalog().functions().named(name).isEmpty();
    return NameErrors.unknownFunction(
        name, String.join(", ", shown), exists, expressions.functionNames(), node.nameSpan());
  }
}
