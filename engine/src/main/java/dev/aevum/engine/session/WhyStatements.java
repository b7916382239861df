package dev.aevum.engine.session;

import dev.aevum.engine.catalog.CatalogObject.MaterializedViewObject;
import dev.aevum.engine.runtime.ViewDefinitions;
import dev.aevum.executor.query.QueryExecution;
import dev.aevum.executor.query.RowSource;
import dev.aevum.executor.step.KeptInput;
import dev.aevum.executor.step.KeptMatches;
import dev.aevum.model.batch.DeltaBatch;
import dev.aevum.model.error.ErrorCode;
import dev.aevum.model.error.SqlException;
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
import java.util.Locale;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// EXPLAIN WHY: for rows of a pattern view the input rows of their matches, each with its variable
/// and the values that its condition saw. They come from the matches that a final view keeps; else
/// the pattern is run anew over what the inputs keep, over streams that keep nothing as their
/// connectors give them again (late rows that the view refused take part in that), or over the rows
/// that a revising view keeps. Of views with a sequence function: [SequenceReasons].
final class WhyStatements {
  private static final String REMEDY =
      "Keep the rows: a stream without a connector keeps them unless its retention says otherwise; files, Kafka and data sets are read again; over any other put CREATE MATERIALIZED VIEW kept AS SELECT * FROM the stream, and this query over that view.";

  private static final String LIMITS = "a final view keeps " + KeptMatches.limits();

  private static final String BOUND = "Kept are recent matches only: " + LIMITS + ".";

  /// Of a revising view more rows of a worker are not copied.
  private static final long MOST_ROWS = 500_000;

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
    QueryPlan plan;
    try {
      plan = new ViewDefinitions(session.runtime()).adHoc(view, definition, target);
    } catch (SqlException e) {
      if (e.code() != ErrorCode.OBJECT_NOT_IN_PREREQUISITE_STATE) {
        throw e;
      }
      return unkept(view, definition, target, e);
    }
    @Nullable SequenceWhy judged = SequenceWhy.of(plan.root());
    if (judged != null) {
      List<String> lines =
          session.running(() -> new SequenceReasons(session, judged, view.oid()).lines());
      if (lines.isEmpty() && rows(target) > 0) {
        throw gone("row", target, "");
      }
      return joined(lines);
    }
    return explain(why(plan, target), view, target);
  }

  /// What the view kept of its own says why its rows are there, where it kept enough; what the
  /// inputs give again may hold rows that were late for the view, or that it still waits for.
  private String explain(MatchWhy why, MaterializedViewObject view, ExplainStatement.OfRow target) {
    long rows = rows(target);
    if (rows == 0) {
      return joined(List.of());
    }
    List<String> recent = recent(why, view);
    if (why.oneRow() && isAll(recent, why, rows)) {
      return joined(recent);
    }
    List<String> again = session.running(() -> new MatchReasons(session, why).again(view.oid()));
    if (isAll(again, why, rows)) {
      return joined(again);
    }
    List<String> kept = ofInput(why, view);
    if (!kept.isEmpty()) {
      return joined(kept);
    }
    if (!again.isEmpty()) {
      return joined(withMore(again, why, rows));
    }
    if (recent.isEmpty() && why.everyRow()) {
      return "no match is found from these rows";
    }
    if (recent.isEmpty()) {
      throw gone("match", target, " " + bound(view));
    }
    return joined(withOlder(recent, why, rows));
  }

  private static MatchWhy why(QueryPlan plan, ExplainStatement.OfRow target) {
    MatchWhy why = MatchWhy.of(plan.root());
    if (why == null) {
      throw Statements.unsupported("EXPLAIN WHY of this view", target.name().span())
          .withHint(
              "It explains rows of views that are a MATCH_RECOGNIZE or a sequence function, filtered"
                  + " and projected.");
    }
    return why;
  }

  /// From the matches that the view keeps, as its input keeps no rows: `refused` says which.
  private String unkept(
      MaterializedViewObject view,
      CreateMaterializedViewStatement definition,
      ExplainStatement.OfRow target,
      SqlException refused) {
    QueryPlan plan = new ViewDefinitions(session.runtime()).ofUnkept(view, definition, target);
    MatchWhy why = SequenceWhy.of(plan.root()) == null ? why(plan, target) : null;
    if (why != null) {
      long rows = rows(target);
      List<String> lines = rows == 0 ? List.of() : recent(why, view);
      lines = rows == 0 || !lines.isEmpty() ? lines : ofInput(why, view);
      if (rows == 0 || !lines.isEmpty()) {
        return joined(withOlder(lines, why, rows));
      }
    }
    SqlException error =
        new SqlException(
                refused.code(),
                "the input rows of \"" + view.name() + "\" are not kept: " + refused.text())
            .withHint(REMEDY)
            .at(target.name().span());
    throw why == null ? error : error.withDetail(bound(view));
  }

  private List<String> recent(MatchWhy why, MaterializedViewObject view) {
    List<KeptMatches> kept = session.runtime().recentMatches(view.oid());
    return session.running(() -> new MatchReasons(session, why).recent(kept));
  }

  /// From the rows that a revising view keeps.
  private List<String> ofInput(MatchWhy why, MaterializedViewObject view) {
    List<KeptInput> kept = session.runtime().keptInput(view.oid(), MOST_ROWS);
    if (kept.stream().anyMatch(k -> k.count() > MOST_ROWS)) {
      return List.of();
    }
    return session.running(() -> new MatchReasons(session, why).ofInput(kept));
  }

  /// Why what the view keeps does not help.
  private String bound(MaterializedViewObject view) {
    return session.runtime().keptInput(view.oid(), 0).stream()
        .map(KeptInput::count)
        .filter(count -> count > MOST_ROWS)
        .findFirst()
        .map(count ->
            String.format(
                Locale.ROOT,
                "The view keeps %,d rows of a worker; at most %,d are read.",
                count,
                MOST_ROWS))
        .orElse(BOUND);
  }

  private static boolean isAll(List<String> lines, MatchWhy why, long rows) {
    return !lines.isEmpty() && (!why.oneRow() || matches(lines) == rows);
  }

  private static long matches(List<String> lines) {
    return lines.stream().filter(line -> !line.startsWith(" ")).count();
  }

  /// `rows`: of the view. Where each is a match, it says that the inputs give more than the view
  /// has, or fewer.
  private static List<String> withMore(List<String> lines, MatchWhy why, long rows) {
    long shown = matches(lines);
    if (!why.oneRow() || rows == shown) {
      return lines;
    }
    List<String> all = new ArrayList<>(lines);
    all.add(
        "the view has "
            + rows
            + (rows == 1 ? " row" : " rows")
            + " of this: its inputs, read again, hold rows that were late for it or that it still waits for, or no longer all of them");
    return all;
  }

  /// `rows`: of the view. Where each is a match, it shows whether older ones are missing.
  private static List<String> withOlder(List<String> lines, MatchWhy why, long rows) {
    long shown = matches(lines);
    if (!why.oneRow() || rows <= shown) {
      return lines;
    }
    List<String> all = new ArrayList<>(lines);
    all.add(rows - shown + " more are not kept with their rows (" + LIMITS + ")");
    return all;
  }

  private static SqlException gone(String what, ExplainStatement.OfRow target, String bound) {
    return new SqlException(
            ErrorCode.OBJECT_NOT_IN_PREREQUISITE_STATE,
            "the input rows of this " + what + " are no longer there")
        .withDetail(
            "The view has the row, and its inputs give no such " + what + " any more." + bound)
        .withHint(REMEDY)
        .at(target.name().span());
  }

  private static String joined(List<String> lines) {
    return lines.isEmpty()
        ? "no row of the view satisfies the condition"
        : String.join("\n", lines);
  }

  /// How many rows of the view itself are asked for.
  private long rows(ExplainStatement.OfRow target) {
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
    return session.running(() -> count(plan));
  }

  private long count(QueryPlan plan) {
    long count = 0;
    try (StatementRun run = session.start(List.of());
        RowSource source = QueryExecution.open(plan.root(), run.context())) {
      for (DeltaBatch next = source.next(); next != null; next = source.next()) {
        try (DeltaBatch batch = run.expand(next)) {
          count += batch.rows();
        }
      }
      run.context().check();
      return count;
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
}
