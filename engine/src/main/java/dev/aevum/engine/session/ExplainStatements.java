package dev.aevum.engine.session;

import dev.aevum.engine.api.ResultColumn;
import dev.aevum.engine.api.Session.Prepared;
import dev.aevum.engine.name.SessionCatalogView;
import dev.aevum.engine.runtime.ViewDefinitions;
import dev.aevum.model.error.ErrorCode;
import dev.aevum.model.error.SqlException;
import dev.aevum.model.type.SimpleType;
import dev.aevum.parser.statement.CreateMaterializedViewStatement;
import dev.aevum.parser.statement.CreateSinkStatement;
import dev.aevum.parser.statement.DeleteStatement;
import dev.aevum.parser.statement.ExplainStatement;
import dev.aevum.parser.statement.InsertStatement;
import dev.aevum.parser.statement.QueryStatement;
import dev.aevum.parser.statement.Statement;
import dev.aevum.parser.statement.UpdateStatement;
import dev.aevum.planner.Planner;
import dev.aevum.planner.explain.PlanPrinter;
import dev.aevum.planner.plan.ViewPlan;
import java.util.List;

/// EXPLAIN of a statement or of a maintained view.
final class ExplainStatements {
  private final SessionImpl session;

  ExplainStatements(SessionImpl session) {
    this.session = session;
  }

  Prepared explain(ExplainStatement s) {
    String plan =
        switch (s.target()) {
          case ExplainStatement.OfStatement of -> ofStatement(of.statement());
          case ExplainStatement.OfObject of -> {
            ViewPlan found = session.runtime().planOf(session.catalogView(), of.name());
            yield lines(PlanPrinter.view(found.root()));
          }
          case ExplainStatement.OfWatermark w ->
              throw Statements.unsupported("EXPLAIN WATERMARK", w.name().span());
          case ExplainStatement.OfRow r ->
              throw Statements.unsupported("EXPLAIN WHY", r.name().span());
        };
    return Commands.rows(
        session.allocator(),
        List.of(new ResultColumn("QUERY PLAN", SimpleType.TEXT, 0, 0)),
        "EXPLAIN",
        () ->
            plan.lines()
                .map(line -> List.<@org.jspecify.annotations.Nullable Object>of(line))
                .toList());
  }

  private static String lines(List<String> lines) {
    return String.join("\n", lines);
  }

  private String ofStatement(Statement statement) {
    Planner planner = session.runtime().planner();
    SessionCatalogView catalog = session.catalogView();
    ViewDefinitions views = new ViewDefinitions(session.runtime());
    return switch (statement) {
      case QueryStatement q ->
          lines(PlanPrinter.query(planner.planQuery(q.query(), catalog, List.of()).root()));
      case CreateMaterializedViewStatement v ->
          lines(PlanPrinter.view(views.plan(v, catalog).root()));
      case CreateSinkStatement v -> lines(PlanPrinter.view(views.plan(v, catalog).root()));
      case InsertStatement i ->
          lines(PlanPrinter.query(planner.planInsert(i, catalog, List.of()).rows().root()));
      case UpdateStatement u ->
          lines(PlanPrinter.query(planner.planUpdate(u, catalog, List.of()).rows().root()));
      case DeleteStatement d ->
          lines(PlanPrinter.query(planner.planDelete(d, catalog, List.of()).rows().root()));
      default ->
          throw new SqlException(
                  ErrorCode.FEATURE_NOT_SUPPORTED, "EXPLAIN of this statement is not supported")
              .withHint(
                  "EXPLAIN takes queries, INSERT, UPDATE, DELETE, CREATE MATERIALIZED VIEW and CREATE SINK.");
    };
  }
}
