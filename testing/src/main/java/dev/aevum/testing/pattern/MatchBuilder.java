package dev.aevum.testing.pattern;

import dev.aevum.model.batch.Field;
import dev.aevum.model.batch.Schema;
import dev.aevum.model.type.SqlType;
import dev.aevum.planner.plan.MatchExpr;
import dev.aevum.planner.plan.MatchSpec;
import dev.aevum.planner.plan.MatchSpec.AfterMatch;
import dev.aevum.planner.plan.MatchSpec.OutputColumn;
import dev.aevum.planner.plan.MatchSpec.RowsPerMatch;
import dev.aevum.planner.plan.Pattern;
import dev.aevum.planner.plan.PlanNode;
import dev.aevum.planner.plan.PlanNode.MatchNode;
import dev.aevum.planner.plan.SortKey;
import dev.aevum.planner.plan.Traits;
import dev.aevum.testing.random.Signatures;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// Builds a [MatchNode] over a plan: partition and order columns and the clauses by name.
public final class MatchBuilder {
  private final PlanNode input;
  private final Signatures signatures;
  private final List<Integer> partitionBy = new ArrayList<>();
  private final List<SortKey> orderBy = new ArrayList<>();
  private final List<String> variables = new ArrayList<>();
  private final Map<String, MatchExpr> defines = new HashMap<>();
  private final List<MatchExpr> measures = new ArrayList<>();
  private final List<String> measureNames = new ArrayList<>();
  private Pattern pattern = new Pattern.Empty();
  private RowsPerMatch rows = RowsPerMatch.ONE_ROW;
  private AfterMatch afterMatch = new AfterMatch.PastLastRow();
  private long withinMicros = MatchSpec.NO_WITHIN;
  private boolean timeouts;
  private MatchSpec.@Nullable Frame frame;
  private int timeColumn = -1;
  private boolean revising;
  private boolean appendOnly;

  public MatchBuilder(PlanNode input, Signatures signatures) {
    this.input = input;
    this.signatures = signatures;
  }

  public MatchBuilder partitionBy(String... columns) {
    Arrays.stream(columns).map(input.schema()::indexOf).forEach(partitionBy::add);
    return this;
  }

  public MatchBuilder orderBy(String... columns) {
    for (String column : columns) {
      orderBy.add(new SortKey(input.schema().indexOf(column), false, false));
    }
    return this;
  }

  public MatchBuilder pattern(String text) {
    pattern = PatternText.parse(text, variables);
    return this;
  }

  /// `more`: the names of the variables in `made`.
  public MatchBuilder pattern(Pattern made, List<String> more) {
    pattern = made;
    variables.addAll(more);
    return this;
  }

  public List<Integer> variables(String... names) {
    return names.length == 0
        ? java.util.stream.IntStream.range(0, variables.size()).boxed().toList()
        : Arrays.stream(names).map(variables::indexOf).toList();
  }

  public MatchBuilder define(
      String variable, Function<MatchTerms, dev.aevum.planner.plan.Expr> condition) {
    MatchTerms terms = terms();
    defines.put(variable, terms.of(condition.apply(terms)));
    return this;
  }

  public MatchBuilder measure(
      String name, Function<MatchTerms, dev.aevum.planner.plan.Expr> value) {
    MatchTerms terms = terms();
    measures.add(terms.of(value.apply(terms)));
    measureNames.add(name);
    return this;
  }

  private MatchTerms terms() {
    return new MatchTerms(input.schema(), signatures);
  }

  public MatchBuilder rows(RowsPerMatch kind) {
    rows = kind;
    return this;
  }

  /// A pattern in a window.
  public MatchBuilder frame(MatchSpec.@Nullable Frame rowsOfFrame) {
    frame = rowsOfFrame;
    return this;
  }

  public MatchBuilder afterMatch(AfterMatch kind) {
    afterMatch = kind;
    return this;
  }

  public MatchBuilder within(long micros, boolean showTimeouts) {
    withinMicros = micros;
    timeouts = showTimeouts;
    return this;
  }

  /// `column`, by which WITHIN and MATCH_ROWTIME measure, carries a watermark: rows are released as
  /// that passes them.
  public MatchBuilder released(String column) {
    appendOnly = true;
    return time(column);
  }

  public MatchBuilder time(String column) {
    timeColumn = input.schema().indexOf(column);
    return this;
  }

  public MatchBuilder revising() {
    revising = true;
    return this;
  }

  /// The output is the standard's: see the sections on ONE ROW and ALL ROWS PER MATCH.
  public MatchNode build() {
    Schema from = input.schema();
    List<OutputColumn> output = new ArrayList<>();
    List<Field> fields = new ArrayList<>();
    List<Integer> before = new ArrayList<>(partitionBy);
    if (rows != RowsPerMatch.ONE_ROW) {
      orderBy.stream().map(SortKey::column).filter(c -> !before.contains(c)).forEach(before::add);
    }
    before.forEach(c -> input(c, output, fields));
    for (int i = 0; i < measures.size(); i++) {
      output.add(new OutputColumn.Measure(i));
      SqlType type = measures.get(i).expression().type();
      fields.add(new Field(measureNames.get(i), type, true));
    }
    for (int c = 0; rows != RowsPerMatch.ONE_ROW && c < from.size(); c++) {
      if (!before.contains(c)) {
        input(c, output, fields);
      }
    }
    List<@Nullable MatchExpr> conditions = new ArrayList<>();
    variables.forEach(v -> conditions.add(defines.get(v)));
    MatchSpec match =
        new MatchSpec(
            variables,
            pattern,
            conditions,
            measures,
            output,
            rows,
            afterMatch,
            withinMicros,
            timeouts,
            frame);
    return new MatchNode(
        input,
        partitionBy,
        orderBy,
        match,
        timeColumn,
        revising,
        new Schema(fields),
        new Traits(appendOnly, List.of(), List.of(), "none"));
  }

  private void input(int column, List<OutputColumn> output, List<Field> fields) {
    output.add(new OutputColumn.Input(column));
    fields.add(input.schema().field(column));
  }
}
