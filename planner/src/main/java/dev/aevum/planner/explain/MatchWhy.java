package dev.aevum.planner.explain;

import dev.aevum.model.batch.Field;
import dev.aevum.model.batch.Schema;
import dev.aevum.model.type.SimpleType;
import dev.aevum.model.type.SqlType;
import dev.aevum.planner.plan.Expr;
import dev.aevum.planner.plan.MatchExpr;
import dev.aevum.planner.plan.MatchOperand;
import dev.aevum.planner.plan.MatchSpec;
import dev.aevum.planner.plan.MatchSpec.OutputColumn;
import dev.aevum.planner.plan.MatchSpec.RowsPerMatch;
import dev.aevum.planner.plan.Pattern;
import dev.aevum.planner.plan.PlanNode;
import dev.aevum.planner.plan.PlanNode.CalcNode;
import dev.aevum.planner.plan.PlanNode.MatchNode;
import dev.aevum.planner.plan.Traits;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/// The rows behind the matches of a query: each with its variable and with what that variable's
/// condition looked at. `plan` gives the columns of `inputs`, then the label, the match's number,
/// and the operands of each variable's condition.
///
/// @param partition positions in `inputs`
/// @param variables names by variable
/// @param definitions conditions as text by variable, "any row" where there is none
/// @param operands texts of the values of each variable's condition
/// @param oneRow the query gives one row a match
/// @param everyRow the query gives every row, also those without a match
public record MatchWhy(
    CalcNode plan,
    List<Field> inputs,
    List<Integer> partition,
    List<String> variables,
    List<String> definitions,
    List<List<String>> operands,
    boolean oneRow,
    boolean everyRow) {

  /// Null: the query is something else than a row pattern, filtered and projected.
  public static @Nullable MatchWhy of(PlanNode root) {
    return switch (root) {
      case MatchNode match -> of(match, null);
      case CalcNode calc when calc.input() instanceof MatchNode match -> of(match, calc.filter());
      default -> null;
    };
  }

  private static MatchWhy of(MatchNode match, @Nullable Expr filter) {
    Schema input = match.input().schema();
    MatchText text = new MatchText(input, match.match());
    List<Integer> shown =
        IntStream.range(0, input.size())
            .filter(i -> !input.field(i).name().startsWith("_"))
            .boxed()
            .toList();
    List<MatchExpr> measures = new ArrayList<>(match.match().measures());
    if (isAtTheEnd(match.match())) {
      measures.replaceAll(MatchWhy::atTheEnd);
    }
    List<OutputColumn> output = new ArrayList<>(match.match().output());
    List<Field> fields = new ArrayList<>(match.schema().fields());
    int width = output.size();
    for (int column : shown) {
      output.add(new OutputColumn.Input(column));
      fields.add(input.field(column));
    }
    List<MatchExpr> more = new ArrayList<>();
    more.add(label(input.size(), match.match().variables().size()));
    more.add(value(new MatchOperand.MatchNumber(SimpleType.BIGINT)));
    List<List<String>> operands = new ArrayList<>();
    List<String> definitions = new ArrayList<>();
    for (MatchExpr define : match.match().defines()) {
      definitions.add(define == null ? "any row" : text.of(define));
      List<String> texts = new ArrayList<>();
      for (MatchOperand operand : define == null ? List.<MatchOperand>of() : define.operands()) {
        texts.add(text.operand(operand));
        more.add(value(operand));
      }
      operands.add(texts);
    }
    for (MatchExpr measure : more) {
      output.add(new OutputColumn.Measure(measures.size()));
      fields.add(new Field("$" + output.size(), measure.expression().type(), true));
      measures.add(measure);
    }
    MatchNode all = withAllRows(match, measures, output, new Schema(fields));
    return new MatchWhy(
        rest(all, filter, width),
        shown.stream().map(input::field).toList(),
        match.partitionBy().stream().map(shown::indexOf).toList(),
        match.match().variables(),
        definitions,
        operands,
        match.match().rows() == RowsPerMatch.ONE_ROW,
        match.match().rows() == RowsPerMatch.EVERY_ROW);
  }

  private static CalcNode rest(MatchNode all, @Nullable Expr filter, int width) {
    List<Expr> projections = new ArrayList<>();
    List<Field> fields = new ArrayList<>();
    for (int i = width; i < all.schema().size(); i++) {
      Field field = all.schema().field(i);
      projections.add(new Expr.ColumnRef(i, field.type(), field.nullable()));
      fields.add(field);
    }
    return new CalcNode(all, filter, projections, new Schema(fields), Traits.UNKNOWN);
  }

  private static MatchNode withAllRows(
      MatchNode match, List<MatchExpr> measures, List<OutputColumn> output, Schema schema) {
    MatchSpec spec = match.match();
    boolean one = isAtTheEnd(spec);
    return new MatchNode(
        match.input(),
        match.partitionBy(),
        match.orderBy(),
        new MatchSpec(
            spec.variables(),
            one ? shown(spec.pattern()) : spec.pattern(),
            spec.defines(),
            measures,
            output,
            one ? RowsPerMatch.ALL_ROWS_SHOW_EMPTY : spec.rows(),
            spec.afterMatch(),
            spec.withinMicros(),
            spec.timeouts(),
            spec.frame()),
        match.timeColumn(),
        false,
        schema,
        match.traits());
  }

  private static boolean isAtTheEnd(MatchSpec match) {
    return match.rows() == RowsPerMatch.ONE_ROW || match.rows() == RowsPerMatch.EVERY_ROW;
  }

  private static MatchExpr value(MatchOperand operand) {
    return new MatchExpr(new Expr.ColumnRef(0, operand.type(), true), List.of(operand));
  }

  private static MatchExpr label(int column, int variables) {
    SqlType text = SimpleType.TEXT;
    List<Integer> all = IntStream.range(0, variables).boxed().toList();
    return value(
        new MatchOperand.RowValue(
            new Expr.ColumnRef(column, text, true),
            new MatchOperand.Anchor(all, false, 0, true),
            0));
  }

  /// What ONE ROW PER MATCH computes at the match's last row.
  private static MatchExpr atTheEnd(MatchExpr measure) {
    List<MatchOperand> operands = new ArrayList<>();
    for (MatchOperand operand : measure.operands()) {
      operands.add(
          switch (operand) {
            case MatchOperand.RowValue o ->
                new MatchOperand.RowValue(
                    o.value(),
                    new MatchOperand.Anchor(
                        o.anchor().variables(), o.anchor().first(), o.anchor().skip(), false),
                    o.offset());
            case MatchOperand.Aggregate o ->
                new MatchOperand.Aggregate(
                    o.function(),
                    o.arguments(),
                    o.distinct(),
                    o.filter(),
                    o.order(),
                    o.variables(),
                    false,
                    o.type());
            case MatchOperand.MatchNumber o -> o;
            case MatchOperand.MatchRowtime o -> o;
            case MatchOperand.TimedOut o -> o;
          });
    }
    return new MatchExpr(measure.expression(), operands);
  }

  /// The pattern without exclusions: their rows are part of the match, too.
  private static Pattern shown(Pattern pattern) {
    return switch (pattern) {
      case Pattern.Exclusion p -> shown(p.operand());
      case Pattern.Concatenation p ->
          new Pattern.Concatenation(p.parts().stream().map(MatchWhy::shown).toList());
      case Pattern.Alternation p ->
          new Pattern.Alternation(p.branches().stream().map(MatchWhy::shown).toList());
      case Pattern.Permutation p ->
          new Pattern.Permutation(p.parts().stream().map(MatchWhy::shown).toList());
      case Pattern.Quantified p ->
          new Pattern.Quantified(shown(p.operand()), p.min(), p.max(), p.reluctant());
      case Pattern.Variable p -> p;
      case Pattern.Empty p -> p;
      case Pattern.PartitionStart p -> p;
      case Pattern.PartitionEnd p -> p;
    };
  }
}
