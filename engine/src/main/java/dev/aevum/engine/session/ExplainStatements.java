package dev.aevum.engine.session;

import dev.aevum.engine.api.ResultColumn;
import dev.aevum.engine.api.Session.Prepared;
import dev.aevum.engine.catalog.CatalogObject;
import dev.aevum.engine.name.SessionCatalogView;
import dev.aevum.engine.runtime.PlanInputs;
import dev.aevum.engine.runtime.ViewDefinitions;
import dev.aevum.engine.system.RunningState;
import dev.aevum.engine.system.RunningState.OperatorState;
import dev.aevum.engine.system.RunningState.SourceState;
import dev.aevum.engine.system.RunningState.ViewState;
import dev.aevum.executor.query.QueryExecution;
import dev.aevum.executor.query.RowSource;
import dev.aevum.model.batch.DeltaBatch;
import dev.aevum.model.error.ErrorCode;
import dev.aevum.model.error.SqlException;
import dev.aevum.model.text.PgText;
import dev.aevum.model.type.SimpleType;
import dev.aevum.model.type.SqlType;
import dev.aevum.parser.statement.CreateMaterializedViewStatement;
import dev.aevum.parser.statement.CreateModelStatement;
import dev.aevum.parser.statement.CreateSinkStatement;
import dev.aevum.parser.statement.DeleteStatement;
import dev.aevum.parser.statement.ExplainStatement;
import dev.aevum.parser.statement.InsertStatement;
import dev.aevum.parser.statement.ObjectName;
import dev.aevum.parser.statement.QueryStatement;
import dev.aevum.parser.statement.Statement;
import dev.aevum.parser.statement.UpdateStatement;
import dev.aevum.planner.Planner;
import dev.aevum.planner.explain.ExplainedNode;
import dev.aevum.planner.explain.PlanPrinter;
import dev.aevum.planner.plan.QueryPlan;
import dev.aevum.planner.plan.ViewPlan;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.LongSupplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// EXPLAIN of a statement or of a maintained view.
final class ExplainStatements {
  private final SessionImpl session;

  ExplainStatements(SessionImpl session) {
    this.session = session;
  }

  /// A plan, and what a run of it did.
  private record Explained(ExplainedNode plan, List<String> activity) {
    Explained(ExplainedNode plan) {
      this(plan, List.of());
    }
  }

  Prepared explain(ExplainStatement s) {
    ExplainOptions options = ExplainOptions.of(s);
    return switch (s.target()) {
      case ExplainStatement.OfStatement of ->
          shown(
              options,
              options.analyze()
                  ? analyze(of.statement())
                  : new Explained(ofStatement(of.statement())));
      case ExplainStatement.OfObject of -> {
        ExplainedNode plan =
            PlanPrinter.viewTree(session.runtime().planOf(session.catalogView(), of.name()).root());
        List<String> activity = options.analyze() ? activity(of.name()) : List.of();
        yield shown(options, new Explained(plan, activity));
      }
      case ExplainStatement.OfWatermark w ->
          shown(options, "EXPLAIN WATERMARK", watermarks(w.name()), w.name());
      case ExplainStatement.OfRow r ->
          shown(
              options,
              "EXPLAIN WHY",
              new WhyStatements(session).explain(r).lines().toList(),
              r.name());
    };
  }

  private Prepared shown(ExplainOptions options, Explained explained) {
    return options.json()
        ? shown(SimpleType.JSON, List.of(PlanJson.document(explained.plan(), explained.activity())))
        : shown(
            SimpleType.TEXT,
            Stream.concat(explained.plan().lines().stream(), explained.activity().stream())
                .toList());
  }

  /// What is no plan.
  private Prepared shown(
      ExplainOptions options, String statement, List<String> lines, ObjectName name) {
    if (options.json()) {
      throw Statements.unsupported(statement + " in format json", name.span());
    }
    return shown(SimpleType.TEXT, lines);
  }

  private Prepared shown(SqlType type, List<String> rows) {
    return Commands.rows(
        session.allocator(),
        List.of(new ResultColumn("QUERY PLAN", type, 0, 0)),
        "EXPLAIN",
        () ->
            rows.stream()
                .map(row -> List.<@org.jspecify.annotations.Nullable Object>of(row))
                .toList());
  }

  /// Runs the query, gives its rows to nobody.
  private Explained analyze(Statement statement) {
    if (!(statement instanceof QueryStatement query)) {
      throw new SqlException(
              ErrorCode.FEATURE_NOT_SUPPORTED, "EXPLAIN ANALYZE of this statement is not supported")
          .withHint("EXPLAIN (ANALYZE) takes queries, materialized views and sinks.");
    }
    QueryPlan plan =
        session.runtime().planner().planQuery(query.query(), session.catalogView(), List.of());
    LongSupplier nanos = session.runtime().config().nanoClock();
    long start = nanos.getAsLong();
    long rows =
        session.running(() -> {
          long count = 0;
          try (StatementRun run = session.start(List.of());
              RowSource source = QueryExecution.open(plan.root(), run.context())) {
            for (DeltaBatch next = source.next(); next != null; next = source.next()) {
              try (DeltaBatch batch = run.expand(next)) {
                count += batch.rows();
              }
            }
          }
          return count;
        });
    String millis = BigDecimal.valueOf((nanos.getAsLong() - start) / 1000, 3).toPlainString();
    return new Explained(
        PlanPrinter.queryTree(plan.root()),
        List.of("Rows: " + rows, "Execution Time: " + millis + " ms"));
  }

  /// What the operators of a running view did, summed over workers.
  private List<String> activity(ObjectName name) {
    int oid = oid(name);
    Map<Integer, OperatorState> sums = new TreeMap<>();
    for (OperatorState o : state().operators()) {
      if (o.viewOid() == oid) {
        sums.merge(
            o.operator(),
            o,
            (a, b) ->
                new OperatorState(
                    oid,
                    a.view(),
                    a.operator(),
                    a.name(),
                    0,
                    a.rowsIn() + b.rowsIn(),
                    a.rowsOut() + b.rowsOut(),
                    a.nanos() + b.nanos(),
                    a.stateBytes() + b.stateBytes(),
                    sum(a.stateKeys(), b.stateKeys()),
                    sum(a.stateRows(), b.stateRows()),
                    least(a.oldestMicros(), b.oldestMicros())));
      }
    }
    List<String> lines = new ArrayList<>();
    lines.add("Operators:");
    sums.values()
        .forEach(o ->
            lines.add(
                "  "
                    + o.operator()
                    + " "
                    + o.name()
                    + ": rows in "
                    + o.rowsIn()
                    + ", out "
                    + o.rowsOut()
                    + ", time "
                    + BigDecimal.valueOf(o.nanos() / 1000, 3).toPlainString()
                    + " ms, state "
                    + o.stateBytes()
                    + " bytes"
                    + kept(o)));
    return lines;
  }

  private static @Nullable Long sum(@Nullable Long a, @Nullable Long b) {
    return a == null ? b : b == null ? a : Long.valueOf(a + b);
  }

  private static @Nullable Long least(@Nullable Long a, @Nullable Long b) {
    return a == null ? b : b == null ? a : Long.valueOf(Math.min(a, b));
  }

  private String kept(OperatorState o) {
    return (o.stateKeys() == null ? "" : ", keys " + o.stateKeys())
        + (o.stateRows() == null ? "" : ", rows " + o.stateRows())
        + (o.oldestMicros() == null ? "" : ", oldest " + shown(o.oldestMicros()));
  }

  /// A view's watermark and those of the connector streams that it reads.
  private List<String> watermarks(ObjectName name) {
    ViewPlan plan = session.runtime().planOf(session.catalogView(), name);
    int oid = oid(name);
    RunningState state = state();
    List<String> lines = new ArrayList<>();
    for (ViewState view : state.views()) {
      if (view.oid() == oid) {
        lines.add(view.name() + ": " + shown(view.watermarkMicros()));
      }
    }
    for (int input : PlanInputs.of(plan.root()).keySet()) {
      for (SourceState source : state.sources()) {
        if (source.oid() == input) {
          lines.add(
              "  "
                  + source.name()
                  + ": "
                  + shown(source.watermarkMicros())
                  + " ("
                  + source.state()
                  + ", lag "
                  + source.lag()
                  + " rows)");
        }
      }
      for (ViewState view : state.views()) {
        if (view.oid() == input) {
          lines.add("  " + view.name() + ": " + shown(view.watermarkMicros()));
        }
      }
    }
    return lines;
  }

  private String shown(@Nullable Long micros) {
    return micros == null
        ? "none yet"
        : PgText.formatValue(SimpleType.TIMESTAMPTZ, micros, session.textStyle());
  }

  private RunningState state() {
    return session.runtime().state(List.of());
  }

  private int oid(ObjectName name) {
    SessionCatalogView view = session.catalogView();
    for (String schema : name.schema() == null ? view.searchPath() : List.of(name.schema())) {
      CatalogObject found = view.catalog().find(schema, name.name());
      if (found != null) {
        return found.oid();
      }
    }
    throw DefinitionStatements.missing("relation", name);
  }

  private ExplainedNode ofStatement(Statement statement) {
    Planner planner = session.runtime().planner();
    SessionCatalogView catalog = session.catalogView();
    ViewDefinitions views = new ViewDefinitions(session.runtime());
    return switch (statement) {
      case QueryStatement q ->
          PlanPrinter.queryTree(planner.planQuery(q.query(), catalog, List.of()).root());
      case CreateMaterializedViewStatement v -> PlanPrinter.viewTree(views.plan(v, catalog).root());
      case CreateModelStatement m ->
          PlanPrinter.viewTree(planner.planModel(m, catalog).view().root());
      case CreateSinkStatement v -> PlanPrinter.viewTree(views.plan(v, catalog).root());
      case InsertStatement i ->
          PlanPrinter.queryTree(planner.planInsert(i, catalog, List.of()).rows().root());
      case UpdateStatement u ->
          PlanPrinter.queryTree(planner.planUpdate(u, catalog, List.of()).rows().root());
      case DeleteStatement d ->
          PlanPrinter.queryTree(planner.planDelete(d, catalog, List.of()).rows().root());
      default ->
          throw new SqlException(
                  ErrorCode.FEATURE_NOT_SUPPORTED, "EXPLAIN of this statement is not supported")
              .withHint(
                  "EXPLAIN takes queries, INSERT, UPDATE, DELETE, CREATE MATERIALIZED VIEW, CREATE MODEL and CREATE SINK.");
    };
  }
}
