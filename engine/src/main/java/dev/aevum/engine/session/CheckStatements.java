package dev.aevum.engine.session;

import dev.aevum.engine.api.ResultColumn;
import dev.aevum.engine.api.Session.Prepared;
import dev.aevum.engine.catalog.CatalogObject;
import dev.aevum.engine.catalog.CatalogObject.MaterializedViewObject;
import dev.aevum.engine.catalog.CatalogObject.StreamObject;
import dev.aevum.engine.runtime.ViewDefinitions;
import dev.aevum.executor.query.QueryExecution;
import dev.aevum.executor.query.RowSource;
import dev.aevum.model.batch.BatchWriter;
import dev.aevum.model.batch.Column;
import dev.aevum.model.batch.DeltaBatch;
import dev.aevum.model.codec.ByteSink;
import dev.aevum.model.codec.RowCodec;
import dev.aevum.model.error.ErrorCode;
import dev.aevum.model.error.SqlException;
import dev.aevum.model.text.JavaValues;
import dev.aevum.model.type.SimpleType;
import dev.aevum.model.type.SqlType;
import dev.aevum.parser.SqlParser;
import dev.aevum.parser.statement.CheckMaterializedViewStatement;
import dev.aevum.parser.statement.CreateMaterializedViewStatement;
import dev.aevum.parser.statement.EmitClause;
import dev.aevum.parser.statement.ObjectName;
import dev.aevum.planner.catalog.RelationInfo;
import dev.aevum.planner.plan.PlanNode;
import dev.aevum.planner.plan.QueryPlan;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/// CHECK MATERIALIZED VIEW: the view's query run anew over what its inputs hold, or give once more
/// where a connector can be read again, by the engine of ad-hoc queries, which shares no state with
/// the operators, against what the view holds in the same step. A row for each difference: its
/// weight is how often the view has it too many (negative: too few).
final class CheckStatements {
  private final SessionImpl session;

  CheckStatements(SessionImpl session) {
    this.session = session;
  }

  Prepared check(CheckMaterializedViewStatement s) {
    MaterializedViewObject view = view(s.name());
    QueryPlan plan = plan(view, s.name());
    List<Integer> visible =
        IntStream.range(0, view.columns().size())
            .filter(i -> !view.columns().get(i).hidden())
            .boxed()
            .toList();
    List<SqlType> types = visible.stream().map(i -> view.columns().get(i).type()).toList();
    if (!plan.root().schema().types().equals(types)) {
      throw Statements.unsupported("CHECK of this view", s.name().span());
    }
    List<ResultColumn> columns = new ArrayList<>();
    columns.add(new ResultColumn("weight", SimpleType.BIGINT, 0, 0));
    visible.forEach(i ->
        columns.add(
            new ResultColumn(view.columns().get(i).name(), view.columns().get(i).type(), 0, 0)));
    return Commands.rows(
        session.allocator(),
        columns,
        "CHECK MATERIALIZED VIEW",
        () -> session.running(() -> differences(view, visible, types, plan)));
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

  private QueryPlan plan(MaterializedViewObject view, ObjectName name) {
    if (!(SqlParser.parseOne(view.identity().definition())
        instanceof CreateMaterializedViewStatement definition)) {
      throw new IllegalStateException("the definition of \"" + view.name() + "\" is no view");
    }
    if (definition.emit() != null && !(definition.emit() instanceof EmitClause.OnUpdate)) {
      throw Statements.unsupported("CHECK of a view that does not EMIT ON UPDATE", name.span());
    }
    if (hasFinalMatches(session.runtime().planOf(session.catalogView(), name).root())) {
      throw Statements.unsupported("CHECK of a view of final matches", name.span())
          .withDetail("Matches that are not certain yet would be differences.");
    }
    if (hasPredictions(session.runtime().planOf(session.catalogView(), name).root())) {
      throw Statements.unsupported("CHECK of a view with predictions", name.span())
          .withDetail("Rows keep the prediction of the model as it was when they came.");
    }
    ViewDefinitions definitions = new ViewDefinitions(session.runtime());
    for (int input : view.inputs()) {
      CatalogObject object = session.runtime().catalog().find(input);
      if (object instanceof StreamObject stream
          && (stream.connector() != null || stream.retentionMicros() >= 0)
          && !definitions.canReadAgain(input, view.oid())) {
        throw new SqlException(
                ErrorCode.OBJECT_NOT_IN_PREREQUISITE_STATE,
                "stream \"" + stream.name() + "\" does not keep all of its rows")
            .withDetail("The rows that the view was computed from cannot be read again.")
            .at(name.span());
      }
    }
    long errors = session.runtime().viewErrors(view.oid());
    if (errors > 0) {
      throw new SqlException(
              ErrorCode.OBJECT_NOT_IN_PREREQUISITE_STATE,
              "materialized view \""
                  + view.name()
                  + "\" leaves out rows because of "
                  + errors
                  + (errors == 1 ? " error" : " errors"))
          .withHint("Correct them first: SELECT * FROM aevum.errors shows them.")
          .at(name.span());
    }
    return definitions.adHoc(view, definition);
  }

  private static boolean hasPredictions(PlanNode node) {
    return node instanceof PlanNode.PredictNode predict && !predict.refresh()
        || node.inputs().stream().anyMatch(CheckStatements::hasPredictions);
  }

  private static boolean hasFinalMatches(PlanNode node) {
    return node instanceof PlanNode.MatchNode match && !match.revising()
        || node.inputs().stream().anyMatch(CheckStatements::hasFinalMatches);
  }

  private List<List<@Nullable Object>> differences(
      MaterializedViewObject view, List<Integer> visible, List<SqlType> types, QueryPlan plan) {
    Rows rows = new Rows(types);
    try (StatementRun run = session.startAgain(view.oid())) {
      try (RowSource held = run.reader().read(view.oid(), visible, List.of())) {
        rows.add(held, 1);
      }
      try (RowSource computed = QueryExecution.open(plan.root(), run.context())) {
        rows.add(computed, -1);
      }
      run.context().check();
    }
    return rows.left();
  }

  /// Rows added up by their bytes.
  private final class Rows {
    private final List<SqlType> types;
    private final RowCodec codec;
    private final Map<ByteBuffer, Long> weights = new LinkedHashMap<>();
    private final ByteSink scratch = new ByteSink();

    Rows(List<SqlType> types) {
      this.types = types;
      this.codec = new RowCodec(types);
    }

    void add(RowSource source, int sign) {
      for (DeltaBatch next = source.next(); next != null; next = source.next()) {
        try (DeltaBatch batch = next) {
          Column[] columns = batch.columns().toArray(Column[]::new);
          for (int row = 0; row < batch.rows(); row++) {
            scratch.reset();
            codec.encode(columns, row, scratch);
            long weight = sign * batch.weightAt(row);
            weights.merge(
                ByteBuffer.wrap(scratch.toBytes()), weight, (a, b) -> a + b == 0 ? null : a + b);
          }
        }
      }
    }

    List<List<@Nullable Object>> left() {
      List<List<@Nullable Object>> rows = new ArrayList<>();
      try (BatchWriter writer =
          new BatchWriter(session.allocator(), types, false, Math.max(1, weights.size()))) {
        List<Long> found = new ArrayList<>();
        weights.forEach((bytes, weight) -> {
          byte[] row = new byte[bytes.remaining()];
          bytes.duplicate().get(row);
          codec.decode(row, writer);
          writer.endRow();
          found.add(weight);
        });
        try (DeltaBatch batch = writer.finish()) {
          for (int row = 0; row < batch.rows(); row++) {
            List<@Nullable Object> values = new ArrayList<>();
            values.add(found.get(row));
            for (Column column : batch.columns()) {
              values.add(JavaValues.get(column, row));
            }
            rows.add(values);
          }
        }
      }
      return rows;
    }
  }
}
