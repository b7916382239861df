package dev.aevum.engine.runtime;

import dev.aevum.engine.catalog.CatalogObject;
import dev.aevum.engine.catalog.CatalogObject.MaterializedViewObject;
import dev.aevum.engine.catalog.CatalogObject.SinkObject;
import dev.aevum.engine.catalog.CatalogObject.StreamObject;
import dev.aevum.engine.name.CatalogNames;
import dev.aevum.engine.name.RereadCatalogView;
import dev.aevum.engine.name.SessionCatalogView;
import dev.aevum.engine.setting.SessionSettings;
import dev.aevum.model.error.ErrorCode;
import dev.aevum.model.error.SqlException;
import dev.aevum.parser.SqlParser;
import dev.aevum.parser.statement.CreateMaterializedViewStatement;
import dev.aevum.parser.statement.CreateModelStatement;
import dev.aevum.parser.statement.CreateSinkStatement;
import dev.aevum.parser.statement.ExplainStatement;
import dev.aevum.parser.statement.Name;
import dev.aevum.parser.statement.QueryStatement;
import dev.aevum.planner.catalog.CatalogView;
import dev.aevum.planner.explain.PlanPrinter;
import dev.aevum.planner.plan.QueryPlan;
import dev.aevum.planner.plan.ViewOptions;
import dev.aevum.planner.plan.ViewPlan;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.IntPredicate;

/// Plans views and sinks from their definitions, as they were written, seen from their own schema.
public final class ViewDefinitions {
  private static final List<String> MEANING =
      List.of("search_path", "TimeZone", "DateStyle", "IntervalStyle");

  private static final String SESSION = "session.";

  private final DatabaseRuntime runtime;

  public ViewDefinitions(DatabaseRuntime runtime) {
    this.runtime = runtime;
  }

  /// What state belongs to: another fingerprint, other state.
  public static String fingerprint(ViewPlan plan) {
    return PlanPrinter.fingerprint(plan.root());
  }

  ViewPlan plan(MaterializedViewObject view) {
    CatalogView catalog = viewOf(view, view.options());
    return switch (SqlParser.parseOne(view.identity().definition())) {
      case CreateMaterializedViewStatement s -> plan(s, catalog);
      case CreateModelStatement s -> runtime.planner().planModel(s, catalog).view();
      default ->
          throw new IllegalStateException("the definition of \"" + view.name() + "\" is no view");
    };
  }

  ViewPlan plan(SinkObject sink) {
    if (SqlParser.parseOne(sink.identity().definition()) instanceof CreateSinkStatement s) {
      return plan(s, viewOf(sink, sink.options()));
    }
    throw new IllegalStateException("the definition of \"" + sink.name() + "\" is no sink");
  }

  public ViewPlan plan(CreateMaterializedViewStatement s, CatalogView catalog) {
    return runtime
        .planner()
        .planView(
            s.query(),
            s.columns().stream().map(Name::text).toList(),
            s.emit(),
            new ViewOptions(isSet(s, "require_bounded_state"), maxRows(s), refreshes(s)),
            catalog);
  }

  /// `refresh` of predictions in a view.
  private static boolean refreshes(CreateMaterializedViewStatement s) {
    var found = s.options().find("refresh");
    if (found == null) {
      return false;
    }
    return switch (found.value().text()) {
      case "every_step" -> true;
      case "never" -> false;
      default ->
          throw new SqlException(
                  ErrorCode.INVALID_PARAMETER_VALUE,
                  "invalid value for option \"refresh\": \"" + found.value().text() + "\"")
              .withHint("Values: every_step, never.")
              .at(found.value().span());
    };
  }

  private static long maxRows(CreateMaterializedViewStatement s) {
    var found = s.options().find("max_rows_per_partition");
    if (found == null) {
      return ViewOptions.DEFAULT.maxRowsPerPartition();
    }
    String text = found.value().text();
    long rows;
    try {
      rows = Long.parseLong(text);
    } catch (NumberFormatException e) {
      rows = 0;
    }
    if (rows < 1) {
      throw new SqlException(
              ErrorCode.INVALID_PARAMETER_VALUE,
              "invalid value for option \"max_rows_per_partition\": \"" + text + "\"")
          .withHint("Give the number of rows that open matches of one partition may hold.")
          .at(found.value().span());
    }
    return rows;
  }

  /// The rows of the view's query that satisfy a condition, computed anew. It may scan streams
  /// whose rows only [dev.aevum.engine.source.SourceManager#again] has.
  public QueryPlan adHoc(
      MaterializedViewObject view, CreateMaterializedViewStatement s, ExplainStatement.OfRow row) {
    return rows(view, s, row, stream -> canReadAgain(stream, view.oid()));
  }

  /// Whether the rows that a view has read of a stream can be had from its connector again.
  public boolean canReadAgain(int relation, int view) {
    return runtime.catalog().find(relation) instanceof StreamObject stream
        && runtime.sources().canReadAgain(stream, view);
  }

  /// The same where inputs keep no rows: its scans are not to be run.
  public QueryPlan ofUnkept(
      MaterializedViewObject view, CreateMaterializedViewStatement s, ExplainStatement.OfRow row) {
    return rows(view, s, row, stream -> true);
  }

  private QueryPlan rows(
      MaterializedViewObject view,
      CreateMaterializedViewStatement s,
      ExplainStatement.OfRow row,
      IntPredicate readable) {
    return runtime
        .planner()
        .planRows(
            s.query(),
            s.columns().stream().map(Name::text).toList(),
            view.name(),
            row.where(),
            new RereadCatalogView(viewOf(view, view.options()), readable));
  }

  /// The view's query as one that runs once.
  public QueryPlan adHoc(MaterializedViewObject view, CreateMaterializedViewStatement s) {
    CatalogView catalog =
        new RereadCatalogView(
            viewOf(view, view.options()), stream -> canReadAgain(stream, view.oid()));
    return runtime.planner().planQuery(s.query(), catalog, java.util.List.of());
  }

  private static boolean isSet(CreateMaterializedViewStatement s, String option) {
    var found = s.options().find(option);
    return found != null && !found.value().text().equals("false");
  }

  /// FROM name stands for `SELECT * FROM name`.
  public ViewPlan plan(CreateSinkStatement s, CatalogView catalog) {
    if (s.query() != null) {
      return runtime.planner().planView(s.query(), java.util.List.of(), s.emit(), false, catalog);
    }
    if (s.from() == null) {
      throw new IllegalStateException("a sink of nothing");
    }
    StringBuilder query = new StringBuilder("SELECT * FROM ");
    String separator = "";
    for (String part : s.from().parts()) {
      query.append(separator).append('"').append(part.replace("\"", "\"\"")).append('"');
      separator = ".";
    }
    if (SqlParser.parseOne(query.toString()) instanceof QueryStatement q) {
      return runtime.planner().planView(q.query(), java.util.List.of(), s.emit(), false, catalog);
    }
    throw new IllegalStateException(query.toString());
  }

  /// The settings of a session that decide what a query's text means, where they are not the
  /// defaults: kept with the definition, so that it is planned the same at every start.
  public static Map<String, String> meaning(SessionSettings session) {
    SessionSettings defaults = new SessionSettings(CatalogNames.DATABASE);
    Map<String, String> kept = new TreeMap<>();
    for (String name : MEANING) {
      if (!session.get(name).equals(defaults.get(name))) {
        kept.put(SESSION + name, session.get(name));
      }
    }
    return kept;
  }

  /// Options without those of [#meaning].
  public static Map<String, String> written(Map<String, String> options) {
    Map<String, String> left = new TreeMap<>(options);
    left.keySet().removeIf(name -> name.startsWith(SESSION));
    return left;
  }

  private CatalogView viewOf(CatalogObject object, Map<String, String> options) {
    SessionSettings settings = new SessionSettings(CatalogNames.DATABASE);
    settings.set(
        "search_path", '"' + object.schemaName().replace("\"", "\"\"") + "\", public", false);
    for (String name : MEANING) {
      String kept = options.get(SESSION + name);
      if (kept != null) {
        settings.set(name, kept, false);
      }
    }
    return new SessionCatalogView(
        runtime.catalog(),
        runtime.infos(),
        runtime.system(),
        runtime.functions(),
        settings,
        object.identity().owner(),
        runtime.nowMicros());
  }
}
