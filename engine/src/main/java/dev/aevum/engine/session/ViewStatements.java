package dev.aevum.engine.session;

import dev.aevum.connectors.spi.Connector;
import dev.aevum.engine.catalog.Catalog;
import dev.aevum.engine.catalog.CatalogObject;
import dev.aevum.engine.catalog.CatalogObject.Identity;
import dev.aevum.engine.catalog.CatalogObject.LogicalViewObject;
import dev.aevum.engine.catalog.CatalogObject.MaterializedViewObject;
import dev.aevum.engine.catalog.CatalogObject.SinkObject;
import dev.aevum.engine.catalog.CatalogObject.StreamObject;
import dev.aevum.engine.catalog.CatalogObject.TableObject;
import dev.aevum.engine.catalog.ColumnInfo;
import dev.aevum.engine.runtime.Definitions;
import dev.aevum.engine.runtime.Definitions.Planned;
import dev.aevum.engine.runtime.LateTables;
import dev.aevum.engine.runtime.MemorySize;
import dev.aevum.engine.runtime.PlanInputs;
import dev.aevum.engine.runtime.ViewDefinitions;
import dev.aevum.engine.system.RunningState.SourceState;
import dev.aevum.model.batch.Field;
import dev.aevum.model.batch.Schema;
import dev.aevum.model.error.ErrorCode;
import dev.aevum.model.error.SqlException;
import dev.aevum.model.type.SimpleType;
import dev.aevum.parser.statement.CreateMaterializedViewStatement;
import dev.aevum.parser.statement.CreateModelStatement;
import dev.aevum.parser.statement.CreateSinkStatement;
import dev.aevum.parser.statement.CreateViewStatement;
import dev.aevum.parser.statement.Name;
import dev.aevum.parser.statement.ObjectName;
import dev.aevum.parser.statement.Option;
import dev.aevum.planner.plan.ModelPlan;
import dev.aevum.planner.plan.QueryPlan;
import dev.aevum.planner.plan.ViewPlan;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;

/// CREATE VIEW, CREATE MATERIALIZED VIEW, CREATE SINK, CREATE MODEL.
final class ViewStatements {
  private static final Set<String> VIEW_OPTIONS =
      Set.of("max_rows_per_partition", "refresh", "require_bounded_state", MemorySize.OPTION);

  private final SessionImpl session;

  ViewStatements(SessionImpl session) {
    this.session = session;
  }

  LogicalViewObject logical(CreateViewStatement s, Identity identity) {
    if (s.temporary()) {
      throw Statements.unsupported("CREATE TEMPORARY VIEW", s.name().span());
    }
    QueryPlan plan =
        session.runtime().planner().planQuery(s.query(), session.catalogView(), List.of());
    List<ColumnInfo> columns =
        columns(plan.root().schema(), s.columns().stream().map(Name::text).toList());
    return new LogicalViewObject(
        identity, columns, s.queryText(), List.copyOf(PlanInputs.of(plan.root()).keySet()));
  }

  private static List<ColumnInfo> columns(Schema schema, List<String> names) {
    List<ColumnInfo> columns = new ArrayList<>();
    Set<String> seen = new HashSet<>();
    for (int i = 0; i < schema.size(); i++) {
      Field field = schema.field(i);
      String name = i < names.size() ? names.get(i) : field.name();
      if (!seen.add(name)) {
        throw new SqlException(
                ErrorCode.DUPLICATE_COLUMN, "column \"" + name + "\" specified more than once")
            .withHint("Give one of them another name with AS.");
      }
      columns.add(
          new ColumnInfo(
              name,
              field.type() == SimpleType.UNKNOWN ? SimpleType.TEXT : field.type(),
              !field.nullable(),
              null,
              false,
              null));
    }
    if (names.size() > schema.size()) {
      throw new SqlException(
          ErrorCode.INVALID_TABLE_DEFINITION,
          "CREATE VIEW specifies more column names than columns");
    }
    return columns;
  }

  Planned<MaterializedViewObject> maintained(
      CreateMaterializedViewStatement s, Identity identity, Catalog catalog) {
    Map<String, String> options = new HashMap<>();
    for (Option option : s.options().entries()) {
      if (!VIEW_OPTIONS.contains(option.name())) {
        throw new SqlException(
                ErrorCode.INVALID_PARAMETER_VALUE,
                "option \"" + option.name() + "\" of a materialized view does not exist")
            .withHint("Options: " + String.join(", ", new java.util.TreeSet<>(VIEW_OPTIONS)) + ".")
            .at(option.nameSpan());
      }
      options.put(option.name(), option.value().text());
      if (option.name().equals(MemorySize.OPTION)) {
        refuseNoSize(option);
      }
    }
    options.putAll(ViewDefinitions.meaning(session.settings()));
    ViewPlan plan = new ViewDefinitions(session.runtime()).plan(s, session.catalogView());
    plan.warnings().forEach(w -> session.notice("NOTICE", ErrorCode.WARNING, w, null));
    List<ColumnInfo> columns =
        columns(plan.root().schema(), s.columns().stream().map(Name::text).toList());
    List<Integer> inputs = List.copyOf(PlanInputs.of(plan.root()).keySet());
    List<CatalogObject> more = new ArrayList<>();
    int lateTable = 0;
    if (s.lateDataInto() != null) {
      lateTable = lateTable(s.lateDataInto(), inputs, identity, catalog, more);
    }
    MaterializedViewObject view =
        new MaterializedViewObject(
            identity,
            columns,
            plan.key(),
            plan.root().traits().appendOnly(),
            s.queryText(),
            options,
            lateTable,
            inputs,
            ViewDefinitions.fingerprint(plan),
            null,
            null);
    return new Planned<>(view, plan, more);
  }

  Planned<MaterializedViewObject> model(CreateModelStatement s, Identity identity) {
    ModelPlan plan = session.runtime().planner().planModel(s, session.catalogView());
    plan.view().warnings().forEach(w -> session.notice("NOTICE", ErrorCode.WARNING, w, null));
    MaterializedViewObject model =
        new MaterializedViewObject(
            identity,
            columns(plan.view().root().schema(), List.of()),
            plan.view().key(),
            false,
            s.queryText(),
            ViewDefinitions.meaning(session.settings()),
            0,
            List.copyOf(PlanInputs.of(plan.view().root()).keySet()),
            ViewDefinitions.fingerprint(plan.view()),
            null,
            plan.spec());
    return new Planned<>(model, plan.view(), List.of());
  }

  private static void refuseNoSize(Option option) {
    try {
      var _ = MemorySize.bytes(option.value().text());
    } catch (SqlException e) {
      throw e.at(option.value().span());
    }
  }

  /// The table that takes late rows: an existing one of the right columns, or a new one after the
  /// view's OID.
  private int lateTable(
      ObjectName name,
      List<Integer> inputs,
      Identity view,
      Catalog catalog,
      List<CatalogObject> more) {
    StreamObject stream = null;
    for (int input : inputs) {
      if (catalog.find(input) instanceof StreamObject s && s.watermarkColumn() >= 0) {
        if (stream != null) {
          throw Statements.unsupported("LATE DATA INTO over several streams", name.span());
        }
        stream = s;
      }
    }
    if (stream == null) {
      throw new SqlException(
              ErrorCode.INVALID_TABLE_DEFINITION, "LATE DATA INTO needs a stream with a watermark")
          .withHint("Declare WATERMARK FOR on the stream.")
          .at(name.span());
    }
    String schema = name.schema() == null ? view.schema() : name.schema();
    List<ColumnInfo> columns = LateTables.columns(stream);
    CatalogObject there = catalog.find(schema, name.name());
    if (there instanceof TableObject table
        && table.appendOnly()
        && sameTypes(table.columns(), columns)) {
      return table.oid();
    }
    if (there != null) {
      throw new SqlException(
              ErrorCode.DUPLICATE_TABLE,
              "relation \"" + name.name() + "\" already exists and does not take these late rows")
          .at(name.span());
    }
    int oid = view.oid() + 1;
    more.add(
        new TableObject(
            new Identity(
                oid,
                schema,
                name.name(),
                session.user(),
                "-- made by LATE DATA INTO of materialized view " + view.name(),
                null),
            columns,
            List.of(),
            true));
    return oid;
  }

  private static boolean sameTypes(List<ColumnInfo> a, List<ColumnInfo> b) {
    return a.stream()
        .map(ColumnInfo::type)
        .toList()
        .equals(b.stream().map(ColumnInfo::type).toList());
  }

  Planned<SinkObject> sink(CreateSinkStatement s, Identity identity) {
    ViewPlan plan = new ViewDefinitions(session.runtime()).plan(s, session.catalogView());
    Map<String, String> options = new HashMap<>();
    String connector = null;
    for (Option option : s.options().entries()) {
      if (option.name().equals("connector")) {
        connector = option.value().text();
      } else {
        options.put(option.name(), option.value().text());
      }
    }
    if (connector == null) {
      throw new SqlException(ErrorCode.INVALID_PARAMETER_VALUE, "a sink needs a connector")
          .withHint("Write WITH (connector = '...').")
          .at(s.name().span());
    }
    options.putAll(ViewDefinitions.meaning(session.settings()));
    Connector found = session.runtime().connectors().get(connector);
    int from = 0;
    if (s.from() != null) {
      var info = session.catalogView().relation(s.from().schema(), s.from().name());
      from = info == null ? 0 : info.id();
    }
    SinkObject sink =
        new SinkObject(
            identity,
            from,
            s.queryText(),
            connector,
            options,
            List.copyOf(PlanInputs.of(plan.root()).keySet()),
            ViewDefinitions.fingerprint(plan),
            null,
            session.runtime().step());
    found.validateSink(Definitions.sinkSpec(sink, plan));
    return new Planned<>(sink, plan, List.of());
  }

  /// A source that cannot be read is no reason to refuse a view, but one to say so.
  private void noticeOf(StreamObject stream) {
    for (SourceState source : session.runtime().sources().states(List.of(stream))) {
      if (source.reason() != null) {
        session.notice(
            "NOTICE",
            ErrorCode.WARNING,
            "stream \"" + stream.name() + "\" cannot be read now: " + source.reason(),
            "The view takes its rows when it can; see aevum.sources.");
      }
    }
  }

  /// Waits until a new view has what its connector streams held when it was made.
  void awaitInputs(List<Integer> inputs) {
    for (int input : inputs) {
      if (session.runtime().catalog().find(input) instanceof StreamObject stream
          && stream.connector() != null
          && session.runtime().connectors().get(stream.connector()).replayable(stream.options())) {
        while (!session.runtime().sources().isCaughtUp(stream.oid())) {
          if (Thread.interrupted()) {
            throw new SqlException(
                ErrorCode.QUERY_CANCELED, "canceling statement due to user request");
          }
          LockSupport.parkNanos(2_000_000L);
        }
        noticeOf(stream);
      }
    }
    session.runtime().driver().exclusive(() -> 0);
  }
}
