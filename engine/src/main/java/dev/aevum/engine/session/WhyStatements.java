package dev.aevum.engine.session;

import dev.aevum.engine.catalog.CatalogObject.MaterializedViewObject;
import dev.aevum.engine.runtime.ViewDefinitions;
import dev.aevum.executor.query.QueryExecution;
import dev.aevum.executor.query.RowSource;
import dev.aevum.model.batch.DeltaBatch;
import dev.aevum.model.batch.Field;
import dev.aevum.model.error.ErrorCode;
import dev.aevum.model.error.SqlException;
import dev.aevum.model.text.JavaValues;
import dev.aevum.model.text.PgText;
import dev.aevum.model.type.SqlType;
import dev.aevum.parser.SqlParser;
import dev.aevum.parser.statement.CreateMaterializedViewStatement;
import dev.aevum.parser.statement.ExplainStatement;
import dev.aevum.parser.statement.ObjectName;
import dev.aevum.parser.statement.QueryStatement;
import dev.aevum.planner.catalog.RelationInfo;
import dev.aevum.planner.explain.MatchWhy;
import dev.aevum.planner.explain.SequenceWhy;
import dev.aevum.planner.plan.QueryPlan;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// EXPLAIN WHY: for rows of a pattern view the input rows of their matches, each with its variable
/// and the values that its condition saw. The pattern is run anew over what the inputs keep, and
/// over streams that keep nothing as their connectors give them again: late rows that the view
/// refused take part in that. Of views with a sequence function: [SequenceReasons].
final class WhyStatements {
  private static final String REMEDY =
      "Keep the rows: a stream without a connector keeps them unless its retention says otherwise; files, Kafka and data sets are read again; over any other put CREATE MATERIALIZED VIEW kept AS SELECT * FROM the stream, and this query over that view.";

  private final SessionImpl session;

  WhyStatements(SessionImpl session) {
    this.session = session;
  }

  String explain(ExplainStatement.OfRow target) {
    MaterializedViewObject view = view(target.name());
    if (!(SqlParser.parseOne(view.identity().definition())
        instanceof CreateMaterializedViewStatement definition)) {
      throw new IllegalStateException("the definition of \"" + view.name() + "\" is no view");
    }
    QueryPlan plan = plan(view, definition, target);
    @Nullable SequenceWhy judged = SequenceWhy.of(plan.root());
    if (judged != null) {
      List<String> lines =
          session.running(() -> new SequenceReasons(session, judged, view.oid()).lines());
      if (lines.isEmpty() && hasRows(target)) {
        throw gone("row", target);
      }
      return joined(lines);
    }
    @Nullable MatchWhy why = MatchWhy.of(plan.root());
    if (why == null) {
      throw Statements.unsupported("EXPLAIN WHY of this view", target.name().span())
          .withHint(
              "It explains rows of views that are a MATCH_RECOGNIZE or a sequence function, filtered"
                  + " and projected.");
    }
    List<String> lines = session.running(() -> lines(why, view.oid()));
    if (lines.isEmpty() && hasRows(target)) {
      if (why.everyRow()) {
        return "no match is found from these rows";
      }
      throw gone("match", target);
    }
    return joined(lines);
  }

  private static SqlException gone(String what, ExplainStatement.OfRow target) {
    return new SqlException(
            ErrorCode.OBJECT_NOT_IN_PREREQUISITE_STATE,
            "the input rows of this " + what + " are no longer there")
        .withDetail("The view has the row, and its inputs give no such " + what + " any more.")
        .withHint(REMEDY)
        .at(target.name().span());
  }

  private static String joined(List<String> lines) {
    return lines.isEmpty()
        ? "no row of the view satisfies the condition"
        : String.join("\n", lines);
  }

  private QueryPlan plan(
      MaterializedViewObject view,
      CreateMaterializedViewStatement definition,
      ExplainStatement.OfRow target) {
    try {
      return new ViewDefinitions(session.runtime()).adHoc(view, definition, target);
    } catch (SqlException e) {
      if (e.code() != ErrorCode.OBJECT_NOT_IN_PREREQUISITE_STATE) {
        throw e;
      }
      throw new SqlException(
              e.code(), "the input rows of \"" + view.name() + "\" are not kept: " + e.text())
          .withHint(REMEDY)
          .at(target.name().span());
    }
  }

  /// Whether the view itself has rows that are asked for.
  private boolean hasRows(ExplainStatement.OfRow target) {
    String name =
        target.name().parts().stream()
            .map(p -> '"' + p.replace("\"", "\"\"") + '"')
            .collect(Collectors.joining("."));
    QueryStatement rows = (QueryStatement) SqlParser.parseOne("SELECT * FROM " + name);
    QueryPlan plan =
        session
            .runtime()
            .planner()
            .planRows(
                rows.query(),
                List.of(),
                target.name().name(),
                target.where(),
                session.catalogView());
    return session.running(() -> isAny(plan));
  }

  private boolean isAny(QueryPlan plan) {
    try (StatementRun run = session.start(List.of());
        RowSource source = QueryExecution.open(plan.root(), run.context())) {
      for (DeltaBatch next = source.next(); next != null; next = source.next()) {
        try (DeltaBatch batch = next) {
          if (batch.rows() > 0) {
            return true;
          }
        }
      }
      return false;
    }
  }

  private MaterializedViewObject view(ObjectName name) {
    RelationInfo info = session.catalogView().relation(name.schema(), name.name());
    if (info == null) {
      throw DefinitionStatements.missing("relation", name);
    }
    if (session.runtime().catalog().find(info.id()) instanceof MaterializedViewObject view
        && view.model() == null) {
      return view;
    }
    throw new SqlException(
            ErrorCode.WRONG_OBJECT_TYPE, "\"" + name.name() + "\" is not a materialized view")
        .at(name.span());
  }

  private List<String> lines(MatchWhy why, int view) {
    List<String> lines = new ArrayList<>();
    String match = "";
    try (StatementRun run = session.startAgain(view);
        RowSource source = QueryExecution.open(why.plan(), run.context())) {
      for (DeltaBatch next = source.next(); next != null; next = source.next()) {
        try (DeltaBatch batch = run.expand(next)) {
          for (int row = 0; row < batch.rows(); row++) {
            List<@Nullable String> values = values(why, batch, row);
            String of = header(why, values);
            if (!of.equals(match)) {
              lines.add(of);
              match = of;
            }
            lines.add(row(why, values));
          }
        }
      }
      run.context().check();
    }
    return lines;
  }

  private List<@Nullable String> values(MatchWhy why, DeltaBatch batch, int row) {
    List<@Nullable String> values = new ArrayList<>();
    for (int i = 0; i < batch.columns().size(); i++) {
      SqlType type = why.plan().schema().type(i);
      Object value = JavaValues.get(batch.columns().get(i), row);
      values.add(value == null ? null : PgText.formatValue(type, value, session.textStyle()));
    }
    return values;
  }

  private static String header(MatchWhy why, List<@Nullable String> values) {
    String number = values.get(why.inputs().size() + 1);
    String partition =
        why.partition().stream()
            .map(i -> why.inputs().get(i).name() + " = " + shown(values.get(i)))
            .collect(Collectors.joining(", "));
    return (number == null ? "no match" : "match " + number)
        + (partition.isEmpty() ? "" : " of " + partition);
  }

  private static String row(MatchWhy why, List<@Nullable String> values) {
    List<String> columns = new ArrayList<>();
    for (int i = 0; i < why.inputs().size(); i++) {
      Field field = why.inputs().get(i);
      if (!why.partition().contains(i)) {
        columns.add(field.name() + " = " + shown(values.get(i)));
      }
    }
    String line = "  " + String.join(", ", columns);
    String label = values.get(why.inputs().size());
    if (label == null) {
      return line;
    }
    int variable = why.variables().indexOf(Objects.requireNonNull(label));
    int first = why.inputs().size() + 2;
    for (int i = 0; i < variable; i++) {
      first += why.operands().get(i).size();
    }
    List<String> operands = new ArrayList<>();
    for (int i = 0; i < why.operands().get(variable).size(); i++) {
      operands.add(why.operands().get(variable).get(i) + " = " + shown(values.get(first + i)));
    }
    return line
        + "  is "
        + label
        + ": "
        + why.definitions().get(variable)
        + (operands.isEmpty() ? "" : " with " + String.join(", ", operands));
  }

  private static String shown(@Nullable String value) {
    return value == null ? "NULL" : value;
  }
}
