package dev.aevum.planner.bind;

import dev.aevum.model.error.SourceSpan;
import dev.aevum.model.type.SqlType;
import dev.aevum.parser.tree.AliasNode;
import dev.aevum.parser.tree.MatchClause;
import dev.aevum.parser.tree.MatchRecognizeNode;
import dev.aevum.parser.tree.SortItemNode;
import dev.aevum.planner.error.PatternErrors;
import dev.aevum.planner.plan.MatchExpr;
import dev.aevum.planner.plan.MatchSpec;
import dev.aevum.planner.plan.MatchSpec.OutputColumn;
import dev.aevum.planner.plan.MatchSpec.RowsPerMatch;
import dev.aevum.planner.plan.Pattern;
import dev.aevum.planner.plan.SortKey;
import dev.aevum.planner.rel.Extension;
import dev.aevum.planner.rel.Rels;
import dev.aevum.planner.rex.Rex;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.apache.calcite.rel.RelNode;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.rex.RexInputRef;
import org.apache.calcite.sql.SqlIdentifier;
import org.apache.calcite.sql.SqlNode;
import org.jspecify.annotations.Nullable;

/// `data MATCH_RECOGNIZE (...)`.
final class MatchBinder {
  private final FromBinder from;
  private final BindContext context;

  MatchBinder(FromBinder from) {
    this.from = from;
    this.context = from.context();
  }

  FromItem bind(MatchRecognizeNode node) {
    FromItem data = from.bind(node.data());
    Scope input = new Scope(context, data.entries(), data.visible(), null);
    MatchClause clause = node.match();
    List<Integer> partition = partition(node.partitionBy(), input);
    List<SortKey> order = order(node.orderBy(), input);
    int time = MatchClauses.timeColumn(order, Rels.types(data.rel()));
    MatchClauses clauses = new MatchClauses(context, from.environment());
    @Nullable SqlType rowtime =
        time < 0 ? null : Rex.type(context.rels().reference(data.rel(), time));
    RowsPerMatch rows = rows(clause.rows());
    PatternVariables variables = new PatternVariables();
    Pattern pattern =
        new PatternBinder(variables, rows != RowsPerMatch.ALL_ROWS_WITH_UNMATCHED)
            .bind(clause.pattern());
    variables.addSubsets(clause.subsets());
    long within = clauses.within(clause, time);
    int width = data.rel().getRowType().getFieldCount();
    List<@Nullable MatchExpr> defines =
        clauses.defines(
            clause.defines(), new PatternScope.Settings(variables, input, width, false, rowtime));
    List<MatchClauses.Measure> measures =
        clauses.measures(
            clause.measures(), new PatternScope.Settings(variables, input, width, true, rowtime));
    List<Integer> columns =
        rows == RowsPerMatch.ONE_ROW ? partition : allColumns(partition, order, data);
    checkNames(clause.measures(), columns, data);
    List<OutputColumn> output = output(partition, order, columns, measures.size());
    MatchSpec spec =
        new MatchSpec(
            variables.names(),
            pattern,
            defines,
            measures.stream().map(MatchClauses.Measure::value).toList(),
            output,
            rows,
            MatchClauses.afterMatch(clause.skip(), variables),
            within,
            clause.timeouts() != null);
    SourceSpan span = orderSpan(node);
    return item(new Extension.Match(partition, order, spec, time, span), data, measures, output);
  }

  private static SourceSpan orderSpan(MatchRecognizeNode node) {
    return node.orderBy().isEmpty()
        ? node.span()
        : Objects.requireNonNull(ExpressionBinder.span(node.orderBy().getFirst()));
  }

  // PARTITION BY and ORDER BY.

  private List<Integer> partition(List<SqlNode> nodes, Scope input) {
    Set<Integer> columns = new LinkedHashSet<>();
    for (SqlNode node : nodes) {
      columns.add(column(node, "PARTITION BY", input));
    }
    return List.copyOf(columns);
  }

  private static List<SortKey> order(List<SqlNode> nodes, Scope input) {
    List<SortKey> keys = new ArrayList<>();
    for (SqlNode node : nodes) {
      SortItemNode item = (SortItemNode) node;
      keys.add(SortBinder.key(item, column(item.value(), "ORDER BY", input)));
    }
    return keys;
  }

  private static int column(SqlNode node, String clause, Scope input) {
    @Nullable SourceSpan span = ExpressionBinder.span(node);
    if (node instanceof SqlIdentifier name
        && !name.isStar()
        && input.resolve(name.names, span) instanceof RexInputRef ref) {
      return ref.getIndex();
    }
    throw PatternErrors.notAColumn(clause, span);
  }

  // Clauses.

  private static RowsPerMatch rows(MatchClause.@Nullable Rows rows) {
    return switch (rows) {
      case null -> RowsPerMatch.ONE_ROW;
      case ONE_ROW -> RowsPerMatch.ONE_ROW;
      case ALL_ROWS, ALL_ROWS_SHOW_EMPTY -> RowsPerMatch.ALL_ROWS_SHOW_EMPTY;
      case ALL_ROWS_OMIT_EMPTY -> RowsPerMatch.ALL_ROWS_OMIT_EMPTY;
      case ALL_ROWS_WITH_UNMATCHED -> RowsPerMatch.ALL_ROWS_WITH_UNMATCHED;
    };
  }

  // The result.

  /// Of ALL ROWS: partition, order, the rest.
  private static List<Integer> allColumns(
      List<Integer> partition, List<SortKey> order, FromItem data) {
    Set<Integer> columns = new LinkedHashSet<>(partition);
    order.forEach(k -> columns.add(k.column()));
    for (Scope.Column column : data.visible()) {
      if (!column.hidden()) {
        columns.add(column.index());
      }
    }
    return List.copyOf(columns);
  }

  private static void checkNames(List<SqlNode> measures, List<Integer> columns, FromItem data) {
    Set<String> taken = new HashSet<>();
    columns.forEach(c -> taken.add(nameOf(c, data)));
    Set<String> names = new HashSet<>();
    for (SqlNode node : measures) {
      AliasNode measure = (AliasNode) node;
      if (!names.add(measure.alias())) {
        throw PatternErrors.measureTwice(measure.alias(), measure.aliasSpan());
      }
      if (taken.contains(measure.alias())) {
        throw PatternErrors.measureIsColumn(measure.alias(), measure.aliasSpan());
      }
    }
  }

  /// Measures stand behind the order columns.
  private static List<OutputColumn> output(
      List<Integer> partition, List<SortKey> order, List<Integer> columns, int measures) {
    Set<Integer> before = new HashSet<>(partition);
    order.forEach(k -> before.add(k.column()));
    List<OutputColumn> output = new ArrayList<>();
    columns.stream().filter(before::contains).forEach(c -> output.add(new OutputColumn.Input(c)));
    for (int i = 0; i < measures; i++) {
      output.add(new OutputColumn.Measure(i));
    }
    columns.stream()
        .filter(c -> !before.contains(c))
        .forEach(c -> output.add(new OutputColumn.Input(c)));
    return output;
  }

  private FromItem item(
      Extension.Match match,
      FromItem data,
      List<MatchClauses.Measure> measures,
      List<OutputColumn> output) {
    Rels rels = context.rels();
    List<RelDataType> types = new ArrayList<>();
    List<String> names = new ArrayList<>();
    for (OutputColumn column : output) {
      switch (column) {
        case OutputColumn.Input c -> {
          types.add(rels.reference(data.rel(), c.column()).getType());
          names.add(nameOf(c.column(), data));
        }
        case OutputColumn.Measure c -> {
          types.add(measures.get(c.measure()).type());
          names.add(measures.get(c.measure()).name());
        }
      }
    }
    RelNode rel = rels.extension(match, List.of(data.rel()), rels.rowType(types, names));
    return FromItem.of(rel, "", names, List.of());
  }

  private static String nameOf(int column, FromItem data) {
    for (Scope.Column visible : data.visible()) {
      if (visible.index() == column) {
        return visible.name();
      }
    }
    return data.rel().getRowType().getFieldNames().get(column);
  }
}
