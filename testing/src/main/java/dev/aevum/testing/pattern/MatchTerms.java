package dev.aevum.testing.pattern;

import dev.aevum.model.batch.Schema;
import dev.aevum.model.type.SimpleType;
import dev.aevum.model.type.SqlType;
import dev.aevum.planner.plan.Expr;
import dev.aevum.planner.plan.MatchExpr;
import dev.aevum.planner.plan.MatchOperand;
import dev.aevum.planner.plan.function.FunctionSignature;
import dev.aevum.testing.random.Signatures;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/// Builds one expression of DEFINE or MEASURES: what it takes from the match gets columns of its
/// own. One for each [MatchExpr].
public final class MatchTerms {
  private final Schema input;
  private final Signatures signatures;
  private final List<MatchOperand> operands = new ArrayList<>();

  public MatchTerms(Schema input, Signatures signatures) {
    this.input = input;
    this.signatures = signatures;
  }

  public MatchExpr of(Expr expression) {
    return new MatchExpr(expression, operands);
  }

  /// A column of the input, inside of an operand.
  public Expr column(String name) {
    int index = input.indexOf(name);
    return new Expr.ColumnRef(index, input.type(index), true);
  }

  /// The row's variable, inside of an operand.
  public Expr classifier() {
    return new Expr.ColumnRef(input.size(), SimpleType.TEXT, true);
  }

  /// The match's number, inside of an operand.
  public Expr number() {
    return new Expr.ColumnRef(input.size() + 1, SimpleType.BIGINT, true);
  }

  private Expr operand(MatchOperand operand) {
    operands.add(operand);
    return new Expr.ColumnRef(operands.size() - 1, operand.type(), true);
  }

  public Expr row(Expr value, MatchOperand.Anchor anchor, int offset) {
    return operand(new MatchOperand.RowValue(value, anchor, offset));
  }

  /// The value at the last (`back` = 0) row mapped to one of `variables` so far, moved by `offset`.
  public Expr last(Expr value, List<Integer> variables, int back, int offset) {
    return row(value, new MatchOperand.Anchor(variables, false, back, true), offset);
  }

  public Expr first(Expr value, List<Integer> variables, int further, int offset) {
    return row(value, new MatchOperand.Anchor(variables, true, further, true), offset);
  }

  public Expr aggregate(
      String name,
      List<Expr> arguments,
      boolean distinct,
      List<Integer> variables,
      boolean running) {
    List<SqlType> types = arguments.stream().map(Expr::type).toList();
    FunctionSignature function = signature(name, FunctionSignature.Kind.AGGREGATE, types);
    SqlType type = function.result().resolve(types);
    return operand(
        new MatchOperand.Aggregate(function, arguments, distinct, variables, running, type));
  }

  /// The labels in an order of a column's values.
  public Expr orderedLabels(
      String column, boolean descending, boolean nullsFirst, List<Integer> variables) {
    List<Expr> arguments = List.of(classifier(), new Expr.Literal("", SimpleType.TEXT));
    List<SqlType> types = arguments.stream().map(Expr::type).toList();
    FunctionSignature function = signature("string_agg", FunctionSignature.Kind.AGGREGATE, types);
    return operand(
        new MatchOperand.Aggregate(
            function,
            arguments,
            false,
            null,
            List.of(new MatchOperand.OrderKey(column(column), descending, nullsFirst)),
            variables,
            true,
            function.result().resolve(types)));
  }

  public Expr matchNumber() {
    return operand(new MatchOperand.MatchNumber(SimpleType.BIGINT));
  }

  public Expr rowtime(SqlType type) {
    return operand(new MatchOperand.MatchRowtime(type));
  }

  public Expr timedOut() {
    return operand(new MatchOperand.TimedOut(SimpleType.BOOLEAN));
  }

  /// A scalar function or operator of arguments with exactly its types.
  public Expr call(String name, Expr... arguments) {
    List<SqlType> types = java.util.Arrays.stream(arguments).map(Expr::type).toList();
    FunctionSignature function = signature(name, FunctionSignature.Kind.SCALAR, types);
    return new Expr.Call(function, List.of(arguments), function.result().resolve(types), true);
  }

  private FunctionSignature signature(
      String name, FunctionSignature.Kind kind, List<SqlType> types) {
    return Objects.requireNonNull(signatures.find(name, kind, types), () -> name + types);
  }
}
